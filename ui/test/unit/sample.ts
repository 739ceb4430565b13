// Views as the till makes them, for screens rendered to text.
import type { LineView } from '../../src/api/LineView'
import type { PaymentView } from '../../src/api/PaymentView'
import type { SaleView } from '../../src/api/SaleView'
import type { TerminalView } from '../../src/api/TerminalView'
import type { View } from '../../src/api/View'

const sek = (minor: number) => ({ minor, currency: 'SEK' })
export const ID = '01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f901'

export const terminal: TerminalView = {
  terminal: 'desk',
  name: 'Desk terminal',
  driver: 'nexo',
  health: 'ready',
  detail: null,
  serial: null,
  software: null,
  warnings: [],
  blocked_by: null,
  proposed_address: null,
  card_inserted: false,
  maintenance_wanted: false,
  offers: {
    refund: true,
    refund_without_payment: true,
    reversal: true,
    cash_back: true,
    cancel: true,
    cards: true,
    codes: false,
    codes_scanned: false,
    cancel_by_hand: false,
    codes_shown: false,
  },
}

export function payment(changes: Partial<PaymentView> = {}): PaymentView {
  return {
    payment: ID,
    terminal: 'desk',
    sale: ID,
    kind: 'sale',
    state: 'running',
    outcome: 'unknown',
    phase: 'with_customer',
    method: 'card',
    label: null,
    drawn: null,
    instrument: null,
    original: null,
    reason: null,
    detail: null,
    requested: sek(27908),
    amount: sek(0),
    tip: sek(0),
    cash_back: sek(0),
    at: '2026-11-20T13:02:19.040000Z',
    abort_asked: false,
    late: false,
    closed_by: null,
    attention: false,
    late_outcome: null,
    tender: null,
    prompt: null,
    slip: null,
    slip_paper: null,
    display: 'Insert, tap or swipe card',
    code: null,
    evidence: { reference: '0147000001' },
    timeline: [
      {
        number: 1,
        at: '2026-11-20T13:02:19.040000Z',
        what: { type: 'step', step: 'intended', detail: null },
      },
      {
        number: 2,
        at: '2026-11-20T13:02:19.900000Z',
        what: { type: 'display', text: 'Insert, tap or swipe card' },
      },
    ],
    enquiries: 0,
    next_enquiry: null,
    changed_at: '2026-11-20T13:02:27.000000Z',
    ...changes,
  }
}

export const closed = (outcome: string, changes: Partial<PaymentView> = {}): PaymentView =>
  payment({ state: 'closed', outcome, closed_by: 'provider', ...changes })

export function line(number: number, changes: Partial<LineView> = {}): LineView {
  return {
    line: number,
    name: `Product ${number}`,
    sku: String(number),
    quantity: 1000,
    unit: 'piece',
    price: sek(3500),
    vat: 2500,
    discount: null,
    discounted: sek(0),
    amount: sek(3500),
    removed: false,
    ...changes,
  }
}

export function sale(lines: LineView[] = [line(1)], changes: Partial<SaleView> = {}): SaleView {
  const minor = lines.reduce((sum, one) => sum + (one.removed ? 0 : one.amount.minor), 0)
  return {
    sale: ID,
    revision: 7,
    stage: 'open',
    lines,
    discount: null,
    discounts: sek(0),
    total: sek(minor),
    rounding: sek(0),
    vat: [{ rate: 2500, gross: sek(minor), net: sek(minor), vat: sek(0) }],
    tenders: [],
    paid: sek(0),
    held: sek(0),
    due: sek(minor),
    due_in_cash: sek(Math.round(minor / 100) * 100),
    slot: 2,
    may_change: true,
    cashier: null,
    ...changes,
  }
}

export function view(changes: Partial<View> = {}): View {
  return {
    sequence: 1,
    practice: false,
    shop: {
      name: 'Corner Shop',
      till: 'T1',
      currency: 'SEK',
      decimals: 2,
      largest_minor: 9_999_999_999,
      time_zone: 'Europe/Stockholm',
      vat: [2500, 1200, 600],
      secrets: 'file',
    },
    counter: null,
    sale: null,
    parked: [],
    people: { people: [], signed_in: null, locked: null },
    shift: null,
    catalogue: 0,
    payments: [],
    terminals: [terminal],
    notices: [],
    printer: { state: 'none', fault: null, paper_low: false, waiting: [], lost: 0 },
    problems: [],
    ...changes,
  }
}

export const shown = (at: PaymentView, changes: Partial<View> = {}): View =>
  view({ counter: at.payment, payments: [at], ...changes })

export const amount = sek
