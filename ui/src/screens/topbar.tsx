// The bar at the top: where you are, how the terminals are, practice, keys.
import type { Health } from '../api/Health'
import type { TerminalView } from '../api/TerminalView'
import type { View } from '../api/View'
import type { Act } from '../keys'
import { Clock } from '../parts/clock'
import { Button } from '../parts/parts'
import { Icon, type IconName } from '../parts/icon'
import type { Tone } from '../payment'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'

export type ScreenName = 'sale' | 'day' | 'terminals'

type HealthName = Health | 'checking' | 'needs_you'

const HEALTH: Record<HealthName, [IconName, Tone]> = {
  unknown: ['dash', 'mute'],
  opening: ['asking', 'wait'],
  ready: ['check', 'ok'],
  working: ['card', 'wait'],
  maintenance: ['clock', 'wait'],
  unreachable: ['unlink', 'no'],
  out_of_order: ['warn', 'no'],
  checking: ['asking', 'attn'],
  needs_you: ['hand', 'attn'],
}

/** Money comes first: a terminal with an open question about money says that before its health. */
export function healthOf(view: View, terminal: TerminalView): HealthName {
  const blocking = view.payments.find((payment) => payment.payment === terminal.blocked_by)
  if (blocking?.state === 'unknown') return 'checking'
  if (blocking?.state === 'disputed') return 'needs_you'
  return terminal.health
}

export function HealthState({
  view,
  terminal,
  words,
}: {
  view: View
  terminal: TerminalView
  words: Words
}) {
  const name = healthOf(view, terminal)
  const [icon, tone] = HEALTH[name]
  return (
    <span class={`st ${tone}`}>
      <Icon name={icon} />
      {words.health[name]}
    </span>
  )
}

/** The printer, where there is something to say. */
export function PrinterHealth({ view, words }: { view: View; words: Words }) {
  const { state, paper_low } = view.printer
  if (state !== 'trouble' && !paper_low) return null
  const trouble = state === 'trouble'
  return (
    <li>
      <span class="name">{words.paper.printer}</span>
      <span class={`st ${trouble ? 'no' : 'attn'}`}>
        <Icon name={trouble ? 'warn' : 'print'} />
        {trouble ? words.paper.stopped : words.paper.low}
      </span>
    </li>
  )
}

/** The name, with its sign. */
export function Mark() {
  const words = useWords()
  return (
    <span class="mark">
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="2.25"
        stroke-linecap="square"
        aria-hidden="true"
      >
        <path d="M4 20.5V3.5h10.5a5 5 0 0 1 0 10H9M4 20.5h16" />
      </svg>
      {words.app}
    </span>
  )
}

/** Nothing here is real: said wherever a person may look first. */
export function Practice() {
  const words = useWords()
  const { view } = useTill()
  if (!view.practice) return null
  return (
    <span class="st tag mute practice">
      <Icon name="school" />
      <span class="full">{words.practice}</span>
      <span class="brief" aria-hidden="true">
        {words.customer.practice}
      </span>
    </span>
  )
}

interface TopBarProps {
  screen: ScreenName
  go: (to: ScreenName) => void
  help: () => void
  /** Only where somebody is signed in. */
  lock?: Act | undefined
}

export function TopBar({ screen, go, help, lock }: TopBarProps) {
  const words = useWords()
  const { view } = useTill()
  const person = view.people.people.find((one) => one.person === view.people.signed_in)
  const tabs: [ScreenName, string, string][] = [
    ['sale', words.screens.sale, 'Ctrl 1'],
    ['day', words.screens.day, 'Ctrl 2'],
    ['terminals', words.screens.terminals, 'Ctrl 3'],
  ]
  return (
    <header class="top">
      <Mark />
      <nav class="tabs" aria-label={words.screens.label}>
        {tabs.map(([name, label, key]) => (
          <button
            key={name}
            type="button"
            class="tab"
            aria-current={screen === name ? 'page' : undefined}
            onClick={() => go(name)}
          >
            {label} <kbd>{key}</kbd>
          </button>
        ))}
      </nav>
      <Practice />
      <ul class="health push" aria-label={words.health.label}>
        {view.terminals.slice(0, 3).map((terminal) => (
          <li key={terminal.terminal}>
            <span class="name">{terminal.name}</span>
            <HealthState view={view} terminal={terminal} words={words} />
          </li>
        ))}
        <PrinterHealth view={view} words={words} />
      </ul>
      <div class="who">
        <b>{person?.name || view.shop.name}</b>
        <span>
          {words.till(view.shop.till)} · <Clock zone={view.shop.time_zone} />
        </span>
      </div>
      {lock ? <Button act={lock.off ? { ...lock, off: '' } : lock} icon="lock" look="quiet lock" /> : null}
      <button type="button" class="btn quiet" onClick={help}>
        <Icon name="help" />
        {words.keysButton} <kbd>F1</kbd>
      </button>
    </header>
  )
}
