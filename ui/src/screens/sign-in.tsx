// Who is at the till: names and a PIN. What is open stays visible; nothing can be pressed about it from here.
import { useState } from 'preact/hooks'
import type { PersonView } from '../api/PersonView'
import type { Problem } from '../api/Problem'
import { useKeys } from '../keys'
import { Clock } from '../parts/clock'
import { Icon } from '../parts/icon'
import { PinPad } from '../parts/pin'
import { wantsAttention } from '../payment'
import type { Told } from '../port/port'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { HealthState, Mark, Practice } from './topbar'

export const problemOf = (told: Told<unknown>): Problem | 'unreached' | null =>
  'problem' in told ? told.problem : 'unreached' in told ? 'unreached' : null

export function SignInScreen({ help }: { help: () => void }) {
  const words = useWords()
  const says = words.signIn
  const { view, wish } = useTill()
  const { shop, people } = view
  const here = people.people.filter((person) => person.active)
  const [chosen, setChosen] = useState<string | null>(people.locked)
  const person = here.find((one) => one.person === chosen) ?? (here.length === 1 ? here[0] : undefined)
  useKeys(
    here.slice(0, 9).map((one, index) => ({
      key: `Alt ${index + 1}`,
      label: one.name,
      run: () => setChosen(one.person),
    })),
  )
  const send = async (pin: string): Promise<Problem | 'unreached' | null> => {
    if (!person) return null
    const wanted = { want: 'sign_in' as const, person: person.person, pin }
    return problemOf(await wish('sign_in', { do: 'people', wanted }))
  }
  const locked = people.people.find((one) => one.person === people.locked)
  const open = view.payments.filter(wantsAttention).length
  return (
    <>
      <header class="inhead">
        <Mark />
        <Practice />
        <span class="push">
          {shop.name}, {words.till(shop.till)}
        </span>
        <Clock zone={shop.time_zone} />
      </header>
      <main class="signin">
        <section class="names">
          <h1>{locked ? says.lockedTitle(locked.name) : says.title}</h1>
          {here.length === 0 ? <p>{says.nobody}</p> : null}
          <ul>
            {here.map((one, index) => (
              <li key={one.person}>
                <Person
                  person={one}
                  nth={index + 1}
                  chosen={one.person === person?.person}
                  choose={() => setChosen(one.person)}
                />
              </li>
            ))}
          </ul>
        </section>
        <section class="pin" aria-label={says.pinOf(person?.name ?? '')}>
          <h2>{person ? says.pinOf(person.name) : says.choose}</h2>
          <PinPad name={person?.name ?? ''} off={!person} send={send} enter={says.enter} />
        </section>
      </main>
      <footer class="infoot">
        {view.terminals.slice(0, 3).map((terminal) => (
          <span key={terminal.terminal}>
            {terminal.name} <HealthState view={view} terminal={terminal} words={words} />
          </span>
        ))}
        <span>{says.openPayments(open)}</span>
        <button type="button" class="btn quiet push" onClick={help}>
          <Icon name="help" />
          {words.keysButton} <kbd>F1</kbd>
        </button>
      </footer>
    </>
  )
}

interface PersonProps {
  person: PersonView
  nth: number
  chosen: boolean
  choose: () => void
}

function Person({ person, nth, chosen, choose }: PersonProps) {
  const words = useWords().signIn
  return (
    <button
      type="button"
      class="btn wide person"
      aria-pressed={chosen}
      onMouseDown={(event) => event.preventDefault()}
      onClick={choose}
    >
      <Icon name="person" size="l" />
      <span>
        {person.name}
        <small>{words.roles[person.role]}</small>
      </span>
      {nth < 10 ? <kbd>Alt {nth}</kbd> : null}
    </button>
  )
}
