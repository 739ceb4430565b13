// Screens as text: what a payment's state says, what can be done, and what is seen on every screen.
import render from 'preact-render-to-string'
import { beforeAll, describe, expect, it } from 'vitest'
import type { View } from '../../src/api/View'
import { LOOKS, type StateName, stateOf } from '../../src/payment'
import type { Line, Port } from '../../src/port/port'
import { App, type AppProps } from '../../src/screens/app'
import { CustomerScreen } from '../../src/screens/customer'
import { scaleStep } from '../../src/screens/day-top'
import { TillHere } from '../../src/till'
import { en, type Words } from '../../src/words/en'
import { sv } from '../../src/words/sv'
import { WordsIn } from '../../src/words/words'
import { amount, closed, line, payment, sale, shown, terminal, view } from './sample'

const nowhere: Port = {
  dispatch: () => Promise.resolve({ unreached: true }),
  query: () => Promise.resolve({ unreached: true }),
  views: () => () => undefined,
  customerViews: () => () => undefined,
  sight: () => () => undefined,
  scans: () => () => undefined,
  pairing: () => () => undefined,
  customer: { page: () => 'customer.html' },
}

beforeAll(() => {
  Object.assign(globalThis, { location: { search: '' } })
})

interface Around extends AppProps {
  line?: Line
  words?: Words
}

function html(of: View, { line = { up: true }, words = en, ...props }: Around = {}): string {
  return render(
    <WordsIn value={words}>
      <TillHere port={nowhere} view={of} line={line}>
        <App {...props} />
      </TillHere>
    </WordsIn>,
  )
}

/** As it is read: words without pictures and marks. */
function text(of: View, around?: Around): string {
  const tight = html(of, around)
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]+>/g, ' ')
  return tight.replaceAll('&amp;', '&').replace(/\s+/g, ' ')
}

const uncertain = { phase: 'authorising', enquiries: 3, next_enquiry: '2026-11-20T13:02:46Z' } as const

const STATES: Record<StateName, ReturnType<typeof payment>> = {
  preparing: payment({ phase: 'preparing', display: null }),
  sent: payment({ phase: 'sent', display: null }),
  customer: payment(),
  authorising: payment({ phase: 'authorising', display: 'Please wait' }),
  signature: payment({ state: 'await_signature' }),
  undoing: payment({ state: 'reversing' }),
  approved: closed('approved', { amount: amount(27908) }),
  partly: closed('partial', { amount: amount(20000) }),
  declined: closed('declined', { reason: 'refused' }),
  cancelled: closed('cancelled', { reason: 'customer_cancelled' }),
  not_charged: closed('not_charged', { reason: 'connect_timeout', closed_by: 'nothing_sent' }),
  checking: payment({ state: 'unknown', reason: 'answer_lost', ...uncertain }),
  needs_you: payment({ state: 'disputed', outcome: 'disputed', reason: 'cannot_tell', ...uncertain }),
  late: closed('cancelled', {
    attention: true,
    late_outcome: { said: 'approved', amount: amount(27908), may_count: true, giving_back: null },
  }),
  contradiction: closed('approved', {
    attention: true,
    amount: amount(27908),
    late_outcome: { said: 'declined', amount: amount(0), may_count: false, giving_back: null },
  }),
  given_back: closed('approved', { kind: 'refund', amount: amount(27908) }),
  undone: closed('approved', { kind: 'reversal', amount: amount(27908) }),
  back_declined: closed('declined', { kind: 'refund' }),
}

describe('every state of a payment', () => {
  it.each(Object.keys(STATES) as StateName[])('%s has its icon, its word and its colour', (name) => {
    const at = STATES[name]
    expect(stateOf(at)).toBe(name)
    const page = html(shown(at))
    const { tone, solid } = LOOKS[name]
    expect(page).toContain(`class="head ${solid && tone !== 'mute' ? 'solid ' : ''}${tone}"`)
    expect(text(shown(at))).toContain(en.states[name])
    expect(text(shown(at), { words: sv })).toContain(sv.states[name])
  })

  it('differs from every other one by word, and by icon or fill', () => {
    const words = Object.values(en.states)
    expect(new Set(words).size).toBe(words.length)
    const looks = (
      ['approved', 'declined', 'cancelled', 'not_charged', 'checking', 'needs_you'] as const
    ).map((name) => `${LOOKS[name].icon} ${LOOKS[name].tone}`)
    expect(new Set(looks).size).toBe(looks.length)
  })

  it('shows the next thing once, at the far right', () => {
    for (const at of Object.values(STATES)) {
      const page = html(shown(at))
      expect((page.match(/data-go/g) ?? []).length).toBeLessThanOrEqual(1)
    }
  })

  it('never looks paid when it is not', () => {
    for (const [name, at] of Object.entries(STATES)) {
      if (['approved', 'late', 'given_back', 'undone', 'partly'].includes(name)) continue
      expect(html(shown(at))).not.toMatch(/class="(head solid ok|st ok tag)"/)
    }
  })
})

