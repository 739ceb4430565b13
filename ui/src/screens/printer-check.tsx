// The printer for the installer: how it is, asked now, and the way to its form. Nothing is printed.
import { useState } from 'preact/hooks'
import type { Step } from '../api/Step'
import { wrongOf } from '../desk'
import { type Act, useKeys } from '../keys'
import { Icon } from '../parts/icon'
import { Button, Wrong } from '../parts/parts'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { stepSentences } from './check'

export function PrinterCheck({ change }: { change: () => void }) {
  const words = useWords()
  const { port, view } = useTill()
  const [step, setStep] = useState<Step | null>(null)
  const [running, setRunning] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const says = words.paper
  const run = async (): Promise<void> => {
    setRunning(true)
    setStep(null)
    const told = await port.query({ read: 'check_printer' })
    setRunning(false)
    setWrong(wrongOf(words, told))
    if ('ok' in told && told.ok.type === 'checked') setStep(told.ok.steps[0] ?? null)
  }
  const none = view.printer.state === 'none'
  const edit: Act = {
    key: 'Alt R',
    label: says.change,
    run: () => {
      // What was found is said of the printer as it was.
      setStep(null)
      change()
    },
  }
  useKeys([edit])
  const { found, fix } = step ? stepSentences(words, step) : { found: '', fix: '' }
  return (
    <section class="printercheck" aria-label={says.printer}>
      <h3 class="h">{says.printer}</h3>
      <div role="status">
        {none ? <p>{says.noneSetUp}</p> : null}
        {step ? (
          <p class={step.ok ? 'note ok' : 'note no'}>
            <Icon name={step.ok ? 'checkc' : 'crossc'} />
            <span>
              {found}. {fix}
            </span>
          </p>
        ) : null}
      </div>
      <Wrong text={wrong} />
      {none ? null : (
        <Button
          act={{ label: says.check, run: () => void run(), off: running ? '' : undefined }}
          icon="print"
        />
      )}
      <Button act={edit} icon="pen" />
    </section>
  )
}
