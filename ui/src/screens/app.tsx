// The cashier's window as a function of what the till says, and of what is being typed.
import { useLayoutEffect, useState } from 'preact/hooks'
import { type Act, useKeys } from '../keys'
import { stateOf, wantsAttention } from '../payment'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { DayScreen } from './day'
import { Help } from './help'
import { PromptScreen } from './prompt'
import { SaleScreen } from './sale'
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
  const { view, line } = useTill()
  const [screen, setScreen] = useState<ScreenName>(props.screen ?? 'sale')
  const [help, setHelp] = useState(props.help ?? false)
  const [typed, setTyped] = useState('')
  const [looking, setLooking] = useState<string | null>(null)

  const shownId = looking ?? view.counter
  const shown = view.payments.find((payment) => payment.payment === shownId) ?? null
  const asked = view.payments.find((payment) => payment.prompt) ?? null
  const open = view.payments.filter(wantsAttention)

  const go = (to: ScreenName): void => {
    setScreen(to)
    setLooking(null)
  }
  const show = (payment: string): void => {
    setScreen('sale')
    setLooking(payment === view.counter ? null : payment)
  }
  const first = open.find((payment) => screen !== 'sale' || payment.payment !== shown?.payment)
  const acts: Act[] = [
    { key: 'Ctrl 1', label: words.screens.sale, run: () => go('sale') },
    { key: 'Ctrl 2', label: words.screens.day, run: () => go('day') },
    { key: 'Ctrl 3', label: words.screens.terminals, run: () => go('terminals') },
    { key: 'F1', label: words.keysButton, run: () => setHelp(true) },
  ]
  if (first) acts.push({ key: 'F10', label: words.attention.show, run: () => show(first.payment) })
  useKeys(acts)

  // After every screen, state or question the focus is where the next act is.
  const stands = [screen, shown?.payment, shown && stateOf(shown), asked?.prompt?.id, help].join(' ')
  useLayoutEffect(() => {
    if (asked || help) return
    const next = document.querySelector<HTMLElement>('[data-go], [data-field]')
    next?.focus()
  }, [stands])

  return (
    <div class="screen">
      <TopBar screen={screen} go={go} help={() => setHelp(true)} />
      <LostStrip line={line} />
      <Strips open={open} except={screen === 'sale' ? shown?.payment : undefined} show={show} />
      <div class="rest" inert={!line.up || asked !== null}>
        {screen === 'sale' && shown ? (
          <Stage
            key={shown.payment}
            payment={shown}
            atCounter={shown.payment === view.counter}
            leave={(keep) => {
              setLooking(null)
              if (keep !== undefined) setTyped(keep)
            }}
          />
        ) : null}
        {screen === 'sale' && !shown ? <SaleScreen typed={typed} setTyped={setTyped} /> : null}
        {screen === 'day' ? <DayScreen show={show} /> : null}
        {screen === 'terminals' ? <TerminalsScreen show={show} /> : null}
      </div>
      {asked ? <PromptScreen key={asked.prompt?.id} payment={asked} /> : null}
      {help && !asked ? <Help close={() => setHelp(false)} /> : null}
    </div>
  )
}
