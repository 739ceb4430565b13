// A named person's decision on a payment that nobody can tell about: what was found, by whom, on whose word.
import { useState } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import type { PaymentView } from '../api/PaymentView'
import type { Act } from '../keys'
import { plain } from '../money/money'
import { Icon } from '../parts/icon'
import { Field } from '../parts/parts'
import type { StateName } from '../payment'
import { clock } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { nameOf, useSend } from './send'

export interface Decision {
  form: ComponentChildren
  act: Act
  wrong: string | null
}

export function useDecision(payment: PaymentView, state: StateName): Decision {
  const words = useWords()
  const { view } = useTill()
  const [verdict, setVerdict] = useState<'approved' | 'not_charged' | null>(null)
  const [person, setPerson] = useState(() => nameOf(view, view.people.signed_in ?? ''))
  const [reason, setReason] = useState('')
  const [reference, setReference] = useState('')
  const says = words.pay.needs
  const { send, wrong, say, busy } = useSend(`decide:${payment.payment}`)
  const complete =
    verdict !== null &&
    person.trim() !== '' &&
    reason.trim() !== '' &&
    (verdict === 'not_charged' || reference.trim() !== '')

  const record = async (): Promise<void> => {
    if (!complete || verdict === null) return say(says.missing)
    const given = verdict === 'approved' ? reference.trim() : null
    const decided = { payment: payment.payment, verdict, person, reason, reference: given }
    await send({ do: 'decide', ...decided })
  }
  const act: Act = {
    key: 'F9',
    label: says.record,
    run: () => void record(),
    off: busy ? '' : undefined,
  }
  if (state !== 'needs_you') return { form: null, act, wrong: null }
  const amount = plain(payment.requested, view.shop.decimals)
  const choice = (value: 'approved' | 'not_charged', label: string, hint: string) => (
    <label class="choice">
      <input type="radio" name="verdict" checked={verdict === value} onChange={() => setVerdict(value)} />
      <span>
        {label}
        <small>{hint}</small>
      </span>
    </label>
  )
  const form = (
    <>
      <section class="proof">
        <h2 class="h">{says.where}</h2>
        <ol>
          <li>{says.list(amount, clock(payment.at, view.shop.time_zone))}</li>
          <li>{says.help(payment.evidence.reference ?? payment.evidence.transaction ?? '')}</li>
        </ol>
      </section>
      <fieldset class="decide">
        <legend class="h">{says.found}</legend>
        {choice('approved', says.approved, says.approvedHint)}
        {choice('not_charged', says.nothing, says.nothingHint)}
      </fieldset>
      <div class="pair">
        <Field id="person" label={says.person} value={person} onValue={setPerson} />
        {verdict === 'approved' ? (
          <Field id="reference" label={says.providers} value={reference} onValue={setReference} />
        ) : null}
      </div>
      <Field id="reason" label={says.reason} value={reason} onValue={setReason} />
      <p class="hint">
        <Icon name="lock" />
        <span>{says.kept}</span>
      </p>
    </>
  )
  return { form, act, wrong }
}
