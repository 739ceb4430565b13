// What the lines of a sale say, and what is typed about them, as numbers and texts. No rule of money is here:
// the till decides.
import type { Discount } from './api/Discount'
import type { LineView } from './api/LineView'
import type { SaleView } from './api/SaleView'
import type { VatRate } from './api/VatRate'
import { type Counting, type NotAnAmount, parse, plain } from './money/money'

const ONE = 1000
/** Quantities are typed up to so many thousandths. */
const MOST = 999_999_000

/** `2`, `0.642`, `−1`. */
export function quantityText(thousandths: number): string {
  const whole = thousandths % ONE === 0
  return plain({ minor: whole ? thousandths / ONE : thousandths }, whole ? 0 : 3).replace(
    /(\.\d*?)0+$/,
    '$1',
  )
}

/** Reads a quantity; a minus before it means goods that come back. */
export function parseQuantity(text: string): { thousandths: number } | { wrong: NotAnAmount } {
  const tight = text.trim()
  const back = /^[-\u2212]/.test(tight)
  const read = parse(back ? tight.slice(1) : tight, { currency: '', decimals: 3, largest_minor: MOST })
  if ('wrong' in read) return read
  return { thousandths: back ? -read.minor : read.minor }
}

/** Reads a price; a gift costs nothing. */
export function parsePrice(text: string, counting: Counting): { minor: number } | { wrong: NotAnAmount } {
  const read = parse(text, counting)
  return 'wrong' in read && read.wrong === 'zero' ? { minor: 0 } : read
}

/** Reads percent as basis points. */
export function parsePercent(text: string): { points: number } | { wrong: NotAnAmount } {
  const read = parse(text.replace(/%\s*$/, ''), { currency: '', decimals: 2, largest_minor: 10_000 })
  return 'wrong' in read ? read : { points: read.minor }
}

/** `25 %`, `12.5 %`; of a rate or a discount in basis points. */
export function percentText(points: VatRate): string {
  return `${quantityText(points * 10)}\u00a0%`
}

export function discountText(discount: Discount, decimals: number): string {
  return 'percent' in discount ? percentText(discount.percent) : plain(discount.amount, decimals)
}

export const activeLines = (sale: SaleView | null): LineView[] =>
  sale?.lines.filter((line) => !line.removed) ?? []

/** Pieces count each, what is weighed counts once. */
export function itemCount(sale: SaleView | null): number {
  return activeLines(sale).reduce((sum, line) => {
    return sum + (line.unit === 'piece' ? Math.abs(line.quantity) / ONE : 1)
  }, 0)
}

/** The line that keys are about: the chosen one, else the newest. */
export function lineOf(sale: SaleView | null, picked: number | null): LineView | null {
  const lines = activeLines(sale)
  return lines.find((line) => line.line === picked) ?? lines.at(-1) ?? null
}

export type Typed =
  { is: 'nothing' } | { is: 'words' } | { is: 'code' } | { is: 'amount'; minor: number | null }

/** What a text in the scan field is: digits alone may be a number of goods as well as an amount. */
export function whatIsTyped(text: string, counting: Counting): Typed {
  const tight = text.trim()
  if (tight === '') return { is: 'nothing' }
  if (/^\d+$/.test(tight)) return { is: 'code' }
  const read = parse(tight, counting)
  if ('minor' in read) return { is: 'amount', minor: read.minor }
  return /^[\d\s.,]+$/.test(tight) ? { is: 'amount', minor: null } : { is: 'words' }
}

/** Amounts that customers hand over for what is due: exact, then round ones. */
export function handedOver(due: number, decimals: number): number[] {
  const unit = decimals === 0 ? 100 : 10 ** decimals
  const found = [due]
  for (const step of [10, 50, 100, 200, 500, 1000]) {
    const minor = Math.ceil(due / (step * unit)) * step * unit
    if (!found.includes(minor)) found.push(minor)
  }
  return found.sort((one, other) => one - other).slice(0, 6)
}
