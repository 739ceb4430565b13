// Ringing up what is chosen, and doing what an open entry asks for.
import type { Money } from '../api/Money'
import type { Discount } from '../api/Discount'
import type { LineView } from '../api/LineView'
import type { ProductRow } from '../api/ProductRow'
import type { SaleView } from '../api/SaleView'
import type { SaleWanted } from '../api/SaleWanted'
import type { Desk, Entry } from '../desk'
import { parse, plain } from '../money/money'
import { parsePercent, parsePrice, parseQuantity } from '../sale'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import type { Option } from './scan-field'

/** Rings up products and free amounts; what is weighed or has no price is asked about first. */
export function useAdd(desk: Desk) {
  const words = useWords()
  const { view } = useTill()
  const clear = (ok: boolean): void => {
    if (ok) desk.setTyped('')
  }
  const product = (row: ProductRow): void => {
    const { times } = desk
    if (times === null && row.unit !== 'piece' && !row.open_price) {
      return desk.enter({ is: 'measure', code: row.sku, name: row.name, unit: row.unit })
    }
    if (row.open_price) {
      return desk.enter({ is: 'open_price', code: row.sku, name: row.name, quantity: times })
    }
    void desk.ring({ want: 'scan', code: row.sku, quantity: times, price: null }).then(clear)
  }
  const amount = (minor: number, rate = view.shop.vat[0] ?? 0): void => {
    const price = { minor, currency: view.shop.currency }
    const wanted = { want: 'amount' as const, name: words.counter.goods, price, vat: rate }
    void desk.ring({ ...wanted, quantity: desk.times }).then(clear)
  }
  return { product, amount }
}

/** Does what the open entry asks for with what was typed. */
export function useApply(desk: Desk, sale: SaleView | null): () => Promise<void> {
  const words = useWords()
  const { view } = useTill()
  const { currency, decimals } = view.shop
  const close = (ok: boolean): void => {
    if (ok) desk.enter(null)
  }
  const quantified = async (done: (quantity: number) => Promise<boolean>): Promise<void> => {
    const read = parseQuantity(desk.typed)
    if ('wrong' in read) return desk.setWrong(words.entry.wrongQuantity)
    close(await done(read.thousandths))
  }
  const priced = async (done: (price: Money) => Promise<boolean>): Promise<void> => {
    const read = parsePrice(desk.typed, view.shop)
    if ('wrong' in read) return desk.setWrong(words.wrong[read.wrong])
    close(await done({ minor: read.minor, currency }))
  }
  const discounted = async (entry: Entry & { is: 'discount' }): Promise<void> => {
    const read = entry.by === 'percent' ? parsePercent(desk.typed) : parse(desk.typed, view.shop)
    if ('wrong' in read)
      return desk.setWrong(
        entry.by === 'percent' ? words.entry.wrongPercent : words.wrong[read.wrong],
      )
    const discount = 'points' in read ? { percent: read.points } : { amount: { minor: read.minor, currency } }
    close(await desk.change(discountOf(entry.line, discount)))
  }
  const parted = (): void => {
    const read = parse(desk.typed, view.shop)
    const due = sale?.due.minor ?? 0
    if ('wrong' in read) return desk.setWrong(words.wrong[read.wrong])
    if (read.minor >= due) return desk.setWrong(words.entry.wrongPart(plain({ minor: due }, decimals)))
    if (sale) desk.setPart({ sale: sale.sale, minor: read.minor })
    desk.enter(null)
  }
  return async () => {
    const { entry } = desk
    switch (entry?.is) {
      case 'quantity':
        return quantified((quantity) => desk.change({ want: 'quantify', line: entry.line, quantity }))
      case 'price':
        return priced((price) => desk.change({ want: 'price', line: entry.line, price }))
      case 'discount':
        return discounted(entry)
      case 'measure': {
        const scanned = { want: 'scan' as const, code: entry.code, price: null }
        return quantified((quantity) => desk.ring({ ...scanned, quantity }))
      }
      case 'open_price': {
        const scanned = { want: 'scan' as const, code: entry.code, quantity: entry.quantity }
        return priced((price) => desk.ring({ ...scanned, price }))
      }
      case 'label':
        return close(await desk.change({ want: 'park', label: desk.typed.trim() || null }))
      case 'part':
        return parted()
      default:
    }
  }
}

function discountOf(line: number | null, discount: Discount | null): SaleWanted {
  return line === null ? { want: 'discount', discount } : { want: 'discount_line', line, discount }
}

/** The buttons of an open entry. */
export function optionsOf(words: Words, desk: Desk, current: LineView | null): Option[] {
  const { entry } = desk
  if (entry?.is !== 'discount') return []
  const by = (how: 'percent' | 'amount', label: string): Option => ({
    label,
    run: () => desk.enter({ ...entry, by: how }, desk.typed),
    pressed: entry.by === how,
  })
  const on = (line: LineView | null, label: string): Option => ({
    label,
    run: () =>
      desk.enter({ ...entry, line: line?.line ?? null, name: line?.name ?? '' }, desk.typed),
    pressed: (entry.line === null) === (line === null),
  })
  return [
    by('percent', words.entry.byPercent),
    by('amount', words.entry.byAmount),
    ...(current ? [on(current, words.entry.thisLine)] : []),
    on(null, words.entry.wholeSale),
    {
      label: words.entry.none,
      run: () =>
        void desk
          .change(discountOf(entry.line, null))
          .then((ok) => (ok ? desk.enter(null) : undefined)),
    },
  ]
}
