// The fields of a form of the settings, made from its driver's profile. What is wrong stands at
// its field.
import type { ComponentChildren } from 'preact'
import type { DriverForm } from '../api/DriverForm'
import type { FormField } from '../api/FormField'
import type { Problem } from '../api/Problem'
import { Icon } from '../parts/icon'
import { Choice, Field } from '../parts/parts'
import { idNow, isRare, type Typed } from '../terminal-form'
import { useWords, type Words } from '../words/words'

interface FieldsProps {
  drivers: readonly DriverForm[]
  typed: Typed
  change: (typed: Typed) => void
  problem: Problem | null
  /** Keys of secrets that are kept. */
  kept: readonly string[]
  /** A terminal of the settings keeps its id and driver. */
  known: boolean
  /** Of something that has no name: the printer, camera and scanner. */
  nameless?: boolean
  taken: readonly string[]
  /** Stands before the driver's own fields. */
  above?: ComponentChildren
}

export function driverTitle(words: Words, form: DriverForm): string {
  return words.forms.drivers[form.driver]?.[0] ?? form.title
}

/** Words for one driver's field, or for that field of every driver. */
const said = (pairs: Words['forms']['fields'], driver: string, key: string) =>
  pairs[`${driver}.${key}`] ?? pairs[key]

export function fieldLabel(words: Words, driver: string, key: string): string {
  return said(words.forms.fields, driver, key)?.[0] ?? words.forms.own[key] ?? key
}

/** The sentence for what is wrong with this field. */
export function wrongAt(words: Words, problem: Problem | null, key: string): string | null {
  if (problem?.code !== 'field_wrong' || problem.parameters.field !== key) return null
  return words.forms.wrong(problem.parameters.what ?? '')
}

export function Fields(props: FieldsProps) {
  const { drivers, typed, change, problem, known, nameless, taken } = props
  const words = useWords()
  const says = words.forms
  const driver = drivers.find((one) => one.driver === typed.driver)
  const fields = driver?.fields ?? []
  const usual = fields.filter((field) => !isRare(field))
  const rare = fields.filter(isRare)
  const rareWrong = rare.some((field) => wrongAt(words, problem, field.key))
  const one = (field: FormField) => <OneField key={`${typed.driver}.${field.key}`} field={field} {...props} />
  return (
    <>
      {(known && !nameless) || drivers.length < 2 ? null : (
        <Choice
          name="driver"
          legend={nameless ? words.paper.driver : says.driver}
          options={drivers.map(
            (form) =>
              [form.driver, driverTitle(words, form), says.drivers[form.driver]?.[1] ?? ''] as const,
          )}
          chosen={typed.driver}
          // Where one kind of printer is says nothing of another kind.
          choose={(to) => change({ ...typed, driver: to, values: { ...typed.values, target: '' } })}
        />
      )}
      {nameless ? null : (
        <div class={known ? undefined : 'pair'}>
          <Field
            id="terminal-name"
            label={says.name}
            value={typed.name}
            first
            wrong={wrongAt(words, problem, 'name')}
            onValue={(name) => change({ ...typed, name })}
          />
          {known ? null : (
            <Field
              id="terminal-id"
              label={says.id}
              value={idNow(typed, taken)}
              wrong={wrongAt(words, problem, 'id') ?? wrongAt(words, problem, 'driver')}
              help={says.idHint}
              onValue={(id) => change({ ...typed, id, ownId: true })}
            />
          )}
        </div>
      )}
      {props.above}
      {usual.map(one)}
      {rare.length === 0 ? null : (
        <details class="rare" open={rareWrong || undefined}>
          <summary>
            <Icon name="right" />
            {says.more}
          </summary>
          <div class="rarefields">{rare.map(one)}</div>
        </details>
      )}
    </>
  )
}

function OneField({ field, typed, change, problem, kept }: FieldsProps & { field: FormField }) {
  const words = useWords()
  const says = words.forms
  const { key, takes } = field
  const value = typed.values[key] ?? ''
  const put = (next: string): void => change({ ...typed, values: { ...typed.values, [key]: next } })
  const label = fieldLabel(words, typed.driver, key)
  const wrong = wrongAt(words, problem, key)
  const own = said(says.fields, typed.driver, key)?.[1] ?? field.hint
  if (takes === 'choice' || takes === 'flag') {
    const choices = takes === 'flag' ? ['true', 'false'] : field.choices
    const options = choices.map((choice, at): readonly [string, string, string] => {
      const pair = says.options[`${typed.driver}.${key}.${choice}`] ?? says.options[choice]
      return [choice, pair?.[0] ?? field.labels?.[at] ?? choice, pair?.[1] ?? '']
    })
    const chosen = value === '' ? field.default : value
    return <Choice name={key} legend={label} options={options} chosen={chosen} choose={put} />
  }
  const usually = field.default === '' ? '' : ` ${says.usually(field.default)}`
  const help = takes === 'secret' && kept.includes(key) ? says.secretKept : `${own}.${usually}`
  return (
    <Field
      id={`field-${key}`}
      label={label}
      value={value}
      wrong={wrong}
      help={help}
      hidden={takes === 'secret'}
      numeric={takes === 'milliseconds' || takes === 'number'}
      onValue={put}
    />
  )
}
