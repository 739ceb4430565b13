// A sale that is finished: the change, large, and the next customer.
import { useState } from 'preact/hooks'
import type { SaleView } from '../api/SaleView'
import { wrongOf } from '../desk'
import { type Act, useKeys } from '../keys'
import { plain, withCurrency } from '../money/money'
import { Icon } from '../parts/icon'
import { Button, Wrong } from '../parts/parts'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { DoneReceipt } from './paper'
import { Sum, sumsOf } from './sum'
import { Lines, Tenders, TicketHead } from './ticket'

/** What goes to the customer out of the drawer. */
function changeOf(sale: SaleView): number {
  const kept = sale.tenders.filter((tender) => tender.outcome === 'approved')
  return kept.reduce((sum, tender) => sum + (tender.change?.minor ?? 0), 0)
}

export function DoneScreen({ sale, said }: { sale: SaleView; said: string | null }) {
  const words = useWords()
  const { view, wish, waiting } = useTill()
  const [wrong, setWrong] = useState<string | null>(null)
  const { decimals } = view.shop
  const change = changeOf(sale)
  const back = sale.total.minor < 0
  const next: Act = {
    key: 'Enter',
    also: ['F9', 'Ctrl Enter'],
    label: words.done.next,
    run: () =>
      void wish(`next:${sale.sale}`, { do: 'next_sale', sale: sale.sale }).then((told) =>
        setWrong(wrongOf(words, told)),
      ),
    off: waiting.has(`next:${sale.sale}`) ? '' : undefined,
  }
  useKeys([next])
  const paid = { ...sale.paid, minor: Math.abs(sale.paid.minor) }
  const title = back ? words.done.backed : words.done.paid
  const sums = sumsOf(words, decimals, sale)
  return (
    <>
      <main class="panes">
        <section class="pane left locked" aria-label={words.sale.title}>
          <div class="lockbar">
            <Icon name="checkc" size="l" />
            {said ? <p role="alert">{said}</p> : null}
            <p hidden={said !== null}>
              <b>{title}</b>
              {words.done.nextHint}
            </p>
          </div>
          <TicketHead />
          <Lines sale={sale} />
          <Tenders sale={sale} />
        </section>
        <section class="pane">
          <section class="stage" aria-label={title}>
            <header class="head solid ok">
              <Icon name="checkc" size="xl" />
              <div role="status">
                <h1>{title}</h1>
                <p class="num">{withCurrency(paid, decimals)}</p>
              </div>
            </header>
            {change > 0 ? (
              <p class="changebig" role="status">
                <span>{back ? words.done.outOfDrawer : words.done.change}</span>
                <b class="money">{plain({ minor: change }, decimals)}</b>
              </p>
            ) : (
              <p class="say">{words.done.noChange}</p>
            )}
            <DoneReceipt sale={sale.sale} />
            <Wrong text={wrong} />
          </section>
        </section>
      </main>
      <footer class="counter">
        {/* What led to the amount stands last. */}
        <Sum rows={sums.rows.slice(-4)} what={title} amount={plain(paid, decimals)} />
        <div class="acts five">
          <span class="c2" />
          <Button act={next} icon="check" stack look="go c3" focusHere />
        </div>
      </footer>
    </>
  )
}
