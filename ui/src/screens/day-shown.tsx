// What the day's screens show alike: facts by name, a slip with what can be done with it, a question.
import type { ComponentChildren } from 'preact'
import type { PaperOf } from '../api/PaperOf'
import type { PaperRow } from '../api/PaperRow'
import type { Act } from '../keys'
import { Icon, type IconName } from '../parts/icon'
import { Dialog } from '../parts/dialog'
import { Button, Empty, Slip } from '../parts/parts'
import { useWords } from '../words/words'
import { PaperActs } from './paper'

/** A name, and what there is to say; nothing is left out. */
export type Fact = [string, string | null | undefined]

interface FactsProps {
  rows: Fact[]
  /** Of a list that scrolls. */
  label?: string
  /** The second column is amounts. */
  sums?: boolean
}

export function Facts({ rows, label, sums }: FactsProps) {
  return (
    <dl class={sums ? 'facts sumup' : 'facts'} tabIndex={label ? 0 : undefined} aria-label={label}>
      {rows
        .filter(([, value]) => value)
        .map(([name, value], index) => (
          <div key={index} class="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

interface PickProps {
  on: boolean
  pick: () => void
  icon: IconName
  title: string
  small: string
}

/** One of a list to choose from. */
export function Pick({ on, pick, icon, title, small }: PickProps) {
  return (
    <li aria-current={on ? 'true' : undefined}>
      <button type="button" class="plainrow" onClick={pick}>
        <Icon name={icon} size="l" />
        <span>
          <b>{title}</b>
          <small class="num">{small}</small>
        </span>
      </button>
    </li>
  )
}

interface AskProps {
  title: string
  hint: string
  no: Act
  yes: Act
  children?: ComponentChildren
}

/** A question with a deliberate yes. */
export function Ask({ title, hint, no, yes, children }: AskProps) {
  return (
    <Dialog label={title} look="plainask" acts={[no, yes]}>
      <div class="ask">
        <h1>{title}</h1>
        <p>{hint}</p>
        {children}
        <div class="two">
          <Button act={no} look="huge" />
          <Button act={yes} look="huge go" />
        </div>
      </div>
    </Dialog>
  )
}

export interface ShownSlip {
  id: string
  text: string | null
  of: PaperOf
  rows: PaperRow[]
}

export function SlipShown({ shown, acts }: { shown: ShownSlip | null; acts: boolean }) {
  const words = useWords()
  return shown ? (
    <>
      <Slip text={shown.text ?? words.day.erased} label={words.day.receipt} />
      {acts ? <PaperActs of={shown.of} rows={shown.rows} file={shown.id} keys narrow /> : null}
    </>
  ) : (
    <div class="tray">
      <Empty icon="print" title={words.day.noReceipt} hint="" />
    </div>
  )
}
