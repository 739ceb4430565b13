// What must be seen on every screen: the lost line, trouble of the till, payments that are not settled.
import type { PaymentView } from '../api/PaymentView'
import { withCurrency } from '../money/money'
import { useKeys } from '../keys'
import { Icon } from '../parts/icon'
import { stateOf } from '../payment'
import type { Line } from '../port/port'
import { clock, seconds } from '../time'
import { useTill } from '../till'
import { problemWords, useWords } from '../words/words'
import { PrinterStrip } from './paper'

/** What is pressed at a dead screen would be sent later, when nobody expects it. */
function NoKeys() {
  useKeys([], { modal: true })
  return null
}

export function LostStrip({ line }: { line: Line }) {
  const words = useWords()
  const { view } = useTill()
  if (line.up) return null
  return (
    <div class="strip hard" role="alert">
      <NoKeys />
      <span class="st">
        <Icon name="unlink" />
        {words.line.lost}
      </span>
      <p>{words.line.lostHint(seconds(line.since, view.shop.time_zone))}</p>
    </div>
  )
}

interface StripsProps {
  open: PaymentView[]
  /** The payment that is shown in full anyway. */
  except?: string | undefined
  show: (payment: string) => void
}

export function Strips({ open, except, show }: StripsProps) {
  const words = useWords()
  const { view } = useTill()
  return (
    <>
      {view.problems.map((problem) => (
        <div key={problem.code} class="strip hard" role="alert">
          <span class="st">
            <Icon name="warn" />
          </span>
          <p>{problemWords(words, problem)}</p>
        </div>
      ))}
      <PrinterStrip />
      <PaymentStrip open={open.filter((payment) => payment.payment !== except)} show={show} />
    </>
  )
}

/** One strip: the payment that needs a person most, and how many there are. */
function PaymentStrip({ open, show }: Pick<StripsProps, 'open' | 'show'>) {
  const words = useWords()
  const { view } = useTill()
  const needs = open.filter((payment) => payment.state !== 'unknown')
  const payment = needs[0] ?? open[0]
  if (!payment) return null
  const hard = needs.length > 0
  const { decimals, time_zone } = view.shop
  const state = stateOf(payment)
  const late = payment.late_outcome
  const amount = withCurrency(state === 'late' && late ? late.amount : payment.requested, decimals)
  const at = clock(payment.at, time_zone)
  const on =
    view.terminals.find((terminal) => terminal.terminal === payment.terminal)?.name ?? payment.terminal
  const says =
    state === 'late'
      ? words.attention.lateLine(amount, at)
      : hard
        ? words.attention.needsLine(amount, at, on)
        : words.attention.checkingLine(amount, on)
  return (
    <div class={hard ? 'strip hard' : 'strip'} role={hard ? 'alert' : 'status'}>
      <span class={hard ? 'st' : 'st attn'}>
        <Icon name={hard ? 'hand' : 'asking'} />
        {hard ? words.attention.needs(needs.length) : words.attention.checking(open.length, at)}
      </span>
      <p>{says}</p>
      <button type="button" class="btn" onClick={() => show(payment.payment)}>
        {hard ? words.attention.settle : words.attention.show} <kbd>F10</kbd>
      </button>
    </div>
  )
}
