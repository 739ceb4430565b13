// The stage of a payment: what is certain and what is not, the terminal's own words, what happened, what can
// be done next. It takes the right pane and the counter; the ticket beside it is locked.
import type { Money } from '../api/Money'
import type { PaymentView } from '../api/PaymentView'
import type { SaleView } from '../api/SaleView'
import type { View } from '../api/View'
import type { CodeFor } from '../desk'
import { type Act, useKeys } from '../keys'
import { plain, withCurrency } from '../money/money'
import { Code, Validity } from '../parts/code'
import { Icon } from '../parts/icon'
import { Amount, State, Wrong } from '../parts/parts'
import { Timeline } from '../parts/timeline'
import { isRunning, LOOKS, stateOf, type StateName } from '../payment'
import { clock, seconds, span } from '../time'
import { useNow, useTill } from '../till'
import { reasonWords, useWords, type Words } from '../words/words'
import { useDecision } from './decide'
import { DoneReceipt } from './paper'
import { StageActs, useStageActs } from './stage-acts'
import { Lines, Tenders, TicketHead } from './ticket'
import { Facts, Say } from './stage-words'
import { Sum as SumOf } from './sum'

export interface StageProps {
  payment: PaymentView
  /** It is the counter's; otherwise it is only looked at. */
  atCounter: boolean
  /** Leaves the stage; with an amount to begin anew with, as typed, or to await another code. */
  leave: (keep?: string, code?: CodeFor) => void
  /** What was scanned in vain. */
  said?: string | null
}

export function Stage(props: StageProps) {
  const { payment } = props
  const words = useWords()
  const { view } = useTill()
  const state = stateOf(payment)
  const terminal = view.terminals.find((one) => one.terminal === payment.terminal)
  const name = terminal?.name ?? payment.terminal
  const decision = useDecision(payment, state)
  const { acts, wrong } = useStageActs(props, state, terminal, decision)
  useKeys(acts as Act[])
  const sale = saleOf(view, payment)

  return (
    <>
      <main class="panes">
        <section class="pane left locked" aria-label={words.sale.title}>
          <div class="lockbar">
            <Icon name="lock" size="l" />
            {props.said ? <p role="alert">{props.said}</p> : null}
            <p hidden={Boolean(props.said)}>
              <b>{isRunning(payment) ? words.pay.locked : words.kinds[kindOf(payment)]}</b>
              {isRunning(payment) ? words.pay.lockedHint : clock(payment.at, view.shop.time_zone)}
            </p>
          </div>
          <TicketHead />
          {sale ? (
            <>
              <Lines sale={sale} />
              <Tenders sale={sale} />
            </>
          ) : (
            <OneAmount payment={payment} state={state} name={name} />
          )}
        </section>
        <section class="pane">
          <section class="stage" aria-label={words.pay.stage}>
            <Head payment={payment} state={state} name={name} />
            <Rail payment={payment} state={state} />
            <Say payment={payment} state={state} name={name} />
            <Said payment={payment} state={state} name={name} />
            <Hint payment={payment} state={state} />
            <Facts payment={payment} state={state} name={name} />
            {decision.form}
            <Wrong text={wrong} />
            {/* Once the sale is paid its receipt is what is asked for; the time line is in the day. */}
            {sale?.stage === 'completed' && props.atCounter ? (
              <DoneReceipt sale={sale.sale} />
            ) : (
              <Timeline moments={payment.timeline} />
            )}
          </section>
        </section>
      </main>
      <footer class="counter">
        <Sum payment={payment} state={state} />
        <StageActs acts={acts} payment={payment} />
      </footer>
    </>
  )
}

