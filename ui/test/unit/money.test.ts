// Amounts as they are read and typed.
import { describe, expect, it } from 'vitest'
import { mayBecome, parse, plain, withCurrency } from '../../src/money/money'

const sek = { currency: 'SEK', decimals: 2, largest_minor: 9_999_999_999 }
const jpy = { ...sek, currency: 'JPY', decimals: 0 }
const kwd = { ...sek, currency: 'KWD', decimals: 3 }

describe('an amount is shown', () => {
  it.each([
    [0, 2, '0.00'],
    [5, 2, '0.05'],
    [127908, 2, '1\u202f279.08'],
    [9_999_999_999, 2, '99\u202f999\u202f999.99'],
    [-18480, 2, '\u2212184.80'],
    [1500, 0, '1\u202f500'],
    [1, 3, '0.001'],
  ])('%i with %i decimals as %s', (minor, decimals, text) => {
    expect(plain({ minor }, decimals)).toBe(text)
  })

  it('with its currency', () => {
    expect(withCurrency({ minor: 1250, currency: 'SEK' }, 2)).toBe('12.50 SEK')
  })
})

describe('an amount is typed', () => {
  it.each([
    ['12.50', 1250],
    ['12,50', 1250],
    ['12,5', 1250],
    ['12', 1200],
    ['12,', 1200],
    [',5', 50],
    ['007', 700],
    ['1 279,08', 127908],
    ['1\u202f279.08', 127908],
    ['99999999.99', 9_999_999_999],
  ])('%s is %i', (text, minor) => {
    expect(parse(text, sek)).toEqual({ minor })
  })

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['1.279,08', 'two_separators'],
    ['12,,5', 'two_separators'],
    ['.', 'not_a_number'],
    ['12a', 'not_a_number'],
    ['-5', 'not_a_number'],
    ['1e3', 'not_a_number'],
    ['Infinity', 'not_a_number'],
    ['12.505', 'too_many_decimals'],
    ['100000000', 'too_large'],
    ['9'.repeat(100_000), 'too_large'],
    ['0', 'zero'],
    ['0,00', 'zero'],
  ] as const)('%.20s is refused as %s', (text, wrong) => {
    expect(parse(text, sek)).toEqual({ wrong })
  })

  it('in currencies without and with three decimals', () => {
    expect(parse('1500', jpy)).toEqual({ minor: 1500 })
    expect(parse('15.0', jpy)).toEqual({ wrong: 'too_many_decimals' })
    expect(parse('0.125', kwd)).toEqual({ minor: 125 })
  })

  it('and reads back what is shown', () => {
    for (let minor = 1; minor < 10_000_000_000; minor = minor * 7 + 3) {
      for (const counting of [sek, jpy, kwd]) {
        expect(parse(plain({ minor }, counting.decimals), counting)).toEqual({ minor })
      }
    }
  })

  it('step by step', () => {
    for (const text of ['', '0', '0,', ',', '1', '1,5']) expect(mayBecome(text, sek)).toBe(true)
    for (const text of ['1,5,', '1,505', 'x']) expect(mayBecome(text, sek)).toBe(false)
  })
})
