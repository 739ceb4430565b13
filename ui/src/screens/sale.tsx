// The sale: what is to be paid on the left, keypad on the right, total and tenders below. A sale is one free
// amount; lines of goods take the ticket's place where the till knows them.
import { useState } from 'preact/hooks'
import type { Command } from '../api/Command'
import type { Method } from '../api/Method'
import type { TerminalView } from '../api/TerminalView'
import { type Act, useKeys } from '../keys'
import { type NotAnAmount, mayBecome, parse, plain, withCurrency } from '../money/money'
import { Dialog } from '../parts/dialog'
import { Icon } from '../parts/icon'
import { Keypad } from '../parts/keypad'
import { Button, Empty, Wrong } from '../parts/parts'
import { useTill } from '../till'
import { noticeWords, problemWords, useWords } from '../words/words'
import { QuickAmounts } from './quick'

/** Longer texts are no amounts; the field keeps what it held. */
const LONGEST_TYPED = 24

interface SaleProps {
  typed: string
  setTyped: (typed: string) => void
}

/** The chosen terminal among those that offer something: each press on a tender goes to the next one. */
function useTender(terminals: TerminalView[]) {
  const [method, setMethod] = useState<Method>('card')
  const [turn, setTurn] = useState(0)
  const cards = terminals.filter((terminal) => terminal.offers.cards)
  const codes = terminals.filter((terminal) => terminal.offers.codes)
  const mine = method === 'qr' ? codes : cards
  const choose = (wanted: Method, of: TerminalView[]): void => {
    setTurn(method === wanted ? (turn + 1) % Math.max(1, of.length) : 0)
    setMethod(wanted)
  }
  const terminal = mine[turn % Math.max(1, mine.length)] ?? cards[0] ?? codes[0] ?? null
  const card = (): void => choose('card', cards)
  const wallet = (): void => choose('qr', codes)
  return { method, terminal, card, wallet, cards, codes }
}

