// Somebody approves one act in place: who, and their PIN. Without it nothing is done.
import { useState } from 'preact/hooks'
import type { Problem } from '../api/Problem'
import type { Act } from '../keys'
import { Dialog } from '../parts/dialog'
import { Button } from '../parts/parts'
import { PinPad } from '../parts/pin'
import { type Asking, useTill } from '../till'
import { useWords } from '../words/words'
import { problemOf } from './sign-in'

export function ApprovalDialog({ asking }: { asking: Asking }) {
  const words = useWords()
  const says = words.signIn
  const { view } = useTill()
  const able = view.people.people.filter((one) => one.active && asking.roles.includes(one.role))
  const [chosen, setChosen] = useState(able[0]?.person ?? null)
  const person = able.find((one) => one.person === chosen) ?? able[0]
  const send = async (pin: string): Promise<Problem | 'unreached' | null> =>
    person ? problemOf(await asking.approve({ person: person.person, pin })) : null
  const leave: Act = { key: 'Esc', label: says.leave, run: asking.leave }
  const choices = able.slice(0, 9).map((one, index): Act => ({
    key: `Alt ${index + 1}`,
    label: one.name,
    run: () => setChosen(one.person),
  }))
  const roles = asking.roles.map((role) => says.roles[role].toLowerCase()).join(', ')
  return (
    <Dialog label={says.approvalTitle} look="plainask approval" acts={[...choices, leave]}>
      <h1>{says.approvalTitle}</h1>
      <p>{says.approvalHint(roles)}</p>
      {person ? (
        <div class="approvers">
          <div class="menu">
            {choices.map((act, index) => (
              <Button
                key={able[index]?.person}
                act={act}
                icon="person"
                pressed={able[index]?.person === person.person}
              />
            ))}
          </div>
          <div class="pin">
            <PinPad name={person.name} send={send} enter={says.approve} />
          </div>
        </div>
      ) : (
        <p role="alert">{says.noApprover}</p>
      )}
      <Button act={leave} />
    </Dialog>
  )
}
