// Where a payment stands, as one word for screens: icon, word and colour hang on it. Made from what the till
// says; nothing is decided here.
import type { PaymentRow } from './api/PaymentRow'
import type { PaymentView } from './api/PaymentView'
import type { IconName } from './parts/icon'
import type { Words } from './words/en'

export type StateName = keyof Words['states']
export type Tone = 'wait' | 'ok' | 'no' | 'attn' | 'mute'

export interface Look {
  icon: IconName
  tone: Tone
  /** Solid: final, or waiting for a person. */
  solid: boolean
}

export const LOOKS: Record<StateName, Look> = {
  preparing: { icon: 'dash', tone: 'wait', solid: false },
  sent: { icon: 'send', tone: 'wait', solid: false },
  customer: { icon: 'wave', tone: 'wait', solid: false },
  authorising: { icon: 'bank', tone: 'wait', solid: false },
  signature: { icon: 'pen', tone: 'wait', solid: false },
  undoing: { icon: 'undo', tone: 'wait', solid: false },
  approved: { icon: 'checkc', tone: 'ok', solid: true },
  partly: { icon: 'half', tone: 'ok', solid: true },
  declined: { icon: 'crossc', tone: 'no', solid: true },
  cancelled: { icon: 'ban', tone: 'mute', solid: true },
  not_charged: { icon: 'unlink', tone: 'mute', solid: true },
  checking: { icon: 'asking', tone: 'attn', solid: false },
  needs_you: { icon: 'hand', tone: 'attn', solid: true },
  late: { icon: 'checkc', tone: 'ok', solid: true },
  contradiction: { icon: 'hand', tone: 'attn', solid: true },
  given_back: { icon: 'checkc', tone: 'ok', solid: true },
  undone: { icon: 'checkc', tone: 'ok', solid: true },
  back_declined: { icon: 'crossc', tone: 'no', solid: true },
}

type Stands = Pick<PaymentView, 'kind' | 'state' | 'outcome' | 'attention'>

/** Of a row in a list: without the phases of a running payment. */
export function rowState(row: Stands | PaymentRow): StateName {
  if (row.state === 'disputed') return 'needs_you'
  if (row.state === 'unknown') return 'checking'
  if (row.state === 'await_signature') return 'signature'
  if (row.state === 'reversing') return 'undoing'
  if (row.state !== 'closed') return 'customer'
  if (row.attention) {
    const without = row.outcome !== 'approved' && row.outcome !== 'partial'
    return without && row.kind === 'sale' ? 'late' : 'contradiction'
  }
  return closed(row.kind, row.outcome)
}

function closed(kind: string, outcome: string): StateName {
  const back = kind !== 'sale'
  switch (outcome) {
    case 'approved':
      return kind === 'reversal' ? 'undone' : back ? 'given_back' : 'approved'
    case 'partial':
      return 'partly'
    case 'declined':
      return back ? 'back_declined' : 'declined'
    case 'cancelled':
      return 'cancelled'
    case 'not_charged':
      return 'not_charged'
    default:
      // An outcome without a name here is not taken for any other.
      return 'needs_you'
  }
}

export function stateOf(payment: PaymentView): StateName {
  if (payment.state === 'running') {
    return payment.phase === 'with_customer' ? 'customer' : payment.phase
  }
  const late = payment.late_outcome
  if (payment.state === 'closed' && late) {
    const moved = late.said === 'approved' || late.said === 'partial'
    const without = payment.outcome !== 'approved' && payment.outcome !== 'partial'
    return moved && without && payment.kind === 'sale' ? 'late' : 'contradiction'
  }
  return rowState(payment)
}

/** It runs: nothing can be changed, and it cannot be left. */
export function isRunning(payment: PaymentView): boolean {
  return ['running', 'await_signature', 'reversing'].includes(payment.state)
}

/** A person or a check is needed: shown on every screen. What is being given back needs neither. */
export function wantsAttention({ state, attention, late_outcome }: PaymentView): boolean {
  return state === 'unknown' || state === 'disputed' || (attention && !late_outcome?.giving_back)
}
