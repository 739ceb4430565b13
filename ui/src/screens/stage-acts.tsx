// What can be done with a payment as it stands: the buttons at the counter and the keys for them. The next
// thing is the last one, at the far right.
import { useState } from 'preact/hooks'
import type { Command } from '../api/Command'
import type { PaymentView } from '../api/PaymentView'
import type { TerminalView } from '../api/TerminalView'
import { wrongOf } from '../desk'
import type { Act } from '../keys'
import { plain } from '../money/money'
import type { IconName } from '../parts/icon'
import { Button } from '../parts/parts'
import { isRunning, type StateName } from '../payment'
import { useTill } from '../till'
import { useWords } from '../words/words'
import type { Decision } from './decide'
import { saleOf, type StageProps } from './stage'

export interface StageAct extends Act {
  icon: IconName
  /** Columns of the counter's five. */
  wide: 1 | 2 | 3
  go?: boolean
}

/** The acts of a stage; see the module. */
export function useStageActs(
  { payment, atCounter, leave }: StageProps,
  state: StateName,
  terminal: TerminalView | undefined,
  decision: Decision,
): { acts: StageAct[]; wrong: string | null } {
  const words = useWords()
  const { view, wish, waiting } = useTill()
  const [wrong, setWrong] = useState<string | null>(null)
  const id = payment.payment
  const { decimals } = view.shop

  const send = async (name: string, command: Command): Promise<boolean> => {
    setWrong(null)
    const told = await wish(`${name}:${id}`, command)
    setWrong(wrongOf(words, told))
    return 'ok' in told
  }
  const sale = atCounter ? saleOf(view, payment) : null
  // Goods that are not paid go back to the counter; a finished sale is left as a whole.
  const goods = sale?.stage === 'open' && payment.state === 'closed' && !payment.attention
  const away: Command =
    sale?.stage === 'completed'
      ? { do: 'next_sale', sale: sale.sale }
      : { do: 'next_customer', payment: id }
  const next = async (keep?: string): Promise<void> => {
    if (!atCounter || (await send('next', away))) leave(keep)
  }
  const again = (method: PaymentView['method'] = payment.method): void => {
    const tender = payment.tender
    if (goods && sale && method === 'qr' && terminal?.offers.codes_scanned) {
      const code = { sale: sale.sale, terminal: terminal.terminal, scanned: null }
      return void send('next', away).then((ok) => (ok ? leave(undefined, code) : undefined))
    }
    // What was asked for, unless less than that is left.
    const due = tender?.due ?? payment.requested
    const amount = state !== 'partly' && payment.requested.minor < due.minor ? payment.requested : due
    const slot = tender ? { sale: tender.sale, revision: tender.revision, slot: tender.slot } : null
    const cash_back = { minor: 0, currency: amount.currency }
    const to = {
      terminal: payment.terminal,
      amount,
      cash_back,
      method,
      label: payment.label,
      tender: slot,
    }
    void send('again', { do: 'pay', ...to }).then((ok) => (ok ? leave() : undefined))
  }
  const busy = waiting.size > 0 ? '' : undefined
  const typed = plain(payment.requested, decimals).replaceAll('\u202f', '')

  const asked = terminal?.offers.cancel_by_hand ? words.pay.cancelNot : words.pay.cancelAsked
  const cancel: StageAct = {
    key: 'Esc',
    label: payment.abort_asked ? asked : words.pay.cancel,
    run: () => void send('abort', { do: 'abort', payment: id }),
    off:
      payment.prompt || payment.abort_asked
        ? ''
        : terminal?.offers.cancel === false
          ? words.pay.cancelNot
          : undefined,
    icon: 'cross',
    wide: 3,
  }
  const nextAct: StageAct = {
    key: 'Enter',
    also: ['F9', 'Ctrl Enter'],
    label: atCounter ? words.pay.next : words.back,
    run: () => void next(),
    off: busy,
    icon: atCounter ? 'check' : 'left',
    wide: 3,
    go: true,
  }
  const aside: StageAct = {
    key: 'F4',
    label: atCounter ? words.pay.leaveOpen : words.back,
    run: () => void next(),
    icon: atCounter ? 'park' : 'left',
    wide: 2,
  }
  const giveBack = (amount: PaymentView['amount'], command: Command): StageAct => ({
    key: 'Ctrl R',
    label: words.pay.giveBack(plain(amount, decimals)),
    run: () => void send('back', command),
    off: busy,
    icon: 'undo',
    wide: 2,
  })
  const fresh = (key: string, label: string, icon: IconName): StageAct => ({
    key,
    also: ['F9', 'Ctrl Enter'],
    label,
    run: () => again(),
    off: busy,
    icon,
    wide: 3,
    go: true,
  })
  const toSale: StageAct = {
    key: 'Esc',
    label: goods ? words.counter.otherWay : words.pay.toSale,
    run: () => void next(goods ? '' : typed),
    off: busy,
    icon: 'left',
    wide: 1,
  }
  const nextBeside: StageAct = { ...nextAct, key: 'F4', also: [], icon: 'person', wide: 2, go: false }

  const wallet = payment.method === 'qr'
  const another = wallet
    ? fresh('F8', words.pay.otherCode, 'qr')
    : fresh('F7', words.pay.otherCard, 'card')
  const rest: StageAct = {
    ...nextAct,
    label: words.counter.theRest(plain({ minor: Math.abs(sale?.due.minor ?? 0) }, decimals)),
    icon: 'right',
  }
  const acts = ((): StageAct[] => {
    if (isRunning(payment)) return [cancel]
    const back = payment.kind !== 'sale'
    switch (state) {
      case 'checking':
        return [
          aside,
          {
            key: 'F9',
            label: words.pay.askAgain,
            run: () => void send('recover', { do: 'recover_now' }),
            off: busy,
            icon: 'asking',
            wide: 3,
            go: true,
          },
        ]
      case 'needs_you':
        return [aside, { ...decision.act, icon: 'person', wide: 3, go: true }]
      case 'late': {
        const late = payment.late_outcome
        if (!late || late.giving_back) return [{ ...nextAct, key: 'F4', also: [] }]
        const keep: StageAct = {
          key: 'Enter',
          also: ['F9', 'Ctrl Enter'],
          label: words.pay.late.keep,
          run: () => void send('accept', { do: 'accept_late', payment: id }),
          off: busy,
          icon: 'check',
          wide: 3,
          go: true,
        }
        const give = giveBack(late.amount, { do: 'give_back', payment: id })
        return late.may_count ? [give, keep] : [aside, { ...give, wide: 3, go: true, also: ['F9'] }]
      }
      case 'contradiction':
        return [
          aside,
          {
            key: 'F9',
            label: words.pay.late.accept,
            run: () => void send('accept', { do: 'accept_late', payment: id }),
            off: busy,
            icon: 'check',
            wide: 3,
            go: true,
          },
        ]
      case 'partly': {
        const due = payment.tender?.due
        const give = giveBack(payment.amount, { do: 'reverse', payment: id, or_refund: true })
        if (!due || due.minor <= 0 || !atCounter) return [nextAct]
        if (goods) {
          const beside: StageAct = { ...toSale, wide: 2 }
          return [beside, fresh('F7', words.pay.rest(plain(due, decimals)), 'card')]
        }
        return [give, fresh('F7', words.pay.rest(plain(due, decimals)), 'card')]
      }
      case 'declined':
      case 'cancelled':
        if (goods && back) return [{ ...toSale, wide: 3, go: true, also: ['F9', 'Ctrl Enter'] }]
        if (goods) return [{ ...toSale, wide: 2 }, another]
        if (back || !atCounter) return [nextAct]
        return [toSale, nextBeside, { ...another, wide: 2 }]
      case 'not_charged':
        if (goods && back) return [{ ...toSale, wide: 3, go: true, also: ['F9', 'Ctrl Enter'] }]
        if (goods) return [{ ...toSale, wide: 2 }, fresh('F7', words.pay.tryAgain, 'asking')]
        if (back || !atCounter) return [nextAct]
        return [toSale, nextBeside, { ...fresh('F7', words.pay.tryAgain, 'asking'), wide: 2 }]
      default:
        return goods ? [rest] : [nextAct]
    }
  })()
  return { acts, wrong: wrong ?? decision.wrong }
}

export function StageActs({ acts, payment }: { acts: StageAct[]; payment: PaymentView }) {
  const words = useWords()
  const columns = acts.reduce((sum, act) => sum + act.wide, 0)
  return (
    <div class="acts five">
      {isRunning(payment) ? (
        <p>{words.pay.decides}</p>
      ) : columns < 5 ? (
        <span class={columns === 3 ? 'c2' : 'c1'} />
      ) : null}
      {acts.map((act) => {
        const small = act.off === '' ? { ...act, off: '' } : act
        const look = `${act.go ? 'go ' : ''}c${act.wide}`
        return (
          <Button
            key={act.label}
            act={small}
            icon={act.icon}
            stack
            look={look}
            focusHere={act.go === true}
          />
        )
      })}
    </div>
  )
}
