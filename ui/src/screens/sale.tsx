// The sale: its lines on the left, quick products and keypad on the right, total and tenders below. Every
// change names the sale as it is seen, and waits for the till: nothing is shown before it is so.
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import type { LineView } from '../api/LineView'
import type { SaleView } from '../api/SaleView'
import type { Desk } from '../desk'
import { useKeys } from '../keys'
import { plain } from '../money/money'
import { FnKey, Keypad } from '../parts/keypad'
import { Button, Empty } from '../parts/parts'
import { activeLines, lineOf, quantityText } from '../sale'
import { LONGEST_CODE } from '../scan'
import { useTill } from '../till'
import { useWords } from '../words/words'
import { CashScreen } from './cash'
import { CodeScreen } from './code'
import { DoneScreen } from './done'
import { RecallDialog, VoidDialog } from './park'
import { QuickKeys, useQuickProducts } from './quick'
import { type Dialogs, useLineActs } from './sale-acts'
import { optionsOf, useAdd, useApply } from './sale-entry'
import { partOf, type Tender, useMoney, useTender } from './sale-money'
import { focusField, GoButton, LockBar, News } from './sale-parts'
import { type Choice, ScanField, useFound } from './scan-field'
import { Sum, sumsOf } from './sum'
import { Lines, Tenders, TicketHead } from './ticket'

export function SaleScreen({ desk }: { desk: Desk }) {
  const { view } = useTill()
  const tender = useTender(view.terminals)
  const sale = view.sale
  const open = sale?.stage === 'open' ? sale : null
  const asked = desk.codeFor
  const words = useWords()
  const can = view.terminals.filter((one) => one.offers.codes_scanned)
  const at = can.find((one) => one.terminal === asked?.terminal) ?? can[0]
  const due = open !== null && open.due.minor > 0 && open.held.minor === 0
  const awaits = due && asked?.sale === open.sale && at !== undefined
  useEffect(() => {
    // What it was for is gone meanwhile: a code that stayed would be the next goods'.
    if (!asked || awaits) return
    desk.setCodeFor(null)
    if (asked.scanned) desk.setWrong(words.codes.early)
  }, [asked, awaits])
  if (sale && sale.stage === 'completed') {
    return <DoneScreen key={sale.sale} sale={sale} said={desk.wrong} />
  }
  if (sale && sale.sale === desk.cashFor && sale.due.minor !== 0) {
    const back = (): void => {
      desk.setCashFor(null)
      desk.setPart(null)
    }
    return <CashScreen key={sale.slot} sale={sale} part={partOf(desk, sale)} back={back} />
  }
  if (awaits && asked) {
    return <CodeScreen key={open.slot} desk={desk} sale={open} asked={asked} terminal={at} can={can} />
  }
  return <Selling desk={desk} sale={open} tender={tender} cash={() => desk.setCashFor(open?.sale ?? null)} />
}

interface SellingProps {
  desk: Desk
  sale: SaleView | null
  tender: Tender
  cash: () => void
}

