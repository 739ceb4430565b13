// The parts that every screen is made of: buttons with their key, states, amounts, slips, empty places.
import type { ComponentChildren } from 'preact'
import type { Money } from '../api/Money'
import type { Act } from '../keys'
import { plain } from '../money/money'
import { LOOKS, type StateName } from '../payment'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { Icon, type IconName } from './icon'

interface ButtonProps {
  act: Act
  look?: string
  icon?: IconName
  /** Icon and key above, words below. */
  stack?: boolean
  /** A second line under the words. */
  small?: string | undefined
  focusHere?: boolean
  pressed?: boolean
}

/** A key cap: what it does, and the key for it. One that cannot be used says why and stays in the order. */
export function Button({ act, look = '', icon, stack, small, focusHere, pressed }: ButtonProps) {
  const off = act.off !== undefined
  const hint = act.key ? <kbd>{act.key}</kbd> : null
  const why = act.off || small
  const shared = {
    type: 'button' as const,
    class: `btn ${stack ? 'stack ' : ''}${look}`.trim(),
    'aria-disabled': off ? ('true' as const) : undefined,
    'aria-pressed': pressed === undefined ? undefined : pressed,
    'data-go': focusHere ? '' : undefined,
    onClick: () => (off ? undefined : act.run()),
  }
  const words = (
    <span>
      {act.label}
      {why ? <small>{why}</small> : null}
    </span>
  )
  if (!stack) {
    return (
      <button {...shared}>
        {icon ? <Icon name={icon} /> : null}
        {words}
        {hint}
      </button>
    )
  }
  return (
    <button {...shared}>
      <span class="up">
        {icon ? <Icon name={icon} /> : <span />}
        {hint}
      </span>
      {words}
    </button>
  )
}

/** Icon, word and colour of a payment's state. */
export function State({ name, tag, short }: { name: StateName; tag?: boolean; short?: boolean }) {
  const words = useWords()
  const look = LOOKS[name]
  const hard = tag && look.tone === 'attn' && look.solid ? ' hard' : ''
  const brief: Partial<Record<StateName, string>> = words.short
  return (
    <span class={`st ${look.tone}${tag ? ` tag${hard}` : ''}`}>
      <Icon name={look.icon} />
      {(short ? brief[name] : undefined) ?? words.states[name]}
    </span>
  )
}

/** An amount without its currency. */
export function Amount({ money, minus, look = 'num' }: { money: Money; minus?: boolean; look?: string }) {
  const { view } = useTill()
  const shown = minus ? { minor: -money.minor } : money
  return <span class={look}>{plain(shown, view.shop.decimals)}</span>
}

/** Fine as it is: an icon, a line, what to do. */
export function Empty(props: {
  icon: IconName
  title: string
  hint: string
  children?: ComponentChildren
}) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <b>{props.title}</b>
      <p>{props.hint}</p>
      {props.children}
    </div>
  )
}

/** A refusal or an error, where it happened. */
export function Wrong({ text }: { text: string | null }) {
  if (text === null) return null
  return (
    <p class="note no" role="alert">
      <Icon name="crossc" />
      <span>{text}</span>
    </p>
  )
}

/** A receipt as it is printed. */
export function Slip({ text, label }: { text: string; label: string }) {
  return (
    <div class="tray" tabIndex={0} role="region" aria-label={label}>
      <pre class="slip">{text}</pre>
    </div>
  )
}

interface FieldProps {
  id: string
  label: string
  value: string
  onValue: (value: string) => void
  wrong?: string | null
  help?: string
  numeric?: boolean
}

export function Field({ id, label, value, onValue, wrong, help, numeric }: FieldProps) {
  return (
    <div class={wrong ? 'field bad' : 'field'}>
      <label for={id}>{label}</label>
      <div class="input">
        <input
          id={id}
          value={value}
          autocomplete="off"
          inputMode={numeric ? 'decimal' : 'text'}
          aria-invalid={wrong ? true : undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      </div>
      {wrong ? (
        <p class="err" role="alert">
          <Icon name="crossc" />
          {wrong}
        </p>
      ) : null}
      {help && !wrong ? <p class="help">{help}</p> : null}
    </div>
  )
}
