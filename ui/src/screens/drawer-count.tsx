// Counting the drawer blind: piece by piece or as a sum. Nothing here knows what is expected.
import { useState } from 'preact/hooks'
import type { Coins } from '../api/Coins'
import type { Money } from '../api/Money'
import { type Act, useKeys } from '../keys'
import { coinsOf, pieces } from '../money/coins'
import { parseFromZero, plain } from '../money/money'
import { Button, Field, Form, Wrong } from '../parts/parts'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { useSend } from './send'

type Typed = Readonly<Record<number, string>>

/** What the typed pieces come to; nothing where one of them is no whole number. */
export function countOf(values: readonly number[], typed: Typed, currency: string) {
  const coins: Coins[] = []
  for (const minor of values) {
    const found = pieces(typed[minor] ?? '')
    if (found === null) return null
    if (found > 0) coins.push({ value: { minor, currency }, pieces: found })
  }
  const minor = coins.reduce((sum, { value, pieces }) => sum + value.minor * pieces, 0)
  return { coins, counted: { minor, currency } satisfies Money }
}

/** As a coin or note is called: `500`, `0.50`. */
export function faceOf(minor: number, decimals: number): string {
  const unit = 10 ** decimals
  return minor % unit === 0 ? plain({ minor: minor / unit }, 0) : plain({ minor }, decimals)
}

export function DrawerCount({ done }: { done: (text: string | null) => void }) {
  const words = useWords()
  const { view } = useTill()
  const { currency, decimals } = view.shop
  const values = coinsOf(currency)
  const [each, setEach] = useState(values.length > 0)
  const [typed, setTyped] = useState<Typed>({})
  const [sum, setSum] = useState('')
  const { send, wrong, say, busy } = useSend('count')
  const says = words.drawer
  const counted = view.shift?.count !== null
  const byPieces = countOf(values, typed, currency)
  const blank = each ? Object.values(typed).every((text) => text.trim() === '') : sum.trim() === ''

  const enter = async (): Promise<void> => {
    if (blank) return
    const read = parseFromZero(sum, view.shop)
    if (each && !byPieces) return say(says.wholePieces)
    if (!each && 'wrong' in read) return say(words.wrong[read.wrong])
    const bySum = 'minor' in read ? { coins: [], counted: { minor: read.minor, currency } } : null
    const count = each ? byPieces : bySum
    if (!count) return
    done(null)
    if (await send({ do: 'drawer', wanted: { want: 'count', ...count } })) {
      setTyped({})
      setSum('')
    }
  }
  const act: Act = {
    key: counted ? undefined : 'F9',
    label: counted ? says.again : says.enter,
    run: () => void enter(),
    off: blank ? says.typeFirst : busy ? '' : undefined,
  }
  useKeys(counted ? [] : [act])
  return (
    <section class="panel" aria-label={says.count}>
      <header>
        <h2>{says.count}</h2>
        {values.length > 0 ? (
          <div class="chips" role="group" aria-label={says.how}>
            <Button act={{ label: says.byPieces, run: () => setEach(true) }} pressed={each} />
            <Button act={{ label: says.bySum, run: () => setEach(false) }} pressed={!each} />
          </div>
        ) : null}
      </header>
      <Form label={says.count} run={() => void enter()}>
        <p class="help">{says.countHint}</p>
        {each ? (
          <Pieces values={values} typed={typed} type={(next) => (say(null), setTyped(next))} />
        ) : (
          <Field
            id="sum"
            label={`${says.sum}, ${currency}`}
            value={sum}
            numeric
            first
            onValue={(value) => (say(null), setSum(value))}
          />
        )}
        <Wrong text={wrong} />
      </Form>
      <div class="foot">
        {each ? (
          <p class="countsum" role="status">
            <span>{says.sum}</span>
            <b class="num">
              {byPieces ? plain(byPieces.counted, decimals) : '–'} {currency}
            </b>
          </p>
        ) : null}
        <Button act={act} look={counted ? 'wide' : 'go wide'} />
      </div>
    </section>
  )
}

interface PiecesProps {
  values: readonly number[]
  typed: Typed
  type: (next: Typed) => void
}

/** One field for each coin and note; Enter and the arrows go through them. */
function Pieces({ values, typed, type }: PiecesProps) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  const step = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const by = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key]
    const fields = [...event.currentTarget.querySelectorAll('input')]
    const next = fields[fields.indexOf(event.target as HTMLInputElement) + (by ?? 0)]
    // Enter in the last field enters the count.
    if (by === undefined || !next) return
    event.preventDefault()
    next.focus()
    next.select()
  }
  const gridTemplateRows = `repeat(${Math.ceil(values.length / 2)}, auto)`
  return (
    <div class="pieces" onKeyDown={step} style={{ gridTemplateRows }}>
      {values.map((minor, index) => {
        const face = faceOf(minor, decimals)
        const found = pieces(typed[minor] ?? '')
        return (
          <label key={minor} class="piece">
            <span class="num">{face}</span>
            <span class="input">
              <input
                aria-label={words.drawer.pieces(face)}
                aria-invalid={found === null ? true : undefined}
                data-field={index === 0 ? '' : undefined}
                value={typed[minor] ?? ''}
                inputMode="numeric"
                autocomplete="off"
                maxLength={6}
                onInput={(event) => type({ ...typed, [minor]: event.currentTarget.value })}
              />
            </span>
            <span class="num amt">{found ? plain({ minor: minor * found }, decimals) : ''}</span>
          </label>
        )
      })}
    </div>
  )
}