export function SaleScreen({ typed, setTyped }: SaleProps) {
  const words = useWords()
  const { view, wish, waiting } = useTill()
  const { method, terminal, card, wallet, cards, codes } = useTender(view.terminals)
  const [wrong, setWrong] = useState<string | null>(null)
  const [back, setBack] = useState(false)
  const [seen, setSeen] = useState(0)

  const amount = parse(typed, view.shop)
  const minor = 'minor' in amount ? amount.minor : null
  const money = { minor: minor ?? 0, currency: view.shop.currency }
  const shown = plain(money, view.shop.decimals)
  const sorry = (why: NotAnAmount): void => setWrong(words.wrong[why])

  const type = (next: string): void => {
    setWrong(null)
    setSeen(Math.max(seen, view.notices.at(-1)?.number ?? 0))
    const longer = next.length > typed.length
    if (longer && (next.length > LONGEST_TYPED || !mayBecome(next, view.shop))) {
      const read = parse(next, view.shop)
      sorry('wrong' in read ? read.wrong : 'not_a_number')
      return
    }
    setTyped(next)
  }
  const send = async (name: string, command: Command): Promise<void> => {
    const told = await wish(name, command)
    if ('problem' in told) setWrong(problemWords(words, told.problem))
    else if ('unreached' in told) setWrong(words.unreached)
    else setTyped('')
  }
  const none = { minor: 0, currency: view.shop.currency }
  const pay = (): void => {
    if ('wrong' in amount) return sorry(amount.wrong)
    if (!terminal) return
    const to = {
      terminal: terminal.terminal,
      amount: money,
      cash_back: none,
      method,
      label: null,
      tender: null,
    }
    void send('pay', { do: 'pay', ...to })
  }
  const giver = view.terminals.find((one) => one.offers.refund_without_payment) ?? null
  const giveBack = (): void => {
    setBack(false)
    if (!giver) return
    const to = { terminal: giver.terminal, amount: money, original: null, label: null }
    void send('refund', { do: 'refund', ...to })
  }
  const whyNot =
    minor === null
      ? words.sale.whyNoAmount
      : !terminal
        ? words.sale.whyNoTerminal
        : terminal.blocked_by
          ? words.sale.whyBlocked(terminal.name)
          : waiting.has('pay')
            ? words.sale.sending
            : undefined
  const how = words.methods[method]
  const acts: Act[] = [
    {
      key: 'F9',
      also: ['Ctrl Enter'],
      label: minor === null ? words.sale.payNothing : words.sale.pay(shown),
      run: pay,
      off: whyNot,
    },
    {
      key: 'F7',
      label: words.sale.card,
      run: card,
      off: cards.length === 0 ? words.sale.whyNotCards : undefined,
    },
    {
      key: 'F8',
      label: words.sale.wallet,
      run: wallet,
      off: codes.length === 0 ? words.sale.whyNotCodes : undefined,
    },
    {
      key: 'Ctrl R',
      label: words.sale.giveBack,
      run: () => setBack(true),
      off: minor === null ? words.sale.whyNoAmount : giver ? undefined : words.sale.whyNoRefund,
    },
    { key: 'F2', label: words.sale.amountLabel, run: focusField },
    { key: 'Esc', also: ['Del', 'field Del'], label: words.sale.clear, run: () => type('') },
  ]
  useKeys(acts, { typed: (key) => typedKey(key, typed, type) })
  const [payAct, cardAct, walletAct, backAct] = acts as [Act, Act, Act, Act]
  const news = view.notices.at(-1)

  return (
    <>
      <main class="panes">
        <section class="pane left" aria-label={words.sale.title}>
          <h1 class="vh">{words.sale.title}</h1>
          <div class="scan">
            <div class="input">
              <Icon name="pen" size="l" />
              <input
                data-field=""
                aria-label={words.sale.amountLabel}
                placeholder={words.sale.placeholder}
                autocomplete="off"
                inputMode="decimal"
                value={typed}
                onInput={(event) => {
                  type(event.currentTarget.value)
                  event.currentTarget.value = typed
                }}
              />
              <kbd>F2</kbd>
            </div>
            {wrong ? (
              <p class="scanmsg" role="alert">
                <span class="st no">
                  <Icon name="crossc" />
                </span>{' '}
                {wrong}
              </p>
            ) : null}
          </div>
          <div class="ticket-head cols">
            <span>{words.sale.goods}</span>
            <span>{words.sale.qty}</span>
            <span>{words.sale.price}</span>
            <span>{view.shop.currency}</span>
          </div>
          <div class="ticket">
            {minor === null ? (
              <Empty icon="card" title={words.sale.emptyTitle} hint={words.sale.emptyHint} />
            ) : (
              <ol>
                <li class="line cols" aria-current="true">
                  <span>
                    <span class="name">{words.sale.free}</span>
                  </span>
                  <span class="num">1</span>
                  <span class="num unit">{shown}</span>
                  <span class="amt">{shown}</span>
                </li>
              </ol>
            )}
          </div>
          {news && news.number > seen ? (
            <div class="undo" role="status">
              <Icon name="term" />
              <p>{words.sale.notice(nameOf(view.terminals, news.terminal), noticeWords(words, news))}</p>
              <button type="button" class="btn quiet" onClick={() => setSeen(news.number)}>
                {words.sale.seen}
              </button>
            </div>
          ) : null}
        </section>
        <section class="pane" aria-label={words.sale.keypad}>
          <QuickAmounts set={(text) => setTyped(text)} terminal={terminal} />
          <Keypad typed={typed} type={type} />
        </section>
      </main>
      <footer class="counter">
        <div class="sum">
          <dl />
          <div class="big">
            <span class="what">
              {words.sale.total} <span>{view.shop.currency}</span>
            </span>
            <span class="money total">{shown}</span>
          </div>
        </div>
        <div class="acts five">
          <Button
            act={{ ...backAct, off: backAct.off === undefined ? undefined : '' }}
            icon="undo"
            stack
          />
          <Button
            act={cardAct}
            icon="card"
            stack
            pressed={method === 'card' && cardAct.off === undefined}
          />
          <Button
            act={walletAct}
            icon="qr"
            stack
            pressed={method === 'qr' && walletAct.off === undefined}
          />
          <PayButton act={payAct} small={terminal ? words.sale.onTerminal(how, terminal.name) : ''} />
        </div>
      </footer>
      {back && giver ? (
        <GiveBackDialog
          amount={withCurrency(money, view.shop.decimals)}
          terminal={giver.name}
          yes={giveBack}
          no={() => setBack(false)}
        />
      ) : null}
    </>
  )
}

function PayButton({ act, small }: { act: Act; small: string }) {
  const off = act.off !== undefined
  return (
    <button
      type="button"
      class="btn go pay"
      aria-disabled={off ? 'true' : undefined}
      onClick={() => (off ? undefined : act.run())}
    >
      <span class="row">
        <b class="num">{act.label}</b>
        <kbd>F9</kbd>
      </span>
      <small>{act.off ?? small}</small>
    </button>
  )
}

function GiveBackDialog(props: { amount: string; terminal: string; yes: () => void; no: () => void }) {
  const words = useWords()
  const title = words.sale.backTitle(props.amount, props.terminal)
  const no: Act = { key: 'N', also: ['Esc'], label: words.sale.backNo, run: props.no }
  const yes: Act = { key: 'Y', label: words.sale.backYes(props.amount), run: props.yes }
  return (
    <Dialog label={title} look="ask plainask" acts={[no, yes]}>
      <h1>{title}</h1>
      <p>{words.sale.backHint}</p>
      <div class="two">
        <Button act={no} look="huge" />
        <Button act={yes} look="huge go" />
      </div>
      <Wrong text={null} />
    </Dialog>
  )
}

function nameOf(terminals: TerminalView[], id: string | null): string {
  return terminals.find((terminal) => terminal.terminal === id)?.name ?? id ?? ''
}

function focusField(): void {
  document.querySelector<HTMLElement>('[data-field]')?.focus()
}

/** Digits reach the amount wherever focus is. */
function typedKey(key: string, typed: string, type: (next: string) => void): boolean {
  if (key === 'Backspace') type(typed.slice(0, -1))
  else if (/^[\d.,]$/.test(key)) type(typed + key)
  else return false
  focusField()
  return true
}
