// The rows of a day's list: what each is worth, and what it is found by; the hours of the chart.
import { describe, expect, it } from 'vitest'
import { cardOf, countsOf, FILTERS, howOf, keyOf, rowsOf, rowText } from '../../src/screens/day-rows'
import { en } from '../../src/words/en'
import type { CashRow } from '../../src/api/CashRow'
import type { DayView } from '../../src/api/DayView'
import { tenderFacts } from '../../src/screens/day-cash'
import { hoursShown } from '../../src/screens/day-top'
import { amount, payment, sale, view } from './sample'

describe('a row of the list', () => {
  const row = (paid: number, asked: number) => ({
    ...payment({ state: 'closed', amount: amount(paid), requested: amount(asked) }),
    goes_against: null,
  })

  it('shows what was paid, also of a part and with a tip, and what was asked for where nothing was', () => {
    for (const [paid, asked, shown] of [
      [610, 1220, 610],
      [1330, 1209, 1330],
      [0, 1201, 1201],
    ] as const)
      expect(countsOf(row(paid, asked))).toEqual(amount(shown))
  })

  it('is found by either amount, with a point or a comma', () => {
    const said = rowText(row(610, 1220), 'Desk', en, 2)
    for (const typed of ['6.10', '6,10', '12.20', '12,20']) expect(said).toContain(typed)
  })
})

const paid = (at: string, changes = {}) => ({
  ...payment({ state: 'closed', outcome: 'approved', at, amount: amount(1200), ...changes }),
  goes_against: null,
})
const taken = (entry: number, at: string, minor: number): CashRow => ({
  entry,
  at,
  amount: amount(minor),
  sale: 's1',
  receipt: 12,
  cashier: 'p2',
})
const card = { kind: 'card', brand: 'Visa', number: '541333******4242', entry: null }
const rows = [paid('2026-11-20T13:02:19Z', { payment: 'b' }), paid('2026-11-20T13:00:00Z', { payment: 'a' })]
const cash = [taken(9, '2026-11-20T13:02:19.5Z', -5000), taken(7, '2026-11-20T13:01:00Z', 3000)]
const day = {
  rows,
  cards: { b: card },
  cash: { amount: amount(-2000), count: 1, rows: cash },
} as unknown as DayView
const kim = { person: 'p2', name: 'Kim', role: 'cashier', active: true } as const
const of = view({ people: { people: [kim], signed_in: null, locked: null } })

describe('cash in the list', () => {
  it('stands among the payments by its time, newest first', () => {
    expect(rowsOf(day).map(keyOf)).toEqual(['9', 'b', '7', 'a'])
    expect(rowsOf({ ...day, cash: null }).map(keyOf)).toEqual(['b', 'a'])
  })

  it('has a filter of its own, and what was paid out is found with what went back', () => {
    const left = (filter: keyof typeof FILTERS) => rowsOf(day).filter(FILTERS[filter]).map(keyOf)
    expect(left('cash')).toEqual(['9', '7'])
    expect(left('back')).toEqual(['9'])
    expect(left('open').concat(left('not_paid'))).toEqual([])
  })

  it('is found by amount, receipt, who and its name', () => {
    const how = howOf(cash[1]!, day, of, en)
    expect(how).toEqual(['Cash', 'Receipt 12, Kim'])
    const said = rowText(cash[1]!, how.join(' '), en, 2)
    for (const typed of ['30.00', '30,00', 'cash', 'receipt 12', 'kim']) expect(said).toContain(typed)
  })

  it('shows the tenders of its sale with what was given and handed back', () => {
    const tender = { payment: null, given: amount(5000), change: amount(2000), outcome: 'approved' }
    const tenders = [
      { ...tender, slot: 0, kind: 'cash', amount: amount(3000) },
      { ...tender, slot: 1, kind: 'cash', amount: amount(700), change: null, outcome: 'handed_back' },
      { ...tender, slot: 2, kind: 'card', amount: amount(0), given: null, change: null },
    ] as const
    expect(tenderFacts(sale([], { tenders: [...tenders] }), en, 2)).toEqual([
      ['Cash, given 50.00, change 20.00', '30.00'],
      ['Cash, handed back', '7.00'],
    ])
  })
})

describe('a card in the list', () => {
  it('is its brand and last four digits, with the terminal beside it where there are others', () => {
    const two = { ...of, terminals: [...of.terminals, { ...of.terminals[0]!, terminal: 'aisle' }] }
    expect(howOf(rows[0]!, day, two, en)).toEqual(['Visa •••• 4242', 'Desk terminal'])
    expect(howOf(rows[0]!, day, of, en)).toEqual(['Visa •••• 4242', ''])
    expect(howOf(rows[1]!, day, of, en)).toEqual(['Desk terminal', ''])
    const refund = { ...rows[0]!, kind: 'refund' }
    expect(howOf(refund, day, of, en)[0]).toBe('Refund, Visa •••• 4242')
  })

  it('is as much of it as is known', () => {
    expect(cardOf(undefined)).toBe('')
    expect(cardOf({ ...card, number: null })).toBe('Visa')
    expect(cardOf({ ...card, brand: null, number: '****' })).toBe('')
  })
})

describe('the hours of the chart', () => {
  const hours = (taken: Record<number, number>) =>
    Array.from({ length: 24 }, (_, after) => {
      const hour = (5 + after) % 24
      return { hour, taken: amount(taken[hour] ?? 0) }
    })
  const shown = (taken: Record<number, number>) => hoursShown(hours(taken)).map(({ hour }) => hour)
  it('follow the business day, past midnight too', () => {
    expect(shown({ 14: 5, 1: 3 })).toEqual([13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 1])
  })
  it('are ten at least, and never before the day or after it', () => {
    expect(shown({})).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17])
    expect(shown({ 5: 1 })).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    expect(shown({ 4: 1 })).toEqual([19, 20, 21, 22, 23, 0, 1, 2, 3, 4])
  })
  it('do not count an hour in which more went out than came in', () => {
    expect(shown({ 6: -5, 12: 1 })[0]).toBe(11)
  })
})
