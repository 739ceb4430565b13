// Quick amounts: round ones in the shop; in practice one for every scene that the training terminal plays.
import type { TerminalView } from '../api/TerminalView'
import { useKeys } from '../keys'
import { plain } from '../money/money'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'

const ROUND = [10, 20, 50, 100, 150, 200, 250, 300, 400, 500]

/** The last two digits choose what the training terminal does. */
const SCENES: [keyof Words['scenes'], number][] = [
  ['approved', 1250],
  ['signature', 1208],
  ['declined', 1201],
  ['cancelled', 1203],
  ['wrongPin', 1204],
  ['pin', 1212],
  ['tip', 1209],
  ['partly', 1220],
  ['lost', 1211],
  ['noBank', 1205],
]

interface QuickProps {
  set: (typed: string) => void
  terminal: TerminalView | null
}

export function QuickAmounts({ set, terminal }: QuickProps) {
  const words = useWords()
  const { view } = useTill()
  const unit = 10 ** view.shop.decimals
  const training = terminal?.driver === 'training' && view.shop.decimals === 2
  const keys = training
    ? SCENES.map(([scene, minor]) => ({ label: words.scenes[scene], minor }))
    : ROUND.map((whole) => ({ label: '', minor: whole * unit }))
  const text = (minor: number): string => {
    const whole = minor % unit === 0
    return plain({ minor: whole ? minor / unit : minor }, whole ? 0 : view.shop.decimals)
  }
  useKeys(
    keys.map(({ label, minor }, index) => ({
      key: `Alt ${(index + 1) % 10}`,
      label: label || text(minor),
      run: () => set(text(minor)),
    })),
  )
  return (
    <>
      <div class="cats">
        <h2 class="h">{training ? words.sale.practiceAmounts : words.sale.quick}</h2>
        <span class="hintkey">
          <kbd>{words.sale.quickHint('Alt 1', '0')}</kbd>
        </span>
      </div>
      <div class="keys quick" role="group" aria-label={words.sale.quick}>
        {keys.map(({ label, minor }, index) => (
          <button key={minor} type="button" class="keyb good" onClick={() => set(text(minor))}>
            <b>{label || text(minor)}</b>
            <span class="foot">
              <span class="amt">{label ? text(minor) : view.shop.currency}</span>
              <span class="nth" aria-hidden="true">
                {(index + 1) % 10}
              </span>
            </span>
          </button>
        ))}
      </div>
    </>
  )
}
