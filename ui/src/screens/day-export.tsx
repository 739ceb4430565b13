// The shown day as a file: the rows that the screen has read, amounts as plain decimals.
import type { DayView } from '../api/DayView'
import type { PaymentRow } from '../api/PaymentRow'
import type { Act } from '../keys'
import { decimal } from '../money/money'
import { Dialog } from '../parts/dialog'
import { Button } from '../parts/parts'
import { save } from '../parts/save'
import { dayName } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'

/** One payment as it stands in a file. Amounts are decimals of the currency, times UTC. */
export function exported(row: PaymentRow, day: string, decimals: number): Record<string, string> {
  return {
    day,
    at: row.at,
    payment: row.payment,
    terminal: row.terminal,
    kind: row.kind,
    state: row.state,
    outcome: row.outcome,
    currency: row.requested.currency,
    requested: decimal(row.requested.minor, decimals),
    approved: decimal(row.amount.minor, decimals),
    attention: row.attention ? 'yes' : 'no',
    goes_against: row.goes_against ?? '',
  }
}

/** A row of nothing: the names of the columns are those of any other. */
const HEAD = { requested: {}, amount: {} } as PaymentRow

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

export function dayCsv(day: DayView, decimals: number): string {
  const lines = [
    Object.keys(exported(HEAD, '', decimals)),
    ...day.rows.map((row) => Object.values(exported(row, day.day, decimals))),
  ]
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

export function dayJson(day: DayView, decimals: number): string {
  const payments = day.rows.map((row) => exported(row, day.day, decimals))
  return `${JSON.stringify({ day: day.day, complete: !day.more, payments }, null, 2)}\n`
}

export function ExportDialog({ day, close }: { day: DayView; close: () => void }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals, till } = view.shop
  const says = words.exporting
  const title = says.title(dayName(day.day, words.lang))
  const name = `paydesk-${till}-${day.day}`
  const keep = (ending: string, type: string, text: string) => (): void => {
    save(`${name}.${ending}`, type, text)
    close()
  }
  const csv: Act = {
    key: 'C',
    label: says.csv,
    run: keep('csv', 'text/csv', dayCsv(day, decimals)),
  }
  const json: Act = {
    key: 'J',
    label: says.json,
    run: keep('json', 'application/json', dayJson(day, decimals)),
  }
  const no: Act = { key: 'Esc', label: words.back, run: close }
  return (
    <Dialog label={title} look="plainask" acts={[csv, json, no]}>
      <div class="ask">
        <h1>{title}</h1>
        <p>{says.hint}</p>
        {day.more ? <p>{words.day.more}</p> : null}
        <div class="two">
          <Button act={csv} look="huge" icon="down" />
          <Button act={json} look="huge" icon="down" />
        </div>
        <Button act={no} />
      </div>
    </Dialog>
  )
}
