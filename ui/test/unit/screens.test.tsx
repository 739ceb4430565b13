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
import { amount, closed, payment, shown, terminal, view } from './sample'

const nowhere: Port = {
  dispatch: () => Promise.resolve({ unreached: true }),
  query: () => Promise.resolve({ unreached: true }),
  views: () => () => undefined,
  customerViews: () => () => undefined,
  customerPage: () => null,
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

  it('does not offer to cancel while a question is open or after it was asked', () => {
    const cancel = (page: string) =>
      /<button[^>]*aria-disabled="true"[^>]*>(?:(?!<\/button>).)*cancel/is.test(page)
    const prompt = { id: 'x', question: 'confirm', text: 'Tip?', until: null } as const
    expect(cancel(html(shown(payment({ prompt }))))).toBe(true)
    expect(cancel(html(shown(payment({ abort_asked: true }))))).toBe(true)
    expect(cancel(html(shown(payment())))).toBe(false)
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

  it('a lost line says how old the picture is, and nothing can be pressed', () => {
    const page = html(view(), { line: { up: false, since: Date.parse('2026-11-20T13:02:25Z') } })
    expect(page).toContain('What you see is from 14:02:25 and may be old.')
    expect(page).toMatch(/class="rest" inert/)
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
    expect(text(view())).toContain('Type the amount first')
    expect(text(view({ terminals: [] }))).toContain('No terminal takes cards')
  })

  it('shows the health of a terminal with an open question about money as that', () => {
    const open = payment({ state: 'disputed', outcome: 'disputed' })
    const said = text(view({ payments: [open], terminals: [{ ...terminal, blocked_by: open.payment }] }))
    expect(said).toContain('Desk terminal Needs you')
  })
})

describe('the customer', () => {
  const base = {
    amount: amount(27908),
    text: null,
    code: null,
    practice: false,
    shop: 'Corner Shop',
    lines: [],
    total: null,
    change: null,
  }
  const customer = (stage: 'idle' | 'pay' | 'paid' | 'not_paid' | 'checking') =>
    render(
      <CustomerScreen
        view={{ ...base, stage, decimals: 2, paid: stage === 'paid' ? amount(27908) : null }}
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
})

describe('the second language', () => {
  it('says everything, and in its own words', () => {
    const same: string[] = []
    const walk = (a: object, b: object, path: string): void => {
      expect(Object.keys(b).sort(), path).toEqual(Object.keys(a).sort())
      for (const [key, value] of Object.entries(a)) {
        const other = (b as Record<string, unknown>)[key]
        if (typeof value === 'object' && value && typeof other === 'object' && other) {
          walk(value, other, `${path}.${key}`)
        } else if (typeof value === 'string' && value === other) same.push(`${path}.${key}`)
      }
    }
    walk(en, sv, '')
    // Names and words that are the same in both.
    expect(same.length).toBeLessThan(12)
  })
})

it('the scale of the chart counts in ones, twos and fives', () => {
  expect([1, 3, 4, 100, 363, 4500].map(scaleStep)).toEqual([1, 1, 2, 50, 200, 2000])
})
