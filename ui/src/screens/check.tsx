// The connection check, each step as it is done: of a terminal, or of a form that is not kept yet. A
// printer’s has one step.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Checking } from '../api/Checking'
import type { PrinterForm } from '../api/PrinterForm'
import type { Problem } from '../api/Problem'
import type { Query } from '../api/Query'
import type { Step } from '../api/Step'
import type { TerminalForm } from '../api/TerminalForm'
import { type Act, useKeys } from '../keys'
import { Icon } from '../parts/icon'
import { Button, Empty, Wrong } from '../parts/parts'
import { commandId } from '../port/ids'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import { wrongOf } from '../desk'

/** What is checked. */
export type Subject =
  | { terminal: string }
  | { form: TerminalForm; change: boolean }
  | { printer: PrinterForm }

export function queryOf(subject: Subject, id: string): Query {
  if ('printer' in subject) return { read: 'check_printer', form: subject.printer }
  return 'terminal' in subject ? { read: 'check', ...subject, id } : { read: 'check_form', ...subject, id }
}

/** What was found and what to do, in the reader's language where there is a sentence for it. */
export function stepSentences(words: Words, step: Step): { found: string; fix: string | null } {
  const said = words.terminals.found[step.code]
  const about = Object.fromEntries(Object.entries(step.about).map(([name, value]) => [name, value ?? '']))
  return {
    found: said?.[0](about) ?? step.detail,
    fix: said?.[1] ?? step.fix,
  }
}

interface CheckProps {
  /** What to check when the key is pressed; what is wrong with it otherwise. */
  subject: () => Subject
  /** Not kept yet. */
  before?: boolean
  /** What the till says of the form itself goes to its fields. */
  refused?: (told: { problem: Problem }) => boolean
}

export function CheckPanel({ subject, before, refused }: CheckProps) {
  const words = useWords()
  const { port } = useTill()
  const [checking, setChecking] = useState<Checking | null>(null)
  const [running, setRunning] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const stands = useRef(true)
  useEffect(
    () => () => {
      stands.current = false
    },
    [],
  )
  const says = words.terminals
  /** Follows the steps until the check has ended. */
  const follow = async (id: string, over: () => boolean): Promise<void> => {
    for (let seen = 0; stands.current && !over(); ) {
      const told = await port.query({ read: 'checking', id, seen })
      if (!('ok' in told) || told.ok.type !== 'checking' || over()) return
      setChecking(told.ok.checking)
      seen = told.ok.checking.steps.length
      if (told.ok.checking.ended) return
    }
  }
  const run = async (): Promise<void> => {
    const id = commandId()
    let over = false
    setRunning(true)
    setWrong(null)
    setChecking({ steps: [], next: [], ended: false })
    const about = subject()
    const asked = port.query(queryOf(about, id))
    if (!('printer' in about)) void follow(id, () => over)
    const told = await asked
    over = true
    if (!stands.current) return
    setRunning(false)
    if ('ok' in told && told.ok.type === 'checked') {
      // What was left out stays in sight as not tried.
      setChecking({ steps: told.ok.steps, next: told.ok.untried, ended: true })
    } else {
      setChecking(null)
      if ('problem' in told && refused?.(told)) return
      setWrong(wrongOf(words, told))
    }
  }
  const again = before ? says.checkFormAgain : says.checkAgain
  const first = before ? says.checkForm : says.checkNow
  const act: Act = {
    key: 'F9',
    label: checking ? again : first,
    run: () => void run(),
    off: running ? '' : undefined,
  }
  useKeys([act])
  return (
    <section class="panel tcheck" aria-label={says.check}>
      <header>
        <h2>{says.check}</h2>
      </header>
      {checking ? <Steps checking={checking} running={running} /> : null}
      {!checking ? (
        <Empty icon="search" title={says.check} hint={before ? says.checkFormHint : says.checkHint} />
      ) : null}
      <Wrong text={wrong} />
      <div class="foot">
        <Button act={act} icon="asking" look={before ? 'wide' : 'go wide'} />
      </div>
    </section>
  )
}

function Steps({ checking, running }: { checking: Checking; running: boolean }) {
  const words = useWords()
  const says = words.terminals
  const { steps, next } = checking
  const passed = !running && next.length === 0 && steps.length > 0 && steps.every((step) => step.ok)
  return (
    <>
      <ol class="checks" aria-live="polite">
        {steps.map((step, at) => (
          <Done key={`${step.name} ${at}`} step={step} />
        ))}
        {next.map((name, at) => (
          <li key={name} class={at === 0 && running ? 'now' : 'skip'}>
            <Icon name={at === 0 && running ? 'asking' : 'dash'} turning={at === 0 && running} />
            <span>
              <b>{says.steps[name] ?? name}</b>
            </span>
            <span class="w">{at === 0 && running ? says.trying : says.notYet}</span>
          </li>
        ))}
      </ol>
      <p class="hint waiting" role="status">
        {running ? says.checking : passed ? says.passed : ''}
      </p>
    </>
  )
}

function Done({ step }: { step: Step }) {
  const words = useWords()
  const says = words.terminals
  const { found, fix } = stepSentences(words, step)
  return (
    <li class={step.ok ? 'ok' : 'bad'}>
      <Icon name={step.ok ? 'checkc' : 'crossc'} />
      <span>
        <b>{says.steps[step.name] ?? step.name}</b> {found}
      </span>
      <span class="w">{step.ok ? says.ok : says.failed}</span>
      {fix ? (
        <div class="fix">
          <p>
            <b>{says.whatToDo}</b> {fix}
          </p>
        </div>
      ) : null}
    </li>
  )
}
