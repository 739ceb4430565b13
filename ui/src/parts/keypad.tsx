// The keypad: digits where every keypad has them, the decimal key, and what takes back.
import { useWords } from '../words/words'
import { Icon } from './icon'

const ROWS = [
  ['7', '8', '9'],
  ['4', '5', '6'],
  ['1', '2', '3'],
  ['0', '00', ','],
]

interface KeypadProps {
  typed: string
  type: (next: string) => void
}

export function Keypad({ typed, type }: KeypadProps) {
  const words = useWords()
  const digit = (key: string) => (
    <button key={key} type="button" class="keyb digit" tabIndex={-1} onClick={() => type(typed + key)}>
      {key}
    </button>
  )
  return (
    <div class="keys keypad free" role="group" aria-label={words.sale.keypad}>
      {ROWS.map((row) => row.map(digit))}
      <button type="button" class="keyb fn back" onClick={() => type(typed.slice(0, -1))}>
        <span class="up">
          <Icon name="back" />
          <kbd>⌫</kbd>
        </span>
        {words.sale.del}
      </button>
      <button type="button" class="keyb fn clear" onClick={() => type('')}>
        <span class="up">
          <Icon name="cross" />
          <kbd>Del</kbd>
        </span>
        {words.sale.clear}
      </button>
    </div>
  )
}
