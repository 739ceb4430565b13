// Cash of a day's list in full: the sale that it was paid for, with its receipt, lines and tenders.
import type { CashRow } from '../api/CashRow'
import type { SaleView } from '../api/SaleView'
import { plain, withCurrency } from '../money/money'
import { Icon } from '../parts/icon'
import { Wrong } from '../parts/parts'
import { quantityText } from '../sale'
import { clock } from '../time'
import { useTill } from '../till'
import { useWords, type Words } from '../words/words'
import { type Fact, Facts, SlipShown } from './day-shown'
import { newest, useSalePapers } from './paper'
import { nameOf, useRead } from './send'

/** Whether it came or went, by icon, word and colour. */
export function CashState({ row }: { row: CashRow }) {
  const words = useWords()
  const came = row.amount.minor >= 0
  return (
    <span class={`st ${came ? 'ok' : 'mute'}`}>
      <Icon name={came ? 'checkc' : 'undo'} />
      {words.counter.tender[came ? 'taken' : 'paid_out']}
    </span>
  )
}

/** The ways that a sale was paid, as far as anything came of them. */
export function tenderFacts(sale: SaleView, words: Words, decimals: number): Fact[] {
  const says = words.counter
  return sale.tenders
    .filter(({ amount }) => amount.minor !== 0)
    .map(({ kind, amount, given, change, outcome }) => {
      const how: string[] = [words.tenders[kind]]
      if (given && change && change.minor > 0)
        how.push(says.given(plain(given, decimals)), says.changeOf(plain(change, decimals)))
      if (outcome === 'handed_back') how.push(says.tender.handed_back.toLowerCase())
      return [how.join(', '), plain(amount, decimals)]
    })
}

export function DayCash({ row }: { row: CashRow }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals, time_zone } = view.shop
  const { read: sale, wrong } = useRead(
    { read: 'sale', sale: row.sale },
    (reply) => (reply.type === 'sale' ? reply.sale : null),
    [view.sequence],
  )
  const rows = useSalePapers(row.sale).filter((paper) => paper.kind === 'receipt')
  const { original } = newest(rows)
  const of = { of: 'sale', sale: row.sale } as const
  const slip = original ? { id: original.paper, text: original.text, of, rows } : null
  const says = words.day
  const sold = (sale?.lines ?? []).filter((line) => !line.removed)
  const line = (one: (typeof sold)[number]): Fact => [
    `${quantityText(one.quantity)} × ${one.name}`,
    plain(one.amount, decimals),
  ]
  const discount: Fact[] =
    sale?.discount && sale.discounts.minor ? [[words.counter.discount, plain(sale.discounts, decimals)]] : []
  return (
    <section class="panel one" aria-label={words.tenders.cash}>
      <header>
        <h2>
          {clock(row.at, time_zone)}
          <small>
            <CashState row={row} />
          </small>
        </h2>
      </header>
      <Wrong text={wrong} />
      <div class="split2">
        <div class="sliparea">
          <SlipShown shown={slip} acts />
        </div>
        <div class="side">
          <Facts
            label={words.tenders.cash}
            rows={[
              [words.tenders.cash, withCurrency(row.amount, decimals)],
              [words.paper.receipt, row.receipt ? `${row.receipt}` : null],
              [words.people.roles.cashier, row.cashier ? nameOf(view, row.cashier) : null],
            ]}
          />
          {sale ? (
            <>
              <Facts label={says.lines} rows={[...sold.map(line), ...discount]} sums />
              <Facts
                label={words.counter.tenders}
                rows={[
                  [words.sale.total, plain(sale.total, decimals)],
                  ...tenderFacts(sale, words, decimals),
                ]}
                sums
              />
            </>
          ) : null}
        </div>
      </div>
    </section>
  )
}
