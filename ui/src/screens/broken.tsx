// A till that cannot start: what happened, that nothing is lost, what to do, and another try.
import { useState } from 'preact/hooks'
import type { Standing } from '../api/Standing'
import { type Act, useKeys } from '../keys'
import { Icon } from '../parts/icon'
import { Button, Wrong } from '../parts/parts'
import { commandId } from '../port/ids'
import type { Port } from '../port/port'
import { useWords } from '../words/words'

type Broken = Extract<Standing, { is: 'broken' }>

export function BrokenScreen({ port, broken, ready }: { port: Port; broken: Broken; ready: () => void }) {
  const words = useWords()
  const says = words.broken
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const { problem, folder } = broken
  const p = Object.fromEntries(
    Object.entries(problem.parameters).map(([name, value]) => [name, value ?? '']),
  )
  const [title, what] = says.known[problem.code] ?? [says.title, () => says.other(problem.code)]
  const again = async (): Promise<void> => {
    setBusy(true)
    setWrong(null)
    const told = await port.dispatch(commandId(), { do: 'start_again' })
    setBusy(false)
    if (!('ok' in told)) setWrong('problem' in told ? says.still : words.unreached)
    ready()
  }
  const act: Act = { key: 'F9', label: says.again, run: () => void again(), off: busy ? '' : undefined }
  useKeys([act])
  const rows: [string, string | undefined][] = [
    [says.file, p.file],
    [says.line, p.line],
    [says.key, p.key],
    [says.folder, folder],
    [says.detail, p.detail ?? (problem.code === 'settings_wrong' ? undefined : p.what)],
  ]
  return (
    <main class="setup">
      <section class="panel" aria-label={says.title}>
        <header>
          <p class="st no">
            <Icon name="warn" />
            {says.title}
          </p>
          <h1>{title}</h1>
        </header>
        <div class="form">
          <p class="happened" role="alert">
            {what(p)}
          </p>
          <p class="help">{says.calm}</p>
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
        </div>
        <div class="saying">
          <Wrong text={wrong} />
        </div>
        <div class="foot">
          <Button act={act} look="go wide" icon="asking" />
        </div>
      </section>
    </main>
  )
}
