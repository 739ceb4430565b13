// What the customer sees: where things stand, the amount, what to do now. Without a line to the till it shows
// nothing old.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { CustomerView } from '../api/CustomerView'
import type { DrawnCode } from '../api/DrawnCode'
import type { Money } from '../api/Money'
import { plain } from '../money/money'
import { Code, Validity } from '../parts/code'
import { Icon, type IconName } from '../parts/icon'
import type { Tone } from '../payment'
import { quantityText } from '../sale'
import { useWords, type Words } from '../words/words'

export function CustomerScreen({ view }: { view: CustomerView | null }) {
  const all = useWords()
  const words = { ...all.customer, ...all.customerSale }
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
  const byCode = view.code !== null || view.method === 'qr'
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
    case 'sale':
      return <Goods view={view} />
    case 'pay':
      if (view.drawn) return frame('c-code', waits(words, view), <ToScan view={view} drawn={view.drawn} />)
      return frame(
        'c-pay',
        waits(words, view),
        <div class="blk">
          <p class="lead">{words.toPay}</p>
          <Giant decimals={view.decimals} money={view.amount} />
          <p class="do">
            <Icon name={byCode ? 'qr' : 'wave'} size="xl" />
            <span>
              {view.code ? words.scan : byCode ? words.wallet : words.do}
              <small>{view.code ? words.scanHint : byCode ? words.walletHint : words.doHint}</small>
            </span>
          </p>
          {view.code ? <p class="codetext num">{view.code}</p> : null}
        </div>,
      )
    case 'paid':
      return frame(
        'c-pay c-ok',
        '',
        <>
          <Verdict tone="ok" icon="checkc" text={paidWord(words, view)} />
          <Giant decimals={view.decimals} money={positive(view.paid ?? view.amount)} />
          {view.change && view.change.minor > 0 ? (
            <p class="after change">
              {words.change} <b class="num">{plain(view.change, view.decimals)}</b>
            </p>
          ) : null}
          <p class="after">
            {view.change ? words.thanksCash : byCode ? words.thanksWallet : words.thanks}
          </p>
        </>,
      )
    case 'not_paid':
      return frame(
        'c-pay',
        words.helps,
        <>
          <Verdict tone="no" icon="crossc" text={words.declined} />
          <p class="after">{byCode ? words.declinedWallet : words.declinedHint}</p>
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

type CustomerWords = Words['customer'] & Words['customerSale']

function waits(words: CustomerWords, view: CustomerView) {
  return (
    <span class="st wait">
      <Icon name={view.code ? 'qr' : 'term'} />
      {view.text ?? words.waiting}
    </span>
  )
}

/** The till shows a code, the customer scans it. */
function ToScan({ view, drawn }: { view: CustomerView; drawn: DrawnCode }) {
  const { customer: words, codes } = useWords()
  return (
    <>
      <div>
        <Code drawn={drawn} label={words.codeLabel} />
      </div>
      <div>
        <p class="lead">{words.toPay}</p>
        <Giant decimals={view.decimals} money={view.amount} />
        <p class="do">
          <Icon name="qr" size="xl" />
          <span>
            {words.scan}
            <small>{words.scanHint}</small>
          </span>
        </p>
        <Validity drawn={drawn} words={codes.valid} />
      </div>
    </>
  )
}

function paidWord(words: CustomerWords, view: CustomerView): string {
  if ((view.paid?.minor ?? 0) < 0) return words.backed
  return view.change ? words.paid : words.approved
}

const positive = (money: Money | null): Money | null =>
  money ? { ...money, minor: Math.abs(money.minor) } : null

/** What is rung up, the newest last and always in sight, and what it comes to. */
function Goods({ view }: { view: CustomerView }) {
  const all = useWords()
  const words = all.customer
  const list = useRef<HTMLOListElement>(null)
  useLayoutEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight
  })
  const n = view.lines.reduce((sum, line) => {
    return sum + (line.unit === 'piece' ? Math.abs(line.quantity) / 1000 : 1)
  }, 0)
  return (
    <main class="c-lines">
      <header class="cshop">
        <h1>{view.shop}</h1>
        <span>{view.practice ? words.practice : ''}</span>
      </header>
      <ol ref={list} aria-live="polite">
        {view.lines.map((line, index) => (
          <li key={index} class={index === view.lines.length - 1 ? 'new' : undefined}>
            <span>
              {line.unit !== 'piece' || line.quantity === 1000
                ? line.name
                : `${quantityText(line.quantity)} × ${line.name}`}
              {line.unit === 'piece' ? null : (
                <small>
                  {quantityText(line.quantity)} {all.counter.units[line.unit]}
                </small>
              )}
            </span>
            <span class="num">{plain(line.amount, view.decimals)}</span>
          </li>
        ))}
      </ol>
      <footer>
        <span class="tl">
          {all.customerSale.total}
          <small>{all.counter.items(n)}</small>
        </span>
        {view.total ? (
          <span class="money">
            {plain(view.total, view.decimals)}
            <span class="cur">{view.total.currency}</span>
          </span>
        ) : null}
      </footer>
    </main>
  )
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