describe('the stage', () => {
  it('shows the terminal’s words letter by letter, and a way to ask it to cancel', () => {
    const said = text(shown(payment({ display: 'INSERT or tap' })))
    expect(said).toContain('Desk terminal says INSERT or tap')
    expect(said).toContain('Ask terminal to cancel')
    expect(said).not.toContain('Next customer')
  })

  it('marks old words as old while it is checking', () => {
    const said = text(shown(STATES.checking))
    expect(said).toContain('Desk terminal last said, 14:02:19')
    expect(said).toContain('The terminal’s answer was lost on the way.')
    expect(said).toContain('do not take this payment again')
  })

  it('puts no person’s words into the terminal’s mouth', () => {
    const said = { reason: 'by_hand', closed_by: 'person', detail: 'The bank said so' } as const
    expect(text(shown(closed('not_charged', said)))).not.toContain('The bank said so')
    const terminals = { ...said, closed_by: 'terminal' } as const
    expect(text(shown(closed('not_charged', terminals)))).toContain('says The bank said so')
  })

  it('does not offer to cancel while a question is open or after it was asked', () => {
    const cancel = (page: string) =>
      /<button[^>]*aria-disabled="true"[^>]*>(?:(?!<\/button>).)*cancel/is.test(page)
    const prompt = { id: 'x', question: 'confirm', text: 'Tip?', until: null } as const
    expect(cancel(html(shown(payment({ prompt }))))).toBe(true)
    expect(cancel(html(shown(payment({ abort_asked: true }))))).toBe(true)
    expect(cancel(html(shown(payment())))).toBe(false)
  })

  it('says who cancels where only somebody at the terminal can', () => {
    const asked = shown(payment({ abort_asked: true }))
    const byHand = asked.terminals.map((one) => ({ ...one, offers: { ...one.offers, cancel_by_hand: true } }))
    const said = text({ ...asked, terminals: byHand })
    expect(said).toContain('Press Cancel on the terminal')
    expect(said).not.toContain('was asked to cancel')
    expect(text(asked)).toContain('The terminal was asked to cancel')
  })

  it('offers another card for what is left after a part', () => {
    const tender = {
      sale: 's',
      revision: 2,
      slot: 1,
      total: amount(27908),
      paid: amount(20000),
      due: amount(7908),
    }
    const said = text(shown({ ...STATES.partly, tender }))
    expect(said).toContain('Give 200.00 back')
    expect(said).toContain('Rest of 79.08 on another card')
    expect(said).toContain('Left to pay SEK 79.08')
  })

  it('offers a late approval as paid or to give back, and only back where the sale is gone', () => {
    expect(text(shown(STATES.late))).toContain('The sale is paid')
    const gone = { said: 'approved', amount: amount(27908), may_count: false, giving_back: null } as const
    const said = text(shown({ ...STATES.late, late_outcome: gone }))
    expect(said).not.toContain('The sale is paid')
    expect(said).toContain('Give 279.08 back')
  })

  it('takes money that went back after all as what the terminal says, not as a payment', () => {
    for (const kind of ['refund', 'reversal'] as const) {
      const said = text(shown({ ...STATES.late, kind }))
      expect(said).toContain('The terminal’s answer counts')
      expect(said).not.toContain('The sale is paid')
      expect(said).not.toContain('Give 279.08 back')
    }
  })

  it('asks a named person for proof before a disputed payment is decided', () => {
    const said = text(shown(STATES.needs_you))
    for (const words of ['Approved there', 'Not there, nothing charged', 'Your name', '0147000001']) {
      expect(said).toContain(words)
    }
  })
})

