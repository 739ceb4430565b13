// The cashier's window as a function of what the till says, and of what is being typed.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { inVain, useDesk, whyLocked } from '../desk'
import { type Act, useKeys } from '../keys'
import { useIdle } from '../lock'
import { isRunning, stateOf, wantsAttention } from '../payment'
import { listenForScans, newScans } from '../scan'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { ApprovalDialog } from './approval'
import { DayParts } from './day-parts'
import { Help } from './help'
import { PromptScreen } from './prompt'
import { SaleScreen } from './sale'
import { SignInScreen } from './sign-in'
import { Stage } from './stage'
import { LostStrip, Strips } from './strips'
import { TerminalsScreen } from './terminals'
import { TopBar, type ScreenName } from './topbar'

export interface AppProps {
  /** Where to begin; the sale when nothing is said. */
  screen?: ScreenName
  help?: boolean
}

export function App(props: AppProps) {
  const words = useWords()
  const till = useTill()
  const { view, line, asking, wish } = till
  const desk = useDesk()
  const [screen, setScreen] = useState<ScreenName>(props.screen ?? 'sale')
  const [help, setHelp] = useState(props.help ?? false)
  const [looking, setLooking] = useState<string | null>(null)

  const { people, signed_in } = view.people
  const outside = people.length > 0 && signed_in === null
  // A sale that cash finished shows its change, not the payment before it.
  const last = view.sale?.stage === 'completed' ? view.sale.tenders.at(-1) : undefined
  const shownId = looking ?? (last?.kind === 'cash' ? null : view.counter)
  const shown = view.payments.find((payment) => payment.payment === shownId) ?? null
  const asked = view.payments.find((payment) => payment.prompt) ?? null
  const open = view.payments.filter(wantsAttention)
  const running = view.payments.some(isRunning)

  const go = (to: ScreenName): void => {
    setScreen(to)
    setLooking(null)
    desk.setCodeFor(null)
  }
  const show = (payment: string): void => {
    go('sale')
    setLooking(payment === view.counter ? null : payment)
  }
  const lock = (): void => void wish('lock', { do: 'people', wanted: { want: 'lock' } })
  const signOut = (): void => {
    setHelp(false)
    void wish('lock', { do: 'people', wanted: { want: 'sign_out' } })
  }
  const first = open.find((payment) => screen !== 'sale' || payment.payment !== shown?.payment)
  const why = running ? words.signIn.whyRunning : undefined
  const leaves: Act = { key: 'Alt L', label: words.signIn.signOut, run: signOut, off: why }
  const locks: Act = { key: 'Ctrl L', label: words.signIn.lock, run: lock, off: why }
  const personal: Act[] = signed_in ? [locks, leaves] : []
  const inside: Act[] = [
    { key: 'Ctrl 1', label: words.screens.sale, run: () => go('sale') },
    { key: 'Ctrl 2', label: words.screens.day, run: () => go('day') },
    { key: 'Ctrl 3', label: words.screens.terminals, run: () => go('terminals') },
  ]
  const acts: Act[] = outside ? [] : [...inside, ...personal]
  acts.push({ key: 'F1', label: words.keysButton, run: () => setHelp(true) })
  if (first && !outside) {
    acts.push({ key: 'F10', label: words.attention.show, run: () => show(first.payment) })
  }
  useKeys(acts)
  useIdle(signed_in !== null && !running, lock)
  // What was said while the payment ran is not said of its end.
  const closed = shown?.state === 'closed'
  useEffect(() => (closed ? desk.setWrong(null) : undefined), [shown?.payment, closed])
  // Nobody awaits a code any more, whatever becomes of the payment.
  useEffect(() => (shown ? desk.setCodeFor(null) : undefined), [shown?.payment])
  // Nothing of one person's typing is left for the next.
  useEffect(() => {
    if (!outside) return
    desk.enter(null)
    desk.setCodeFor(null)
  }, [outside])
  useScans(outside ? null : screen, desk, () => go('sale'), till)

  // After every screen, state or question the focus is where the next act is.
  const stands = [
    screen,
    shown?.payment,
    shown && stateOf(shown),
    view.sale?.stage,
    desk.codeFor?.sale,
    asked?.prompt?.id,
    help,
    outside,
    asking.length,
    line.up,
  ].join(' ')
  useLayoutEffect(() => {
    if (asked || help || outside || asking.length > 0) return
    const next = document.querySelector<HTMLElement>('[data-go], [data-field]')
    next?.focus()
  }, [stands])

  const over = asked !== null || asking.length > 0
  return (
    <div class={line.up ? 'screen' : 'screen lost'}>
      {outside ? null : (
        <TopBar
          screen={screen}
          go={go}
          help={() => setHelp(true)}
          lock={signed_in ? locks : undefined}
        />
      )}
      <LostStrip line={line} />
      {outside ? null : (
        <Strips open={open} except={screen === 'sale' ? shown?.payment : undefined} show={show} />
      )}
      <div class="rest" inert={!line.up || (over && !outside)}>
        {outside ? <SignInScreen help={() => setHelp(true)} /> : null}
        {!outside && screen === 'sale' && shown ? (
          <Stage
            key={shown.payment}
            payment={shown}
            atCounter={shown.payment === view.counter}
            said={desk.wrong}
            leave={(keep, code) => {
              setLooking(null)
              desk.enter(null, keep ?? '')
              desk.setCodeFor(code ?? null)
            }}
          />
        ) : null}
        {!outside && screen === 'sale' && !shown ? <SaleScreen desk={desk} /> : null}
        {!outside && screen === 'day' ? <DayParts show={show} /> : null}
        {!outside && screen === 'terminals' ? (
          <TerminalsScreen show={show} toSale={() => go('sale')} />
        ) : null}
      </div>
      {asked && !outside ? <PromptScreen key={asked.prompt?.id} payment={asked} /> : null}
      {asking[0] && !outside ? <ApprovalDialog asking={asking[0]} /> : null}
      {help && !asked ? (
        <Help close={() => setHelp(false)} signOut={signed_in ? leaves : undefined} />
      ) : null}
    </div>
  )
}

