// Cash: what is to be taken in coins that exist, what the customer hands over, and the change. The till
// reckons; what stands here before it has answered is a preview of the same sum. Without an open shift the
// drawer is opened first, in place.
import { useLayoutEffect, useState } from 'preact/hooks'
import type { Command } from '../api/Command'
import type { SaleView } from '../api/SaleView'
import { type Act, useKeys } from '../keys'
import { mayBecome, parse, plain } from '../money/money'
import { Icon } from '../parts/icon'
import { Keypad, TakesBack } from '../parts/keypad'
import { Button, Wrong } from '../parts/parts'
import { handedOver, parsePrice } from '../sale'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { focusField, GoButton, LockBar } from './sale-parts'
import { useSend } from './send'
import { Sum, type SumProps } from './sum'
import { keepFocus, Lines, Tenders, TicketHead } from './ticket'

interface CashProps {
  sale: SaleView
  /** What cash is to pay, where another tender pays the rest. */
  part: number | null
  back: () => void
}

export function CashScreen(props: CashProps) {
  const { view } = useTill()
  if (!view.shift) return <OpenShift {...props} />
  return props.sale.due.minor < 0 ? <PayOut {...props} /> : <Take {...props} />
}

function takeCash(sale: SaleView, minor: number): Command {
  const given = { minor, currency: sale.due.currency }
  const wanted = { want: 'take_cash' as const, slot: sale.slot, given }
  return { do: 'sell', sale: sale.sale, revision: sale.revision, wanted }
}

function Take({ sale, part, back }: CashProps) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  const text = (minor: number): string => plain({ minor }, decimals)
  const first = part === null ? '' : text(part).replaceAll('\u202f', '')
  const [typed, setTyped] = useState(first)
  const { wrong, say, send, busy } = useSend('cash')
  const due = sale.due_in_cash.minor
  const rounding = due - sale.due.minor
  const read = due === 0 && typed === '' ? { minor: 0 } : parse(typed, view.shop)
  const given = 'minor' in read ? read.minor : null
  const short = given !== null && given < due
  const rest = sale.due.minor - (given ?? 0)
  const type = (next: string): void => {
    say(null)
    if (next.length > typed.length && !mayBecome(next, view.shop)) {
      const wrongly = parse(next, view.shop)
      return say(words.wrong['wrong' in wrongly ? wrongly.wrong : 'not_a_number'])
    }
    setTyped(next)
  }
  const take: Act = {
    key: 'F9',
    also: ['Enter', 'Ctrl Enter'],
    label:
      given === null
        ? words.cash.title
        : short
          ? words.cash.takePart(text(given))
          : given > due
            ? words.cash.giveBack(text(given - due))
            : words.cash.noChange(text(given)),
    // What is left is paid another way: back to the tenders.
    run: () => void send(takeCash(sale, given ?? 0)).then((ok) => (ok && short ? back() : undefined)),
    off: given === null ? words.cash.typeGiven : busy ? words.sale.sending : undefined,
  }
  const quick = handedOver(due, decimals).map((minor) => ({
    minor,
    run: () => setTyped(text(minor).replaceAll('\u202f', '')),
  }))
  const denom = (index: number) => {
    const key = quick[index]
    if (!key) return <span />
    const whole = key.minor % 10 ** decimals === 0
    return (
      <button
        type="button"
        class="keyb denom"
        aria-pressed={given === key.minor}
        onMouseDown={keepFocus}
        onClick={key.run}
      >
        <span class="num">
          {whole ? plain({ minor: key.minor / 10 ** decimals }, 0) : text(key.minor)}
        </span>
        {index === 0 ? <small>{words.cash.exact}</small> : null}
      </button>
    )
  }
  const [takesBack, clears] = TakesBack({ typed, type })
  const alt = quick.map(({ minor, run }, index) => ({
    key: `Alt ${index + 1}`,
    label: text(minor),
    run,
  }))
  const rows: SumProps['rows'] = [[words.sale.total, text(sale.total.minor)]]
  if (sale.paid.minor !== 0) rows.push([words.counter.paid, text(-sale.paid.minor)])
  if (rounding !== 0) rows.push([words.counter.rounding, text(rounding)])
  return (
    <Frame
      sale={sale}
      title={words.cash.title}
      hint={[
        sale.paid.minor === 0 ? '' : words.cash.paidBefore(text(sale.paid.minor)),
        words.cash.left(text(sale.due.minor)),
      ].join(' ')}
      sum={{ rows, what: words.cash.toTakeCash, amount: text(due) }}
      take={take}
      small={short ? words.cash.partHint(text(rest)) : words.cash.completes}
      back={back}
      more={alt}
      type={type}
      typed={typed}
      wrong={wrong}
    >
      <dl class="sums">
        <div>
          <dt>{words.cash.toTake}</dt>
          <dd class="money">{text(due)}</dd>
          {rounding === 0 ? null : <dd class="sub num">{words.cash.rounded(text(rounding))}</dd>}
        </div>
        <AmountField label={words.cash.received} typed={typed} type={type} />
        {short ? (
          <div class="short">
            <dt>{words.cash.missing}</dt>
            <dd class="money">{text(rest)}</dd>
            <dd class="sub">{words.cash.missingHint}</dd>
          </div>
        ) : (
          <div class="give">
            <dt>{words.cash.change}</dt>
            <dd class="money">
              <span role="status">{given === null ? '–' : text(given - due)}</span>
            </dd>
          </div>
        )}
      </dl>
      <Wrong text={wrong} />
      <Keypad
        typed={typed}
        type={type}
        label={words.cash.quick}
        beside={[
          [denom(0), denom(1)],
          [denom(2), denom(3)],
          [denom(4), denom(5)],
          [takesBack, clears],
        ]}
      />
    </Frame>
  )
}

