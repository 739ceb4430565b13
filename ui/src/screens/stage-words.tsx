// What is said about a payment that has ended or is not known: what happened, what Paydesk does, what to do.
import type { ComponentChildren } from 'preact'
import type { PaymentView } from '../api/PaymentView'
import { withCurrency } from '../money/money'
import { type StateName } from '../payment'
import { clock } from '../time'
import { useTill } from '../till'
import { reasonWords, useWords } from '../words/words'

interface WordsProps {
  payment: PaymentView
  state: StateName
  name: string
}

export function Say({ payment, state, name }: WordsProps) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  const amount = (money: PaymentView['amount']): string => withCurrency(money, decimals)
  const line = (strong: string, rest: string): ComponentChildren => (
    <p class="say">
      <strong>{strong}</strong> {rest}
    </p>
  )
  const late = payment.late_outcome
  switch (state) {
    case 'approved':
      return payment.closed_by === 'person'
        ? line(words.pay.byHand, '')
        : line(words.pay.approvedLine, payment.late ? words.pay.lateLine : '')
    case 'partly': {
      const rest = payment.tender?.due ?? {
        ...payment.amount,
        minor: payment.requested.minor - payment.amount.minor,
      }
      return line(words.pay.partlyLine(amount(payment.amount), amount(rest)), '')
    }
    case 'declined':
    case 'cancelled':
    case 'not_charged': {
      const judged = payment.closed_by === 'judged' ? words.pay.judged : ''
      const byHand = payment.closed_by === 'person' ? words.pay.byHand : ''
      const nothing = payment.kind === 'sale' ? words.pay.nothing : words.pay.nothingBack
      return line(nothing, judged || byHand)
    }
    case 'back_declined':
      return line(words.pay.nothingBack, '')
    case 'checking': {
      const reason = payment.reason ? reasonWords(words, payment.reason) : words.pay.checking.what
      return line(
        reason,
        `${words.pay.checking.what} ${words.pay.checking.doing} ${words.pay.checking.you}`,
      )
    }
    case 'needs_you':
      return line(words.pay.needs.what(name), words.pay.needs.doing)
    case 'late': {
      if (!late) return null
      const choose = late.may_count ? words.pay.late.choose : words.pay.late.only
      return line(
        words.pay.late.what,
        late.giving_back ? words.pay.late.giving : choose(amount(late.amount)),
      )
    }
    case 'contradiction': {
      if (!late) return null
      const said = words.found[late.said] ?? late.said
      return line(words.pay.late.contradiction, words.pay.late.says(said, amount(late.amount)))
    }
    default:
      return null
  }
}

export function Facts({ payment, state, name }: WordsProps) {
  const words = useWords()
  const { view } = useTill()
  const { time_zone } = view.shop
  const rows: [string, string][] = []
  const card = payment.instrument
  if (card && state !== 'needs_you') {
    const wallet = payment.method === 'qr'
    const brand = (wallet && words.codes.wallets[card.brand ?? '']) || (card.brand ?? card.kind)
    const parts = [brand, card.number, card.entry].filter((part) => part)
    rows.push([wallet ? words.methods.qr : words.pay.card, parts.join(', ')])
  }
  const approval = payment.evidence.approval_code ?? payment.evidence.approval
  if (approval) rows.push([words.pay.approval, approval])
  if (state === 'checking') {
    const asked = words.pay.checking.times(payment.enquiries)
    rows.push([
      words.pay.checking.asked,
      `${asked} · ${words.pay.since} ${clock(payment.changed_at, time_zone)}`,
    ])
    rows.push([words.pay.checking.meanwhile, words.pay.checking.blocked(name)])
  }
  // What a person said is no word of the terminal.
  const told = payment.closed_by === 'person' ? null : payment.detail
  if (told && ['declined', 'cancelled', 'not_charged', 'back_declined'].includes(state)) {
    rows.push([words.pay.says(name), told])
  }
  if (rows.length === 0) return null
  return (
    <dl class="facts">
      {rows.map(([label, value]) => (
        <>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  )
}
