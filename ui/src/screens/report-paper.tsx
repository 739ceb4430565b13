// A report as it is read and printed: nothing but what the till counted, amounts of one currency per block.
import type { Count } from '../api/Count'
import type { Report } from '../api/Report'
import type { Shift } from '../api/Shift'
import type { Totals } from '../api/Totals'
import { percent, plain, withCurrency } from '../money/money'
import { rowState } from '../payment'
import { stamp } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { Facts } from './day-shown'
import { unclaimedWords } from './day-top'
import { nameOf, terminalOf } from './send'

export function ReportPaper({ report }: { report: Report }) {
  const words = useWords()
  const { view } = useTill()
  const says = words.report
  const { name, till, time_zone } = view.shop
  const by = nameOf(view, report.by)
  const facts: [string, string][] = [
    [says.till, till],
    [says.from, report.from ? stamp(report.from, time_zone) : ''],
    [says.to, stamp(report.to, time_zone)],
    [says.by, by],
  ]
  const title = report.number === null ? says.x : says.z(report.number)
  return (
    <article class="paper" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <p>
          <b>{name}</b>
        </p>
        {view.practice ? <p class="practicemark">{says.practice}</p> : null}
        <Facts rows={facts} />
      </header>
      {report.totals.length === 0 ? (
        <p class="none">
          <b>{says.nothing}</b> {says.nothingHint}
        </p>
      ) : null}
      {report.totals.map((totals) => (
        <Sums key={totals.currency} totals={totals} />
      ))}
      <Open report={report} />
      <Shifts shifts={report.shifts} />
      <Rows
        title={says.other}
        rows={[
          [says.openSales, report.open_sales, null],
          [says.openings, report.drawer_openings, null],
          [says.copies, report.copies, null],
        ]}
      />
    </article>
  )
}

/** What, how many, how much in minor units; what does not apply is nothing. */
type Row = readonly [string, number | null, number | null]

interface TableProps {
  title: string
  /** What the columns are, the first one says of what. */
  head: readonly string[]
  rows: readonly (readonly (string | number | null)[])[]
  /** One of several under a title of their own. */
  within?: boolean | undefined
  /** The last row is the sum of the others. */
  summed?: boolean
}

