// The top of the day: sums, takings by hour, and what needs a person first.
import type { Count } from '../api/Count'
import type { DayView } from '../api/DayView'
import type { HourTaken } from '../api/HourTaken'
import type { PaymentView } from '../api/PaymentView'
import type { Report } from '../api/Report'
import type { TenderKind } from '../api/TenderKind'
import type { Totals } from '../api/Totals'
import type { UnclaimedPayment } from '../api/UnclaimedPayment'
import type { View } from '../api/View'
import { plain, withCurrency } from '../money/money'
import { Icon, type IconName } from '../parts/icon'
import { Empty } from '../parts/parts'
import { LOOKS, stateOf } from '../payment'
import { clock, stamp } from '../time'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import { terminalOf } from './send'

interface DayTopProps {
  day: DayView
  /** The X report, for who may see totals. */
  x: Report | null
  open: PaymentView[]
  show: (payment: string) => void
  toPeople: () => void
}

export function DayTop({ day, x, open, show, toPeople }: DayTopProps) {
  const words = useWords()
  const { view } = useTill()
  const { currency } = view.shop
  const ofToday = day.after === null ? x : null
  return (
    <>
      <Takings day={day} x={ofToday} />
      <section class="panel hours" aria-label={words.day.hours(currency)}>
        <header>
          <h2>{words.day.hours(currency)}</h2>
          <span class="legend">
            {words.tenders.card}, {words.tenders.wallet.toLowerCase()}
            {day.cash ? `, ${words.tenders.cash.toLowerCase()}` : ''}
          </span>
        </header>
        <Hours day={day} />
      </section>
      <Needs open={open} unclaimed={ofToday?.unclaimed ?? []} show={show} toPeople={toPeople} />
    </>
  )
}

interface Taken {
  icon: IconName
  label: string
  count: number
  minor: number
}

/** What came in by each way to pay and what went back, since the last Z. */
export function byTender(totals: Totals, words: Words, decimals: number): Taken[] {
  const of = (kind: TenderKind): Count => {
    const rows = totals.tenders.filter((row) => row.kind === kind)
    const sum = (what: keyof Count): number => rows.reduce((all, row) => all + row.taken[what], 0)
    return { count: sum('count'), minor: sum('minor') }
  }
  const rounding = `${totals.rounding > 0 ? '+' : ''}${plain({ minor: totals.rounding }, decimals)}`
  const cash = totals.rounding === 0 ? words.tenders.cash : words.tenders.cashRounded(rounding)
  const back = totals.tenders.reduce(
    (all, row) => ({ count: all.count + row.back.count, minor: all.minor - row.back.minor }),
    { count: 0, minor: 0 },
  )
  return [
    { icon: 'card', label: words.tenders.card, ...of('card') },
    { icon: 'cash', label: cash, ...of('cash') },
    { icon: 'qr', label: words.tenders.wallet, ...of('wallet') },
    { icon: 'undo', label: words.day.back, ...back },
  ]
}

/** Cash, where it is told. */
function ofDrawer({ cash }: DayView, words: Words): Taken[] {
  if (!cash) return []
  return [{ icon: 'cash', label: words.tenders.cash, count: cash.count, minor: cash.amount.minor }]
}

