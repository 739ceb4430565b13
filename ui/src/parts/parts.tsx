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

/** The second half of a double click: at the counter another act may stand there by now. */
export const isSecond = (event: MouseEvent): boolean => event.detail > 1

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
    onClick: (event: MouseEvent) => (off || (stack && isSecond(event)) ? undefined : act.run()),
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

/** Below a long form it would come where nobody looks. */
const intoView = (it: HTMLElement | null) => it?.scrollIntoView({ block: 'nearest' })

/** A refusal or an error, where it happened. */
export function Wrong({ text }: { text: string | null }) {
  if (text === null) return null
  return (
    <p key={text} ref={intoView} class="note no" role="alert">
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
  /** Digits that are not shown while they are typed. */
  secret?: boolean
  /** A text that is not shown while it is typed. */
  hidden?: boolean
  /** Where focus goes when the screen comes up. */
  first?: boolean
}

export function Field(props: FieldProps) {
  const { id, label, value, onValue, wrong, help, numeric, secret, hidden, first } = props
  const input = {
    id,
    value,
    'data-field': first ? '' : undefined,
    autocomplete: secret || hidden ? 'new-password' : 'off',
    inputMode: secret ? 'numeric' : numeric ? 'decimal' : 'text',
    'aria-invalid': wrong ? true : undefined,
    onInput: (event: { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
  } as const
  return (
    <div class={wrong ? 'field bad' : 'field'}>
      <label for={id}>{label}</label>
      <div class="input">
        {secret || hidden ? <input {...input} type="password" /> : <input {...input} />}
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

interface FormProps {
  label: string
  run: () => void
  children: ComponentChildren
}

/** Fields that belong together; Enter in any of them does what they are for. */
export function Form({ label, run, children }: FormProps) {
  const enter = (event: KeyboardEvent): void => {
    const at = event.target
    if (event.key !== 'Enter' || event.repeat || event.isComposing || event.defaultPrevented) return
    if (!(at instanceof HTMLInputElement) || at.type === 'radio' || at.type === 'checkbox') return
    event.preventDefault()
    run()
  }
  return (
    <div class="form" role="group" aria-label={label} onKeyDown={enter}>
      {children}
    </div>
  )
}

/** Done, in words, where it was asked for. */
export function Done({ text }: { text: string | null }) {
  return (
    <div role="status">
      {text === null ? null : (
        <p class="note plain">
          <Icon name="checkc" />
          <span>{text}</span>
        </p>
      )}
    </div>
  )
}

interface ChoiceProps<T extends string> {
  name: string
  legend: string
  /** Said already by the head above it. */
  said?: boolean
  options: readonly (readonly [T, string, string])[]
  chosen: T
  choose: (value: T) => void
}

/** One of a few, each with a line of its own. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { name, legend, said, options, chosen, choose } = props
  return (
    <fieldset class="choices">
      <legend class={said ? 'vh' : 'label'}>{legend}</legend>
      {options.map(([value, label, hint]) => (
        <label key={value} class="choice">
          <input type="radio" name={name} checked={chosen === value} onChange={() => choose(value)} />
          <span>
            {label}
            <small>{hint}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** The arrows go through the buttons of a list. */
export function stepThrough(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (by === undefined) return
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const at = buttons.findIndex((button) => button === document.activeElement)
  const next = buttons[at < 0 ? 0 : at + by]
  event.preventDefault()
  next?.focus()
}
