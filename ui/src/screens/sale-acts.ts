// What can be done with the lines: the function keys beside the keypad and their keys.
import type { LineView } from '../api/LineView'
import type { SaleView } from '../api/SaleView'
import type { Desk, Entry } from '../desk'
import type { Act } from '../keys'
import { parse } from '../money/money'
import { parseQuantity, whatIsTyped } from '../sale'
import { useTill } from '../till'
import { useWords } from '../words/words'
import type { useAdd } from './sale-entry'

export type Dialogs = 'recall' | 'void' | null

interface LineActsProps {
  desk: Desk
  sale: SaleView | null
  current: LineView | null
  add: ReturnType<typeof useAdd>
  open: (dialog: Dialogs) => void
  locked: boolean
}

export function useLineActs({ desk, sale, current, add, open, locked }: LineActsProps) {
  const words = useWords()
  const { view } = useTill()
  const says = words.counter
  const { typed } = desk
  const what = whatIsTyped(typed, view.shop)
  const number = what.is === 'amount' || what.is === 'code'
  const inField = (key: string): string[] => (typed === '' || number ? [`field ${key}`] : [])
  const noLine = locked ? says.locked : current ? undefined : says.whyNoLine
  const entry = (make: (line: LineView) => Entry): void => {
    if (current) desk.enter(make(current))
  }
  const amount = parse(typed, view.shop)
  const quantity = parseQuantity(typed)
  const n = view.parked.length
  const acts = {
    quantity: {
      key: '*',
      also: inField('*'),
      label: says.quantity,
      run: () => {
        if (number && 'thousandths' in quantity) {
          desk.setTimes(quantity.thousandths)
          desk.setTyped('')
        } else entry(({ line, name }) => ({ is: 'quantity', line, name }))
      },
      off: number ? undefined : noLine,
    },
    price: {
      key: 'Ctrl E',
      label: says.price,
      run: () => entry(({ line, name }) => ({ is: 'price', line, name })),
      off: noLine,
    },
    discount: {
      key: 'Ctrl D',
      label: says.discount,
      run: () => entry(({ line, name }) => ({ is: 'discount', line, name, by: 'percent' })),
      off: noLine,
    },
    amount: {
      key: '+',
      also: inField('+'),
      label: says.amount,
      run: () => {
        if ('wrong' in amount) desk.setWrong(words.wrong[amount.wrong])
        else add.amount(amount.minor)
      },
      off: desk.entry ? '' : undefined,
    },
    remove: {
      key: 'Del',
      also: typed === '' ? ['field Del'] : [],
      label: says.remove,
      run: () => {
        if (current) void desk.change({ want: 'remove', line: current.line })
      },
      off: noLine,
    },
    park: {
      key: 'F4',
      label: says.park,
      run: () => {
        if (desk.entry?.is === 'label') {
          void desk.change({ want: 'park', label: typed.trim() || null }).then((ok) => {
            if (ok) desk.enter(null)
          })
        } else desk.enter({ is: 'label' })
      },
      off: noLine,
    },
    recall: {
      key: 'F5',
      label: n > 0 ? says.recallN(n) : says.recall,
      run: () => open('recall'),
      off: n === 0 ? says.whyNoParked : current ? says.whyOpen : undefined,
    },
    split: {
      key: 'F3',
      label: says.split,
      run: () => desk.enter({ is: 'part' }),
      off: sale && sale.due.minor > 0 ? (desk.entry ? '' : undefined) : says.whyEmpty,
    },
    back: {
      key: 'Ctrl R',
      label: current && current.quantity < 0 ? says.sellAgain : says.back,
      run: () => {
        if (current)
          void desk.change({ want: 'quantify', line: current.line, quantity: -current.quantity })
        else desk.setTimes(desk.times === null ? -1000 : -desk.times)
      },
      off: locked ? says.locked : undefined,
    },
  } satisfies Record<string, Act>
  return acts
}