describe('a question', () => {
  const asked = (question: View['payments'][number]['prompt'], slip: string | null = null) =>
    html(shown(payment({ prompt: question, slip })))

  it('about a signature shows the slip and two answers, and nothing that closes it', () => {
    const page = asked(
      { id: 'q', question: 'signature', text: 'Signature?', until: null },
      'PURCHASE 279.08',
    )
    expect(page).toContain('role="alertdialog"')
    expect(page).toContain('PURCHASE 279.08')
    expect(page).toMatch(/No, refuse.*<kbd>N<\/kbd>.*Yes, it is right.*<kbd>Y<\/kbd>/s)
    expect(page).not.toContain('Close')
    expect(page).toContain('inert')
  })

  it.each([
    [{ digits: { min: 4, max: 4 } }, '4 digits'],
    [{ text: { min: 1, max: 20 } }, '1 to 20 characters'],
    [{ decimal: { decimals: 2 } }, 'at most 2 decimals'],
    [{ menu: { entries: ['Credit', 'Debit'] } }, 'Debit'],
    ['any_key' as const, 'Done'],
    ['confirm' as const, 'Yes'],
  ])('of the kind %j says what it wants', (question, words) => {
    expect(asked({ id: 'q', question, text: 'Odometer?', until: null })).toContain(words)
  })
})

describe('on every screen', () => {
  const open = payment({ state: 'unknown', reason: 'answer_lost', ...uncertain })
  it.each(['sale', 'day', 'terminals'] as const)('%s shows a payment that is not known', (screen) => {
    const said = text(view({ payments: [open] }), { screen })
    expect(said).toContain('Checking 1 payment from 14:02')
    expect(said).toContain('279.08 SEK on Desk terminal. Paydesk is asking the terminal.')
  })

  it('one that needs a person goes first', () => {
    const payments = [open, payment({ payment: 'other', state: 'disputed', requested: amount(6400) })]
    const said = text(view({ payments }), { screen: 'day' })
    expect(said).toContain('1 payment needs a person')
    expect(said).toContain('64.00 SEK from 14:02')
  })

  it('one that is being given back asks for nothing more', () => {
    const late = { ...STATES.late.late_outcome!, giving_back: 'back' }
    const waits = payment({ state: 'closed', outcome: 'not_charged', attention: true, late_outcome: late })
    expect(text(view({ payments: [waits] }), { screen: 'day' })).not.toContain('needs a person')
    const asked = { ...waits, late_outcome: { ...late, giving_back: null } }
    expect(text(view({ payments: [asked] }), { screen: 'day' })).toContain('Keep it or give it back')
  })

  it('a lost line says how old the picture is, and nothing can be pressed', () => {
    const page = html(view(), { line: { up: false, since: Date.parse('2026-11-20T13:02:25Z') } })
    expect(page).toContain('What you see is from 14:02:25 and may be old.')
    expect(page).toMatch(/class="screen lost".*class="rest" inert/)
  })

  it('trouble of the till itself is a sentence', () => {
    const problems = [{ code: 'disk_full' as const, parameters: {}, operation: null }]
    expect(text(view({ problems }))).toContain('The disk is full.')
  })

  it('practice is marked', () => {
    expect(text(view({ practice: true }))).toContain('Practice: no money moves')
    expect(text(view())).not.toContain('Practice')
  })
})

describe('the sale', () => {
  it('says why it cannot be paid', () => {
    expect(text(view())).toContain('Add an item first')
    expect(text(view({ terminals: [] }))).toContain('No terminal takes cards')
  })

  it('shows the health of a terminal with an open question about money as that', () => {
    const open = payment({ state: 'disputed', outcome: 'disputed' })
    const said = text(view({ payments: [open], terminals: [{ ...terminal, blocked_by: open.payment }] }))
    expect(said).toContain('Desk terminal Needs you')
  })
})

