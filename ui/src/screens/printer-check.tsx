// The printer for the installer: how it is, asked now; nothing is printed.
import { useState } from 'preact/hooks'
import type { Step } from '../api/Step'
import { Button, Wrong } from '../parts/parts'
import { Icon } from '../parts/icon'
import { useTill } from '../till'
import { problemWords, useWords } from '../words/words'

export function PrinterCheck() {
  const words = useWords()
  const { port, view } = useTill()
  const [step, setStep] = useState<Step | null>(null)
  const [running, setRunning] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const says = words.paper
  const run = async (): Promise<void> => {
    setRunning(true)
    setWrong(null)
    setStep(null)
    const told = await port.query({ read: 'check_printer' })
    setRunning(false)
    if ('problem' in told) setWrong(problemWords(words, told.problem))
    else if ('unreached' in told) setWrong(words.unreached)
    else if (told.ok.type === 'checked') setStep(told.ok.steps[0] ?? null)
  }
  const none = view.printer.state === 'none'
  return (
    <section class="printercheck" aria-label={says.printer}>
      <h3 class="h">{says.printer}</h3>
      <div role="status">
        {none ? <p>{says.noneSetUp}</p> : null}
        {step ? (
          <p class={step.ok ? 'note ok' : 'note no'}>
            <Icon name={step.ok ? 'checkc' : 'crossc'} />
            <span>
              {step.detail}. {step.fix}
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
    </section>
  )
}
