// The ticket: the lines of a sale, those that were taken out struck through, and what has been tendered.
import { useEffect, useRef } from 'preact/hooks'
import type { LineView } from '../api/LineView'
import type { SaleView } from '../api/SaleView'
import type { TenderLine } from '../api/TenderLine'
import { plain } from '../money/money'
import { Icon, type IconName } from '../parts/icon'
import { State } from '../parts/parts'
import { stateOf } from '../payment'
import { discountText, quantityText } from '../sale'
import { useTill } from '../till'
import { useWords } from '../words/words'

export function TicketHead() {
  const words = useWords()
  const { view } = useTill()
  return (
    <div class="ticket-head cols">
      <span>{words.sale.goods}</span>
      <span>{words.sale.qty}</span>
      <span>{words.sale.price}</span>
      <span>{view.shop.currency}</span>
    </div>
  )
}

interface LinesProps {
  sale: SaleView
  /** The line that keys are about. */
  current?: number | null
  pick?: (line: number) => void
  restore?: (line: number) => void
}

/** Without `pick` the lines are locked. */
export function Lines({ sale, current = null, pick, restore }: LinesProps) {
  const words = useWords()
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const at = list.current?.querySelector('[aria-current]') ?? list.current?.lastElementChild
    at?.scrollIntoView?.({ block: 'nearest' })
  }, [current, sale.lines.length])
  return (
    <ol class="ticket" ref={list} tabIndex={0} aria-label={words.sale.goods}>
      {sale.lines.map((line) => (
        <li key={line.line} class={line.removed ? 'gone' : undefined}>
          {line.removed ? (
            <Gone line={line} restore={restore} />
          ) : (
            <div
              class="line cols"
              role={pick ? 'button' : undefined}
              aria-current={line.line === current ? 'true' : undefined}
              onMouseDown={keepFocus}
              onClick={() => pick?.(line.line)}
            >
              <LineCells line={line} />
            </div>
          )}
        </li>
      ))}
    </ol>
  )
}

/** A press on what has a place of its own leaves the focus where text is typed. */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault()
}

function LineCells({ line }: { line: LineView }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  const unit = words.counter.units[line.unit]
  const n = quantityText(line.quantity)
  const price = plain(line.price, decimals)
  const off = line.discount
    ? words.counter.off(
        discountText(line.discount, decimals),
        plain({ minor: -Math.abs(line.discounted.minor) }, decimals),
      )
    : null
  const sub = [line.unit === 'piece' ? null : words.counter.per(n, unit, price), off].filter(Boolean)
  return (
    <>
      <span>
        <span class="name">{line.name}</span>
        {sub.length > 0 ? <span class="sub">{sub.join(' · ')}</span> : null}
      </span>
      <span class="num">{n}</span>
      <span class="num unit">{price}</span>
      <span class="amt num">{plain(line.amount, decimals)}</span>
    </>
  )
}

function Gone({ line, restore }: { line: LineView; restore: LinesProps['restore'] }) {
  const words = useWords()
  return (
    <div class={restore ? 'line cols with' : 'line cols'}>
      <span>
        <s class="name">{line.name}</s>
        <span class="sub">{words.counter.removed}</span>
      </span>
      <span class="num">
        <s>{quantityText(line.quantity)}</s>
      </span>
      {restore ? (
        <button
          type="button"
          class="btn quiet restore"
          onMouseDown={keepFocus}
          onClick={() => restore(line.line)}
        >
          <Icon name="undo" />
          {words.counter.undo} <kbd>Ctrl Z</kbd>
        </button>
      ) : (
        <>
          <span />
          <span />
        </>
      )}
    </div>
  )
}

const TENDER_ICONS: Record<TenderLine['kind'], IconName> = { cash: 'cash', card: 'card', wallet: 'qr' }

interface TendersProps {
  sale: SaleView
  /** Hands cash back; without it nothing can be. */
  handBack?: ((slot: number) => void) | undefined
}

export function Tenders({ sale, handBack }: TendersProps) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  if (sale.tenders.length === 0) return null
  return (
    <div class="tenders" role="list" aria-label={words.counter.tenders}>
      {sale.tenders.map((tender) => {
        const payment = view.payments.find((one) => one.payment === tender.payment)
        const on = view.terminals.find((one) => one.terminal === payment?.terminal)?.name
        const how = words.counter.cash
        const name = payment ? words.pay.what(words.methods[payment.method], on ?? payment.terminal) : how
        return (
          <div key={tender.slot} class="tender" role="listitem">
            <Icon name={TENDER_ICONS[tender.kind]} />
            <span>
              <span class="name">{name}</span>
              <TenderSub tender={tender} card={payment?.instrument?.number ?? null} />
            </span>
            {payment ? <State name={stateOf(payment)} tag short /> : <CashState tender={tender} />}
            {handBack && tender.kind === 'cash' && tender.outcome === 'approved' ? (
              <button type="button" class="btn quiet" onClick={() => handBack(tender.slot)}>
                {words.counter.handBack}
              </button>
            ) : null}
            <span class="num">{plain(tender.amount, decimals)}</span>
          </div>
        )
      })}
    </div>
  )
}

function TenderSub({ tender, card }: { tender: TenderLine; card: string | null }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  const parts = [card]
  if (tender.given && tender.given.minor > 0) parts.push(words.counter.given(plain(tender.given, decimals)))
  if (tender.change && tender.change.minor > 0 && tender.given && tender.given.minor > 0)
    parts.push(words.counter.changeOf(plain(tender.change, decimals)))
  const said = parts.filter(Boolean).join(', ')
  return said ? <span class="sub">{said}</span> : null
}

function CashState({ tender }: { tender: TenderLine }) {
  const words = useWords()
  const kept = tender.outcome === 'approved'
  const out = kept && tender.amount.minor < 0
  const said = words.counter.tender[out ? 'paid_out' : kept ? 'taken' : 'handed_back']
  return (
    <span class={`st tag ${kept ? 'ok' : 'mute'}`}>
      <Icon name={kept ? 'checkc' : 'undo'} />
      {said}
    </span>
  )
}
