// The scan field: codes, words to search by, amounts; or what an entry asks for. What was found lies over the
// ticket and is chosen with the arrows.
import { useEffect, useState } from 'preact/hooks'
import type { ProductRow } from '../api/ProductRow'
import type { Desk } from '../desk'
import type { Act } from '../keys'
import { type Counting, parse, plain } from '../money/money'
import { Icon } from '../parts/icon'
import { Button } from '../parts/parts'
import { percentText, quantityText, whatIsTyped } from '../sale'
import { LONGEST_CODE } from '../scan'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { keepFocus } from './ticket'

/** A search waits for a pause, so that a scan starts none. */
const PAUSE_MS = 120
const SHOWN = 6

export type Choice =
  { is: 'product'; product: ProductRow } | { is: 'amount'; minor: number; rate: number }

/** A button of an entry; one of several that exclude each other is pressed or not. */
export interface Option extends Act {
  pressed?: boolean
}

export interface Found {
  choices: Choice[]
  /** Which one Enter takes; none: what is typed counts as a code. */
  at: number
  move: (by: number) => void
  chosen: Choice | null
  /** Looked for, and nothing there. */
  none: boolean
}

/** What fits the text in the field: products by its words, and an amount at each rate of tax. */
export function useFound(typed: string, wanted: boolean): Found {
  const { port, view } = useTill()
  const [rows, setRows] = useState<{ of: string; rows: ProductRow[] }>({ of: '', rows: [] })
  const [moved, setMoved] = useState<{ of: string; at: number } | null>(null)
  const text = typed.trim()
  const what = whatIsTyped(typed, view.shop)
  useEffect(() => {
    if (!wanted || what.is === 'nothing' || what.is === 'amount') return undefined
    const timer = setTimeout(() => {
      void port.query({ read: 'products', search: text, limit: SHOWN }).then((told) => {
        if ('ok' in told && told.ok.type === 'products') setRows({ of: text, rows: told.ok.rows })
      })
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, wanted])
  const minor =
    what.is === 'amount'
      ? what.minor
      : what.is === 'code' && text.length <= 7
        ? amountOf(text, view.shop)
        : null
  const goods = wanted && rows.of === text ? rows.rows : []
  const amounts = wanted && minor !== null && minor > 0 ? view.shop.vat : []
  const choices: Choice[] = [
    ...(what.is === 'amount' ? [] : goods.map((product) => ({ is: 'product' as const, product }))),
    ...amounts.map((rate) => ({ is: 'amount' as const, minor: minor ?? 0, rate })),
  ]
  const first = what.is === 'code' ? -1 : 0
  const at = Math.min(moved?.of === text ? moved.at : first, choices.length - 1)
  return {
    choices,
    at,
    chosen: choices[at] ?? null,
    none: wanted && what.is === 'words' && rows.of === text && rows.rows.length === 0,
    move: (by) => setMoved({ of: text, at: Math.max(first, Math.min(at + by, choices.length - 1)) }),
  }
}

function amountOf(text: string, counting: Counting): number | null {
  const read = parse(text, counting)
  return 'minor' in read ? read.minor : null
}

interface ScanFieldProps {
  desk: Desk
  found: Found
  take: (choice: Choice) => void
  /** Buttons of the entry that is open. */
  options: Option[]
  apply: Act
}

export function ScanField({ desk, found, take, options, apply }: ScanFieldProps) {
  const words = useWords()
  const { entry, typed, wrong, times } = desk
  const label = useEntryLabel(desk)
  const type = (next: string): void => {
    if (next.length > LONGEST_CODE) return desk.setWrong(words.counter.tooLong)
    desk.setWrong(null)
    desk.setTyped(next)
  }
  return (
    <div class="scan">
      {entry ? <label for="scan-field">{label}</label> : null}
      <div class="input">
        <Icon name={entry ? 'pen' : 'scan'} size="l" />
        {times === null ? null : <b class="num times">{words.counter.times(quantityText(times))}</b>}
        <input
          id="scan-field"
          data-field=""
          data-scan=""
          aria-label={entry ? undefined : words.counter.scanLabel}
          placeholder={entry ? '' : words.counter.placeholder}
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => {
            type(event.currentTarget.value)
            if (event.currentTarget.value.length > LONGEST_CODE) event.currentTarget.value = typed
          }}
        />
        <kbd>F2</kbd>
      </div>
      {wrong ? (
        <p class="scanmsg" role="alert">
          <span class="st no">
            <Icon name="crossc" />
          </span>{' '}
          {wrong}
        </p>
      ) : null}
      {entry ? (
        <div class="options">
          {options.map((act) => (
            <Button
              key={act.label}
              act={act}
              {...(act.pressed === undefined ? {} : { pressed: act.pressed })}
            />
          ))}
          <Button act={{ key: 'Esc', label: words.back, run: () => desk.enter(null) }} />
          <Button act={{ ...apply, key: 'Enter' }} look="go" />
        </div>
      ) : (
        <FoundList typed={typed} found={found} take={take} />
      )}
    </div>
  )
}

function useEntryLabel({ entry }: Desk): string {
  const words = useWords()
  const says = words.entry
  switch (entry?.is) {
    case 'quantity':
      return says.quantity(entry.name)
    case 'price':
      return says.price(entry.name)
    case 'discount':
      return entry.line === null ? says.discountAll : says.discount(entry.name)
    case 'measure':
      return says.measure(entry.name, words.counter.units[entry.unit])
    case 'open_price':
      return says.openPrice(entry.name)
    case 'label':
      return says.label
    case 'part':
      return says.part
    default:
      return words.counter.scanLabel
  }
}

function FoundList(props: { typed: string; found: Found; take: (choice: Choice) => void }) {
  const words = useWords()
  const { view } = useTill()
  const { choices, at } = props.found
  if (props.found.none) {
    return (
      <div class="found">
        <p class="help" role="status">
          {words.counter.noneFound}
        </p>
      </div>
    )
  }
  if (choices.length === 0) return null
  const { decimals } = view.shop
  return (
    <div class="found">
      <ul role="listbox" aria-label={words.counter.found}>
        {choices.map((choice, index) => (
          <li
            key={choice.is === 'product' ? choice.product.sku : `vat ${choice.rate}`}
            role="option"
            aria-selected={index === at}
            onMouseDown={keepFocus}
            onClick={() => props.take(choice)}
          >
            {choice.is === 'product' ? (
              <>
                <span>{marked(choice.product.name, props.typed)}</span>
                <span class="ean num">{choice.product.sku}</span>
                <span class="num">{plain(choice.product.price, decimals)}</span>
              </>
            ) : (
              <>
                <span>{words.counter.freeAmount(percentText(choice.rate))}</span>
                <span class="ean">{choice.rate === view.shop.vat[0] ? <kbd>+</kbd> : null}</span>
                <span class="num">{plain({ minor: choice.minor }, decimals)}</span>
              </>
            )}
          </li>
        ))}
      </ul>
      <footer>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {words.counter.choose}
        </span>
        <span>
          <kbd>Enter</kbd> {words.counter.add.toLowerCase()}
        </span>
        <span>
          <kbd>Esc</kbd> {words.counter.closeList}
        </span>
      </footer>
    </div>
  )
}

/** The words that were typed, marked where they stand. */
function marked(name: string, typed: string) {
  const words = typed
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const parts = name.split(new RegExp(`(${words.join('|')})`, 'i'))
  return parts.map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part))
}
