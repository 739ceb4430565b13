// Products: what is sold, by search; and taking them over from a file.
import { useEffect, useState } from 'preact/hooks'
import type { ProductRow } from '../api/ProductRow'
import type { Unit } from '../api/Unit'
import { useKeys } from '../keys'
import { percent, plain } from '../money/money'
import { Icon } from '../parts/icon'
import { Empty, Wrong } from '../parts/parts'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { ImportPanel } from './import'
import { useRead } from './send'

/** Rows drawn; more words narrow a longer list down. */
const ROWS_DRAWN = 200
const PAUSE_MS = 120
/** What a price is for; nothing for a piece. */
const PER: Record<Unit, string> = { piece: '', kilogram: '/kg', litre: '/l', metre: '/m' }

export function ProductsScreen() {
  const words = useWords()
  const { view } = useTill()
  const [search, setSearch] = useState('')
  const [sought, setSought] = useState('')
  const says = words.products
  useEffect(() => {
    const timer = setTimeout(() => setSought(search), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [search])
  const { read, wrong } = useRead(
    { read: 'products', search: sought, limit: ROWS_DRAWN },
    (reply) => (reply.type === 'products' ? reply.rows : null),
    [view.catalogue],
  )
  useKeys([
    {
      key: 'F2',
      label: says.searchLabel,
      run: () => document.querySelector<HTMLElement>('.productlist [data-field]')?.focus(),
    },
  ])
  return (
    <div class="productscreen">
      <ImportPanel />
      <section class="panel productlist" aria-label={says.title}>
        <div class="filters">
          <div class="input">
            <Icon name="search" />
            <input
              data-field=""
              aria-label={says.searchLabel}
              placeholder={says.search}
              value={search}
              maxLength={200}
              onInput={(event) => setSearch(event.currentTarget.value)}
            />
            <kbd>F2</kbd>
          </div>
        </div>
        <Wrong text={wrong} />
        {read ? <ProductRows rows={read} searched={sought.trim() !== ''} /> : null}
      </section>
    </div>
  )
}

export function ProductRows({ rows, searched }: { rows: ProductRow[]; searched: boolean }) {
  const words = useWords()
  const { view } = useTill()
  const says = words.products
  if (rows.length === 0) {
    return (
      <Empty
        icon="search"
        title={searched ? says.noneFound : says.none}
        hint={searched ? says.noneFoundHint : says.noneHint}
      />
    )
  }
  return (
    <div class="rows" tabIndex={0} role="region" aria-label={says.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{says.number}</th>
            <th scope="col">{says.name}</th>
            <th scope="col">{says.group}</th>
            <th scope="col" class="r">
              {says.vat}
            </th>
            <th scope="col" class="r">
              {says.price}, {view.shop.currency}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.sku}>
              <td class="num nr">{row.sku}</td>
              <td class="long">{row.name}</td>
              <td class="long">{row.group ?? ''}</td>
              <td class="r num">{percent(row.vat)}</td>
              <td class="r num">
                {row.open_price ? (
                  <span class="help">{says.typed}</span>
                ) : (
                  `${plain(row.price, view.shop.decimals)}${PER[row.unit]}`
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length >= ROWS_DRAWN ? <p class="help more">{says.first(ROWS_DRAWN)}</p> : null}
    </div>
  )
}