function Table({ title, head, rows, within, summed }: TableProps) {
  return (
    <section>
      {within ? <h4>{title}</h4> : <h3>{title}</h3>}
      <table>
        <thead>
          <tr>
            {head.map((label, at) => (
              <th key={at} scope="col" class={at > 0 ? 'r' : undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, ...cells], at) => (
            <tr key={at} class={summed && at === rows.length - 1 ? 'allof' : undefined}>
              <th scope="row">{label}</th>
              {cells.map((cell) => (
                <td class="r num">{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface RowsProps {
  title: string
  currency?: string
  rows: readonly Row[]
  within?: boolean
}

/** Counts and amounts, with a column for what there is. */
function Rows({ title, currency, rows, within }: RowsProps) {
  const { report: says } = useWords()
  const { view } = useTill()
  const counts = rows.some(([, count]) => count !== null)
  const amounts = rows.some(([, , minor]) => minor !== null)
  const one = <T,>(counted: T, amount: T): T[] => [...(counts ? [counted] : []), ...(amounts ? [amount] : [])]
  return (
    <Table
      title={title}
      within={within}
      head={[says.what, ...one(says.countOf, currency ?? view.shop.currency)]}
      rows={rows.map(([label, count, minor]) => [
        label,
        ...one<string | number | null>(count, minor === null ? '' : plain({ minor }, view.shop.decimals)),
      ])}
    />
  )
}

function Sums({ totals }: { totals: Totals }) {
  const words = useWords()
  const says = words.report
  const { currency } = totals
  const both = (label: string, { count, minor }: Count): Row => [label, count, minor]
  return (
    <>
      <Rows
        title={says.sales}
        currency={currency}
        rows={[
          both(says.salesRow, totals.sales),
          both(says.returns, totals.returns),
          [says.untaxed, null, totals.untaxed],
          both(says.discounts, totals.discounts),
          [says.rounding, null, totals.rounding],
          [says.corrections, totals.corrections, null],
          [says.voided, totals.voided, null],
        ]}
      />
      <Vat totals={totals} />
      <Tenders totals={totals} />
      <Rows
        title={says.terminals}
        currency={currency}
        rows={[
          both(says.refunds, totals.refunds),
          both(says.reversals, totals.reversals),
          both(says.undone, totals.undone),
          [says.tips, null, totals.tips],
          [says.cashBack, null, totals.cash_back],
        ]}
      />
      <Rows
        title={says.grand}
        currency={currency}
        rows={[
          [says.everSold, null, totals.ever_sold],
          [says.everBack, null, totals.ever_returned],
          [says.everNet, null, totals.ever_sold + totals.ever_returned],
        ]}
      />
    </>
  )
}

function Vat({ totals }: { totals: Totals }) {
  const { report: says } = useWords()
  const { view } = useTill()
  const parts = ['gross', 'net', 'vat'] as const
  const amount = (minor: number): string => plain({ minor }, view.shop.decimals)
  if (totals.vat.length === 0) return null
  return (
    <Table
      title={says.vat}
      head={[says.rate, says.gross, says.net, says.tax]}
      rows={[
        ...totals.vat.map((row) => [percent(row.rate), ...parts.map((part) => amount(row[part]))]),
        [says.total, ...parts.map((part) => amount(totals.vat.reduce((all, row) => all + row[part], 0)))],
      ]}
      summed
    />
  )
}

function Tenders({ totals }: { totals: Totals }) {
  const words = useWords()
  const { view } = useTill()
  const says = words.report
  const amount = (minor: number): string => plain({ minor }, view.shop.decimals)
  const sum = (of: 'taken' | 'back'): number => totals.tenders.reduce((all, row) => all + row[of].minor, 0)
  return (
    <Table
      title={says.tenders}
      head={[says.what, says.countOf, says.taken, says.countOf, says.back]}
      rows={[
        ...totals.tenders.map(({ kind, terminal, taken, back }) => [
          words.tenders[kind] + (terminal === null ? '' : `, ${terminalOf(view, terminal)}`),
          taken.count,
          amount(taken.minor),
          back.count,
          amount(-back.minor),
        ]),
        [says.total, null, amount(sum('taken')), null, amount(-sum('back'))],
      ]}
      summed
    />
  )
}

/** Payments that are not settled, by name, and approvals that are nobody's. */
function Open({ report }: { report: Report }) {
  const words = useWords()
  const { view } = useTill()
  const says = words.report
  const { decimals, time_zone } = view.shop
  return (
    <section>
      <h3>{says.open}</h3>
      {report.open.length === 0 ? <p>{says.openNone}</p> : null}
      <ul class="bullets">
        {report.open.map((one) => (
          <li key={one.operation}>
            {says.openPayment(
              words.kinds[one.kind],
              withCurrency(one.requested, decimals),
              terminalOf(view, one.terminal),
              stamp(one.at, time_zone),
            )}
            : {words.states[rowState({ ...one, outcome: '', attention: true })]} <code>{one.operation}</code>
          </li>
        ))}
      </ul>
      {report.unclaimed.length > 0 ? (
        <>
          <h3>{says.unclaimed}</h3>
          <ul class="bullets">
            {report.unclaimed.map((one, index) => (
              <li key={`${one.at} ${index}`}>{unclaimedWords(words, view, one)}</li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  )
}

function Shifts({ shifts }: { shifts: Shift[] }) {
  const words = useWords()
  const { view } = useTill()
  const says = words.report
  const { time_zone } = view.shop
  return (
    <section>
      <h3>{says.shifts}</h3>
      {shifts.length === 0 ? <p>{says.noShifts}</p> : null}
      {shifts.map((shift) => {
        const ended = shift.closed ? stamp(shift.closed[1], time_zone) : says.stillOpen
        const rows: Row[] = [
          [says.float, null, shift.float.minor],
          [says.putIn, null, shift.put_in.minor],
          [says.takenOut, null, -shift.taken_out.minor],
          [says.ofSales, null, shift.of_sales.minor],
          [says.counts, shift.counts, null],
        ]
        if (shift.count) {
          const { counted, expected } = shift.count
          rows.push([words.drawer.expected, null, expected.minor])
          rows.push([words.drawer.counted, null, counted.minor])
          rows.push([words.drawer.difference, null, counted.minor - expected.minor])
        }
        const title = [stamp(shift.opened_at, time_zone), ended].join(' – ')
        return (
          <Rows
            key={shift.id}
            within
            title={[title, nameOf(view, shift.opened_by)].filter(Boolean).join(', ')}
            currency={shift.float.currency}
            rows={rows}
          />
        )
      })}
    </section>
  )
}
