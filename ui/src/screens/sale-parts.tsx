// Parts that the screens of a sale share.
import { useState } from 'preact/hooks'
import type { SaleView } from '../api/SaleView'
import type { Act } from '../keys'
import { plain } from '../money/money'
import { Icon } from '../parts/icon'
import { isSecond } from '../parts/parts'
import { useTill } from '../till'
import { noticeWords, useWords } from '../words/words'

/** Longer words on the go button are smaller. */
const FITS = 11

/** The next thing to press, large, at the far right. */
export function GoButton({ act, small, wide = '' }: { act: Act; small: string; wide?: string }) {
  const off = act.off !== undefined
  return (
    <button
      type="button"
      class={`btn go pay ${wide}`.trim()}
      aria-disabled={off ? 'true' : undefined}
      onClick={(event) => (off || isSecond(event) ? undefined : act.run())}
    >
      <span class="row">
        <b class={act.label.length > FITS ? 'num long' : 'num'}>{act.label}</b>
        <kbd>F9</kbd>
      </span>
      <small>{act.off || small}</small>
    </button>
  )
}

interface LockProps {
  sale: SaleView
  said: string | null
  /** What they wait for, where it is not cash. */
  hint?: string
}

/** Why the lines cannot change, in the scan field's place; a scan is answered there. */
export function LockBar({ sale, said, hint }: LockProps) {
  const words = useWords()
  const { view } = useTill()
  const paid = plain(sale.paid, view.shop.decimals)
  const partly = sale.held.minor === 0 && sale.paid.minor !== 0
  return (
    <div class="lockbar">
      <Icon name="lock" size="l" />
      {said ? (
        <p role="alert">{said}</p>
      ) : (
        <p>
          <b>{partly ? words.counter.partlyPaid : words.counter.locked}</b>
          {partly
            ? words.counter.partlyPaidHint(paid)
            : sale.held.minor === 0
              ? (hint ?? words.counter.cashHint)
              : words.counter.heldHint}
        </p>
      )}
    </div>
  )
}

/** The newest notice of a terminal, until it was seen. */
export function News() {
  const words = useWords()
  const { view } = useTill()
  const [seen, setSeen] = useState(0)
  const news = view.notices.at(-1)
  if (!news || news.number <= seen) return null
  const name =
    view.terminals.find((terminal) => terminal.terminal === news.terminal)?.name ?? news.terminal ?? ''
  return (
    <div class="undo" role="status">
      <Icon name="term" />
      <p>{words.sale.notice(name, noticeWords(words, news))}</p>
      <button type="button" class="btn quiet" onClick={() => setSeen(news.number)}>
        {words.sale.seen}
      </button>
    </div>
  )
}

export function focusField(): void {
  document.querySelector<HTMLElement>('[data-field]')?.focus()
}