describe('a sale with lines', () => {
  const milk = line(1, { name: 'Milk', quantity: 2000, price: amount(1590), amount: amount(3180) })
  const bananas = line(2, { name: 'Bananas', unit: 'kilogram', quantity: 642, amount: amount(1727) })
  const soap = line(3, { name: 'Soap', discount: { percent: 1000 }, discounted: amount(350) })
  const gone = line(4, { name: 'Candle', removed: true })
  const cash = { slot: 1, kind: 'cash', payment: null, given: amount(10000), change: amount(0) } as const

  it('shows name, quantity, price, discount and amount, and what was taken out with a way back', () => {
    const said = text(view({ sale: sale([milk, bananas, soap, gone]) }))
    expect(said).toContain('Milk 2 15.90 31.80')
    expect(said).toContain('0.642 kg at 35.00/kg')
    expect(said).toContain('10 % off, \u22123.50')
    expect(html(view({ sale: sale([milk, gone]) }))).toContain('<s class="name">Candle</s>')
    expect(said).toContain('removed 1 Undo Ctrl Z')
    expect(said).toContain('4 items VAT 25')
  })

  it('has one next thing, and says what it does', () => {
    expect(text(view({ sale: sale([milk]) }))).toContain('Pay 31.80 F9 Card on Desk terminal')
    const back = sale([milk], { due: amount(-3180), total: amount(-3180) })
    expect(text(view({ sale: back }))).toContain('Give back 31.80 F9')
    expect(text(view({ sale: back }))).toContain('To give back SEK 31.80')
    const even = sale([milk], { due: amount(0), total: amount(0) })
    expect(text(view({ sale: even }))).toContain('Complete F9 Nothing is left to pay')
    expect(text(view({ sale: sale([gone]) }))).toContain('Add an item first')
  })

  it('that is partly paid shows its tenders and what is left', () => {
    const taken = { ...cash, amount: amount(10000), outcome: 'approved' }
    const of = sale([milk], { tenders: [taken], paid: amount(10000), due: amount(8400) })
    const said = text(view({ sale: of }))
    expect(said).toContain('Cash given 100.00 Taken Hand back 100.00')
    expect(said).toContain('Left to pay SEK 84.00')
  })

  it('cannot be changed while a payment holds it', () => {
    const of = sale([milk], { held: amount(3180), due: amount(0), may_change: false })
    const page = html(view({ sale: of }))
    expect(page).not.toContain('data-scan')
    expect(text(view({ sale: of }))).toContain('locked until the terminal has answered')
    expect(page).toMatch(/<button[^>]*go pay[^>]*aria-disabled="true"/)
  })

  it('stays beside its payment, with every tender', () => {
    const at = payment()
    const tender = { ...cash, kind: 'card' as const, payment: at.payment, given: null, change: null }
    const tenders = [{ ...tender, amount: amount(3180), outcome: 'unknown' }]
    const of = sale([milk], { tenders, held: amount(3180), due: amount(0), may_change: false })
    const said = text(shown(at, { sale: of }))
    expect(said).toContain('Milk 2 15.90 31.80')
    expect(said).toContain('Card on Desk terminal')
  })

  it('that was declined goes back to the goods or to another card', () => {
    const at = closed('declined', { reason: 'refused' })
    const said = text(shown(at, { sale: sale([milk]) }))
    expect(said).toContain('Another way to pay')
    expect(said).toContain('Try another card')
    expect(said).not.toContain('Next customer')
  })

  it('whose part is approved leads to the rest', () => {
    const at = closed('approved', { amount: amount(2000), requested: amount(2000) })
    const of = sale([milk], { paid: amount(2000), due: amount(1180) })
    expect(text(shown(at, { sale: of }))).toContain('The rest, 11.80')
  })

  it('that cash has finished shows the change, large, and the next customer', () => {
    const tender = { ...cash, amount: amount(3200), change: amount(6800), outcome: 'approved' }
    const done = sale([milk], { stage: 'completed', tenders: [tender], paid: amount(3200), due: amount(0) })
    const said = text(view({ sale: done }))
    expect(said).toContain('Change to the customer 68.00')
    expect(said).toContain('Next customer')
    const rounded = { ...done, total: amount(3150), rounding: amount(50) }
    expect(text(view({ sale: rounded }))).toMatch(/Total 31.50 Cash rounding 0.50 Paid/)
    // A card that paid a part before is not what the counter is about any more.
    const before = closed('approved', { amount: amount(1000) })
    expect(text(shown(before, { sale: done }))).toContain('Change to the customer 68.00')
  })

  it('offers what is parked', () => {
    const goods = { lines: 2, first: 'Milk', total: amount(1) }
    const parked = { sale: 'a', revision: 1, label: null, at: null, ...goods }
    expect(text(view({ parked: [parked] }))).toContain('1 sale is parked. Recall a parked sale F5')
  })
})

