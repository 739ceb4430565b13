// One payment in full: both receipts, every moment, the evidence; and giving its money back.
import { useState } from 'preact/hooks'
import type { CaseFile } from '../api/CaseFile'
import type { Command } from '../api/Command'
import type { Copy } from '../api/Copy'
import { type Act, useKeys } from '../keys'
import { parse, plain, withCurrency } from '../money/money'
import { Button, Field, State, Wrong } from '../parts/parts'
import { save } from '../parts/save'
import { Timeline } from '../parts/timeline'
import { rowState } from '../payment'
import { clock } from '../time'
import { useTill } from '../till'
import { reasonWords, useWords } from '../words/words'
import { Ask, type Fact, Facts, type ShownSlip, SlipShown } from './day-shown'
import { newest } from './paper'
import { useRead, useSend } from './send'
import { kindOf } from './stage'

interface DayPaymentProps {
  payment: string
  show: (payment: string) => void
}

export function DayPayment({ payment, show }: DayPaymentProps) {
  const words = useWords()
  const { view } = useTill()
  const { read: file, wrong: unread } = useRead(
    { read: 'payment', payment },
    (reply) => (reply.type === 'payment' ? reply.case : null),
    [view.sequence],
  )
  const [asking, setAsking] = useState<'refund' | 'undo' | null>(null)
  const back = useSend(`back:${payment}`)
  const { decimals, time_zone } = view.shop
  const terminal = view.terminals.find((one) => one.terminal === file?.terminal)
  const moved = file !== null && file.state === 'closed' && file.amount.minor > 0
  const acts: Act[] = [
    {
      key: 'Ctrl R',
      label: words.day.refund,
      run: () => setAsking('refund'),
      off: moved && file.kind === 'sale' && terminal?.offers.refund ? undefined : '',
    },
    {
      key: 'Ctrl U',
      label: words.day.undo,
      run: () => setAsking('undo'),
      off: moved && file.kind !== 'reversal' && terminal?.offers.reversal ? undefined : '',
    },
    { key: 'Ctrl K', label: words.day.save, run: () => (file ? keepCase(file) : undefined) },
  ]
  useKeys(acts)
  const [refund, undo, keep] = acts as [Act, Act, Act]
  const send = async (command: Command): Promise<void> => {
    setAsking(null)
    const done = await back.send(command)
    if (done?.payment) show(done.payment)
  }
  if (!file) {
    return (
      <section class="panel one">
        <Wrong text={unread} />
      </section>
    )
  }
  return (
    <section class="panel one" aria-label={words.kinds[kindOf(file)]}>
      <header>
        <h2>
          {clock(file.at, time_zone)}
          <small>
            <State name={rowState(file)} short />
          </small>
        </h2>
        <Button act={refund} icon="undo" />
        <Button act={undo} icon="cross" />
      </header>
      <Wrong text={back.wrong} />
      <div class="split2">
        <Receipts file={file} />
        <div class="side">
          <CaseFacts file={file} terminal={terminal?.name ?? file.terminal} />
          <Timeline moments={file.moments} />
          <Button act={keep} icon="down" />
        </div>
      </div>
      {asking === 'refund' ? (
        <RefundDialog file={file} close={() => setAsking(null)} send={(command) => void send(command)} />
      ) : null}
      {asking === 'undo' ? (
        <UndoDialog
          amount={withCurrency(file.amount, decimals)}
          close={() => setAsking(null)}
          yes={() => void send({ do: 'reverse', payment, or_refund: true })}
        />
      ) : null}
    </section>
  )
}

function CaseFacts({ file, terminal }: { file: CaseFile; terminal: string }) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  const says = words.day.facts
  const card = file.instrument
  const hand = file.decided
  const back = file.against.filter((row) => row.amount.minor > 0)
  const rows: Fact[] = [
    [says.amount, withCurrency(file.amount, decimals)],
    [says.tip, file.tip.minor === 0 ? null : plain(file.tip, decimals)],
    [says.cashBack, file.cash_back.minor === 0 ? null : plain(file.cash_back, decimals)],
    [says.requested, file.requested.minor === file.amount.minor ? null : plain(file.requested, decimals)],
    [says.terminal, terminal],
    [says.card, card ? [card.brand ?? card.kind, card.number].filter(Boolean).join(' ') : null],
    [says.label, file.label],
    [says.reason, file.reason ? reasonWords(words, file.reason) : null],
    [says.person, hand ? (hand.person ?? says.nameErased) : null],
    [says.because, hand?.reason],
    [says.provider, hand?.provider_reference],
    [says.against, back.length > 0 ? back.map((row) => plain(row.amount, decimals)).join(', ') : null],
    [says.transaction, file.transaction],
    ...Object.entries(file.evidence).map(([name, value]): Fact => [
      (words.day.evidenceNames as Record<string, string>)[name] ?? name.replaceAll('_', ' '),
      value,
    ]),
  ]
  return <Facts label={words.day.evidence} rows={rows} />
}