function Takings({ day, x }: { day: DayView; x: Report | null }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals, currency, time_zone } = view.shop
  const totals = x?.totals.find((one) => one.currency === currency)
  const rows: Taken[] = totals
    ? byTender(totals, words, decimals)
    : [
        { icon: 'card', label: words.day.taken, count: day.taken_count, minor: day.taken.minor },
        ...ofDrawer(day, words),
        { icon: 'undo', label: words.day.back, count: day.back_count, minor: -day.back.minor },
      ]
  const net = rows.reduce((sum, row) => sum + row.minor, 0)
  const since = x?.from ? stamp(x.from, time_zone) : ''
  const shown = since.startsWith(day.day) ? since.slice(day.day.length + 1) : since
  return (
    <section class="panel tot" aria-label={words.day.takings}>
      <header>
        <h2>
          {words.day.takings} {totals && shown ? <small>{words.tenders.since(shown)}</small> : null}
        </h2>
        <span class="money num">
          {plain({ minor: net }, decimals)}
          <span class="cur">{currency}</span>
        </span>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.day.what}</th>
            <th scope="col" class="r">
              {words.day.count}
            </th>
            <th scope="col" class="r">
              {currency}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.icon}>
              <td>
                <span class="how">
                  <Icon name={row.icon} />
                  {row.label}
                </span>
              </td>
              <td class="r num">{row.count}</td>
              <td class="r num">{plain({ minor: row.minor }, decimals)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface NeedsProps {
  open: PaymentView[]
  unclaimed: UnclaimedPayment[]
  show: (payment: string) => void
  toPeople: () => void
}

/** What a person must look at: payments first, then money that nobody asked for, then who may do what. */
function Needs({ open, unclaimed, show, toPeople }: NeedsProps) {
  const words = useWords()
  const { view } = useTill()
  const { decimals, time_zone } = view.shop
  const count = open.length + unclaimed.length
  const nobody = view.people.people.length === 0
  return (
    <section class="panel need" aria-label={words.day.attention}>
      <header>
        <h2>{words.day.attention}</h2>
        {count > 0 ? <span class="num count">{count}</span> : null}
      </header>
      {count === 0 && !nobody ? (
        <Empty icon="checkc" title={words.day.calm} hint={words.day.calmHint} />
      ) : (
        <ul tabIndex={0} aria-label={words.day.attention}>
          {open.map((payment) => (
            <li key={payment.payment}>
              <Icon name={LOOKS[stateOf(payment)].icon} />
              <span>
                <b>{words.states[stateOf(payment)]}</b>
                <small class="num">
                  {plain(payment.requested, decimals)} · {clock(payment.at, time_zone)}
                </small>
              </span>
              <button type="button" class="btn" onClick={() => show(payment.payment)}>
                {words.day.open}
              </button>
            </li>
          ))}
          {unclaimed.map((one, index) => (
            <li key={`${one.at} ${index}`}>
              <Icon name="hand" />
              <span>
                <b>{words.tenders.unclaimed}</b>
                <small>{unclaimedWords(words, view, one)}</small>
              </span>
            </li>
          ))}
          {count === 0 ? (
            <li class="calm">
              <Icon name="checkc" />
              <span>
                <b>{words.day.calm}</b>
                <small>{words.day.calmHint}</small>
              </span>
            </li>
          ) : null}
          {nobody ? (
            <li class="calm">
              <Icon name="person" />
              <span>
                <b>{words.tenders.nobody}</b>
                <small>{words.tenders.nobodyHint}</small>
              </span>
              <button type="button" class="btn" onClick={toPeople}>
                {words.tenders.enrol}
              </button>
            </li>
          ) : null}
        </ul>
      )}
    </section>
  )
}

/** `45.00 SEK on Desk terminal, 2026-11-20 14:02` */
export function unclaimedWords(words: Words, view: View, one: UnclaimedPayment): string {
  const { decimals, time_zone } = view.shop
  const amount = one.amount ? withCurrency(one.amount, decimals) : words.tenders.amountUnknown
  return words.tenders.unclaimedHint(amount, terminalOf(view, one.terminal), stamp(one.at, time_zone))
}

const WIDTH = 376
const HEIGHT = 164
const FLOOR = 142
const LEFT = 44

/** A step of the scale that people count in: 1, 2 or 5 with zeros, three of them above the highest bar. */
export function scaleStep(most: number): number {
  let unit = 1
  for (;;) {
    for (const factor of [1, 2, 5]) if (factor * unit * 3 >= most) return factor * unit
    unit *= 10
  }
}

/** Ten hours at least, from the one before the first in which something was taken; else from eight. */
export function hoursShown(hours: readonly HourTaken[]): readonly HourTaken[] {
  const taken = ({ taken: { minor } }: HourTaken): boolean => minor > 0
  const some = hours.some(taken)
  const first = hours.findIndex(some ? taken : ({ hour }) => hour === 9)
  const from = Math.max(0, Math.min(first - 1, hours.length - 10))
  return hours.slice(from, Math.max(hours.findLastIndex(taken), from + 9) + 1)
}

function Hours({ day }: { day: DayView }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  const unit = 10 ** decimals
  const shown = hoursShown(day.hours)
  const best = shown.reduce((a, b) => (b.taken.minor > a.taken.minor ? b : a))
  const step = scaleStep(Math.ceil(best.taken.minor / unit))
  const top = step * 3 * unit
  const wide = (WIDTH - LEFT - 8) / shown.length
  const high = (minor: number): number => ((FLOOR - 8) * minor) / top
  if (best.taken.minor <= 0) {
    return <Empty icon="clock" title={words.day.chartEmpty} hint={words.day.chartEmptyHint} />
  }
  const label = words.day.chart(words.day.chartBest(`${best.hour}:00`, withCurrency(best.taken, decimals)))
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {[0, 1, 2, 3].map((line) => {
        const y = FLOOR - high(line * step * unit)
        return (
          <g key={line}>
            <line class={line === 0 ? 'base' : 'grid'} x1={LEFT - 6} x2={WIDTH} y1={y} y2={y} />
            <text x={LEFT - 12} y={y + 4} text-anchor="end">
              {plain({ minor: line * step }, 0)}
            </text>
          </g>
        )
      })}
      {shown.map(({ hour: at, taken: { minor } }, index) => {
        const x = LEFT + index * wide
        return (
          <g key={at}>
            {minor > 0 ? (
              <rect
                class="b"
                x={x + wide * 0.15}
                y={FLOOR - high(minor)}
                width={wide * 0.7}
                height={high(minor)}
              />
            ) : null}
            {index % 2 === 0 ? (
              <text x={x + wide / 2} y={HEIGHT - 5} text-anchor="middle">
                {String(at).padStart(2, '0')}
              </text>
            ) : null}
          </g>
        )
      })}
    </svg>
  )
}