describe('people', () => {
  const person = { person: 'p1', name: 'Mia', role: 'manager', active: true } as const
  const left = { ...person, person: 'p2', name: 'Bo', active: false }

  it('sign in first, and nothing else can be reached', () => {
    const people = { people: [person, left], signed_in: null, locked: null }
    const said = text(view({ people, sale: sale() }))
    expect(said).toContain('Who is at the till?')
    expect(said).toContain('PIN for Mia')
    expect(said).not.toContain('Bo')
    expect(said).not.toContain('Product 1')
    expect(said).not.toContain('Ctrl 2')
    expect(text(view({ people: { ...people, locked: 'p1' } }), { words: sv })).toContain('Låst av Mia')
  })

  it('are named in the bar and can lock it, but not while a payment runs', () => {
    const people = { people: [person], signed_in: 'p1', locked: null }
    expect(text(view({ people }))).toContain('Mia Till T1')
    expect(text(view({ people }))).toContain('Lock Ctrl L')
    expect(text(view({ people }), { help: true })).toContain('Sign out Alt L')
    expect(html(shown(payment(), { people }))).toMatch(/<button[^>]*quiet lock[^>]*aria-disabled="true"/)
  })

  it('who are nobody ask for nothing', () => {
    expect(text(view())).not.toMatch(/PIN|Lock Ctrl/)
  })
})

describe('the customer', () => {
  const told = { method: null, text: null, code: null, drawn: null }
  const base = { ...told, amount: amount(27908), practice: false, shop: 'Corner Shop' }
  const none = { lines: [], total: null, change: null }
  const customer = (stage: 'idle' | 'pay' | 'paid' | 'not_paid' | 'checking') =>
    render(
      <CustomerScreen
        view={{ ...base, ...none, stage, decimals: 2, paid: stage === 'paid' ? amount(27908) : null }}
      />,
    )
  it('sees what to do and how it ended', () => {
    expect(customer('idle')).toContain('Welcome')
    expect(customer('pay')).toContain('279.08')
    expect(customer('paid')).toContain('Approved')
    expect(customer('not_paid')).toContain('Nothing was charged')
    expect(customer('checking')).toContain('do not pay again yet')
    expect(render(<CustomerScreen view={null} />)).not.toContain('279.08')
  })

  it('sees the goods, the total and the change', () => {
    const goods = [
      { name: 'Milk', quantity: 2000, unit: 'piece' as const, amount: amount(3180) },
      { name: 'Bananas', quantity: 642, unit: 'kilogram' as const, amount: amount(1727) },
    ]
    const at = { ...base, ...none, decimals: 2, paid: null, lines: goods, total: amount(4907) }
    const page = render(<CustomerScreen view={{ ...at, stage: 'sale' }} />)
    expect(page).toContain('2 × Milk')
    expect(page).toContain('0.642 kg')
    expect(page).toContain('3 items')
    expect(page).toContain('49.07')
    const paid = { ...at, stage: 'paid' as const, paid: amount(4900), change: amount(5100) }
    expect(render(<CustomerScreen view={paid} />)).toMatch(/Change <b class="num">51.00/)
  })
})

describe('the second language', () => {
  it('says everything, and in its own words', () => {
    const same: string[] = []
    const names = ['Alipay', 'WeChat Pay', 'Cash App', 'Pockyt', 'JSON', 'Port']
    const walk = (a: object, b: object, path: string): void => {
      expect(Object.keys(b).sort(), path).toEqual(Object.keys(a).sort())
      for (const [key, value] of Object.entries(a)) {
        const other = (b as Record<string, unknown>)[key]
        if (typeof value === 'object' && value && typeof other === 'object' && other) {
          walk(value, other, `${path}.${key}`)
        } else if (typeof value === 'string' && value && value === other && !names.includes(value)) {
          same.push(`${path}.${key}`)
        }
      }
    }
    walk(en, sv, '')
    // Words that are the same in both.
    expect(same.length).toBeLessThan(14)
  })
})

it('the scale of the chart counts in ones, twos and fives', () => {
  expect([1, 3, 4, 100, 363, 4500].map(scaleStep)).toEqual([1, 1, 2, 50, 200, 2000])
})