/** A scan reaches the sale from any screen; text fields of other screens keep what is scanned into them. One
 * that a scanner on a serial port read goes the same way, and disturbs no PIN. */
function useScans(
  screen: ScreenName | null,
  desk: ReturnType<typeof useDesk>,
  toSale: () => void,
  till: ReturnType<typeof useTill>,
): void {
  const words = useWords()
  const now = useRef({ screen, desk, toSale, till, words })
  now.current = { screen, desk, toSale, till, words }
  const before = useRef('')
  const heard = (code: string, command?: string): void => {
    const { screen, desk, toSale, till, words } = now.current
    if (screen === null) return
    const locked = whyLocked(till, words, code)
    if (locked !== null) return desk.setWrong(inVain(words, code, locked))
    const { codeFor } = desk
    if (screen === 'sale' && codeFor && codeFor.sale === till.view.sale?.sale) {
      // Read twice it still waits for the press.
      if (codeFor.scanned?.code !== code) {
        desk.setCodeFor({ ...codeFor, scanned: { code, charge: true, at: Date.now() } })
      }
      return
    }
    toSale()
    void desk.scan(code, command)
  }
  useEffect(() => {
    return listenForScans({
      begun: () => {
        before.current = now.current.desk.typedNow()
      },
      leaves: () => now.current.screen !== 'sale',
      scan: (code) => {
        if (now.current.screen !== null) now.current.desk.setTyped(before.current)
        heard(code)
      },
    })
  }, [])
  const { port } = till
  useEffect(() => {
    const told = newScans(
      (code, command) => (document.querySelector('[data-pin]') ? undefined : heard(code, command)),
      () => now.current.desk.setWrong(now.current.words.counter.tooLong),
    )
    return port.scans(told)
  }, [port])
}
