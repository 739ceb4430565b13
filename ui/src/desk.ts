// The desk: what is being typed and chosen at the counter, and ringing up. A scan reaches the sale from any
// screen, so this stands above all of them. Everything about a sale names it and its revision as seen.
import { useCallback, useRef, useState } from 'preact/hooks'
import type { Command } from './api/Command'
import type { SaleWanted } from './api/SaleWanted'
import type { Unit } from './api/Unit'
import type { View } from './api/View'
import { LONGEST_CODE } from './scan'
import { type Till, useTill } from './till'
import type { Told } from './port/port'
import { problemWords, useWords, type Words } from './words/words'

/** What the field asks for in place of goods. */
export type Entry =
  | { is: 'quantity'; line: number; name: string }
  | { is: 'price'; line: number; name: string }
  | { is: 'discount'; line: number | null; name: string; by: 'percent' | 'amount' }
  | { is: 'measure'; code: string; name: string; unit: Unit }
  | { is: 'open_price'; code: string; name: string; quantity: number | null }
  | { is: 'label' }
  | { is: 'part' }

/** A part of what is due, of this sale only. */
export interface Part {
  sale: string
  minor: number
}

/** The sale that a customer's code is awaited for, and a code that a scanner read for it. */
export interface CodeFor {
  sale: string
  /** Where it is charged; the first that takes codes where none is named. */
  terminal: string | null
  /** Read on this screen it is charged at once; from elsewhere it waits for a press. When: as `Date.now`. */
  scanned: { code: string; charge: boolean; at: number } | null
}

export interface Desk {
  typed: string
  typedNow: () => string
  setTyped: (typed: string) => void
  /** What went wrong with the newest act, where it happened. */
  wrong: string | null
  setWrong: (wrong: string | null) => void
  entry: Entry | null
  /** Opens an entry with this text in the field; nothing goes back to goods. */
  enter: (entry: Entry | null, typed?: string) => void
  /** What the next tender is to pay, where it is not all. */
  part: Part | null
  setPart: (part: Part | null) => void
  /** The sale that cash is taken for now. */
  cashFor: string | null
  setCashFor: (sale: string | null) => void
  codeFor: CodeFor | null
  setCodeFor: (codeFor: CodeFor | null | ((now: CodeFor | null) => CodeFor | null)) => void
  /** How much of the next goods, in thousandths. */
  times: number | null
  setTimes: (times: number | null) => void
  /** Adds goods; the first ones begin a sale, and after a finished one the next customer's. */
  ring: (wanted: SaleWanted & { want: 'scan' | 'amount' }, id?: string) => Promise<boolean>
  /** Changes the sale as it is seen. */
  change: (wanted: SaleWanted) => Promise<boolean>
  /** A scan, from wherever; with its command where other windows are told of it, too. */
  scan: (code: string, id?: string) => Promise<boolean>
}

/** Digits of the longest bar code of a product. What is longer may be worth money, and is not repeated. */
const LONGEST_PRODUCT = 14

/** The text of a scan that was in vain, with what was scanned where that may be shown. */
export const inVain = (words: Words, code: string, why: string): string =>
  code.length > LONGEST_PRODUCT ? why : `${words.counter.scanned(code)} ${why}`

/** Why nothing can be rung up now; nothing where it can, or where it is no goods: the till tells. */
export function whyLocked(till: Pick<Till, 'view'>, words: Words, code = ''): string | null {
  const { sale, counter, payments } = till.view
  const at = payments.find((payment) => payment.payment === counter)
  if (at && (at.state !== 'closed' || at.attention)) return words.counter.scanLocked
  if (!sale || sale.stage !== 'open' || sale.may_change) return null
  if (sale.held.minor !== 0) return words.counter.scanLocked
  return code.length > LONGEST_PRODUCT ? null : words.counter.scanPaid
}

/** The sentence for an answer; nothing when it was done. */
export function wrongOf(words: Words, told: Told<unknown>): string | null {
  if ('problem' in told) return problemWords(words, told.problem)
  return 'unreached' in told ? words.unreached : null
}

/** What must be left before goods can be rung up: a finished sale, or a payment that has ended. */
function leaving(view: View): Command | null {
  const { sale, counter } = view
  if (sale && sale.stage !== 'open') return { do: 'next_sale', sale: sale.sale }
  return counter ? { do: 'next_customer', payment: counter } : null
}

/** A code that a customer pays with was scanned where goods are. */
const isPayment = (told: Told<unknown>): boolean =>
  'problem' in told && told.problem.parameters.why === 'payment_code'

const needsPrice = (told: Told<unknown>): boolean =>
  'problem' in told && told.problem.code === 'field_wrong' && told.problem.parameters.field === 'price'