function Selling({ desk, sale, tender, cash }: SellingProps) {
  const words = useWords()
  const { view } = useTill()
  const [picked, setPicked] = useState<{ line: number; of: number } | null>(null)
  const [dialog, setDialog] = useState<Dialogs>(null)
  const lines = activeLines(sale)
  // A line that is chosen stays so until another one is rung up.
  const current = lineOf(sale, picked?.of === lines.length ? picked.line : null)
  const found = useFound(desk.typed, desk.entry === null)
  const products = useQuickProducts()
  const add = useAdd(desk)
  const restore = (line: number): void => void desk.change({ want: 'restore', line })
  const gone = sale?.lines.filter((line) => line.removed).at(-1)
  const apply = useApply(desk, sale)
  const locked = sale !== null && !sale.may_change

  const take = (choice: Choice): void => {
    if (choice.is === 'product') return add.product(choice.product)
    add.amount(choice.minor, choice.rate)
  }
  const enter = (): void => {
    if (desk.entry) return void apply()
    if (desk.typed.trim() === '') return
    if (found.chosen) return take(found.chosen)
    void desk.scan(desk.typed).then((ok) => (ok ? desk.setTyped('') : undefined))
  }
  const pick = (by: number): void => {
    const at = lines.findIndex((line) => line.line === current?.line)
    const next = lines[Math.max(0, Math.min(at + by, lines.length - 1))]
    if (next) setPicked({ line: next.line, of: lines.length })
  }
  const escape = (): void => {
    if (desk.entry) desk.enter(null)
    else if (desk.typed !== '' || desk.wrong !== null) desk.enter(null)
    else if (desk.times !== null) desk.setTimes(null)
    else if (partOf(desk, sale) !== null) desk.setPart(null)
    else if (sale && sale.lines.length > 0 && sale.paid.minor === 0 && !locked) setDialog('void')
  }
  const acts = useLineActs({ desk, sale, current, add, open: setDialog, locked })
  const money = useMoney({ desk, sale, tender, cash, addAmount: add.amount })
  const plainField = desk.typed === '' && desk.entry === null
  useKeys(
    [
      money.pay,
      money.cash,
      money.card,
      money.wallet,
      ...Object.values(acts),
      { key: 'Enter', label: words.counter.add, run: enter },
      {
        key: 'Ctrl Z',
        also: plainField ? ['field Ctrl Z'] : [],
        label: words.counter.undo,
        run: () => (gone ? restore(gone.line) : undefined),
      },
      { key: '↑', label: words.counter.up, run: () => (found.choices[0] ? found.move(-1) : pick(-1)) },
      {
        key: '↓',
        label: words.counter.down,
        run: () => (found.choices[0] ? found.move(1) : pick(1)),
      },
      { key: 'F2', label: words.counter.scanLabel, run: focusField },
      {
        key: 'Esc',
        label: sale ? words.counter.void : words.sale.clear,
        run: escape,
      },
    ],
    { typed: (key) => typedKey(key, desk) },
  )
  // The field has the focus whenever what it asks for changes.
  useLayoutEffect(focusField, [desk.entry])

  return (
    <>
      <main class="panes">
        <section class="pane left" aria-label={words.sale.title}>
          <h1 class="vh">{words.sale.title}</h1>
          {locked && sale ? (
            <LockBar sale={sale} said={desk.wrong} />
          ) : (
            <ScanField
              desk={desk}
              found={found}
              take={take}
              options={optionsOf(words, desk, current)}
              apply={{
                label: desk.entry?.is === 'label' ? words.counter.park : words.entry.apply,
                run: enter,
              }}
            />
          )}
          <TicketHead />
          {sale && sale.lines.length > 0 ? (
            <Lines
              sale={sale}
              current={current?.line ?? null}
              {...(locked
                ? {}
                : { pick: (line: number) => setPicked({ line, of: lines.length }), restore })}
            />
          ) : (
            <div class="ticket">
              <Empty
                icon="bag"
                title={words.counter.emptyTitle}
                hint={[
                  words.counter.emptyHint,
                  view.parked.length > 0 ? words.counter.parkedSome(view.parked.length) : '',
                ].join(' ')}
              >
                {view.parked.length > 0 ? (
                  <Button act={{ ...acts.recall, label: words.counter.recallOne }} icon="recall" />
                ) : null}
              </Empty>
            </div>
          )}
          <p class="vh" role="status">
            {current ? spoken(current, view.shop.decimals) : ''}
          </p>
          {sale ? (
            <Tenders
              sale={sale}
              handBack={
                sale.held.minor === 0 ? (slot) => void desk.change({ want: 'hand_back', slot }) : undefined
              }
            />
          ) : null}
          <News />
          {/* While something is asked for, Esc goes back from that. */}
          {sale && sale.lines.length > 0 && !desk.entry ? (
            <div class="undo saleacts">
              <p />
              <Button act={acts.back} icon="undo" look="quiet" />
              <Button
                act={{
                  key: 'Esc',
                  label: words.counter.void,
                  run: () => setDialog('void'),
                  off: sale.paid.minor !== 0 ? words.counter.whyPartPaid : undefined,
                }}
                icon="trash"
                look="quiet"
              />
            </div>
          ) : null}
        </section>
        <section class="pane" aria-label={words.sale.keypad}>
          <QuickKeys
            products={products}
            add={add.product}
            amount={(minor) => add.amount(minor)}
            terminal={tender.terminal}
          />
          <Keypad
            typed={desk.typed}
            type={desk.setTyped}
            label={words.sale.keypad}
            beside={[
              [<FnKey act={acts.quantity} icon="times" />, <FnKey act={acts.remove} icon="trash" />],
              [<FnKey act={acts.price} icon="pricetag" />, <FnKey act={acts.park} icon="park" />],
              [<FnKey act={acts.discount} icon="pct" />, <FnKey act={acts.recall} icon="recall" />],
              [<FnKey act={acts.amount} icon="plus" />, <FnKey act={acts.split} icon="split" />],
            ]}
          />
        </section>
      </main>
      <footer class="counter">
        <Sum {...sumsOf(words, view.shop.decimals, sale)} />
        <div class="acts five">
          <div class="pick" role="group" aria-label={words.counter.otherTender}>
            <Button act={money.cash} icon="cash" stack />
            <Button act={money.card} icon="card" stack pressed={tender.method === 'card'} />
            <Button act={money.wallet} icon="qr" stack pressed={tender.method === 'qr'} />
          </div>
          <GoButton act={money.pay} small={money.small} />
        </div>
      </footer>
      {dialog === 'recall' ? <RecallDialog desk={desk} close={() => setDialog(null)} /> : null}
      {dialog === 'void' && sale ? (
        <VoidDialog sale={sale} desk={desk} close={() => setDialog(null)} />
      ) : null}
    </>
  )
}

/** The line that keys are about, for those who hear it. */
function spoken(line: LineView, decimals: number): string {
  return [line.name, quantityText(line.quantity), plain(line.amount, decimals)].join(', ')
}

/** What is typed reaches the field wherever focus is. */
function typedKey(key: string, desk: Desk): boolean {
  if (key === 'Backspace') desk.setTyped(desk.typed.slice(0, -1))
  else if (key.length === 1 && key !== ' ' && desk.typed.length < LONGEST_CODE) {
    desk.setWrong(null)
    desk.setTyped(desk.typed + key)
  } else return false
  focusField()
  return true
}
