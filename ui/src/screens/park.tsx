// Parked sales, and a sale that is given up.
import { useState } from 'preact/hooks'
import type { ParkedView } from '../api/ParkedView'
import type { SaleView } from '../api/SaleView'
import { type Desk, wrongOf } from '../desk'
import type { Act } from '../keys'
import { plain, withCurrency } from '../money/money'
import { Dialog } from '../parts/dialog'
import { Button, Wrong } from '../parts/parts'
import { clock } from '../time'
import { useTill } from '../till'
import { useWords } from '../words/words'

export function RecallDialog({ desk, close }: { desk: Desk; close: () => void }) {
  const words = useWords()
  const { view, wish } = useTill()
  const [wrong, setWrong] = useState<string | null>(null)
  const recall = async (parked: ParkedView): Promise<void> => {
    const told = await wish(`recall:${parked.sale}`, {
      do: 'sell',
      sale: parked.sale,
      revision: parked.revision,
      wanted: { want: 'recall' },
    })
    if (!('ok' in told)) return setWrong(wrongOf(words, told))
    desk.enter(null)
    close()
  }
  const acts = view.parked.map((parked, index): Act => {
    const { label, first, lines } = parked
    return {
      key: index < 9 ? String(index + 1) : undefined,
      label: [label, first].filter(Boolean).join(': ') || words.park.lines(lines),
      run: () => void recall(parked),
    }
  })
  const leave: Act = { key: 'Esc', also: ['F5'], label: words.back, run: close }
  return (
    <Dialog label={words.park.title} look="plainask" acts={[...acts, leave]}>
      <h1>{words.park.title}</h1>
      <p>{words.park.hint}</p>
      <Wrong text={wrong} />
      <div class="menu">
        {view.parked.map((parked, index) => {
          const act = acts[index]
          const at = parked.at ? words.park.at(clock(parked.at, view.shop.time_zone)) : ''
          const total = withCurrency(parked.total, view.shop.decimals)
          const small = [total, words.park.lines(parked.lines), at].filter(Boolean).join(' · ')
          return act ? <Button key={parked.sale} act={act} icon="recall" small={small} /> : null
        })}
      </div>
      <Button act={leave} />
    </Dialog>
  )
}

export function VoidDialog(props: { sale: SaleView; desk: Desk; close: () => void }) {
  const { sale, desk, close } = props
  const words = useWords()
  const { view } = useTill()
  const title = words.counter.voidTitle(plain(sale.total, view.shop.decimals))
  const no: Act = { key: 'N', also: ['Esc'], label: words.counter.voidNo, run: close }
  const yes: Act = {
    key: 'Y',
    also: ['J'],
    label: words.counter.voidYes,
    run: () => void desk.change({ want: 'void' }).then(close),
  }
  return (
    <Dialog label={title} look="plainask" acts={[no, yes]}>
      <h1>{title}</h1>
      <p>{words.counter.voidHint}</p>
      <div class="two">
        <Button act={no} look="huge" />
        <Button act={yes} look="huge" icon="trash" />
      </div>
    </Dialog>
  )
}
