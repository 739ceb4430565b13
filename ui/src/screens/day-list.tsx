// Every payment of a day and its cash, newest first, with search and filters by state, kind and terminal.
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { DayView } from '../api/DayView'
import { Icon } from '../parts/icon'
import { Amount, Empty, State } from '../parts/parts'
import { rowState } from '../payment'
import { clock } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { CashState } from './day-cash'
import { countsOf, type DayRow, FILTERS, type Filter, howOf, isCash } from './day-rows'
import { keyOf, rowsOf, rowText } from './day-rows'
import { terminalOf } from './send'

/** Rows drawn at once; the search narrows a longer day down. */
const ROWS_DRAWN = 300

/** Payments whose receipts hold the words. */
function useFound(search: string): ReadonlySet<string> {
  const { port } = useTill()
  const [found, setFound] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    setFound(new Set())
    if (search.trim().length < 3) return undefined
    let stale = false
    const timer = setTimeout(() => {
      void port.query({ read: 'receipts', day: null, search, limit: 500 }).then((told) => {
        if (!stale && 'ok' in told && told.ok.type === 'receipts') {
          setFound(new Set(told.ok.rows.map((row) => row.payment)))
        }
      })
    }, 200)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [port, search])
  return found
}

interface DayListProps {
  day: DayView
  chosen: string | null
  choose: (key: string) => void
}

export function DayList({ day, chosen, choose }: DayListProps) {
  const words = useWords()
  const { view } = useTill()
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<Filter>('all')
  const [terminal, setTerminal] = useState('')
  const found = useFound(search)
  const { decimals, currency } = view.shop
  const named = [...view.terminals, ...day.rows].map((one) => one.terminal)
  const terminals = [...new Set(named)]
  const all = useMemo(() => rowsOf(day), [day])
  const rows = useMemo(() => {
    const sought = search.trim().toLowerCase()
    const fits = (row: DayRow): boolean =>
      sought === '' ||
      found.has(keyOf(row)) ||
      rowText(row, howOf(row, day, view, words).join(' '), words, decimals).includes(sought)
    const at = (row: DayRow): boolean =>
      terminal === '' || (!isCash(row) && row.terminal === terminal)
    return all.filter((row) => FILTERS[filter](row) && at(row) && fits(row))
  }, [all, search, filter, terminal, found, words])
  const chips: [Filter, string][] = [
    ['all', words.day.all],
    ['open', words.day.openOnes],
    ['not_paid', words.day.notPaid],
    ['back', words.day.backs],
  ]
  if (day.cash) chips.push(['cash', words.tenders.cash])
  const step = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = rows.findIndex((row) => keyOf(row) === chosen)
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))]
    if (next) choose(keyOf(next))
  }
  return (
    <section class="panel list" aria-label={words.day.list}>
      <div class="filters">
        <div class="input">
          <Icon name="search" />
          <input
            data-field=""
            aria-label={words.day.searchLabel}
            placeholder={words.day.search}
            value={search}
            maxLength={200}
            onInput={(event) => setSearch(event.currentTarget.value)}
            onKeyDown={step}
          />
          <kbd>F2</kbd>
        </div>
        <div class="chips" role="group" aria-label={words.day.filters}>
          {chips.map(([name, label]) => {
            const count = all.filter(FILTERS[name]).length
            return (
              <button
                key={name}
                type="button"
                class="btn"
                aria-pressed={filter === name}
                onClick={() => setFilter(name)}
              >
                {label} {name !== 'all' && count > 0 ? <span class="num">{count}</span> : null}
              </button>
            )
          })}
        </div>
      </div>
      {terminals.length > 1 ? (
        <div class="filters second">
          <label class="label" for="terminal">
            {words.day.facts.terminal}
          </label>
          <div class="input">
            <select
              id="terminal"
              value={terminal}
              onChange={(event) => setTerminal(event.currentTarget.value)}
            >
              <option value="">{words.tenders.allTerminals}</option>
              {terminals.map((id) => (
                <option key={id} value={id}>
                  {terminalOf(view, id)}
                </option>
              ))}
            </select>
          </div>
        </div>
      ) : null}
      {rows.length === 0 ? (
        <Empty
          icon={all.length === 0 ? 'card' : 'search'}
          title={all.length === 0 ? words.day.none : words.day.noneFound}
          hint={all.length === 0 ? words.day.noneHint : words.day.noneFoundHint}
        />
      ) : (
        <div class="rows" tabIndex={0} role="region" aria-label={words.day.list} onKeyDown={step}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.day.time}</th>
                <th scope="col">{words.day.what}</th>
                <th scope="col">{words.day.state}</th>
                <th scope="col" class="r">
                  {currency}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, ROWS_DRAWN).map((row) => (
                <Row
                  key={keyOf(row)}
                  row={row}
                  how={howOf(row, day, view, words)}
                  chosen={keyOf(row) === chosen}
                  choose={() => choose(keyOf(row))}
                />
              ))}
            </tbody>
          </table>
          {day.more || rows.length > ROWS_DRAWN ? <p class="help more">{words.day.more}</p> : null}
        </div>
      )}
    </section>
  )
}

interface RowProps {
  row: DayRow
  how: [string, string]
  chosen: boolean
  choose: () => void
}

function Row({ row, how: [how, beside], chosen, choose }: RowProps) {
  const { view } = useTill()
  const cash = isCash(row)
  return (
    <tr class={chosen ? 'sel' : undefined} onClick={choose}>
      <td>
        <time>{clock(row.at, view.shop.time_zone)}</time>
      </td>
      <td>
        <button
          type="button"
          class="how plainrow"
          aria-current={chosen ? 'true' : undefined}
          onClick={choose}
        >
          <Icon name={cash ? 'cash' : row.kind === 'sale' ? 'card' : 'undo'} />
          {how} <small>{beside}</small>
        </button>
      </td>
      <td>{cash ? <CashState row={row} /> : <State name={rowState(row)} short />}</td>
      <td class="r num">
        {cash ? <Amount money={row.amount} /> : <Amount money={countsOf(row)} minus={row.kind !== 'sale'} />}
      </td>
    </tr>
  )
}
