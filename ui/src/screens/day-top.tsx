// The top of the day: sums, takings by hour, and what needs a person first.
import type { DayView } from '../api/DayView'
import type { PaymentView } from '../api/PaymentView'
import { plain } from '../money/money'
import { Icon } from '../parts/icon'
import { Empty } from '../parts/parts'
import { LOOKS, stateOf } from '../payment'
import { clock, hour } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'

interface DayTopProps {
  day: DayView
  open: PaymentView[]
  show: (payment: string) => void
}

export function DayTop({ day, open, show }: DayTopProps) {
  const words = useWords()
  const { view } = useTill()
  const { decimals, currency, time_zone } = view.shop
  const net = { minor: day.taken.minor - day.back.minor }
  return (
    <>
      <section class="panel tot" aria-label={words.day.takings}>
        <header>
          <h2>{words.day.takings}</h2>
          <span class="money num">
            {plain(net, decimals)}
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
            <tr>
              <td>
                <span class="how">
                  <Icon name="card" />
                  {words.day.taken}
                </span>
              </td>
              <td class="r num">{day.taken_count}</td>
              <td class="r num">{plain(day.taken, decimals)}</td>
            </tr>
            <tr>
              <td>
                <span class="how">
                  <Icon name="undo" />
                  {words.day.back}
                </span>
              </td>
              <td class="r num">{day.back_count}</td>
              <td class="r num">{plain({ minor: -day.back.minor }, decimals)}</td>
            </tr>
          </tbody>
        </table>
      </section>
      <section class="panel hours" aria-label={words.day.hours(currency)}>
        <header>
          <h2>{words.day.hours(currency)}</h2>
        </header>
        <Hours day={day} />
      </section>
      <section class="panel need" aria-label={words.day.attention}>
        <header>
          <h2>{words.day.attention}</h2>
          {open.length > 0 ? <span class="num count">{open.length}</span> : null}
        </header>
        {open.length === 0 ? (
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
          </ul>
        )}
      </section>
    </>
  )
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

function Hours({ day }: { day: DayView }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals, currency, time_zone } = view.shop
  const unit = 10 ** decimals
  const sums = new Map<number, number>()
  for (const row of day.rows) {
    if (row.kind !== 'sale' || row.amount.minor === 0) continue
    const at = hour(row.at, time_zone)
    sums.set(at, (sums.get(at) ?? 0) + row.amount.minor)
  }
  const hours = [...sums.keys()].sort((a, b) => a - b)
  const first = Math.max(0, Math.min(hours[0] ?? 9, 22) - 1)
  const last = Math.min(23, Math.max(hours.at(-1) ?? 17, first + 9))
  const shown = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const best = [...sums].reduce<[number, number] | null>((a, b) => (a && a[1] >= b[1] ? a : b), null)
  const step = scaleStep(Math.max(1, Math.ceil((best?.[1] ?? 0) / unit)))
  const top = step * 3 * unit
  const wide = (WIDTH - LEFT - 8) / shown.length
  const high = (minor: number): number => ((FLOOR - 8) * minor) / top
  const label = best
    ? words.day.chart(
        words.day.chartBest(`${best[0]}:00`, `${plain({ minor: best[1] }, decimals)} ${currency}`),
      )
    : words.day.chartEmpty
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
      {shown.map((at, index) => {
        const minor = sums.get(at) ?? 0
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
