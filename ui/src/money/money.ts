// Amounts as people read and type them. Whole minor units everywhere; no arithmetic on fractions.
import type { Money } from '../api/Money'
import type { ShopView } from '../api/ShopView'

/** Narrow gap between thousands that never breaks a line. */
const GAP = '\u202f'
const MINUS = '\u2212'

/** How an amount of the till's currency is counted. */
export type Counting = Pick<ShopView, 'currency' | 'decimals' | 'largest_minor'>

export type NotAnAmount =
  'empty' | 'two_separators' | 'not_a_number' | 'too_many_decimals' | 'too_large' | 'zero'

export type Typed = { minor: number } | { wrong: NotAnAmount }

/** `1 279.08`; the currency stands once per column or total, not here. */
export function plain(money: Pick<Money, 'minor'>, decimals: number): string {
  const digits = String(Math.abs(money.minor)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+(?!\d))/g, GAP)
  const fraction = decimals > 0 ? `.${digits.slice(digits.length - decimals)}` : ''
  return `${money.minor < 0 ? MINUS : ''}${whole}${fraction}`
}

/** `279.08 SEK`. */
export function withCurrency(money: Money, decimals: number): string {
  return `${plain(money, decimals)} ${money.currency}`
}

/** Reads an amount. `,` and `.` are both the decimal key; gaps are passed over; two separators are refused
 * rather than guessed at. */
export function parse(text: string, counting: Counting): Typed {
  const tight = text.replace(/[\s\u202f\u00a0]/g, '')
  if (tight === '') return { wrong: 'empty' }
  const separators = tight.match(/[.,]/g)?.length ?? 0
  if (!/^[\d.,]+$/.test(tight)) return { wrong: 'not_a_number' }
  if (separators > 1) return { wrong: 'two_separators' }
  const [whole = '', fraction = ''] = tight.split(/[.,]/)
  if (whole === '' && fraction === '') return { wrong: 'not_a_number' }
  if (fraction.length > counting.decimals) return { wrong: 'too_many_decimals' }
  const digits = `${whole}${fraction.padEnd(counting.decimals, '0')}`.replace(/^0+(?=\d)/, '')
  // Longer than any amount: not even read as a number.
  if (digits.length > 15) return { wrong: 'too_large' }
  const minor = Number(digits)
  if (minor > counting.largest_minor) return { wrong: 'too_large' }
  return minor === 0 ? { wrong: 'zero' } : { minor }
}

/** The same where nothing is an amount too: a float, a count. */
export function parseFromZero(text: string, counting: Counting): Typed {
  const typed = parse(text, counting)
  return 'wrong' in typed && typed.wrong === 'zero' ? { minor: 0 } : typed
}

/** `-1279.08`, for files: no gaps, a point, a plain minus. */
export function decimal(minor: number, decimals: number): string {
  return plain({ minor }, decimals).replaceAll(GAP, '').replace(MINUS, '-')
}

/** `25 %`, `8.1 %` of basis points. */
export function percent(rate: number): string {
  return `${rate / 100}\u00a0%`
}

/** What is typed so far is an amount, or may still become one. */
export function mayBecome(text: string, counting: Counting): boolean {
  const typed = parse(text, counting)
  return (
    'minor' in typed || typed.wrong === 'empty' || typed.wrong === 'zero' || /^[.,]$/.test(text.trim())
  )
}
