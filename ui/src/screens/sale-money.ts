// How a sale is paid: the tenders, and the next thing to press. Money goes out on the sale, the revision and
// the slot that the press was made on.
import { useState } from 'preact/hooks'
import type { Command } from '../api/Command'
import type { Method } from '../api/Method'
import type { SaleView } from '../api/SaleView'
import type { TerminalView } from '../api/TerminalView'
import { type Desk, wrongOf } from '../desk'
import type { Act } from '../keys'
import { parse, plain } from '../money/money'
import { activeLines, whatIsTyped } from '../sale'
import { useTill } from '../till'
import { useWords } from '../words/words'

/** The chosen terminal among those that offer something: each press on a tender goes to the next one, unless
 * it does more than choose. */
export function useTender(terminals: TerminalView[]) {
  const [wanted, setMethod] = useState<Method>('card')
  const [turn, setTurn] = useState(0)
  const cards = terminals.filter((terminal) => terminal.offers.cards)
  const codes = terminals.filter((terminal) => terminal.offers.codes)
  const method = cards.length === 0 && codes.length > 0 ? 'qr' : wanted
  const mine = method === 'qr' ? codes : cards
  const choose = (how: Method, of: TerminalView[], by = 1): TerminalView | null => {
    const next = wanted === how ? (turn + by) % Math.max(1, of.length) : 0
    setTurn(next)
    setMethod(how)
    return of[next] ?? null
  }
  const terminal = mine[turn % Math.max(1, mine.length)] ?? cards[0] ?? codes[0] ?? null
  const card = (): void => void choose('card', cards)
  const wallet = (by: number): TerminalView | null => choose('qr', codes, by)
  return { method, terminal, card, wallet, cards, codes }
}

export type Tender = ReturnType<typeof useTender>

/** What the next tender is to pay, while that is less than what is due. */
export function partOf(desk: Desk, sale: SaleView | null): number | null {
  const { part } = desk
  return part && sale?.sale === part.sale && part.minor < sale.due.minor ? part.minor : null
}

interface MoneyProps {
  desk: Desk
  sale: SaleView | null
  tender: Tender
  cash: () => void
  addAmount: (minor: number) => void
}

/** How it is paid: the tenders, and the next thing to press. */
export function useMoney({ desk, sale, tender, cash, addAmount }: MoneyProps) {
  const words = useWords()
  const { view, wish, waiting } = useTill()
  const says = words.counter
  const { currency, decimals } = view.shop
  const { method, terminal, cards, codes } = tender
  const due = sale?.due.minor ?? 0
  const part = partOf(desk, sale)
  const back = due < 0
  const giver =
    terminal?.offers.refund_without_payment === true
      ? terminal
      : (view.terminals.find((one) => one.offers.refund_without_payment) ?? null)
  const on = back ? giver : terminal
  const none = { minor: 0, currency }
  const send = async (name: string, command: Command): Promise<void> => {
    desk.setWrong(null)
    const told = await wish(name, command)
    if ('ok' in told) return desk.setPart(null)
    desk.setWrong(wrongOf(words, told))
  }
  /** Where customers show codes, theirs is awaited. */
  const awaitCode = (on: TerminalView | null): boolean => {
    if (!sale || back || !on?.offers.codes_scanned || on.blocked_by) return false
    desk.setWrong(null)
    desk.setCodeFor({ sale: sale.sale, terminal: on.terminal, scanned: null })
    return true
  }
  const pay = (): void => {
    if (!sale || !on || (method === 'qr' && awaitCode(on))) return
    const slot = { sale: sale.sale, revision: sale.revision, slot: sale.slot }
    const to = { terminal: on.terminal, label: null, tender: slot }
    const amount = { minor: back ? -due : (part ?? due), currency }
    // A terminal for cards may take codes, too: how the customer pays is chosen there.
    const by = method === 'card' ? 'any' : method
    void (back
      ? send('pay', { do: 'refund', ...to, amount, original: null })
      : send('pay', { do: 'pay', ...to, amount, cash_back: none, method: by }))
  }
  const goods = activeLines(sale).length > 0
  const typed = whatIsTyped(desk.typed, view.shop)
  const amount = parse(desk.typed, view.shop)
  const isAmount = desk.entry === null && (typed.is === 'amount' || typed.is === 'code')
  const held = sale !== null && sale.held.minor !== 0
  const why = desk.entry
    ? words.entry.applyFirst
    : !goods
      ? says.whyEmpty
      : held
        ? says.heldHint
        : due !== 0 && !on
          ? back
            ? says.whyPaidOut
            : words.sale.whyNoTerminal
          : due !== 0 && on?.blocked_by
            ? words.sale.whyBlocked(on.name)
            : waiting.has('pay')
              ? words.sale.sending
              : undefined
  // Nothing else is typed or asked for: the next thing is to pay.
  const paying = goods && due > 0 && !held && !desk.entry && desk.typed === '' && !waiting.has('pay')
  const shown = plain({ minor: Math.abs(part ?? due) }, decimals)
  const how = words.sale.onTerminal(words.methods[method], on?.name ?? '')
  const go = { key: 'F9', also: ['Ctrl Enter'] }
  let next: Act = { ...go, label: goods ? words.sale.pay(shown) : words.sale.payNothing, run: pay, off: why }
  let small = part === null ? how : says.ofDue(plain({ minor: due }, decimals), how)
  if (isAmount && 'minor' in amount) {
    const minor = amount.minor
    next = { ...go, label: says.addAmount(plain({ minor }, decimals)), run: () => addAmount(minor) }
    small = says.addAmountHint
  } else if (goods && !held && due === 0) {
    const run = (): void => void desk.change({ want: 'complete' })
    next = { ...go, label: says.complete, run, off: desk.entry ? words.entry.applyFirst : undefined }
    small = says.completeHint
  } else if (back) next = { ...next, label: says.giveBack(shown) }
  const none_due = !goods || due === 0 ? says.whyEmpty : undefined
  return {
    pay: next,
    small,
    cash: {
      key: 'F6',
      label: says.cash,
      run: cash,
      off: held ? says.heldHint : none_due === undefined ? undefined : '',
    } satisfies Act,
    card: {
      key: 'F7',
      label: words.sale.card,
      run: tender.card,
      off: cards.length === 0 ? words.sale.whyNotCards : undefined,
    } satisfies Act,
    wallet: {
      key: 'F8',
      label: words.sale.wallet,
      run: () => {
        const on = tender.wallet(paying ? 0 : 1)
        if (paying) awaitCode(on)
      },
      off: codes.length === 0 ? words.sale.whyNotCodes : undefined,
    } satisfies Act,
  }
}
