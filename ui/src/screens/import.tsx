// Products from a file: checked first, then taken over as it was checked; every line left out is named.
import { useRef, useState } from 'preact/hooks'
import type { Imported } from '../api/Imported'
import type { Problem } from '../api/Problem'
import { type Act, useKeys } from '../keys'
import { Icon } from '../parts/icon'
import { Button, Done, Wrong } from '../parts/parts'
import { useWords, type Words } from '../words/words'
import { useSend } from './send'

/** A little under what the till takes once it is written as base64. */
const LARGEST_BYTES = 12 * 1024 * 1024

interface Chosen {
  name: string
  base64: string
}

/** A file's bytes as base64; nothing where it cannot be read. */
function bytesOf(file: File): Promise<string | null> {
  return new Promise((done) => {
    const reader = new FileReader()
    reader.onload = () => {
      const read = String(reader.result)
      done(read.includes(',') ? read.slice(read.indexOf(',') + 1) : '')
    }
    reader.onerror = () => done(null)
    reader.readAsDataURL(file)
  })
}

/** The first line lacks a column that every product needs. */
function columnWords(words: Words, problem: Problem): string | undefined {
  const { field } = problem.parameters
  const column = problem.code === 'field_wrong' && field ? words.products.columns[field] : undefined
  return column ? words.products.noColumn(column) : undefined
}

function useImport() {
  const words = useWords()
  const says = words.products
  const { send, wrong, say, busy } = useSend('import', (problem) => columnWords(words, problem))
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [replace, setReplace] = useState(false)
  const [checked, setChecked] = useState<Imported | null>(null)
  const [taken, setTaken] = useState<Imported | null>(null)

  const check = async (file: Chosen, replace: boolean): Promise<void> => {
    setChecked(null)
    setTaken(null)
    const told = await send({ do: 'import_products', file: file.base64, replace, check_only: true })
    setChecked(told?.imported ?? null)
  }
  const read = async (file: File): Promise<void> => {
    setChosen(null)
    setChecked(null)
    setTaken(null)
    if (file.size > LARGEST_BYTES) return say(says.tooLarge)
    const base64 = await bytesOf(file)
    if (base64 === null) return say(says.unread)
    if (base64 === '') return say(says.emptyFile)
    const next = { name: file.name, base64 }
    setChosen(next)
    await check(next, replace)
  }
  const all = (replace: boolean): void => {
    setReplace(replace)
    if (chosen) void check(chosen, replace)
  }
  const take = async (): Promise<void> => {
    if (!chosen || !checked) return
    const told = await send({ do: 'import_products', file: chosen.base64, replace, check_only: false })
    if (!told?.imported) return
    setTaken(told.imported)
    setChecked(null)
  }
  return { chosen, replace, checked, taken, read, all, take, wrong, busy }
}

/** Why nothing is there to take over; empty where it only has to wait. */
export function whyNot(words: Words, checked: Imported | null): string | undefined {
  if (!checked) return ''
  const { added, changed, unchanged, removed } = checked
  if (added + changed + unchanged === 0) return words.products.noGood
  return added + changed + removed === 0 ? words.products.nothingNew : undefined
}

export function ImportPanel() {
  const words = useWords()
  const input = useRef<HTMLInputElement>(null)
  const { chosen, replace, checked, taken, read, all, take, wrong, busy } = useImport()
  const says = words.products
  const choose: Act = {
    key: 'Ctrl I',
    label: chosen ? says.chooseOther : says.choose,
    run: () => input.current?.click(),
    off: busy ? '' : undefined,
  }
  const go: Act = {
    key: 'F9',
    label: says.takeOver,
    run: () => void take(),
    off: busy ? '' : whyNot(words, checked),
  }
  useKeys([choose, go])
  const report = taken ?? checked
  return (
    <section class="panel importpanel" aria-label={says.import}>
      <header>
        <h2>{says.import}</h2>
        <Button act={choose} icon="down" />
      </header>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        hidden
        aria-label={says.choose}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          // The same file, mended, may be chosen again.
          event.currentTarget.value = ''
          if (file) void read(file)
        }}
      />
      <div class="form">
        {report || chosen ? null : <p class="help">{says.importHint}</p>}
        {chosen ? (
          <p>
            <span class="label">{says.file}</span> <b>{chosen.name}</b>
          </p>
        ) : null}
        <label class="choice">
          <input
            type="checkbox"
            checked={replace}
            disabled={busy}
            onChange={(event) => all(event.currentTarget.checked)}
          />
          <span>
            {says.replace}
            <small>{says.replaceHint}</small>
          </span>
        </label>
        {busy ? (
          <p class="hint" role="status">
            <Icon name="asking" turning /> {says.checking}
          </p>
        ) : null}
        <Wrong text={wrong} />
        <Done text={taken ? says.taken : null} />
        {report ? <ImportReport report={report} title={taken ? says.happened : says.would} /> : null}
      </div>
      <div class="foot">
        <Button act={go} look="go wide" icon="check" />
      </div>
    </section>
  )
}

/** What an import did or would do: counts first, then every line that was left out. */
export function ImportReport({ report, title }: { report: Imported; title: string }) {
  const words = useWords()
  const says = words.products
  const rows: [string, number][] = [
    [says.added, report.added],
    [says.changed, report.changed],
    [says.unchanged, report.unchanged],
    [says.removed, report.removed],
    [says.left, report.rejected_count],
  ]
  const { rejected, rejected_count } = report
  return (
    <section class="imported" aria-label={title}>
      <h3>{title}</h3>
      <dl class="counts">
        {rows.map(([label, count]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd class="num">{count}</dd>
          </div>
        ))}
      </dl>
      <p class="help">
        {says.encoding} {report.encoding}.
      </p>
      {report.unknown_columns.length > 0 ? (
        <p class="help">{says.unknownColumns(report.unknown_columns.join(', '))}</p>
      ) : null}
      {rejected_count > 0 ? (
        <>
          <div class="note attn">
            <Icon name="warn" />
            <span>
              <b>{says.rejected(rejected_count)}.</b>{' '}
              {rejected.length < rejected_count ? says.listed(rejected.length) : says.mend}
            </span>
          </div>
          <table class="rejected">
            <thead>
              <tr>
                <th scope="col" class="r">
                  {says.line}
                </th>
                <th scope="col">{says.column}</th>
                <th scope="col">{says.why}</th>
              </tr>
            </thead>
            <tbody>
              {rejected.map((one, index) => (
                <tr key={index}>
                  <td class="r num">{one.line}</td>
                  <td>{one.column === '' ? says.wholeLine : (says.columns[one.column] ?? one.column)}</td>
                  <td>
                    {says.reasons[one.why] ?? says.reasonOther(one.why)}
                    {one.text === '' ? null : <code>{one.text}</code>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : null}
    </section>
  )
}
