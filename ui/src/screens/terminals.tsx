// Terminals for the installer: how each is, what it can be asked, and the way to it checked step by step.
import { useState } from 'preact/hooks'
import type { Command } from '../api/Command'
import type { ServiceWanted } from '../api/ServiceWanted'
import type { Step } from '../api/Step'
import type { TerminalView } from '../api/TerminalView'
import { type Act, useKeys } from '../keys'
import { withCurrency } from '../money/money'
import { Icon } from '../parts/icon'
import { Button, Empty, Field, Wrong } from '../parts/parts'
import { commandId } from '../port/ids'
import { clock } from '../time'
import { useTill } from '../till'
import { problemWords, useWords } from '../words/words'
import { HealthState } from './topbar'

export function TerminalsScreen({ show }: { show: (payment: string) => void }) {
  const words = useWords()
  const { view } = useTill()
  const [chosen, setChosen] = useState<string | null>(null)
  const terminal = view.terminals.find((one) => one.terminal === chosen) ?? view.terminals[0] ?? null
  return (
    <main class="terms">
      <h1 class="vh">{words.terminals.title}</h1>
      <section class="panel tlist" aria-label={words.terminals.title}>
        <header>
          <h2>{words.terminals.title}</h2>
        </header>
        {view.terminals.length === 0 ? (
          <Empty icon="term" title={words.terminals.none} hint={words.terminals.noneHint} />
        ) : (
          <ul>
            {view.terminals.map((one) => (
              <li key={one.terminal} aria-current={one === terminal ? 'true' : undefined}>
                <button type="button" class="plainrow" onClick={() => setChosen(one.terminal)}>
                  <Icon name={one.driver === 'training' ? 'school' : 'term'} size="l" />
                  <span>
                    <b>{one.name}</b>
                    <small>{one.driver === 'training' ? words.terminals.practice : one.driver}</small>
                  </span>
                  <span class="hl">
                    <HealthState view={view} terminal={one} words={words} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <p class="kept">{words.terminals.kept[view.shop.secrets]}</p>
      </section>
      {terminal ? (
        <>
          <OneTerminal key={`one ${terminal.terminal}`} terminal={terminal} show={show} />
          <Check key={`check ${terminal.terminal}`} terminal={terminal} />
        </>
      ) : null}
    </main>
  )
}

function OneTerminal({ terminal, show }: { terminal: TerminalView; show: (payment: string) => void }) {
  const words = useWords()
  const { view, wish, waiting } = useTill()
  const [told, setTold] = useState<[string, string][] | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const says = words.terminals
  const id = terminal.terminal
  const send = async (command: Command): Promise<void> => {
    setWrong(null)
    setTold(null)
    const answer = await wish(`terminal:${id}`, command)
    if ('problem' in answer) setWrong(problemWords(words, answer.problem))
    else if ('unreached' in answer) setWrong(words.unreached)
    else setTold(answer.ok.lines)
  }
  const service = (label: string, wanted: ServiceWanted): Act => ({
    label,
    run: () => void send({ do: 'service', terminal: id, service: wanted }),
    off: waiting.has(`terminal:${id}`) || terminal.blocked_by ? '' : undefined,
  })
  const rows: [string, string | null][] = [
    [says.id, id],
    [says.driver, terminal.driver],
    [says.serial, terminal.serial],
    [says.software, terminal.software],
    [says.health, terminal.detail],
    [says.warnings, terminal.warnings.join(', ')],
  ]
  const blocking = view.payments.find((payment) => payment.payment === terminal.blocked_by)
  return (
    <section class="panel tform" aria-label={terminal.name}>
      <header>
        <h2>{terminal.name}</h2>
        <HealthState view={view} terminal={terminal} words={words} />
      </header>
      <div class="form">
        <dl class="facts">
          {rows
            .filter(([, value]) => value)
            .map(([label, value]) => (
              <div key={label} class="fact">
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
        {terminal.proposed_address ? (
          <div class="note attn">
            <Icon name="warn" />
            <div>
              <p>
                <b>
                  {says.address}: {terminal.proposed_address}
                </b>{' '}
                {says.addressHint}
              </p>
              <div class="fixacts">
                <Button act={{ label: says.confirm, run: () => void send(address(terminal, true)) }} />
                <Button act={{ label: says.refuse, run: () => void send(address(terminal, false)) }} />
              </div>
            </div>
          </div>
        ) : null}
        {blocking ? (
          <div class="note attn">
            <Icon name="hand" />
            <div>
              <p>
                <b>{says.blocked}</b>{' '}
                {says.blockedBy(
                  withCurrency(blocking.requested, view.shop.decimals),
                  clock(blocking.at, view.shop.time_zone),
                )}
              </p>
              <div class="fixacts">
                <Button act={{ label: words.attention.show, run: () => show(blocking.payment) }} />
              </div>
            </div>
          </div>
        ) : null}
        {blocking && ['unknown', 'disputed'].includes(blocking.state) ? (
          <Unblock
            send={(person, reason) => void send({ do: 'unblock', terminal: id, person, reason })}
          />
        ) : null}
        <h3 class="h">{says.services}</h3>
        <div class="fixacts">
          <Button act={{ ...service(says.login, 'diagnosis'), run: () => void send(open(terminal)) }} />
          <Button act={service(says.diagnosis, 'diagnosis')} />
          <Button act={service(says.totals, 'totals')} />
          <Button act={service(says.reconcile, 'reconcile')} />
          <Button act={service(says.logout, 'logout')} />
        </div>
        <Wrong text={wrong} />
        {told ? (
          <dl class="facts" aria-live="polite">
            {told.length === 0 ? <dd>{says.done}</dd> : null}
            {told.map(([label, value]) => (
              <div key={label} class="fact">
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        ) : null}
      </div>
    </section>
  )
}

function address(terminal: TerminalView, confirm: boolean): Command {
  const announced = terminal.proposed_address ?? ''
  return { do: 'address', terminal: terminal.terminal, address: announced, confirm }
}

function open(terminal: TerminalView): Command {
  return { do: 'open_terminal', terminal: terminal.terminal }
}

function Unblock({ send }: { send: (person: string, reason: string) => void }) {
  const words = useWords()
  const [person, setPerson] = useState('')
  const [reason, setReason] = useState('')
  const off = person.trim() === '' || reason.trim() === '' ? '' : undefined
  return (
    <fieldset class="unblock">
      <legend class="h">{words.terminals.unblock}</legend>
      <p class="help">{words.terminals.unblockHint}</p>
      <Field id="unblock-person" label={words.terminals.person} value={person} onValue={setPerson} />
      <Field id="unblock-reason" label={words.terminals.reason} value={reason} onValue={setReason} />
      <Button act={{ label: words.terminals.unblock, run: () => send(person, reason), off }} />
    </fieldset>
  )
}

function Check({ terminal }: { terminal: TerminalView }) {
  const words = useWords()
  const { port } = useTill()
  const [steps, setSteps] = useState<Step[] | null>(null)
  const [running, setRunning] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const says = words.terminals
  const run = async (): Promise<void> => {
    setRunning(true)
    setWrong(null)
    setSteps(null)
    const told = await port.query({ read: 'check', terminal: terminal.terminal, id: commandId() })
    setRunning(false)
    if ('problem' in told) setWrong(problemWords(words, told.problem))
    else if ('unreached' in told) setWrong(words.unreached)
    else if (told.ok.type === 'checked') setSteps(told.ok.steps)
  }
  const act: Act = {
    key: 'F9',
    label: steps ? says.checkAgain : says.checkNow,
    run: () => void run(),
    off: running ? '' : undefined,
  }
  useKeys([act])
  return (
    <section class="panel tcheck" aria-label={says.check}>
      <header>
        <h2>{says.check}</h2>
      </header>
      <ol class="checks" aria-live="polite">
        {(steps ?? []).map((step) => (
          <li key={step.name} class={step.ok ? 'ok' : 'bad'}>
            <Icon name={step.ok ? 'checkc' : 'crossc'} />
            <span>
              <b>{says.steps[step.name] ?? step.name}</b> {step.detail}
            </span>
            <span class="w">{step.ok ? says.ok : says.failed}</span>
            {step.fix ? (
              <div class="fix">
                <p>
                  <b>{says.whatToDo}</b> {step.fix}
                </p>
              </div>
            ) : null}
          </li>
        ))}
      </ol>
      {running ? (
        <p class="hint waiting" role="status">
          <Icon name="asking" turning />
          <span>{says.checking}</span>
        </p>
      ) : null}
      {!steps && !running ? <Empty icon="search" title={says.check} hint={says.checkHint} /> : null}
      <Wrong text={wrong} />
      <div class="foot">
        <Button act={act} icon="asking" look="go wide" />
      </div>
    </section>
  )
}