/** A payment without lines of its own: an amount, or money that goes back. */
function OneAmount({ payment, state, name }: { payment: PaymentView; state: StateName; name: string }) {
  const words = useWords()
  const { view } = useTill()
  const amount = plain(totalOf(payment), view.shop.decimals)
  return (
    <>
      <ol class="ticket" tabIndex={0} aria-label={words.sale.goods}>
        <li class="line cols">
          <span class="name">{payment.label ?? words.sale.free}</span>
          <span class="num">1</span>
          <span class="num unit">{amount}</span>
          <span class="amt">{amount}</span>
        </li>
      </ol>
      <div class="tenders">
        <div class="tender">
          <Icon name={payment.kind === 'sale' ? (payment.method === 'qr' ? 'qr' : 'card') : 'undo'} />
          <span class="name">{words.pay.what(howOf(words, payment), name)}</span>
          <State name={state} tag short />
          <Amount money={payment.requested} />
        </div>
      </div>
    </>
  )
}

/** The sale with lines at the counter that the payment is a tender of. */
export function saleOf(view: View, payment: PaymentView): SaleView | null {
  const { sale } = view
  return sale && sale.sale === payment.sale && sale.lines.length > 0 ? sale : null
}

export function kindOf(payment: { kind: string }): keyof Words['kinds'] {
  return payment.kind === 'refund' || payment.kind === 'reversal' ? payment.kind : 'sale'
}

function howOf(words: Words, payment: PaymentView): string {
  return payment.kind === 'sale' ? words.methods[payment.method] : words.kinds[kindOf(payment)]
}

function totalOf(payment: PaymentView): PaymentView['requested'] {
  return payment.tender?.total ?? payment.requested
}

function Head({ payment, state, name }: { payment: PaymentView; state: StateName; name: string }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals, time_zone } = view.shop
  const look = LOOKS[state]
  const now = useNow(500, !look.solid)
  let right: [string, string]
  if (state === 'checking') {
    const due = payment.next_enquiry
    const left = due ? new Date(due).getTime() - now : 0
    right = left > 0 ? [words.pay.nextTry, span(left)] : [words.pay.asking, '']
  } else if (!look.solid) {
    right = [words.pay.running, span(now - new Date(payment.at).getTime())]
  } else if (state === 'needs_you') {
    right = [words.pay.since, clock(payment.at, time_zone)]
  } else {
    right = [words.pay.at, seconds(payment.changed_at, time_zone)]
  }
  const alert = state === 'needs_you' || state === 'contradiction' || state === 'late'
  return (
    <header class={`head ${look.solid && look.tone !== 'mute' ? 'solid ' : ''}${look.tone}`}>
      <Icon name={look.icon} size="xl" turning={state === 'checking'} />
      <div role={alert ? 'alert' : 'status'}>
        <h1>{words.states[state]}</h1>
        <p>
          {words.pay.what(howOf(words, payment), name)},{' '}
          <span class="num">{withCurrency(payment.requested, decimals)}</span>
        </p>
      </div>
      <div class="right">
        <span>{right[0]}</span>
        <b class="num">{right[1]}</b>
      </div>
    </header>
  )
}

/** How far: each step done, now, or to come; the last one says how it ended. */
function Rail({ payment, state }: { payment: PaymentView; state: StateName }) {
  const words = useWords()
  const look = LOOKS[state]
  if (state === 'needs_you' || state === 'contradiction') return null
  const rail = words.pay.rail
  const names = [rail.prepared, rail.sent, rail.customer, rail.authorising]
  const reached = { preparing: 0, sent: 1, with_customer: 2, authorising: 3 }[payment.phase]
  const ended = look.solid || state === 'checking'
  // Whoever was answered by the bank has been through every step, whatever the terminal showed last.
  const through = ['approved', 'partly', 'declined', 'late'].includes(state) ? 3 : reached
  const end = state === 'checking' ? rail.unknown : look.solid ? words.states[state] : rail.answer
  const tone = ended ? `end-${look.tone === 'wait' ? 'mute' : look.tone}` : ''
  return (
    <ol class="rail" aria-label={words.pay.progress}>
      {names.map((name, index) => {
        const done = index < reached || (ended && index <= through)
        const current = !ended && index === reached
        return (
          <li
            key={name}
            class={current ? 'now' : done ? 'done' : undefined}
            aria-current={current ? 'step' : undefined}
          >
            {done && !current ? <Icon name="check" /> : null}
            {name}
          </li>
        )
      })}
      <li class={tone} aria-current={ended ? 'step' : undefined}>
        {ended ? <Icon name={look.icon} /> : null}
        {end}
      </li>
    </ol>
  )
}