/** Goods came back: money goes out of the drawer. */
function PayOut({ sale, back }: CashProps) {
  const words = useWords()
  const { view } = useTill()
  const { wrong, send, busy } = useSend('cash')
  const text = (minor: number): string => plain({ minor }, view.shop.decimals)
  const out = -sale.due_in_cash.minor
  const rounding = sale.due_in_cash.minor - sale.due.minor
  const take: Act = {
    key: 'F9',
    also: ['Enter', 'Ctrl Enter'],
    label: words.cash.payOut(text(out)),
    run: () => void send(takeCash(sale, 0)),
    off: busy ? words.sale.sending : undefined,
  }
  const rows: SumProps['rows'] = [[words.sale.total, text(sale.total.minor)]]
  if (rounding !== 0) rows.push([words.counter.rounding, text(rounding)])
  return (
    <Frame
      sale={sale}
      title={words.cash.payOutTitle}
      hint={words.cash.payOutHint}
      sum={{ rows, what: words.cash.toPayOut, amount: text(out) }}
      take={take}
      small={words.cash.completes}
      back={back}
      wrong={wrong}
    >
      <p class="changebig">
        <span>{words.done.outOfDrawer}</span>
        <b class="money">{text(out)}</b>
      </p>
      {out === 0 ? <p class="hint">{words.cash.nothingOut}</p> : null}
      <Wrong text={wrong} />
    </Frame>
  )
}

