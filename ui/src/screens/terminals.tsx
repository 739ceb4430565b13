// Terminals, printer, camera and scanner for the installer: how each is, what it can be asked, adding and
// changing them, practising.
import { useState } from 'preact/hooks'
import type { Command } from '../api/Command'
import type { ServiceWanted } from '../api/ServiceWanted'
import type { TerminalView } from '../api/TerminalView'
import { type Act, useKeys } from '../keys'
import { withCurrency } from '../money/money'
import { Dialog } from '../parts/dialog'
import { Icon } from '../parts/icon'
import { Button, Done, Empty, Field, stepThrough, Wrong } from '../parts/parts'
import { idOf } from '../terminal-form'
import { clock } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { CheckPanel } from './check'
import { Facts } from './day-shown'
import { PrinterCheck } from './printer-check'
import { useRead, useSend } from './send'
import { SightWay } from './sight'
import { EditForm } from './terminal-edit'
import { HealthState } from './topbar'

/** Forms of which there is one. */
type Nameless = 'printer' | 'sight'
type Mode = { is: 'look' | 'add' | 'practise' | Nameless } | { is: 'change'; terminal: string }

export function TerminalsScreen({ show, toSale }: { show: (payment: string) => void; toSale: () => void }) {
  const words = useWords()
  const { view } = useTill()
  const [chosen, setChosen] = useState<string | null>(null)
  const [mode, setMode] = useState<Mode>({ is: 'look' })
  const [done, setDone] = useState<string | null>(null)
  const listed = view.terminals.map((one) => `${one.terminal} ${one.name}`).join()
  const { read: forms, wrong } = useRead(
    { read: 'terminals' },
    (reply) => (reply.type === 'terminals' ? reply : null),
    // What was just saved is read again, also where no name tells of it.
    [listed, `${done}`],
  )
  const terminal = view.terminals.find((one) => one.terminal === chosen) ?? view.terminals[0] ?? null
  const go = (next: Mode): void => {
    setMode(next)
    setDone(null)
  }
  const choose = (one: string): void => {
    setChosen(one)
    go({ is: 'look' })
  }
  const left = (kept: string | null, said?: string): void => {
    if (kept) setChosen(kept)
    setMode({ is: 'look' })
    setDone(said ?? null)
  }
  const bare = mode.is === 'printer' || mode.is === 'sight' ? mode.is : null
  const filled = !forms
    ? undefined
    : bare
      ? { form: { ...forms[bare], id: '', name: '', secrets: {} }, kept: [] }
      : mode.is === 'change'
        ? forms.terminals.find((one) => one.form.id === mode.terminal)
        : undefined
  const taken = view.terminals.map((one) => one.terminal)
  return (
    <main class="terms">
      <h1 class="vh">{words.terminals.title}</h1>
      <section class="panel tlist" aria-label={words.terminals.title}>
        <header>
          <h2>{words.terminals.title}</h2>
        </header>
        <List chosen={bare || mode.is === 'add' ? null : terminal} choose={choose} />
        <div class="saying">
          <Done text={done} />
          <Wrong text={wrong} />
        </div>
        <Foot mode={mode} go={go} toSale={toSale} />
        <PrinterCheck change={() => go({ is: 'printer' })} />
        <SightWay change={() => go({ is: 'sight' })} />
        <p class="kept">{words.terminals.kept[view.shop.secrets]}</p>
      </section>
      {forms && (filled || mode.is === 'add') ? (
        <EditForm
          key={filled ? `change ${filled.form.driver} ${filled.form.id}` : 'add'}
          drivers={bare ? forms[`${bare}s`] : forms.drivers}
          filled={filled ?? null}
          of={bare ?? 'terminal'}
          taken={taken}
          leave={left}
        />
      ) : null}
      {mode.is === 'practise' ? <PractiseElsewhere close={() => go({ is: 'look' })} /> : null}
      {terminal && (mode.is === 'look' || mode.is === 'practise') ? (
        <>
          <OneTerminal
            key={`one ${terminal.terminal}`}
            terminal={terminal}
            show={show}
            change={() => go({ is: 'change', terminal: terminal.terminal })}
          />
          <CheckPanel
            key={`check ${terminal.terminal}`}
            subject={() => ({ terminal: terminal.terminal })}
          />
        </>
      ) : null}
    </main>
  )
}

