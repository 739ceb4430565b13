// Receipts of sales: found by day or by number, looked at, copied, saved.
import { useState } from 'preact/hooks'
import type { PaperRow } from '../api/PaperRow'
import { Empty, Field, Slip, stepThrough, Wrong } from '../parts/parts'
import { stamp } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { Pick } from './day-shown'
import { PaperActs, useSalePapers } from './paper'
import { useRead } from './send'

/** Receipts in the list; older ones are found by their number. */
const LISTED = 200

export function ReceiptsScreen() {
  const words = useWords()
  const { view } = useTill()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const says = words.paper.list
  const number = /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : null
  const { read: rows, wrong } = useRead(
    { read: 'sale_receipts', day: null, number, limit: LISTED },
    (reply) => (reply.type === 'papers' ? reply.rows : null),
    [view.sequence],
  )
  const row = rows?.find((one) => one.paper === chosen) ?? rows?.[0] ?? null
  return (
    <div class="reports">
      <section class="panel rlist" aria-label={says.title}>
        <div class="findnumber">
          <Field id="receipt" label={says.number} value={typed} numeric first onValue={setTyped} />
        </div>
        <ul class="picks" onKeyDown={stepThrough} aria-label={says.title}>
          {(rows ?? []).map((one) => (
            <Pick
              key={one.paper}
              on={one.paper === row?.paper}
              pick={() => setChosen(one.paper)}
              icon="print"
              title={says.row(one.number ?? 0)}
              small={`${stamp(one.at, view.shop.time_zone)} · ${words.paper.states[one.state]}`}
            />
          ))}
        </ul>
        <Wrong text={wrong} />
      </section>
      <section class="panel rpaper" aria-label={words.paper.receipt}>
        {row?.sale ? (
          <Receipt key={row.paper} row={row} sale={row.sale} />
        ) : (
          <Empty icon="print" title={says.none} hint={says.noneHint} />
        )}
      </section>
    </div>
  )
}

function Receipt({ row, sale }: { row: PaperRow; sale: string }) {
  const words = useWords()
  const rows = useSalePapers(sale)
  return (
    <>
      <header>
        <h2>{words.paper.list.row(row.number ?? 0)}</h2>
        <PaperActs of={{ of: 'sale', sale }} rows={rows} file={row.paper} keys />
      </header>
      <Slip text={row.text ?? words.day.erased} label={words.paper.receipt} />
    </>
  )
}
