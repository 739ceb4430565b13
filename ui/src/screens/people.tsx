// The people: who works here, as what, and their PINs. Without anybody enrolled nobody has to sign in.
import { useState } from 'preact/hooks'
import type { PeopleWanted } from '../api/PeopleWanted'
import type { PersonView } from '../api/PersonView'
import type { Role } from '../api/Role'
import { type Act, useKeys } from '../keys'
import { Button, Choice, Done, Field, Form, stepThrough, Wrong } from '../parts/parts'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import { Pick } from './day-shown'
import { useSend } from './send'

const ROLES: readonly Role[] = ['cashier', 'manager', 'installer']

const roleOptions = (words: Words, roles: readonly Role[]) =>
  roles.map((role) => [role, words.people.roles[role], words.people.roleHints[role]] as const)

export function PeopleScreen() {
  const words = useWords()
  const { view } = useTill()
  const [chosen, setChosen] = useState<string | null>(null)
  const { people, signed_in } = view.people
  const person = people.find((one) => one.person === chosen) ?? null
  const says = words.people
  const add: Act = { key: 'Ctrl N', label: says.add, run: () => setChosen(null) }
  useKeys([add])
  return (
    <div class="peoplescreen">
      {people.length > 0 ? (
        <section class="panel" aria-label={says.title}>
          <header>
            <h2>{says.title}</h2>
          </header>
          <ul class="picks" onKeyDown={stepThrough} aria-label={says.title}>
            {people.map((one) => (
              <Pick
                key={one.person}
                on={one === person}
                pick={() => setChosen(one.person)}
                icon="person"
                title={one.name || says.erased}
                small={
                  (one.active ? says.roles[one.role] : says.gone) +
                  (one.person === signed_in ? `, ${says.here}` : '')
                }
              />
            ))}
          </ul>
          <div class="foot">
            <Button act={add} icon="plus" look="wide" />
          </div>
        </section>
      ) : null}
      {person ? <OnePerson key={person.person} person={person} /> : <Enrol first={people.length === 0} />}
    </div>
  )
}

/** A PIN typed twice; what may not become one is the till's to say. */
function usePin() {
  const words = useWords()
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const wrong = pin === again ? null : words.people.pinDiffers
  const forget = (): void => {
    setPin('')
    setAgain('')
  }
  return { pin, again, setPin, setAgain, wrong, forget }
}

function PinFields({ id, pin }: { id: string; pin: ReturnType<typeof usePin> }) {
  const words = useWords()
  return (
    <div class="pair">
      <Field id={`${id}-pin`} label={words.people.pin} value={pin.pin} secret onValue={pin.setPin} />
      <Field
        id={`${id}-again`}
        label={words.people.pinAgain}
        value={pin.again}
        secret
        onValue={pin.setAgain}
      />
    </div>
  )
}

function Enrol({ first }: { first: boolean }) {
  const words = useWords()
  const { send, wrong, say, busy } = useSend('enrol')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('cashier')
  const [done, setDone] = useState<string | null>(null)
  const pin = usePin()
  const says = words.people
  const enrol = async (): Promise<void> => {
    setDone(null)
    if (name.trim() === '') return say(says.nameFirst)
    if (pin.wrong) return say(pin.wrong)
    const wanted = { want: 'enrol', name, role: first ? 'manager' : role, pin: pin.pin } as const
    const told = await send({ do: 'people', wanted })
    pin.forget()
    if (!told) return
    setName('')
    setDone(says.enrolled(name.trim()))
    document.getElementById('name')?.focus()
  }
  const act: Act = {
    key: 'F9',
    label: says.enrol,
    run: () => void enrol(),
    off: busy ? '' : name.trim() === '' && pin.pin === '' ? says.nameFirst : undefined,
  }
  useKeys([act])
  const title = first ? says.firstTitle : says.add
  return (
    <section class="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <Form label={title} run={() => (act.off === undefined ? act.run() : undefined)}>
        {first ? <p class="help">{says.firstHint}</p> : null}
        <Field
          id="name"
          label={says.name}
          value={name}
          first
          onValue={(value) => (say(null), setName(value))}
        />
        {first ? null : (
          <Choice
            name="role"
            legend={says.role}
            options={roleOptions(words, ROLES)}
            chosen={role}
            choose={setRole}
          />
        )}
        <PinFields id="new" pin={pin} />
        <Wrong text={wrong} />
        <Done text={done} />
      </Form>
      <div class="foot">
        <Button act={act} look="go wide" icon="person" />
      </div>
    </section>
  )
}

function OnePerson({ person }: { person: PersonView }) {
  const words = useWords()
  const { send, wrong, say, busy } = useSend(`person:${person.person}`)
  const [name, setName] = useState(person.name)
  const [role, setRole] = useState<Role>(person.role)
  const [done, setDone] = useState<string | null>(null)
  const pin = usePin()
  const says = words.people
  const id = person.person
  const want = async (wanted: PeopleWanted): Promise<void> => {
    setDone(null)
    if (await send({ do: 'people', wanted })) setDone(says.done)
  }
  const rename: Act = {
    label: says.rename,
    run: () => void want({ want: 'rename', person: id, name }),
    off: busy || name.trim() === '' || name === person.name ? '' : undefined,
  }
  const give: Act = {
    label: says.giveRole,
    run: () => void want({ want: 'give_role', person: id, role }),
    off: busy || role === person.role ? '' : undefined,
  }
  const set: Act = {
    label: says.setPin,
    run: () => {
      if (pin.wrong) return say(pin.wrong)
      void want({ want: 'set_pin', person: id, pin: pin.pin }).then(pin.forget)
    },
    off: busy || pin.pin === '' ? '' : undefined,
  }
  const leave: Act = {
    label: person.active ? says.dismiss : says.readmit,
    run: () => void want({ want: person.active ? 'dismiss' : 'readmit', person: id }),
    off: busy ? '' : undefined,
  }
  const run = (act: Act) => (): void => (act.off === undefined ? act.run() : undefined)
  return (
    <section class="panel" aria-label={person.name || says.erased}>
      <header>
        <h2>{person.name || says.erased}</h2>
        <span class="st mute">{person.active ? says.roles[person.role] : says.gone}</span>
      </header>
      <div class="told">
        <Wrong text={wrong} />
        <Done text={done} />
      </div>
      <div class="personforms">
        <Form label={says.rename} run={run(rename)}>
          <Field
            id="rename"
            label={says.name}
            value={name}
            first
            onValue={(value) => (say(null), setName(value))}
          />
          <Button act={rename} />
        </Form>
        <Form label={says.setPin} run={run(set)}>
          <h3 class="label">{says.another}</h3>
          <PinFields id="set" pin={pin} />
          <Button act={set} />
        </Form>
        <Form label={says.giveRole} run={run(give)}>
          <Choice
            name="given"
            legend={says.role}
            options={roleOptions(words, ROLES)}
            chosen={role}
            choose={setRole}
          />
          <Button act={give} />
        </Form>
        <Form label={says.status} run={run(leave)}>
          <h3 class="label">{says.status}</h3>
          <p class="help">{person.active ? says.dismissHint : says.readmitHint}</p>
          <Button act={leave} />
        </Form>
      </div>
    </section>
  )
}