function List({ chosen, choose }: { chosen: TerminalView | null; choose: (terminal: string) => void }) {
  const words = useWords()
  const { view } = useTill()
  if (view.terminals.length === 0) {
    return <Empty icon="term" title={words.terminals.none} hint={words.terminals.noneHint} />
  }
  return (
    <ul onKeyDown={stepThrough}>
      {view.terminals.map((one) => (
        <li key={one.terminal} aria-current={one === chosen ? 'true' : undefined}>
          <button type="button" class="plainrow" onClick={() => choose(one.terminal)}>
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
  )
}

/** Adding one, and practising: with the built-in terminal where the folder is for practice. */
function Foot({ mode, go, toSale }: { mode: Mode; go: (mode: Mode) => void; toSale: () => void }) {
  const words = useWords()
  const { view } = useTill()
  const { send, wrong, busy } = useSend('practise')
  const practise = async (): Promise<void> => {
    if (!view.practice) return go({ is: 'practise' })
    if (view.terminals.some((one) => one.driver === 'training')) return toSale()
    const id = idOf('training', view.terminals.map((one) => one.terminal))
    const form = { id, driver: 'training', name: words.forms.training, settings: {}, secrets: {} }
    if (await send({ do: 'edit_terminal', wanted: { want: 'add', form } })) toSale()
  }
  const acts = {
    add: {
      key: 'Alt N',
      label: words.forms.add,
      run: () => go({ is: 'add' }),
      off: mode.is === 'add' ? '' : undefined,
    },
    practise: {
      key: 'Alt T',
      label: words.forms.practise,
      run: () => void practise(),
      off: busy ? '' : undefined,
    },
  } satisfies Record<string, Act>
  useKeys(Object.values(acts))
  return (
    <div class="foot">
      <Wrong text={wrong} />
      <Button act={acts.add} icon="plus" look="wide" />
      <Button act={acts.practise} icon="school" look="wide" />
    </div>
  )
}

/** Practice never touches the books of a shop, so it has a folder of its own. */
function PractiseElsewhere({ close }: { close: () => void }) {
  const says = useWords().forms
  const act: Act = { key: 'Esc', label: says.practiseClose, run: close }
  return (
    <Dialog label={says.practise} look="plainask" acts={[act]}>
      <h1>{says.practise}</h1>
      <p>{says.practiseElsewhere}</p>
      <p class="cmd">
        <code>paydesk --data practice</code>
      </p>
      <Button act={act} />
    </Dialog>
  )
}

interface OneProps {
  terminal: TerminalView
  show: (payment: string) => void
  change: () => void
}

function OneTerminal({ terminal, show, change }: OneProps) {
  const words = useWords()
  const { view } = useTill()
  const [told, setTold] = useState<[string, string][] | null>(null)
  const says = words.terminals
  const id = terminal.terminal
  const { send: wish, wrong, busy } = useSend(`terminal:${id}`)
  const send = async (command: Command): Promise<void> => {
    setTold(null)
    setTold((await wish(command))?.lines ?? null)
  }
  const service = (label: string, wanted: ServiceWanted): Act => ({
    label,
    run: () => void send({ do: 'service', terminal: id, service: wanted }),
    off: busy || terminal.blocked_by ? '' : undefined,
  })
  const rows: [string, string | null][] = [
    [says.id, id],
    [says.driver, terminal.driver],
    [says.reached, terminal.address ?? null],
    [says.serial, terminal.serial],
    [says.software, terminal.software],
    [says.health, terminal.detail],
    [says.warnings, terminal.warnings.map(words.forms.warned).join(' ')],
  ]
  const edit: Act = { key: 'Ctrl E', label: words.forms.edit, run: change }
  useKeys([edit])
  const blocking = view.payments.find((payment) => payment.payment === terminal.blocked_by)
  return (
    <section class="panel tform" aria-label={terminal.name}>
      <header>
        <h2>{terminal.name}</h2>
        <HealthState view={view} terminal={terminal} words={words} />
      </header>
      <div class="form">
        <Facts rows={rows.filter(([, value]) => value)} />
        <Button act={edit} icon="pen" />
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
          <div aria-live="polite">
            {told.length === 0 ? says.done : null}
            <Facts rows={told} />
          </div>
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