/** Opens the drawer's shift with its float, and goes on with the cash. */
function OpenShift({ sale, back }: CashProps) {
  const words = useWords()
  const { view } = useTill()
  const [typed, setTyped] = useState('')
  const { wrong, say, send, busy } = useSend('cash')
  const { currency, decimals } = view.shop
  const text = (minor: number): string => plain({ minor }, decimals)
  const read = parsePrice(typed, view.shop)
  const float = 'minor' in read ? read.minor : null
  const type = (next: string): void => {
    say(null)
    if (next.length > typed.length && !mayBecome(next, view.shop)) {
      const wrongly = parse(next, view.shop)
      return say(words.wrong['wrong' in wrongly ? wrongly.wrong : 'not_a_number'])
    }
    setTyped(next)
  }
  const open: Act = {
    key: 'F9',
    also: ['Enter', 'Ctrl Enter'],
    label: words.cash.openShift(text(float ?? 0)),
    run: () =>
      void send({ do: 'drawer', wanted: { want: 'open_shift', float: { minor: float ?? 0, currency } } }),
    off: float === null ? words.cash.typeFloat : busy ? words.sale.sending : undefined,
  }
  const [takesBack, clears] = TakesBack({ typed, type })
  const gap = <span />
  return (
    <Frame
      sale={sale}
      title={words.cash.shiftTitle}
      hint={words.cash.shiftHint}
      sum={{
        rows: [[words.sale.total, text(sale.total.minor)]],
        what: words.cash.float,
        amount: text(float ?? 0),
      }}
      take={open}
      small={words.cash.openShiftHint}
      back={back}
      type={type}
      typed={typed}
      wrong={wrong}
    >
      <dl class="sums one">
        <AmountField label={words.cash.float} typed={typed} type={type} />
      </dl>
      <Wrong text={wrong} />
      <Keypad
        typed={typed}
        type={type}
        label={words.sale.keypad}
        beside={[
          [gap, gap],
          [gap, gap],
          [gap, gap],
          [takesBack, clears],
        ]}
      />
    </Frame>
  )
}

function AmountField(props: { label: string; typed: string; type: (next: string) => void }) {
  return (
    <div>
      <dt>
        <label for="given">
          {props.label} <kbd>F2</kbd>
        </label>
      </dt>
      <dd>
        <div class="input">
          <input
            id="given"
            class="money"
            data-field=""
            autocomplete="off"
            inputMode="decimal"
            value={props.typed}
            onInput={(event) => {
              props.type(event.currentTarget.value)
              event.currentTarget.value = props.typed
            }}
          />
        </div>
      </dd>
    </div>
  )
}

interface FrameProps {
  sale: SaleView
  title: string
  hint: string
  sum: SumProps
  take: Act
  small: string
  back: () => void
  wrong: string | null
  more?: Act[]
  typed?: string
  type?: (next: string) => void
  children: preact.ComponentChildren
}

function Frame(props: FrameProps) {
  const words = useWords()
  const { sale, take, typed = '', type } = props
  const back: Act = { key: 'Esc', label: words.back, run: props.back }
  useKeys(
    [
      take,
      back,
      { key: 'F2', label: words.cash.received, run: focusField },
      { key: 'Del', also: ['field Del'], label: words.sale.clear, run: () => type?.('') },
      ...(props.more ?? []),
    ],
    {
      typed: (key) => {
        if (!type) return false
        if (key === 'Backspace') type(typed.slice(0, -1))
        else if (/^[\d.,]$/.test(key)) type(typed + key)
        else return false
        focusField()
        return true
      },
    },
  )
  useLayoutEffect(focusField, [props.title])
  return (
    <>
      <main class="panes">
        <section class="pane left locked" aria-label={words.sale.title}>
          <h1 class="vh">{words.sale.title}</h1>
          <LockBar sale={sale} said={null} />
          <TicketHead />
          <Lines sale={sale} />
          <Tenders sale={sale} />
        </section>
        <section class="pane">
          <section class="stage" aria-label={props.title}>
            <header class="cashhead">
              <h1>
                <Icon name="cash" size="l" />
                {props.title}
              </h1>
              <p>{props.hint}</p>
            </header>
            {props.children}
          </section>
        </section>
      </main>
      <footer class="counter">
        <Sum {...props.sum} />
        <div class="acts five">
          <Button act={back} icon="left" stack />
          <GoButton act={take} small={props.small} wide="c4" />
        </div>
      </footer>
    </>
  )
}

