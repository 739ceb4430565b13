// The amounts under the line: what the sale comes to, its tax, and what is left.
import type { SaleView } from '../api/SaleView'
import { plain } from '../money/money'
import { itemCount, percentText } from '../sale'
import { useTill } from '../till'
import type { Words } from '../words/words'

export interface SumProps {
  rows: [string, string][]
  what: string
  amount: string
}

/** The rows of a sale, and its total or what is left of it. */
export function sumsOf(words: Words, decimals: number, sale: SaleView | null): SumProps {
  const says = words.counter
  const text = (minor: number): string => plain({ minor }, decimals)
  if (!sale) return { rows: [[says.items(0), '']], what: words.sale.total, amount: text(0) }
  const rows: [string, string][] = [[says.items(itemCount(sale)), '']]
  for (const part of sale.vat) rows.push([says.vat(percentText(part.rate)), text(part.vat.minor)])
  if (sale.discounts.minor !== 0) rows.push([says.discounts, text(-Math.abs(sale.discounts.minor))])
  const begun = sale.paid.minor !== 0 || sale.held.minor !== 0
  if (begun) rows.push([words.sale.total, text(sale.total.minor)])
  if (sale.rounding.minor !== 0) rows.push([says.rounding, text(sale.rounding.minor)])
  if (sale.paid.minor !== 0 && sale.stage !== 'completed') rows.push([says.paid, text(-sale.paid.minor)])
  if (sale.held.minor !== 0) rows.push([says.onTerminal, text(-sale.held.minor)])
  if (sale.due.minor < 0) return { rows, what: says.toGive, amount: text(-sale.due.minor) }
  const what = begun ? says.left : words.sale.total
  return { rows, what, amount: text(begun ? sale.due.minor : sale.total.minor) }
}

export function Sum({ rows, what, amount }: SumProps) {
  const { view } = useTill()
  return (
    <div class="sum">
      <dl class={rows.length > 4 ? 'two' : undefined}>
        {rows.map(([label, value]) => (
          <>
            <dt>{label}</dt>
            <dd class="num">{value}</dd>
          </>
        ))}
      </dl>
      <div class="big">
        <span class="what">
          {what} <span>{view.shop.currency}</span>
        </span>
        <span class="money total">{amount}</span>
      </div>
    </div>
  )
}
