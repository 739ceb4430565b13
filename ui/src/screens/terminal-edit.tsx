// One form of the settings: a new terminal's, one that is there, the printer's, or that of camera and hand
// scanner. It can be checked before it is kept.
import { useState } from 'preact/hooks'
import type { DriverForm } from '../api/DriverForm'
import type { FilledForm } from '../api/FilledForm'
import type { Problem } from '../api/Problem'
import { type Act, useKeys } from '../keys'
import { Dialog } from '../parts/dialog'
import { Icon } from '../parts/icon'
import { Button, Form, Wrong } from '../parts/parts'
import { blank, sent, SIMULATED, type Typed, typedOf } from '../terminal-form'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { CheckPanel } from './check'
import { PairingNote } from './pairing'
import { useSend } from './send'
import { SightPanel } from './sight'
import { Fields, wrongAt } from './terminal-fields'

interface EditProps {
  drivers: DriverForm[]
  /** What is in the settings; nothing for a new one. */
  filled: FilledForm | null
  /** Whose it is. A printer, a camera and a scanner have no name. */
  of: 'terminal' | 'printer' | 'sight'
  taken: string[]
  /** Where it was kept, or that nothing was. */
  leave: (terminal: string | null, done?: string) => void
}

export function EditForm({ drivers, filled, of, taken, leave }: EditProps) {
  const words = useWords()
  const { view } = useTill()
  const [typed, setTyped] = useState<Typed>(() => (filled ? typedOf(filled) : blank(drivers, view.practice)))
  const [problem, setProblem] = useState<Problem | null>(null)
  const [removing, setRemoving] = useState(false)
  const says = words.forms
  const nameless = of !== 'terminal'
  const driver = drivers.find((one) => one.driver === typed.driver)
  const at = (told: Problem): boolean => {
    const key = told.parameters.field ?? ''
    // What is in the settings shows no field for its id.
    const own = filled ? ['name'] : ['name', 'id', 'driver']
    const shown = [...own, ...(driver?.fields ?? []).map((field) => field.key)]
    const seen = shown.includes(key) && wrongAt(words, told, key) !== null
    setProblem(seen ? told : null)
    if (seen) setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid]')?.focus())
    return seen
  }
  const { send, wrong, say, busy } = useSend('edit terminal', (told) =>
    at(told) ? '' : told.code === 'field_wrong' ? says.wrong(told.parameters.what ?? '') : undefined,
  )
  const form = () => sent(typed, driver?.fields ?? [], taken)
  const bare = () => ({ driver: typed.driver, settings: form().settings })
  const change = (next: Typed): void => {
    setTyped(next)
    setProblem(null)
    say(null)
  }
  const save = async (): Promise<void> => {
    setProblem(null)
    const wanted = { want: filled ? 'change' : 'add', form: form() } as const
    const kept =
      of === 'printer'
        ? send({ do: 'edit_printer', form: bare() })
        : of === 'sight'
          ? send({ do: 'edit_sight', form: bare() })
          : send({ do: 'edit_terminal', wanted })
    if (await kept) leave(nameless ? null : wanted.form.id, says.kept)
  }
  const remove = async (): Promise<void> => {
    setRemoving(false)
    const wanted = { want: 'remove', terminal: typed.id } as const
    if (await send({ do: 'edit_terminal', wanted })) leave(null, says.removed(typed.name))
  }
  const acts = {
    save: { key: 'Ctrl S', label: says.save, run: () => void save(), off: busy ? '' : undefined },
    leave: { key: 'Esc', label: says.leave, run: () => leave(filled && typed.id) },
    remove: { label: says.remove, run: () => setRemoving(true), off: busy ? '' : undefined },
  } satisfies Record<string, Act>
  useKeys([acts.save, acts.leave])
  const titles = {
    terminal: filled ? says.change(filled.form.name) : says.add,
    printer: words.paper.change,
    sight: words.codes.setUp.title,
  }
  const title = titles[of]
  return (
    <>
      <section class="panel tform" aria-label={title}>
        <header>
          <h2>{title}</h2>
        </header>
        <Form label={title} run={acts.save.run}>
          <Fields
            drivers={drivers}
            typed={typed}
            change={change}
            problem={problem}
            kept={filled?.kept ?? []}
            known={filled !== null}
            nameless={nameless}
            taken={taken}
            above={
              driver?.fields.some((field) => field.key === 'paired') ? (
                <PairingNote
                  take={(settings) => change({ ...typed, values: { ...typed.values, ...settings } })}
                />
              ) : null
            }
          />
          {view.practice ? <Simulated typed={typed} change={change} /> : null}
          {filled && !nameless ? <Button act={acts.remove} icon="trash" /> : null}
        </Form>
        <div class="saying">
          <Wrong text={wrong || null} />
        </div>
        <div class="foot">
          <Button act={acts.leave} />
          <Button act={acts.save} look="go grow" icon="check" />
        </div>
      </section>
      {of === 'sight' ? (
        <SightPanel />
      ) : (
        <CheckPanel
          before
          subject={() =>
            of === 'printer' ? { printer: bare() } : { form: form(), change: filled !== null }
          }
          refused={(told) => at(told.problem)}
        />
      )}
      {removing ? (
        <Remove name={typed.name} yes={() => void remove()} no={() => setRemoving(false)} />
      ) : null}
    </>
  )
}

/** In practice a terminal can be a program of this computer. */
function Simulated({ typed, change }: { typed: Typed; change: (typed: Typed) => void }) {
  const words = useWords()
  const says = words.forms
  const simulated = SIMULATED[typed.driver]
  if (!simulated) return null
  const fill = (): void => change({ ...typed, values: { ...typed.values, ...simulated.values } })
  return (
    <div class="note plain">
      <Icon name="school" />
      <div>
        <p>{says.simulator}</p>
        <p class="cmd">
          <code>{simulated.command}</code>
        </p>
        <div class="fixacts">
          <Button act={{ label: says.simulatorFill, run: fill }} />
        </div>
      </div>
    </div>
  )
}

function Remove({ name, yes, no }: { name: string; yes: () => void; no: () => void }) {
  const says = useWords().forms
  const acts: Act[] = [
    { key: 'Esc', label: says.keep, run: no },
    { key: 'F9', label: says.removeYes, run: yes },
  ]
  return (
    <Dialog label={says.removeTitle(name)} look="plainask" acts={acts}>
      <h1>{says.removeTitle(name)}</h1>
      <p>{says.removeHint}</p>
      <div class="two">
        {acts.map((act) => (
          <Button key={act.label} act={act} />
        ))}
      </div>
    </Dialog>
  )
}
