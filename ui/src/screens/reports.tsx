// Reports: the day so far (X), the days that were closed (Z), and closing the day.
import { useState } from 'preact/hooks'
import type { PrintWanted } from '../api/PrintWanted'
import type { Report } from '../api/Report'
import { type Act, useKeys } from '../keys'
import { Button, Done, Empty, stepThrough, Wrong } from '../parts/parts'
import { save } from '../parts/save'
import { stamp } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { useX } from './day-payments'
import { Pick } from './day-shown'
import { nextPrint } from './paper'
import { CloseDialog } from './report-close'
import { ReportPaper } from './report-paper'
import { useRead, useSend } from './send'

/** Z reports in the list; older ones are in the journal. */
const LISTED = 400

export function ReportsScreen({ toDrawer }: { toDrawer: () => void }) {
  const words = useWords()
  const { view } = useTill()
  const [chosen, setChosen] = useState<number | null>(null)
  const [asking, setAsking] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  const [again, setAgain] = useState(0)
  const x = useX()
  const [shownX, setShownX] = useState<Report | null>(null)
  const approval = useSend('see x')
  const askX = async (): Promise<void> => {
    const told = await approval.send({ do: 'report_x' })
    if (told?.report) setShownX(told.report)
  }
  const zs = useRead(
    { read: 'reports', limit: LISTED },
    (reply) => (reply.type === 'reports' ? { reports: reply.reports, next: reply.next } : null),
    [view.sequence, again],
  )
  const { send, wrong, busy } = useSend('close day')
  const says = words.report
  const next = zs.read?.next ?? null
  const closed = zs.read?.reports.find((one) => one.number === chosen)
  const report = chosen === null ? (x.read?.report ?? shownX) : closed
  const close = async (number: number): Promise<void> => {
    setAsking(false)
    setDone(null)
    const told = await send({ do: 'close_day', number })
    setAgain((n) => n + 1)
    if (!told) return
    setDone(says.done(number))
    setChosen(number)
  }
  const zPapers = useRead(
    { read: 'report_papers', number: chosen ?? 0 },
    (reply) => (reply.type === 'papers' ? reply.rows : null),
    [view.sequence],
  )
  const onPaper = async (): Promise<void> => {
    if (view.printer.state === 'none') return window.print()
    const want = nextPrint(words, view.printer, zPapers.read ?? []).want
    const wanted: PrintWanted =
      chosen === null ? { want: 'report_x' } : { want, of: { of: 'report_z', number: chosen } }
    setDone(null)
    if (await send({ do: 'print', wanted })) setDone(words.paper.sent)
  }
  const acts = {
    close: view.shift
      ? { key: 'F9', label: says.shiftOpen, run: toDrawer }
      : {
          key: 'F9',
          label: next === null ? says.list : says.close(next),
          run: () => setAsking(true),
          off: next === null || busy ? '' : undefined,
        },
    print: { key: 'Ctrl P', label: says.print, run: () => void onPaper(), off: report ? undefined : '' },
    save: { key: 'Ctrl S', label: says.save, run: () => keep(report), off: report ? undefined : '' },
  } satisfies Record<string, Act>
  const keep = (report: Report | null | undefined): void => {
    if (!report) return
    const name = report.number === null ? 'x' : `z${report.number}`
    save(`paydesk-${view.shop.till}-${name}.json`, 'application/json', `${JSON.stringify(report, null, 2)}\n`)
  }
  useKeys(Object.values(acts))
  return (
    <div class="reports">
      <section class="panel rlist" aria-label={says.list}>
        <ReportList reports={zs.read?.reports ?? []} chosen={chosen} choose={setChosen} />
        <Wrong text={zs.wrong} />
        <div class="foot">
          <Wrong text={wrong} />
          <Done text={done} />
          <Button act={acts.close} look="go wide" icon={view.shift ? 'cash' : 'lock'} />
        </div>
      </section>
      <section class="panel rpaper" aria-label={chosen === null ? says.x : says.z(chosen)}>
        <header>
          <h2>{chosen === null ? says.x : says.z(chosen)}</h2>
          <Button act={acts.save} icon="down" />
          <Button act={acts.print} icon="print" />
        </header>
        {report ? (
          <div class="paperscroll" tabIndex={0} role="region" aria-label={says.list}>
            <ReportPaper report={report} />
          </div>
        ) : (
          <NoReport
            hidden={chosen === null && x.problem?.code === 'approval_needed'}
            wrong={approval.wrong ?? x.wrong}
            ask={() => void askX()}
          />
        )}
      </section>
      {asking && next !== null ? (
        <CloseDialog
          number={next}
          report={x.read?.report ?? null}
          close={() => setAsking(false)}
          yes={() => void close(next)}
        />
      ) : null}
    </div>
  )
}

function NoReport({ hidden, wrong, ask }: { hidden: boolean; wrong: string | null; ask: () => void }) {
  const words = useWords()
  if (hidden) {
    return (
      <Empty icon="lock" title={words.report.hidden} hint={words.report.hiddenHint}>
        <Button act={{ label: words.approveX, run: ask }} icon="person" />
      </Empty>
    )
  }
  return <Wrong text={wrong} />
}

interface ListProps {
  reports: Report[]
  chosen: number | null
  choose: (number: number | null) => void
}

export function ReportList({ reports, chosen, choose }: ListProps) {
  const words = useWords()
  const { view } = useTill()
  const says = words.report
  return (
    <ul class="picks" onKeyDown={stepThrough} aria-label={says.list}>
      <Pick on={chosen === null} pick={() => choose(null)} icon="clock" title={says.x} small={says.soFar} />
      {reports.map((report) => (
        <Pick
          key={report.number}
          on={report.number === chosen}
          pick={() => choose(report.number)}
          icon="lock"
          title={says.z(report.number ?? 0)}
          small={stamp(report.to, view.shop.time_zone)}
        />
      ))}
      {reports.length === 0 ? (
        <li class="nothing">
          <b>{says.noneYet}</b> {says.noneYetHint}
        </li>
      ) : null}
    </ul>
  )
}
