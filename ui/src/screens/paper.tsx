// Paper where the cashier looks: what is wrong with the printer, and what can be done with a receipt.
import { useState } from 'preact/hooks'
import type { PaperOf } from '../api/PaperOf'
import type { PaperRow } from '../api/PaperRow'
import type { PrinterView } from '../api/PrinterView'
import { wrongOf } from '../desk'
import { type Act, useKeys } from '../keys'
import { Icon } from '../parts/icon'
import { Button, Done, Slip, Wrong } from '../parts/parts'
import { saveFile } from '../parts/save'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import { useRead, useSend } from './send'

/** What the strip says; nothing while there is nothing to do. */
export function printerSays(words: Words, printer: PrinterView): string | null {
  const says = words.paper
  const stuck = printer.waiting.filter((one) => one.stuck)
  if (stuck.length === 0 && printer.lost === 0 && printer.state !== 'trouble') return null
  const lines = [
    printer.fault ? says.fault(printer.fault) : '',
    stuck.length > 0 ? says.waits(stuck.length) : '',
    stuck.some((one) => one.perhaps) ? says.perhaps : '',
    printer.lost > 0 ? says.lost(printer.lost) : '',
  ]
  return lines.filter(Boolean).join(' ')
}

/** On every screen while something is not on paper. */
export function PrinterStrip() {
  const words = useWords()
  const { view } = useTill()
  const { send, wrong, busy } = useSend('print')
  // A wish of its own: while printing again is on its way it is neither lost nor told that one's answer.
  const forget = useSend('forget prints')
  const line = printerSays(words, view.printer)
  const stuck = view.printer.waiting.some((one) => one.stuck)
  const again: Act = {
    key: 'Alt P',
    label: words.paper.again,
    run: () => void send({ do: 'print', wanted: { want: 'again' } }),
    off: busy ? '' : undefined,
  }
  useKeys(stuck ? [again] : [])
  if (line === null) return null
  return (
    <div class="strip" role="status">
      <span class="st attn">
        <Icon name="print" />
        {view.printer.state === 'printing' ? words.paper.printer : words.paper.trouble}
      </span>
      <p>{wrong ?? forget.wrong ?? line}</p>
      {stuck ? (
        <button type="button" class="btn" aria-disabled={busy ? 'true' : undefined} onClick={again.run}>
          {again.label} <kbd>{again.key}</kbd>
        </button>
      ) : null}
      <button
        type="button"
        class="btn"
        onClick={() => void forget.send({ do: 'print', wanted: { want: 'forget' } })}
      >
        {words.paper.forget}
      </button>
    </div>
  )
}

/** The newest original among slips, and the newest copy of it. */
export function newest(rows: readonly PaperRow[]): { original: PaperRow | null; copy: PaperRow | null } {
  const at = rows.findLastIndex((row) => !row.copy)
  const later = rows.slice(at + 1)
  return { original: rows[at] ?? null, copy: later.at(-1) ?? null }
}

/** What the print button does next with something, and why it does nothing. */
export function nextPrint(
  words: Words,
  printer: PrinterView,
  rows: readonly PaperRow[],
): { want: 'original' | 'copy'; label: string; off?: string | undefined } {
  const says = words.paper
  const { original, copy } = newest(rows)
  const waits = [original, copy].some((row) => row?.state === 'waiting')
  const printed = original?.state === 'printed'
  const spent = copy?.state === 'printed' && (original?.kind === 'receipt' || original?.kind === 'customer')
  const off =
    printer.state === 'none'
      ? says.noPrinter
      : waits
        ? says.waiting
        : printed && spent
          ? says.copied
          : undefined
  return printed
    ? { want: 'copy', label: says.copy, off }
    : { want: 'original', label: says.print, off }
}

interface PaperActsProps {
  of: PaperOf
  /** Its slips, oldest first. */
  rows: readonly PaperRow[]
  /** The id of what is saved: a slip or a terminal's receipt. */
  file: string | null
  /** The keys go to this one. */
  keys?: boolean
  /** Saving is a picture alone. */
  narrow?: boolean
}

/** Print, print copy, save. */
export function PaperActs({ of, rows, file, keys, narrow }: PaperActsProps) {
  const words = useWords()
  const { port, view } = useTill()
  const { send, wrong, say, busy } = useSend('print')
  const [done, setDone] = useState<string | null>(null)
  const next = nextPrint(words, view.printer, rows)
  const print: Act = {
    key: keys ? 'Ctrl P' : undefined,
    label: next.label,
    run: () => {
      setDone(null)
      void send({ do: 'print', wanted: { want: next.want, of } }).then((told) =>
        told ? setDone(words.paper.sent) : undefined,
      )
    },
    off: busy ? '' : next.off,
  }
  const keep: Act = {
    label: words.paper.save,
    run: () => {
      setDone(null)
      say(null)
      if (file === null) return
      void port.query({ read: 'file', id: file, format: 'pdf' }).then((told) => {
        if ('ok' in told && told.ok.type === 'file') {
          saveFile(told.ok.file)
          setDone(words.paper.saved)
        } else say(wrongOf(words, told))
      })
    },
    off: file === null ? '' : undefined,
  }
  useKeys(keys ? [print] : [])
  return (
    <div class="paperacts">
      <Button act={print} icon="print" />
      {narrow ? (
        <button
          type="button"
          class="btn icon"
          aria-label={keep.label}
          aria-disabled={keep.off === undefined ? undefined : 'true'}
          onClick={keep.run}
        >
          <Icon name="down" />
        </button>
      ) : (
        <Button act={keep} icon="down" />
      )}
      <Wrong text={wrong} />
      <Done text={done} />
    </div>
  )
}

/** The slips of a sale, oldest first. */
export function useSalePapers(sale: string): PaperRow[] {
  const { view } = useTill()
  const { read } = useRead(
    { read: 'sale_papers', sale },
    (reply) => (reply.type === 'papers' ? reply.rows : null),
    [view.sequence],
  )
  return read ?? []
}

/** The receipt of a sale that was just finished: as it is on paper, and what can be done with it. */
export function DoneReceipt({ sale }: { sale: string }) {
  const words = useWords()
  const rows = useSalePapers(sale)
  const { original } = newest(rows)
  if (!original) return null
  return (
    <section class="donereceipt" aria-label={words.paper.receipt}>
      <Slip text={original.text ?? words.day.erased} label={words.paper.receipt} />
      <PaperActs of={{ of: 'sale', sale }} rows={rows} file={original.paper} keys />
    </section>
  )
}
