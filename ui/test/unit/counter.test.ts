/// <reference types="node" />
// The counter's logic: what is a scan, what is typed, what it says.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SaleView } from '../../src/api/SaleView'
import { Burst } from '../../src/scan'
import {
  handedOver,
  itemCount,
  lineOf,
  parsePercent,
  parsePrice,
  parseQuantity,
  percentText,
  quantityText,
  whatIsTyped,
} from '../../src/sale'
import { en } from '../../src/words/en'
import { sv } from '../../src/words/sv'
import { problemWords } from '../../src/words/words'
import { line, sale } from './sample'

const counting = { currency: 'SEK', decimals: 2, largest_minor: 9_999_999_999 }

describe('a burst of keys', () => {
  /** Keys at this pace, and what the last one made of them. */
  function typed(keys: string[], gap: number) {
    const burst = new Burst()
    return keys.map((key, index) => burst.key(key, 1000 + index * gap)).at(-1)
  }
  const code = [...'7310000000101']

  it('that ends with Enter is a scan', () => {
    expect(typed([...code, 'Enter'], 10)).toEqual({ code: code.join('') })
    expect(typed([...'AB-12', 'Enter'], 30)).toEqual({ code: 'AB-12' })
  })

  it('with capital letters is one, too', () => {
    expect(typed(['Shift', 'A', 'Shift', 'B', '1', '2', 'Enter'], 5)).toEqual({ code: 'AB12' })
  })

  it.each([
    ['at the pace of a hand', [...code, 'Enter'], 60],
    ['of few keys', ['1', '2', 'Enter'], 5],
    ['without Enter', code, 5],
    ['that a function key breaks', ['1', '2', '3', 'F9', '4', 'Enter'], 5],
    ['of Enter alone', ['Enter'], 5],
  ])('%s is none', (_, keys, gap) => {
    expect(typeof typed(keys, gap)).not.toBe('undefined')
    expect(JSON.stringify(typed(keys, gap))).not.toContain('code')
  })

  it('is none when Enter comes late', () => {
    const burst = new Burst()
    code.forEach((key, index) => burst.key(key, index * 5))
    expect(burst.key('Enter', 400)).toBeNull()
  })

  it('begins after what a hand has typed', () => {
    const burst = new Burst()
    expect(burst.key('3', 0)).toBe('begun')
    expect(burst.key('7', 500)).toBe('begun')
    for (const [index, key] of [...'310'].entries()) expect(burst.key(key, 505 + index)).toBe('goes on')
    expect(burst.key('Enter', 512)).toEqual({ code: '7310' })
  })

  it('begins after the key that says how many', () => {
    expect(typed(['2', '*', ...code, 'Enter'], 5)).toEqual({ code: code.join('') })
  })

  it('of any length is held in bounds', () => {
    expect(typed([...'7'.repeat(100_000), 'Enter'], 1)).toEqual({ code: '7'.repeat(513) })
  })
})

describe('what is typed', () => {
  it.each([
    ['', 'nothing'],
    ['  ', 'nothing'],
    ['101', 'code'],
    ['12,50', 'amount'],
    ['12.5', 'amount'],
    ['1 250,00', 'amount'],
    ['12,5,', 'amount'],
    ['coffee', 'words'],
    ['2x4', 'words'],
  ])('%s is %s', (text, is) => {
    expect(whatIsTyped(text, counting).is).toBe(is)
  })

  it.each([
    ['2', 2000],
    ['0,642', 642],
    ['.5', 500],
    ['-1', -1000],
    ['\u22122.5', -2500],
  ])('the quantity %s is %i thousandths', (text, thousandths) => {
    expect(parseQuantity(text)).toEqual({ thousandths })
  })

  it.each(['', '0', '1.2345', 'two', '--1', '1,2,3'])('%s is no quantity', (text) => {
    expect(parseQuantity(text)).toHaveProperty('wrong')
  })

  it('a price may be nothing', () => {
    expect(parsePrice('0', counting)).toEqual({ minor: 0 })
    expect(parsePrice('', counting)).toHaveProperty('wrong')
  })

  it('a percentage is up to a hundred', () => {
    expect(parsePercent('12,5')).toEqual({ points: 1250 })
    expect(parsePercent('10 %')).toEqual({ points: 1000 })
    expect(parsePercent('100.01')).toHaveProperty('wrong')
    expect(parsePercent('0')).toHaveProperty('wrong')
  })
})

