// Every payment of a day, newest first, with search and filters by state, kind and terminal.
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { DayView } from '../api/DayView'
import type { Money } from '../api/Money'
import type { PaymentRow } from '../api/PaymentRow'
import { plain } from '../money/money'
import { Icon } from '../parts/icon'
import { Amount, Empty, State } from '../parts/parts'
import { rowState } from '../payment'
import { clock } from '../time'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import { terminalOf } from './send'
import { kindOf } from './stage'

type Filter = 'all' | 'open' | 'not_paid' | 'back'
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

const isOpen = (row: PaymentRow): boolean => row.state !== 'closed' || row.attention
const isNotPaid = (row: PaymentRow): boolean =>
  row.state === 'closed' && row.kind === 'sale' && row.amount.minor === 0
const isBack = (row: PaymentRow): boolean => row.kind !== 'sale'

const FILTERS: Record<Filter, (row: PaymentRow) => boolean> = {
  all: () => true,
  open: isOpen,
  not_paid: isNotPaid,
  back: isBack,
}

/** What was paid, a tip and all; where nothing was, what was asked for. */
export const countsOf = ({ amount, requested }: PaymentRow): Money =>
  amount.minor === 0 ? requested : amount

/** Amount, terminal, state and kind as they are read; the amount also with a comma. */
export function rowText(row: PaymentRow, terminal: string, words: Words, decimals: number): string {
  const both = [countsOf(row), row.requested].map((money) => plain(money, decimals))
  const amount = both.join(' ').replaceAll('\u202f', '')
  const state = words.states[rowState(row)]
  return [amount, amount.replaceAll('.', ','), terminal, state, words.kinds[kindOf(row)]]
    .join(' ')
    .toLowerCase()
}

interface DayListProps {
  day: DayView
  chosen: string | null
  choose: (payment: string) => void
}

export function DayList({ day, chosen, choose }: DayListProps) {
  const words = useWords()
  const { view } = useTill()
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<Filter>('all')
  const [terminal, setTerminal] = useState('')
  const found = useFound(search)
  const { decimals, time_zone, currency } = view.shop
  const named = [...view.terminals, ...day.rows].map((one) => one.terminal)
  const terminals = [...new Set(named)]
  const rows = useMemo(() => {
    const sought = search.trim().toLowerCase()
    const fits = (row: PaymentRow): boolean =>
      sought === '' ||
      found.has(row.payment) ||
      rowText(row, terminalOf(view, row.terminal), words, decimals).includes(sought)
    const at = (row: PaymentRow): boolean => terminal === '' || row.terminal === terminal
    return day.rows.filter((row) => FILTERS[filter](row) && at(row) && fits(row))
  }, [day, search, filter, terminal, found, words])
  const chips: [Filter, string][] = [
    ['all', words.day.all],
    ['open', words.day.openOnes],
    ['not_paid', words.day.notPaid],
    ['back', words.day.backs],
  ]
  const step = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = rows.findIndex((row) => row.payment === chosen)
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))]
    if (next) choose(next.payment)
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
            const count = day.rows.filter(FILTERS[name]).length
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
          icon={day.rows.length === 0 ? 'card' : 'search'}
          title={day.rows.length === 0 ? words.day.none : words.day.noneFound}
          hint={day.rows.length === 0 ? words.day.noneHint : words.day.noneFoundHint}
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
                <tr
                  key={row.payment}
                  class={row.payment === chosen ? 'sel' : undefined}
                  onClick={() => choose(row.payment)}
                >
                  <td>
                    <time>{clock(row.at, time_zone)}</time>
                  </td>
                  <td>
                    <button
                      type="button"
                      class="how plainrow"
                      aria-current={row.payment === chosen ? 'true' : undefined}
                      onClick={() => choose(row.payment)}
                    >
                      <Icon name={row.kind === 'sale' ? 'card' : 'undo'} />
                      {row.kind === 'sale' ? '' : `${words.kinds[kindOf(row)]}, `}
                      {terminalOf(view, row.terminal)}
                    </button>
                  </td>
                  <td>
                    <State name={rowState(row)} short />
                  </td>
                  <td class="r num">
                    <Amount money={countsOf(row)} minus={row.kind !== 'sale'} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {day.more || rows.length > ROWS_DRAWN ? <p class="help more">{words.day.more}</p> : null}
        </div>
      )}
    </section>
  )
}
