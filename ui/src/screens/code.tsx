// The customer shows a code: the camera looks for it, a hand scanner may read it, and it is charged as
// soon as it is there. One that was scanned before anybody asked for it waits for a press. The code's
// text is never shown, and leaves this window only for the till.
import { useEffect, useRef } from 'preact/hooks'
import type { Command } from '../api/Command'
import type { SaleView } from '../api/SaleView'
import type { SeenCode } from '../api/SeenCode'
import type { TerminalView } from '../api/TerminalView'
import type { CodeFor, Desk } from '../desk'
import { type Act, useKeys } from '../keys'
import { plain, withCurrency } from '../money/money'
import { Icon } from '../parts/icon'
import { Button, Wrong } from '../parts/parts'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import { partOf } from './sale-money'
import { GoButton, LockBar } from './sale-parts'
import { useSend } from './send'
import { Eye, sightSays, useSight, walletName } from './sight'
import { Sum, type SumProps } from './sum'
import { Lines, Tenders, TicketHead } from './ticket'

/** Wallets change their codes every minute; one that was seen before that is refused, or another's. */
const LASTS_MS = 60_000

/** Why a code that was seen is not sent; nothing where it can be. */
export function whyNot(words: Words, code: SeenCode): string | null {
  if (code.used) return words.codes.refused.used
  return code.age_ms > LASTS_MS ? words.codes.old : null
}

interface CodeProps {
  desk: Desk
  sale: SaleView
  asked: CodeFor
  terminal: TerminalView
  /** Every terminal that takes customers' codes. */
  can: TerminalView[]
}

