// F1: every key that works now, the language, the look, and the customer's window.
import { useEffect, useState } from 'preact/hooks'
import { type Act, actsNow } from '../keys'
import { Dialog } from '../parts/dialog'
import { Button } from '../parts/parts'
import { choose, chosen, type Look } from '../choices'
import type { CustomerWindow } from '../port/port'
import { useTill } from '../till'
import { LANGUAGES, useWords } from '../words/words'

interface HelpProps {
  close: () => void
  /** Only where somebody is signed in. */
  signOut?: Act | undefined
}

export function Help({ close, signOut }: HelpProps) {
  const words = useWords()
  const { port } = useTill()
  const [listed] = useState<Act[]>(() => {
    const seen = new Set<string>()
    return actsNow().filter((act) => act.key && !seen.has(act.key) && seen.add(act.key))
  })
  const done: Act = { key: 'Esc', also: ['F1'], label: words.back, run: close }
  const looks: [Look, string][] = [
    ['system', words.help.system],
    ['light', words.help.light],
    ['dark', words.help.dark],
  ]
  return (
    <Dialog label={words.help.title} look="help" acts={[done]}>
      <header>
        <h1>{words.help.title}</h1>
        <p>{words.help.hint}</p>
      </header>
      <dl class="keylist" tabIndex={0}>
        {listed.map((act) => (
          <div key={act.key}>
            <dt>
              <kbd>{act.key}</kbd>
            </dt>
            <dd>{act.label}</dd>
          </div>
        ))}
      </dl>
      <div class="settings">
        <div role="group" aria-label={words.help.language} class="chips">
          <span class="label">{words.help.language}</span>
          {LANGUAGES.map((one) => (
            <Button
              key={one.lang}
              act={{ label: one.language, run: () => choose('lang', one.lang) }}
              pressed={one.lang === words.lang}
            />
          ))}
        </div>
        <div role="group" aria-label={words.help.look} class="chips">
          <span class="label">{words.help.look}</span>
          {looks.map(([look, label]) => (
            <Button
              key={look}
              act={{ label, run: () => choose('look', look) }}
              pressed={chosen('look') === look}
            />
          ))}
        </div>
      </div>
      <footer>
        <CustomerButton of={port.customer} />
        {signOut ? <Button act={signOut} icon="person" /> : null}
        <Button act={done} />
      </footer>
    </Dialog>
  )
}

/** Opens the customer's window; where the shell owns it, closes it too. */
function CustomerButton({ of }: { of: CustomerWindow }) {
  const words = useWords()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if ('shown' in of) void of.shown(null).then((now) => setOpen(now === true))
  }, [of])
  if ('page' in of) {
    return (
      <a class="btn" href={of.page()} target="paydesk-customer" rel="noreferrer">
        {words.help.customer}
      </a>
    )
  }
  const run = (): void => void of.shown(!open).then((now) => setOpen(now === true))
  return <Button act={{ label: open ? words.help.customerClose : words.help.customer, run }} />
}
