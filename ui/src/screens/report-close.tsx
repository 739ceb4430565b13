// Closing the day: what stays open is named before anybody says yes.
import type { Report } from '../api/Report'
import type { View } from '../api/View'
import type { Act } from '../keys'
import { withCurrency } from '../money/money'
import { isRunning, wantsAttention } from '../payment'
import { stamp } from '../time'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import { Ask } from './day-shown'
import { terminalOf } from './send'
import { kindOf } from './stage'

/** What a Z leaves open, as sentences: from the report where it may be seen, else from the screen. */
export function staysOpen(words: Words, view: View, report: Report | null): string[] {
  const says = words.report
  const { decimals, time_zone } = view.shop
  const payments = report?.open ?? view.payments.filter((one) => wantsAttention(one) || isRunning(one))
  const lines = payments.map((one) =>
    says.openPayment(
      words.kinds[kindOf(one)],
      withCurrency(one.requested, decimals),
      terminalOf(view, one.terminal),
      stamp(one.at, time_zone),
    ),
  )
  const sales = report?.open_sales ?? view.parked.length
  if (sales > 0) lines.push(says.openSalesLine(sales))
  const unclaimed = report?.unclaimed.length ?? 0
  if (unclaimed > 0) lines.push(says.unclaimedLine(unclaimed))
  return lines
}

interface CloseProps {
  number: number
  report: Report | null
  close: () => void
  yes: () => void
}

export function CloseDialog({ number, report, close, yes }: CloseProps) {
  const words = useWords()
  const { view } = useTill()
  const says = words.report
  const lines = staysOpen(words, view, report)
  const title = says.confirm(number)
  const no: Act = { key: 'Esc', also: ['N'], label: says.notYet, run: close }
  const go: Act = { key: 'Y', label: says.yes, run: yes }
  return (
    <Ask title={title} hint={says.confirmHint} no={no} yes={go}>
      {lines.length === 0 ? (
        <p>{says.nothingOpen}</p>
      ) : (
        <div class="note attn">
          <span class="vh" />
          <div>
            <b>{says.staysOpen}</b>
            <ul class="bullets" tabIndex={0}>
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </Ask>
  )
}
