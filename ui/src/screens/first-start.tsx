// The first start: nothing is set up. Somebody practises, or sets up the till of a shop.
import { useState } from 'preact/hooks'
import type { Problem } from '../api/Problem'
import type { SetUp } from '../api/SetUp'
import type { Standing } from '../api/Standing'
import { type Act, useKeys } from '../keys'
import { Icon } from '../parts/icon'
import { Button, Choice, Field, Form, Wrong } from '../parts/parts'
import { commandId } from '../port/ids'
import type { Port } from '../port/port'
import { blank, sent } from '../terminal-form'
import { problemWords, useWords } from '../words/words'
import { Fields, wrongAt } from './terminal-fields'

type Empty = Extract<Standing, { is: 'empty' }>

/** The zone that this computer is in. */
const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

function zones(): string[] {
  const known = Intl.supportedValuesOf?.('timeZone') ?? []
  return [...new Set([zoneHere(), 'UTC', ...known])].sort()
}

/** The currency of the country that a zone is most likely in; the installer looks at it. */
export function currencyOf(zone: string): string {
  const own: Record<string, string> = {
    'Europe/Stockholm': 'SEK',
    'Europe/Oslo': 'NOK',
    'Europe/Copenhagen': 'DKK',
    'Europe/Zurich': 'CHF',
    'Europe/London': 'GBP',
    'Asia/Kuala_Lumpur': 'MYR',
  }
  return own[zone] ?? (zone.startsWith('America/') ? 'USD' : 'EUR')
}

export function FirstStart({ port, empty, ready }: { port: Port; empty: Empty; ready: () => void }) {
  const words = useWords()
  const says = words.first
  const [kind, setKind] = useState<'practise' | 'set_up'>('practise')
  const [shop, setShop] = useState<string | null>(null)
  const [zone, setZone] = useState(zoneHere)
  const [currency, setCurrency] = useState(() => currencyOf(zoneHere()))
  const [when, setWhen] = useState<'now' | 'later'>('later')
  const real = empty.drivers.filter((one) => !one.practice_only)
  const [typed, setTyped] = useState(() => blank(real, false))
  const [problem, setProblem] = useState<Problem | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const practice = kind === 'practise'
  const name = shop ?? (practice ? says.practiceShop : '')
  const fields = real.find((one) => one.driver === typed.driver)?.fields ?? []
  const start = async (): Promise<void> => {
    setBusy(true)
    setProblem(null)
    setWrong(null)
    const wanted: SetUp = { practice, shop: name, currency, time_zone: zone }
    if (!practice && when === 'now') wanted.terminal = sent(typed, fields, [])
    const told = await port.dispatch(commandId(), { do: 'set_up', wanted })
    setBusy(false)
    if ('ok' in told) return ready()
    if (!('problem' in told)) return setWrong(words.unreached)
    setProblem(told.problem)
    const at = ['shop', 'currency', 'time_zone', 'id', 'name', ...fields.map((field) => field.key)]
    const shown = told.problem.code === 'field_wrong' && at.includes(told.problem.parameters.field ?? '')
    if (!shown) setWrong(problemWords(words, told.problem))
    setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }
  const act: Act = { key: 'F9', label: says.start, run: () => void start(), off: busy ? '' : undefined }
  useKeys([act])
  return (
    <main class="setup">
      <section class="panel" aria-label={says.title}>
        <header>
          <h1>{says.title}</h1>
          <p class="help">{says.hint(empty.folder)}</p>
        </header>
        <Form label={says.title} run={act.run}>
          <div class="kinds">
            <Choice
              name="kind"
              legend={says.kind}
              options={[
                ['practise', says.practise, says.practiseHint],
                ['set_up', says.setUp, says.setUpHint],
              ]}
              chosen={kind}
              choose={setKind}
            />
          </div>
          <Field
            id="shop"
            label={says.shop}
            value={name}
            first
            wrong={wrongAt(words, problem, 'shop')}
            onValue={setShop}
          />
          <div class="pair">
            <Pick
              id="currency"
              label={says.currency}
              value={currency}
              values={empty.currencies}
              pick={setCurrency}
            />
            <Pick id="zone" label={says.zone} value={zone} values={zones()} pick={setZone} />
          </div>
          {practice ? null : (
            <>
              <div class="kinds">
                <Choice
                  name="when"
                  legend={says.terminal}
                  options={[
                    ['later', says.terminalLater, says.terminalLaterHint],
                    ['now', says.terminalNow, says.terminalNowHint],
                  ]}
                  chosen={when}
                  choose={setWhen}
                />
              </div>
              {when === 'now' ? (
                <Fields
                  drivers={real}
                  typed={typed}
                  change={(next) => (setProblem(null), setTyped(next))}
                  problem={problem}
                  kept={[]}
                  known={false}
                  taken={[]}
                />
              ) : null}
            </>
          )}
        </Form>
        <div class="saying">
          <Wrong text={wrong} />
          {busy ? (
            <p class="hint" role="status">
              <Icon name="asking" turning /> <span>{says.starting}</span>
            </p>
          ) : null}
        </div>
        <div class="foot">
          <Button act={act} look="go wide" icon={practice ? 'school' : 'check'} />
        </div>
      </section>
    </main>
  )
}

interface PickProps {
  id: string
  label: string
  value: string
  values: string[]
  pick: (value: string) => void
}

function Pick({ id, label, value, values, pick }: PickProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="input">
        <select id={id} value={value} onChange={(event) => pick(event.currentTarget.value)}>
          {values.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}
