// Quick products, a page for each group; round amounts where the shop has none; in practice an amount for
// every scene that the training terminal plays.
import { useEffect, useState } from 'preact/hooks'
import type { ProductRow } from '../api/ProductRow'
import type { TerminalView } from '../api/TerminalView'
import { type Act, useKeys } from '../keys'
import { plain } from '../money/money'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import { keepFocus } from './ticket'

const ROUND = [10, 20, 50, 100, 150, 200, 250, 300, 400, 500]
/** Quick products are few; a shop that marks more finds the rest by search. */
const MOST = 400
const PER_PAGE = 10

/** The last two digits choose what the training terminal does. */
const SCENES: [keyof Words['scenes'], number][] = [
  ['approved', 1250],
  ['signature', 1208],
  ['declined', 1201],
  ['cancelled', 1203],
  ['wrongPin', 1204],
  ['pin', 1212],
  ['tip', 1209],
  ['partly', 1220],
  ['lost', 1211],
  ['noBank', 1205],
]

interface Key {
  name: string
  minor: number
  run: () => void
}

interface Page {
  name: string
  keys: Key[]
}

/** The quick products, read again whenever the catalogue changes. */
export function useQuickProducts(): ProductRow[] {
  const { port, view } = useTill()
  const [rows, setRows] = useState<ProductRow[]>([])
  useEffect(() => {
    let old = false
    void port.query({ read: 'products', search: null, limit: MOST }).then((told) => {
      if (!old && 'ok' in told && told.ok.type === 'products') setRows(told.ok.rows)
    })
    return () => {
      old = true
    }
  }, [port, view.catalogue])
  return rows
}

interface QuickProps {
  products: ProductRow[]
  /** Adds a product. */
  add: (product: ProductRow) => void
  /** Adds a free amount. */
  amount: (minor: number) => void
  terminal: TerminalView | null
}

function usePages({ products, add, amount, terminal }: QuickProps): Page[] {
  const words = useWords()
  const { view } = useTill()
  const unit = 10 ** view.shop.decimals
  const groups = new Map<string, Key[]>()
  for (const product of products) {
    const group = product.group ?? words.counter.otherGoods
    const keys = groups.get(group) ?? []
    keys.push({ name: product.name, minor: product.price.minor, run: () => add(product) })
    groups.set(group, keys)
  }
  const pages = [...groups].map(([name, keys]) => ({ name, keys }))
  if (terminal?.driver === 'training' && view.shop.decimals === 2) {
    const keys = SCENES.map(([scene, minor]) => ({
      name: words.scenes[scene],
      minor,
      run: () => amount(minor),
    }))
    pages.push({ name: words.counter.scenes, keys })
  }
  if (groups.size === 0) {
    const keys = ROUND.map((whole) => ({ name: '', minor: whole * unit, run: () => amount(whole * unit) }))
    pages.push({ name: words.counter.amounts, keys })
  }
  return pages
}

export function QuickKeys(props: QuickProps) {
  const words = useWords()
  const { view } = useTill()
  const pages = usePages(props)
  const [at, setAt] = useState(0)
  const page = pages[at] ?? pages[0]
  const next: Act = {
    key: 'Alt G',
    label: words.counter.nextPage,
    run: () => setAt((pages.indexOf(page ?? { name: '', keys: [] }) + 1) % Math.max(1, pages.length)),
  }
  const numbered = (page?.keys ?? []).slice(0, PER_PAGE)
  const alt = numbered.map(({ name, minor, run }, index) => ({
    key: `Alt ${(index + 1) % PER_PAGE}`,
    label: name || plain({ minor }, view.shop.decimals),
    run,
  }))
  useKeys([next, ...alt])
  return (
    <>
      <div class="cats">
        <div class="catlist" role="tablist" aria-label={words.counter.quickProducts}>
          {pages.map(({ name }, index) => (
            <button
              key={name}
              type="button"
              class="btn quiet"
              role="tab"
              aria-selected={page?.name === name}
              onMouseDown={keepFocus}
              onClick={() => setAt(index)}
            >
              {name}
            </button>
          ))}
        </div>
        <span class="hintkey">
          <kbd>Alt 1</kbd> – <kbd>0</kbd>
        </span>
      </div>
      <div class="keys quick" role="group" aria-label={page?.name}>
        {(page?.keys ?? []).map(({ name, minor, run }, index) => (
          <button
            key={`${name} ${minor} ${index}`}
            type="button"
            class="keyb good"
            onMouseDown={keepFocus}
            onClick={run}
          >
            <b>{name || plain({ minor: minor / 10 ** view.shop.decimals }, 0)}</b>
            <span class="foot">
              <span class="amt">{name ? plain({ minor }, view.shop.decimals) : view.shop.currency}</span>
              {index < PER_PAGE ? (
                <span class="nth" aria-hidden="true">
                  {(index + 1) % PER_PAGE}
                </span>
              ) : null}
            </span>
          </button>
        ))}
      </div>
    </>
  )
}