type Shown = Exclude<Copy, 'other'> | 'sale'

function Receipts({ file }: { file: CaseFile }) {
  const words = useWords()
  const ofSale = file.papers.filter((paper) => paper.kind === 'receipt')
  const [copy, setCopy] = useState<Shown>(ofSale.length > 0 ? 'sale' : 'customer')
  const tabs: [Shown, string][] = [
    ['customer', words.day.customer],
    ['merchant', words.day.merchant],
  ]
  if (ofSale.length > 0) tabs.unshift(['sale', words.paper.receipt])
  const shown = shownOf(file, copy)
  return (
    <div class="sliparea">
      <div class={tabs.length > 2 ? 'seg three' : 'seg'} role="tablist" aria-label={words.day.receipt}>
        {tabs.map(([name, label]) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={copy === name}
            onClick={() => setCopy(name)}
          >
            {label}
          </button>
        ))}
      </div>
      {/* What stands on the receipt of the sale is printed with that. */}
      <SlipShown key={copy} shown={shown} acts={copy !== 'customer' || ofSale.length === 0} />
    </div>
  )
}

/** What one of the tabs shows, and its slips. */
function shownOf(file: CaseFile, copy: Shown): ShownSlip | null {
  if (copy === 'sale') {
    const rows = file.papers.filter((paper) => paper.kind === 'receipt')
    const { original } = newest(rows)
    if (!original?.sale) return null
    return { id: original.paper, text: original.text, of: { of: 'sale', sale: original.sale }, rows }
  }
  const receipt = file.receipts.find((one) => one.copy === copy)
  if (!receipt) return null
  const kinds = copy === 'customer' ? ['customer'] : ['merchant', 'to_sign']
  return {
    id: receipt.receipt,
    text: receipt.text,
    of: { of: 'payment', payment: file.payment, copy },
    rows: file.papers.filter((paper) => kinds.includes(paper.kind)),
  }
}

interface RefundProps {
  file: CaseFile
  close: () => void
  send: (command: Command) => void
}

function RefundDialog({ file, close, send }: RefundProps) {
  const words = useWords()
  const { view } = useTill()
  const { decimals } = view.shop
  const gone = file.against.reduce((sum, row) => sum + row.amount.minor, 0)
  const left = Math.max(0, file.amount.minor - gone)
  const [typed, setTyped] = useState(plain({ minor: left }, decimals).replaceAll('\u202f', ''))
  const [wrong, setWrong] = useState<string | null>(null)
  const read = parse(typed, view.shop)
  const amount = 'minor' in read ? { minor: read.minor, currency: file.amount.currency } : null
  const give = (): void => {
    if (!amount) return setWrong('wrong' in read ? words.wrong[read.wrong] : null)
    send({ do: 'refund', terminal: file.terminal, amount, original: file.payment, label: null })
  }
  const title = words.day.refundTitle(withCurrency(file.amount, decimals))
  const no: Act = { key: 'Esc', label: words.day.keep, run: close }
  const yes: Act = {
    key: 'Enter',
    also: ['F9'],
    label: words.day.refundYes(amount ? plain(amount, decimals) : ''),
    run: give,
  }
  return (
    <Ask title={title} hint={words.day.refundHint} no={no} yes={yes}>
      <Field
        id="refund"
        label={words.day.refundField}
        value={typed}
        numeric
        wrong={wrong}
        onValue={(value) => {
          setWrong(null)
          setTyped(value)
        }}
      />
    </Ask>
  )
}

function UndoDialog({ amount, close, yes }: { amount: string; close: () => void; yes: () => void }) {
  const words = useWords()
  const title = words.day.undoTitle(amount)
  const no: Act = { key: 'Esc', also: ['N'], label: words.day.keep, run: close }
  const go: Act = { key: 'Y', label: words.day.undoYes(amount), run: yes }
  return (
    <Ask title={title} hint={words.day.undoHint} no={no} yes={go} />
  )
}

/** The case file as a file of its own, for the acquirer. */
function keepCase(file: CaseFile): void {
  save(`paydesk-${file.payment}.json`, 'application/json', JSON.stringify(file, null, 2))
}
