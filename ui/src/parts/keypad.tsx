// The keypad: digits where every keypad has them, the decimal key, and beside them what a screen needs there.
import type { ComponentChildren } from 'preact'
import type { Act } from '../keys'
import { useWords } from '../words/words'
import { Icon, type IconName } from './icon'

const ROWS = [
  ['7', '8', '9'],
  ['4', '5', '6'],
  ['1', '2', '3'],
  ['0', '00', ','],
]

/** A press leaves the focus in the field that the digits go to. */
const keepFocus = (event: MouseEvent): void => event.preventDefault()

interface KeypadProps {
  typed: string
  type: (next: string) => void
  label: string
  /** Two keys beside each row of digits. */
  beside: [ComponentChildren, ComponentChildren][]
}

export function Keypad({ typed, type, label, beside }: KeypadProps) {
  const digit = (key: string) => (
    <button
      key={key}
      type="button"
      class="keyb digit"
      tabIndex={-1}
      onMouseDown={keepFocus}
      onClick={() => type(typed + key)}
    >
      {key}
    </button>
  )
  return (
    <div class="keys keypad" role="group" aria-label={label}>
      {ROWS.map((row, index) => (
        <>
          {row.map(digit)}
          {beside[index]}
        </>
      ))}
    </div>
  )
}

interface FnKeyProps {
  act: Act
  icon: IconName
  pressed?: boolean
}

/** A function key; one that cannot be used says why to those who ask. */
export function FnKey({ act, icon, pressed }: FnKeyProps) {
  const off = act.off !== undefined
  return (
    <button
      type="button"
      class="keyb fn"
      aria-disabled={off ? 'true' : undefined}
      aria-pressed={pressed}
      title={act.off || undefined}
      onMouseDown={keepFocus}
      onClick={() => (off ? undefined : act.run())}
    >
      <span class="up">
        <Icon name={icon} />
        {act.key ? <kbd>{act.key}</kbd> : null}
      </span>
      {act.label}
    </button>
  )
}

/** What takes back in a field of amounts. */
export function TakesBack({ typed, type }: Pick<KeypadProps, 'typed' | 'type'>) {
  const words = useWords()
  return [
    <FnKey
      key="back"
      act={{ key: '⌫', label: words.sale.del, run: () => type(typed.slice(0, -1)) }}
      icon="back"
    />,
    <FnKey key="clear" act={{ key: 'Del', label: words.sale.clear, run: () => type('') }} icon="cross" />,
  ]
}
