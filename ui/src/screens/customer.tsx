// What the customer sees: where things stand, the amount, what to do now. Without a line to the till it shows
// nothing old.
import type { ComponentChildren } from 'preact'
import type { CustomerView } from '../api/CustomerView'
import type { Money } from '../api/Money'
import { plain } from '../money/money'
import { Icon, type IconName } from '../parts/icon'
import type { Tone } from '../payment'
import { useWords } from '../words/words'

export function CustomerScreen({ view }: { view: CustomerView | null }) {
  const words = useWords().customer
  if (!view) {
    return (
      <Frame shop="" foot={words.momentHint}>
        <h2 class="verdict">{words.moment}</h2>
      </Frame>
    )
  }
  const frame = (look: string, foot: ComponentChildren, body: ComponentChildren) => (
    <Frame shop={view.shop} practice={view.practice ? words.practice : ''} look={look} foot={foot}>
      {body}
    </Frame>
  )
  switch (view.stage) {
    case 'idle':
      return frame(
        'c-idle',
        <>
          <Icon name="wave" />
          {words.ways}
        </>,
        <>
          <h2>{words.welcome}</h2>
          <p>{words.welcomeHint}</p>
        </>,
      )
    case 'pay':
      return frame(
        'c-pay',
        <span class="st wait">
          <Icon name="term" />
          {view.text ?? words.waiting}
        </span>,
        <div class="blk">
          <p class="lead">{words.toPay}</p>
          <Giant decimals={view.decimals} money={view.amount} />
          <p class="do">
            <Icon name={view.code ? 'qr' : 'wave'} size="xl" />
            <span>
              {view.code ? words.scan : words.do}
              <small>{view.code ? words.scanHint : words.doHint}</small>
            </span>
          </p>
          {view.code ? <p class="codetext num">{view.code}</p> : null}
        </div>,
      )
    case 'paid':
      return frame(
        'c-pay c-ok',
        words.helps,
        <>
          <Verdict tone="ok" icon="checkc" text={words.approved} />
          <Giant decimals={view.decimals} money={view.paid ?? view.amount} />
          <p class="after">{words.thanks}</p>
        </>,
      )
    case 'not_paid':
      return frame(
        'c-pay',
        words.helps,
        <>
          <Verdict tone="no" icon="crossc" text={words.declined} />
          <p class="after">{words.declinedHint}</p>
          <Giant decimals={view.decimals} money={view.amount} small />
        </>,
      )
    case 'checking':
      return frame(
        'c-pay',
        words.helps,
        <>
          <Verdict tone="attn" icon="asking" text={words.wait} />
          <p class="after">{words.waitHint}</p>
          <Giant decimals={view.decimals} money={view.amount} small />
        </>,
      )
  }
}

interface FrameProps {
  shop: string
  practice?: string
  look?: string
  foot: ComponentChildren
  children: ComponentChildren
}

function Frame({ shop, practice, look = 'c-pay', foot, children }: FrameProps) {
  return (
    <main class={look}>
      <header class="cshop">
        <h1>{shop}</h1>
        <span>{practice}</span>
      </header>
      <div class="mid" role="status">
        {children}
      </div>
      <footer>{foot}</footer>
    </main>
  )
}

function Verdict({ tone, icon, text }: { tone: Tone; icon: IconName; text: string }) {
  return (
    <p class={`verdict ${tone}`}>
      <Icon name={icon} />
      {text}
    </p>
  )
}

function Giant({ money, decimals, small }: { money: Money | null; decimals: number; small?: boolean }) {
  if (!money) return null
  return (
    <p class={small ? 'money giant small' : 'money giant'}>
      {plain(money, decimals)}
      <span class="cur">{money.currency}</span>
    </p>
  )
}
