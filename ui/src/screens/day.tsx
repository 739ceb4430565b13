// The day: what was taken, what needs a person, every payment with search, and one of them in full.
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { DayView } from '../api/DayView'
import type { PaymentRow } from '../api/PaymentRow'
import { useKeys } from '../keys'
import { plain } from '../money/money'
import { Icon } from '../parts/icon'
import { Empty, State, Wrong } from '../parts/parts'
import { rowState, wantsAttention } from '../payment'
import { clock, dayName } from '../time'
import { useTill } from '../till'
import { problemWords, useWords, type Words } from '../words/words'
import { kindOf } from './stage'
import { DayPayment } from './day-payment'
import { DayTop } from './day-top'

type Filter = 'all' | 'open' | 'not_paid' | 'back'
/** Rows drawn at once; the search narrows a longer day down. */
const ROWS_DRAWN = 300

/** The day as the till has it now; read anew when something changed. */
export function useDay(wanted: string | null): { day: DayView | null; wrong: string | null } {
  const words = useWords()
  const { port, view } = useTill()
  const [day, setDay] = useState<DayView | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  useEffect(() => {
    let stale = false
    void port.query({ read: 'day', day: wanted }).then((told) => {
      if (stale) return
      if ('ok' in told && told.ok.type === 'day') {
        setDay(told.ok.day)
        setWrong(null)
      } else setWrong('problem' in told ? problemWords(words, told.problem) : words.unreached)
    })
    return () => {
      stale = true
    }
  }, [port, wanted, view.sequence])
  return { day, wrong }
}

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

/** Amount, terminal, state and kind as they are read; the amount also with a comma. */
export function rowText(row: PaymentRow, terminal: string, words: Words, decimals: number): string {
  const amount = plain(row.requested, decimals).replaceAll('\u202f', '')
  const state = words.states[rowState(row)]
  return [amount, amount.replace('.', ','), terminal, state, words.kinds[kindOf(row)]]
    .join(' ')
    .toLowerCase()
}

export function DayScreen({ show }: { show: (payment: string) => void }) {
  const words = useWords()
  const { view } = useTill()
  const [wanted, setWanted] = useState<string | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const { day, wrong } = useDay(wanted)
  const open = view.payments.filter(wantsAttention)
  const chosenRow = chosen ?? day?.rows[0]?.payment ?? null
  useKeys([
    {
      key: 'Alt ArrowLeft',
      label: words.day.before,
      run: () => (day ? setWanted(day.before) : undefined),
    },
    {
      key: 'Alt ArrowRight',
      label: words.day.after,
      run: () => setWanted(day?.after ?? null),
      off: day?.after ? undefined : '',
    },
    {
      key: 'F2',
      label: words.day.searchLabel,
      run: () => document.querySelector<HTMLElement>('[data-field]')?.focus(),
    },
  ])
  return (
    <main class="dayscreen">
      <div class="daybar">
        <button
          type="button"
          class="btn icon"
          aria-label={words.day.before}
          onClick={() => (day ? setWanted(day.before) : undefined)}
        >
          <Icon name="left" />
        </button>
        <h1>{day ? dayName(day.day, words.lang) : words.screens.day}</h1>
        <button
          type="button"
          class="btn icon"
          aria-label={words.day.after}
          aria-disabled={day?.after ? undefined : 'true'}
          onClick={() => (day?.after ? setWanted(day.after) : undefined)}
        >
          <Icon name="right" />
        </button>
        <Wrong text={wrong} />
      </div>
      {day ? (
        <div class="day">
          <DayTop day={day} open={open} show={show} />
          <DayList day={day} chosen={chosenRow} choose={setChosen} />
          {chosenRow ? (
            <DayPayment key={chosenRow} payment={chosenRow} show={show} />
          ) : (
            <section class="panel one">
              <Empty icon="card" title={words.day.choose} hint={words.day.chooseHint} />
            </section>
          )}
        </div>
      ) : null}
    </main>
  )
}

interface DayListProps {
  day: DayView
  chosen: string | null
  choose: (payment: string) => void
}

function DayList({ day, chosen, choose }: DayListProps) {
  const words = useWords()
  const { view } = useTill()
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<Filter>('all')
  const found = useFound(search)
  const { decimals, time_zone, currency } = view.shop
  const nameOf = (id: string): string => view.terminals.find((one) => one.terminal === id)?.name ?? id
  const rows = useMemo(() => {
    const sought = search.trim().toLowerCase()
    const fits = (row: PaymentRow): boolean =>
      sought === '' ||
      found.has(row.payment) ||
      rowText(row, nameOf(row.terminal), words, decimals).includes(sought)
    return day.rows.filter((row) => FILTERS[filter](row) && fits(row))
  }, [day, search, filter, found, words])
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
                      {nameOf(row.terminal)}
                    </button>
                  </td>
                  <td>
                    <State name={rowState(row)} short />
                  </td>
                  <td class="r num">
                    {plain(
                      row.kind === 'sale' ? row.requested : { minor: -row.requested.minor },
                      decimals,
                    )}
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