export function CodeScreen({ desk, sale, asked, terminal, can }: CodeProps) {
  const words = useWords()
  const { view } = useTill()
  const sight = useSight()
  const says = words.codes
  const { send, wrong, say, busy } = useSend('pay')
  const { currency, decimals } = view.shop
  const amount = { minor: partOf(desk, sale) ?? sale.due.minor, currency }
  const sending = useRef(false)
  const newest = useRef(asked)
  newest.current = asked
  // A code that the till refused is not sent again for as long as it is held there.
  const tried = useRef<number | null>(null)
  const charge = (how: Pick<Command & { do: 'pay' }, 'code' | 'seen'>): void => {
    if (sending.current) return
    sending.current = true
    desk.setWrong(null)
    const slot = { sale: sale.sale, revision: sale.revision, slot: sale.slot }
    const none = { minor: 0, currency }
    const to = { terminal: terminal.terminal, amount, cash_back: none, method: 'qr', label: null } as const
    void send({ do: 'pay', ...to, tender: slot, ...how }).then((accepted) => {
      if (accepted) {
        desk.setPart(null)
        return desk.setCodeFor(null)
      }
      sending.current = false
      const next = newest.current.scanned
      // What was scanned meanwhile has its turn.
      if (next?.charge && next.code !== how.code) return charge({ code: next.code })
      desk.setCodeFor((now) => now && { ...now, scanned: null })
    })
  }
  const seen = sight?.code ?? null
  const not = seen && whyNot(words, seen)
  useEffect(() => {
    if (!seen || not !== null || tried.current === seen.number || asked.scanned) return
    if (sending.current) return
    tried.current = seen.number
    // What comes into view while something lies over the screen waits for a press.
    if (!document.querySelector('[role$=dialog]')) charge({ seen: seen.number })
  }, [seen?.number, not, busy])
  useEffect(() => {
    if (asked.scanned?.charge) charge({ code: asked.scanned.code })
  }, [asked.scanned])
  const scanned = asked.scanned && !asked.scanned.charge ? asked.scanned : null
  // What was refused for another reason than the code itself is tried again by hand.
  const again = seen && not === null && tried.current === seen.number ? seen : null
  const waits = busy ? null : (scanned ?? again)
  const shown = plain(amount, decimals)
  const leave = (): void => desk.setCodeFor(null)
  const back: Act = { key: 'Esc', label: words.back, run: leave, off: busy ? '' : undefined }
  const show: Act = {
    // No key that is pressed by habit: the one that opens this screen, pressed twice, does nothing.
    key: 'Alt S',
    label: says.show,
    run: () => charge({}),
    off: busy ? '' : terminal.offers.codes_shown ? undefined : says.showsNone,
  }
  const go: Act = {
    key: 'F9',
    also: ['Enter', 'Ctrl Enter'],
    label: says.charge(shown),
    run: () => {
      if (!scanned) return charge(again ? { seen: again.number } : {})
      if (Date.now() - scanned.at <= LASTS_MS) return charge({ code: scanned.code })
      say(says.old)
      desk.setCodeFor({ ...asked, scanned: null })
    },
    off: waits ? undefined : '',
  }
  const after = can[(can.indexOf(terminal) + 1) % can.length]
  const other: Act | null =
    after && after !== terminal && !busy
      ? {
          key: 'Alt O',
          label: says.elsewhere(after.name),
          run: () => desk.setCodeFor({ ...asked, terminal: after.terminal }),
        }
      : null
  useKeys([back, show, ...(waits ? [go] : []), ...(other ? [other] : [])])
  const camera = sight?.camera.is ?? 'starting'
  const looks = camera === 'looking' || camera === 'starting'
  const what = busy
    ? says.sending
    : scanned
      ? says.waits
      : (not ?? (sight && !seen ? sightSays(words, sight) : null))
  return (
    <>
      <main class="panes">
        <section class="pane left locked" aria-label={words.sale.title}>
          <h1 class="vh">{words.sale.title}</h1>
          <LockBar sale={sale} said={null} hint={says.locked} />
          <TicketHead />
          <Lines sale={sale} />
          <Tenders sale={sale} />
        </section>
        <section class="pane">
          <section class="stage" aria-label={says.title}>
            <header class="head wait">
              <Icon name="qr" size="xl" />
              <div>
                <h1>{says.title}</h1>
                <p>
                  {words.sale.onTerminal(words.methods.qr, terminal.name)},{' '}
                  <span class="num">{withCurrency(amount, decimals)}</span>
                </p>
              </div>
              {other ? <Button act={other} /> : null}
            </header>
            <Eye sight={sight} />
            <div class="says aim">
              <p class="text" role="status">
                {what ?? (looks ? says.hold : says.byScanner)}
              </p>
              <p class="label">
                {seen
                  ? says.seen(walletName(words, seen), seconds(seen))
                  : what || !looks
                    ? ''
                    : says.scanner}
              </p>
            </div>
            <Typed take={(code) => charge({ code })} />
            <Wrong text={wrong ?? desk.wrong} />
          </section>
        </section>
      </main>
      <footer class="counter">
        <Sum {...sumOf(words, decimals, sale, amount.minor)} />
        <div class="acts five">
          {waits ? null : <p>{says.atOnce}</p>}
          <Button act={back} icon="left" stack />
          <Button act={show} icon="qr" stack look="c2" />
          {waits ? <GoButton act={go} small={scanned ? says.chargeHint : says.again} /> : null}
        </div>
      </footer>
    </>
  )
}

/** For scanners that are as slow as a hand, and for a hand. What is typed is shown to nobody. */
function Typed({ take }: { take: (code: string) => void }) {
  const says = useWords().codes
  const enter = (event: KeyboardEvent): void => {
    const field = event.currentTarget as HTMLInputElement
    if (event.key !== 'Enter' || field.value.trim() === '') return
    event.preventDefault()
    take(field.value.trim())
    field.value = ''
  }
  return (
    <label class="field">
      <span class="label">{says.typed}</span>
      <span class="input">
        <input class="masked" data-field="" autocomplete="off" spellcheck={false} onKeyDown={enter} />
      </span>
    </label>
  )
}

const seconds = (code: SeenCode): number => Math.floor(code.age_ms / 1000)

/** What is taken now, and what it is a part of. */
function sumOf(words: Words, decimals: number, sale: SaleView, minor: number): SumProps {
  const text = (minor: number): string => plain({ minor }, decimals)
  const rows: SumProps['rows'] = [[words.sale.total, text(sale.total.minor)]]
  if (sale.paid.minor !== 0) rows.push([words.counter.paid, text(-sale.paid.minor)])
  if (minor !== sale.due.minor) rows.push([words.counter.left, text(sale.due.minor)])
  return { rows, what: words.pay.toPay, amount: text(minor) }
}
