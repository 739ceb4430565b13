// A day's payments: what was taken, what needs a person, the list, and one of them in full.
import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { DayView } from '../api/DayView'
import type { Report } from '../api/Report'
import { type Act, useKeys } from '../keys'
import { Icon } from '../parts/icon'
import { Button, Empty, Wrong } from '../parts/parts'
import { wantsAttention } from '../payment'
import { dayName } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { DayCash } from './day-cash'
import { ExportDialog } from './day-export'
import { DayList } from './day-list'
import { DayPayment } from './day-payment'
import { isCash, keyOf, rowsOf } from './day-rows'
import { DayTop } from './day-top'
import { isManager, type Reading, useRead } from './send'

/** The day as the till has it now; read anew when something changed. */
function useDay(day: string | null): Reading<DayView> {
  const { view } = useTill()
  const pick = (reply: Parameters<Parameters<typeof useRead<DayView>>[1]>[0]): DayView | null =>
    reply.type === 'day' ? reply.day : null
  return useRead({ read: 'day', day }, pick, [view.sequence])
}

/** The X report of this moment, for who may see it. */
export function useX(): Reading<{ report: Report; next: number }> {
  const { view } = useTill()
  return useRead(
    { read: 'report_x' },
    (reply) => {
      const report = reply.type === 'reports' ? reply.reports[0] : undefined
      return report && reply.type === 'reports' ? { report, next: reply.next } : null
    },
    [view.sequence, view.people.signed_in ?? ''],
  )
}

interface DayPaymentsProps {
  nav: ComponentChildren
  show: (payment: string) => void
  toPeople: () => void
}

export function DayPayments({ nav, show, toPeople }: DayPaymentsProps) {
  const words = useWords()
  const { view } = useTill()
  const [wanted, setWanted] = useState<string | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [exporting, setExporting] = useState(false)
  const { read: day, wrong } = useDay(wanted)
  const { read: x } = useX()
  const open = view.payments.filter(wantsAttention)
  const rows = useMemo(() => (day ? rowsOf(day) : []), [day])
  const chosenRow = chosen ?? (rows[0] ? keyOf(rows[0]) : null)
  const cash = rows.filter(isCash).find((row) => keyOf(row) === chosenRow)
  const turn = (to: string | null): void => {
    setWanted(to)
    setChosen(null)
  }
  const acts = {
    before: {
      key: 'Alt ArrowLeft',
      label: words.day.before,
      run: () => (day ? turn(day.before) : undefined),
    },
    after: {
      key: 'Alt ArrowRight',
      label: words.day.after,
      run: () => turn(day?.after ?? null),
      off: day?.after ? undefined : '',
    },
    search: {
      key: 'F2',
      label: words.day.searchLabel,
      run: () => document.querySelector<HTMLElement>('.list [data-field]')?.focus(),
    },
    save: {
      key: 'Ctrl S',
      label: words.exporting.button,
      run: () => setExporting(true),
      off: isManager(view) ? (day ? undefined : '') : words.exporting.onlyManager,
    },
  } satisfies Record<string, Act>
  useKeys(Object.values(acts))
  return (
    <main class="dayscreen">
      <div class="daybar">
        {nav}
        <span class="push" />
        <Turn act={acts.before} icon="left" />
        <h1>{day ? dayName(day.day, words.lang, 'short') : words.screens.day}</h1>
        <Turn act={acts.after} icon="right" />
        <Button act={acts.save} icon="down" />
      </div>
      <Wrong text={wrong} />
      {day ? (
        <div class="day">
          <DayTop day={day} x={x?.report ?? null} open={open} show={show} toPeople={toPeople} />
          <DayList day={day} chosen={chosenRow} choose={setChosen} />
          {cash ? (
            <DayCash key={chosenRow} row={cash} />
          ) : chosenRow ? (
            <DayPayment key={chosenRow} payment={chosenRow} show={show} />
          ) : (
            <section class="panel one">
              <Empty icon="card" title={words.day.choose} hint={words.day.chooseHint} />
            </section>
          )}
        </div>
      ) : null}
      {exporting && day ? <ExportDialog day={day} close={() => setExporting(false)} /> : null}
    </main>
  )
}

function Turn({ act, icon }: { act: Act; icon: 'left' | 'right' }) {
  const off = act.off !== undefined
  return (
    <button
      type="button"
      class="btn icon"
      aria-label={act.label}
      aria-disabled={off ? 'true' : undefined}
      onClick={() => (off ? undefined : act.run())}
    >
      <Icon name={icon} />
    </button>
  )
}