describe('what is said', () => {
  it.each([
    [1000, '1'],
    [642, '0.642'],
    [2500, '2.5'],
    [-1000, '\u22121'],
    [1_234_000, '1\u202f234'],
  ])('%i thousandths as %s', (thousandths, text) => {
    expect(quantityText(thousandths)).toBe(text)
  })

  it('rates as people know them', () => {
    const shown = [2500, 1250, 600, 0].map(percentText)
    expect(shown).toEqual(['25\u00a0%', '12.5\u00a0%', '6\u00a0%', '0\u00a0%'])
  })

  it('amounts that a customer hands over: exact first, then round ones', () => {
    expect(handedOver(12_900, 2)).toEqual([12_900, 13_000, 15_000, 20_000, 50_000, 100_000])
    expect(handedOver(3_000, 2)[0]).toBe(3_000)
    expect(handedOver(1_234, 0).every((minor) => minor >= 1_234)).toBe(true)
  })

  it('pieces are counted, what is weighed counts once, what was taken out not at all', () => {
    const all = [
      line(1, { quantity: 3000 }),
      line(2, { unit: 'kilogram', quantity: 642 }),
      line(3, { removed: true }),
    ]
    const of: SaleView = sale(all)
    expect(itemCount(of)).toBe(4)
    expect(lineOf(of, null)?.line).toBe(2)
    expect(lineOf(of, 1)?.line).toBe(1)
    expect(lineOf(of, 3)?.line).toBe(2)
    expect(lineOf(null, 1)).toBeNull()
  })
})

describe('every refusal', () => {
  const codes = [
    ...readFileSync(new URL('../../src/api/ProblemCode.ts', import.meta.url), 'utf8').matchAll(/"(\w+)"/g),
  ].map((found) => found[1] ?? '')

  it.each(codes)('%s has its sentence in both languages', (code) => {
    expect(en.problems[code]).toBeTypeOf('function')
    expect(sv.problems[code]).toBeTypeOf('function')
  })

  /** The words of the domain for one kind of refusal, as its sources list them. */
  function whys(file: string, after: string): string[] {
    const path = new URL(`../../../crates/domain/src/${file}`, import.meta.url)
    const from = readFileSync(path, 'utf8').split(after)[1]?.split('pub const fn code')[1] ?? ''
    return [...(from.split('\n    }\n')[0] ?? '').matchAll(/=> "(\w+)"/g)].map((found) => found[1] ?? '')
  }

  it.each([
    ['sale_refuses', 'sale.rs', 'impl NoSale'],
    ['sale_refuses', 'basket/change.rs', 'impl NoChange'],
    ['sale_refuses', 'tender.rs', 'impl NoCash'],
    ['drawer_refuses', 'shift.rs', 'impl NoShift'],
    ['not_allowed', 'staff/roster.rs', 'impl NotAllowed'],
    ['no_paper', 'paper.rs', 'impl NoPaper'],
  ] as const)('%s has a sentence of its own for each cause in %s', (code, file, after) => {
    const found = whys(file, after)
    expect(found.length).toBeGreaterThan(2)
    for (const why of found) {
      if (why === 'wait') continue
      for (const words of [en, sv]) {
        const parameters = { why, what: 'RAW' }
        expect(problemWords(words, { code, parameters, operation: null }), why).not.toContain('RAW')
      }
    }
  })

  it('because of another sale at the counter says what to do', () => {
    const parameters = { why: 'counter_busy' }
    const problem = { code: 'sale_refuses' as const, parameters, operation: null }
    expect(problemWords(en, problem)).toContain('Park or finish it first')
  })
})