/** Another id, the same in each window: what was refused beside a finished sale is asked anew after it. */
const other = (id: string): string => id.slice(0, -1) + (parseInt(id.slice(-1), 16) ^ 1).toString(16)

/** State that is told as it is now, before the next picture: a scanner does not wait for one. */
function useLive<T>(first: T): [T, (next: T) => void, () => T] {
  const [state, setState] = useState(first)
  const live = useRef(first)
  const set = useCallback((next: T) => {
    live.current = next
    setState(() => next)
  }, [])
  return [state, set, () => live.current]
}

export function useDesk(): Desk {
  const words = useWords()
  const till = useTill()
  const [typed, setTyped, typedNow] = useLive('')
  const [wrong, setWrong] = useState<string | null>(null)
  const [entry, setEntry] = useState<Entry | null>(null)
  const [part, setPart] = useState<Part | null>(null)
  const [cashFor, setCashFor] = useState<string | null>(null)
  const [codeFor, setCodeFor] = useState<CodeFor | null>(null)
  const [times, setTimes, timesNow] = useLive<number | null>(null)
  const turn = useRef(0)
  const line = useRef<Promise<unknown>>(Promise.resolve())
  // What waits in line looks at the newest view, not at the one it was pressed on.
  const now = useRef(till)
  now.current = till

  const enter = (next: Entry | null, text = ''): void => {
    setEntry(next)
    setTyped(text)
    setWrong(null)
  }
  /** A payment code among the goods: it waits on its own screen where there is something to pay. */
  const awaited = async (code: string): Promise<void> => {
    const { sale, terminals } = now.current.view
    // Beside a payment that came to nothing it is another try.
    const ended = leaving(now.current.view)
    const can = terminals.some((one) => one.offers.codes_scanned)
    const due = sale?.stage === 'open' && sale.held.minor === 0 && sale.due.minor > 0
    enter(null)
    if (due && can && ended) await now.current.wish('leave', ended)
    const scanned = { code, charge: false, at: Date.now() }
    if (sale && due && can) setCodeFor({ sale: sale.sale, terminal: null, scanned })
    else setWrong(can ? words.codes.early : words.codes.nowhere)
  }
  const rung = async (
    wanted: SaleWanted & { want: 'scan' | 'amount' },
    id?: string,
  ): Promise<boolean> => {
    const { view, wish } = now.current
    const locked = whyLocked(now.current, words, wanted.want === 'scan' ? wanted.code : '')
    if (locked !== null) {
      setWrong(locked)
      return false
    }
    const leave = leaving(view)
    const sell = (id?: string) =>
      wish(`ring:${turn.current++}`, { do: 'sell', sale: null, revision: null, wanted }, id)
    // A payment code that is read once more leaves no finished sale: the till is asked what it is first.
    const mayPay = wanted.want === 'scan' && wanted.code.length > LONGEST_PRODUCT
    const asked = leave && mayPay ? await sell(id && other(id)) : null
    const left = leave && !(asked && ('ok' in asked || isPayment(asked))) ? await wish('leave', leave) : null
    if (left && !('ok' in left)) return setWrong(wrongOf(words, left)), false
    const told = asked && !left ? asked : await sell(id)
    if (isPayment(told) && wanted.want === 'scan') return await awaited(wanted.code), false
    if (needsPrice(told) && wanted.want === 'scan') {
      enter({ is: 'open_price', code: wanted.code, name: wanted.code, quantity: wanted.quantity })
      return false
    }
    setWrong(wrongOf(words, told))
    if ('ok' in told) setTimes(null)
    return 'ok' in told
  }
  // One after the other, so that lines stand in the order they were scanned in.
  const ring: Desk['ring'] = (wanted, id) => {
    const mine = line.current.then(() => rung(wanted, id))
    line.current = mine
    return mine
  }
  const change: Desk['change'] = async (wanted) => {
    const { sale } = till.view
    if (!sale) return false
    setWrong(null)
    const name = `sale:${JSON.stringify(wanted)}`
    const told = await till.wish(name, {
      do: 'sell',
      sale: sale.sale,
      revision: sale.revision,
      wanted,
    })
    // What was said meanwhile, of a scan, stays.
    if (!('ok' in told)) setWrong(wrongOf(words, told))
    return 'ok' in told
  }
  const scan: Desk['scan'] = (code, id) => {
    if (code.trim().length > LONGEST_CODE) {
      setWrong(words.counter.tooLong)
      return Promise.resolve(false)
    }
    setCashFor(null)
    return ring({ want: 'scan', code: code.trim(), quantity: timesNow(), price: null }, id)
  }
  return {
    typed,
    typedNow,
    setTyped,
    wrong,
    setWrong,
    entry,
    enter,
    part,
    setPart,
    cashFor,
    setCashFor,
    codeFor,
    setCodeFor,
    times,
    setTimes,
    ring,
    change,
    scan,
  }
}
