// The rows of a day's list: payments through a terminal, and cash where it is told; newest first.
import type { CashRow } from '../api/CashRow'
import type { DayView } from '../api/DayView'
import type { Instrument } from '../api/Instrument'
import type { Money } from '../api/Money'
import type { PaymentRow } from '../api/PaymentRow'
import type { View } from '../api/View'
import { plain } from '../money/money'
import { rowState } from '../payment'
import type { Words } from '../words/words'
import { nameOf, terminalOf } from './send'
import { kindOf } from './stage'

export type DayRow = PaymentRow | CashRow
export const isCash = (row: DayRow): row is CashRow => 'entry' in row
export const keyOf = (row: DayRow): string => (isCash(row) ? `${row.entry}` : row.payment)

export const rowsOf = ({ rows, cash }: DayView): DayRow[] =>
  [...rows, ...(cash?.rows ?? [])].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))

export type Filter = 'all' | 'open' | 'not_paid' | 'back' | 'cash'

/** What each filter leaves of the payments, and of cash. */
export const FILTERS: Record<Filter, (row: DayRow) => boolean> = {
  all: () => true,
  open: (row) => !isCash(row) && (row.state !== 'closed' || row.attention),
  not_paid: (row) =>
    !isCash(row) && row.state === 'closed' && row.kind === 'sale' && row.amount.minor === 0,
  back: (row) => (isCash(row) ? row.amount.minor < 0 : row.kind !== 'sale'),
  cash: isCash,
}

/** What was paid, a tip and all; where nothing was, what was asked for. */
export const countsOf = ({ amount, requested }: PaymentRow): Money =>
  amount.minor === 0 ? requested : amount

/** `Visa •••• 4242`; nothing where neither is known. */
export function cardOf(card: Instrument | undefined): string {
  const digits = /\d{4}$/.exec(card?.number ?? '')
  return [card?.brand, digits && `•••• ${digits[0]}`].filter(Boolean).join(' ')
}

/** What was paid with, and what stands smaller beside it. */
export function howOf(row: DayRow, day: DayView, view: View, words: Words): [string, string] {
  if (isCash(row)) {
    const receipt = row.receipt ? words.paper.list.row(row.receipt) : ''
    const who = row.cashier ? nameOf(view, row.cashier) : ''
    return [words.tenders.cash, [receipt, who].filter(Boolean).join(', ')]
  }
  const terminal = terminalOf(view, row.terminal)
  const card = cardOf(day.cards[row.payment])
  const kind = row.kind === 'sale' ? '' : `${words.kinds[kindOf(row)]}, `
  return [kind + (card || terminal), view.terminals.length > 1 ? card && terminal : '']
}

/** Amount, state, kind and how it was paid as they are read; the amount also with a comma. */
export function rowText(row: DayRow, how: string, words: Words, decimals: number): string {
  const cash = isCash(row)
  const both = cash ? [row.amount] : [countsOf(row), row.requested]
  const amount = both
    .map((money) => plain(money, decimals))
    .join(' ')
    .replaceAll('\u202f', '')
  const state = cash ? '' : `${words.states[rowState(row)]} ${words.kinds[kindOf(row)]}`
  return [amount, amount.replaceAll('.', ','), how, state].join(' ').toLowerCase()
}