/** The terminal's own words, letter by letter: large while they are current, marked as old afterwards. */
function Said({ payment, state, name }: { payment: PaymentView; state: StateName; name: string }) {
  const words = useWords()
  const { view } = useTill()
  const current = !LOOKS[state].solid && state !== 'checking'
  if (current && payment.drawn) {
    return (
      <div class="says shows">
        <Code drawn={payment.drawn} label={words.customer.codeLabel} />
        <div>
          <p class="label">{words.pay.scan}</p>
          <p class="text small" role="status">
            {payment.display}
          </p>
          <Validity drawn={payment.drawn} words={words.codes.valid} />
        </div>
      </div>
    )
  }
  if (current) {
    return (
      <div class="says">
        <p class="label">
          <Icon name="term" />
          {words.pay.says(name)}
        </p>
        <p class={payment.display ? 'text' : 'text quiet'} role="status" aria-live="polite">
          {payment.display ?? words.pay.silent}
        </p>
        {payment.code ? <p class="label">{words.pay.scan}</p> : null}
      </div>
    )
  }
  if (!payment.display || state !== 'checking') return null
  const last = payment.timeline.findLast((moment) => moment.what.type === 'display')
  const at = last ? seconds(last.at, view.shop.time_zone) : ''
  return (
    <div class="says small old">
      <p class="label">
        <Icon name="term" />
        {words.pay.lastSaid(name, at)}
      </p>
      <p class="text">{payment.display}</p>
    </div>
  )
}

function Hint({ payment, state }: { payment: PaymentView; state: StateName }) {
  const words = useWords()
  const { view } = useTill()
  const hints: Partial<Record<StateName, string>> = words.pay.hints
  const byPhone = payment.method === 'qr' && state === 'customer' ? words.pay.hints.wallet : hints[state]
  const scans = payment.drawn ? words.codes.follow : byPhone
  const byHand = view.terminals.find((one) => one.terminal === payment.terminal)?.offers.cancel_by_hand
  const aborting = byHand ? words.pay.hints.byHand : words.pay.hints.aborting
  const hint = payment.abort_asked && isRunning(payment) ? aborting : scans
  const reason = payment.reason && !hint ? reasonWords(words, payment.reason) : null
  const shown =
    hint ?? (['declined', 'cancelled', 'not_charged', 'back_declined'].includes(state) ? reason : null)
  if (!shown) return null
  return (
    <p class="hint">
      <Icon name="info" />
      <span>{shown}</span>
    </p>
  )
}

function Sum({ payment, state }: { payment: PaymentView; state: StateName }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  const back = payment.kind !== 'sale'
  const due = payment.tender?.due
  let what = back ? words.pay.toGiveBack : words.pay.toPay
  let amount = payment.requested
  if (state === 'approved' || state === 'given_back' || state === 'undone') {
    what = back ? words.pay.backed : words.pay.paid
    amount = payment.amount
  } else if (state === 'late' && payment.late_outcome) {
    what = words.pay.paid
    amount = payment.late_outcome.amount
  } else if (state === 'partly' && due) {
    what = words.pay.left
    amount = due
  } else if (state === 'checking' || state === 'needs_you') {
    what = words.pay.unknown
  }
  const { amount: paid, requested, tip, cash_back } = payment
  const rows: [string, Money][] = [
    [words.states.approved, paid.minor === requested.minor ? { ...paid, minor: 0 } : paid],
    [words.pay.tip, tip],
    [words.pay.cashOut, cash_back],
  ]
  const shown = rows
    .filter(([, { minor }]) => minor > 0)
    .map(([label, money]): [string, string] => [label, plain(money, decimals)])
  return <SumOf rows={shown} what={what} amount={plain(amount, decimals)} />
}
