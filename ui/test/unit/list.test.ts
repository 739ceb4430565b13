// The rows of a day's list: what each is worth, and what it is found by.
import { describe, expect, it } from 'vitest'
import { countsOf, rowText } from '../../src/screens/day-list'
import { en } from '../../src/words/en'
import { amount, payment } from './sample'

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
