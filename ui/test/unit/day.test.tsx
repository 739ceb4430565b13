// The manager's screens as text, and what they reckon: files of a day, counts, reports, imports, people.
import render from 'preact-render-to-string'
import type { ComponentChildren } from 'preact'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DayView } from '../../src/api/DayView'
import type { Imported } from '../../src/api/Imported'
import type { PaymentRow } from '../../src/api/PaymentRow'
import type { PersonView } from '../../src/api/PersonView'
import type { Report } from '../../src/api/Report'
import type { Shift } from '../../src/api/Shift'
import type { View } from '../../src/api/View'
import { coinsOf, pieces } from '../../src/money/coins'
import { decimal, parseFromZero, percent } from '../../src/money/money'
import type { Port } from '../../src/port/port'
import { DayParts, type DayTab } from '../../src/screens/day-parts'
import { dayCsv, dayJson } from '../../src/screens/day-export'
import { byTender, DayTop } from '../../src/screens/day-top'
import { countOf, faceOf } from '../../src/screens/drawer-count'
import { ImportReport, whyNot } from '../../src/screens/import'
import { ProductRows } from '../../src/screens/products'
import { CloseDialog, staysOpen } from '../../src/screens/report-close'
import { ReportPaper } from '../../src/screens/report-paper'
import { TillHere } from '../../src/till'
import { en, type Words } from '../../src/words/en'
import { sv } from '../../src/words/sv'
import { problemWords, WordsIn } from '../../src/words/words'
import { amount, ID, payment, view } from './sample'

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

function html(children: ComponentChildren, of: View = view(), words: Words = en): string {
  return render(
    <WordsIn value={words}>
      <TillHere port={nowhere} view={of} line={{ up: true }}>
        {children}
      </TillHere>
    </WordsIn>,
  )
}

/** As it is read: words without pictures and marks. */
const bare = (page: string): string =>
  page
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replace(/[\s\u00a0]+/g, ' ')
const text = (children: ComponentChildren, of?: View, words?: Words): string =>
  bare(html(children, of, words))
const tab = (name: DayTab, of?: View, words?: Words): string =>
  text(<DayParts show={() => undefined} tab={name} />, of, words)

const row = (changes: Partial<PaymentRow> = {}): PaymentRow => ({
  payment: ID,
  terminal: 'desk',
  kind: 'sale',
  state: 'closed',
  outcome: 'approved',
  requested: amount(127908),
  amount: amount(127908),
  at: '2026-11-20T13:02:19.040000Z',
  attention: false,
  goes_against: null,
  ...changes,
})
const day: DayView = {
  day: '2026-11-20',
  before: '2026-11-19',
  after: null,
  rows: [row(), row({ kind: 'refund', terminal: 'de"sk, 2', amount: amount(5), attention: true })],
  more: false,
  taken: amount(127908),
  taken_count: 1,
  back: amount(5),
  back_count: 1,
  cards: {},
  cash: { amount: amount(3000), count: 2, rows: [] },
  hours: Array.from({ length: 24 }, (_, after) => ({
    hour: (5 + after) % 24,
    taken: amount(after === 9 ? 130908 : after === 20 ? 5000 : 0),
  })),
}
const shift: Shift = {
  id: 's1',
  opened_by: 'p2',
  opened_at: '2026-11-20T05:48:00Z',
  float: amount(50000),
  put_in: amount(10000),
  taken_out: amount(2000),
  of_sales: amount(3000),
  count: { by: 'p2', at: '2026-11-20T16:00:00Z', counted: amount(60900), expected: amount(61000) },
  counts: 2,
  closed: ['p2', '2026-11-20T16:01:00Z'],
}
const both = (count: number, minor: number) => ({ count, minor })
const report: Report = {
  number: 12,
  from: '2026-11-20T05:48:00Z',
  to: '2026-11-20T16:02:00Z',
  by: 'p1',
  totals: [
    {
      currency: 'SEK',
      sales: both(41, 390800),
      returns: both(2, -18480),
      voided: 3,
      vat: [
        { rate: 2500, gross: 12500, net: 10000, vat: 2500 },
        { rate: 810, gross: 10810, net: 10000, vat: 810 },
      ],
      untaxed: 4500,
      discounts: both(5, -1250),
      corrections: 6,
      rounding: 142,
      tenders: [
        { kind: 'card', terminal: 'desk', taken: both(30, 300000), back: both(1, 5000) },
        { kind: 'card', terminal: 'aisle', taken: both(2, 20000), back: both(0, 0) },
        { kind: 'cash', terminal: null, taken: both(9, 70942), back: both(1, 1000) },
      ],
      refunds: both(1, 5000),
      reversals: both(2, 7700),
      undone: both(3, 8800),
      tips: 1100,
      cash_back: 20000,
      ever_sold: 9999900,
      ever_returned: -99900,
    },
  ],
  open: [
    {
      operation: ID,
      kind: 'sale',
      terminal: 'desk',
      requested: amount(6400),
      at: '2026-11-20T13:38:00Z',
      state: 'unknown',
    },
  ],
  unclaimed: [{ terminal: 'desk', amount: amount(4500), at: '2026-11-20T10:16:00Z' }],
  open_sales: 2,
  drawer_openings: 7,
  copies: 8,
  shifts: [shift],
}
const mia: PersonView = { person: 'p1', name: 'Mia', role: 'manager', active: true }
const kim: PersonView = { person: 'p2', name: 'Kim', role: 'cashier', active: true }
const staffed = (signed_in: string, changes: Partial<View> = {}): View =>
  view({ people: { people: [mia, kim], signed_in, locked: null }, ...changes })

describe('a day as a file', () => {
  it('has one line per payment, amounts as plain decimals, and quotes what needs it', () => {
    const lines = dayCsv(day, 2).split('\r\n')
    expect(lines[0]).toBe(
      'day,at,payment,terminal,kind,state,outcome,currency,requested,approved,attention,goes_against',
    )
    expect(lines[1]).toBe(
      `2026-11-20,2026-11-20T13:02:19.040000Z,${ID},desk,sale,closed,approved,SEK,1279.08,1279.08,no,`,
    )
    expect(lines[2]).toContain(',"de""sk, 2",refund,closed,approved,SEK,1279.08,0.05,yes,')
    expect(lines).toHaveLength(4)
  })

  it('is the same as JSON, and says whether it is all of the day', () => {
    const read = JSON.parse(dayJson({ ...day, more: true }, 2)) as Record<string, unknown>
    expect(read).toMatchObject({ day: '2026-11-20', complete: false })
    expect((read.payments as Record<string, string>[])[0]).toMatchObject({ approved: '1279.08' })
  })

  it('of a day without payments is its first line', () => {
    expect(dayCsv({ ...day, rows: [] }, 2).split('\r\n')).toHaveLength(2)
  })

  it.each([
    [-5, 2, '-0.05'],
    [123456789, 2, '1234567.89'],
    [1500, 0, '1500'],
    [1, 3, '0.001'],
  ])('%d with %d decimals is %s', (minor, decimals, file) => {
    expect(decimal(minor, decimals)).toBe(file)
  })

  it('is for managers where anybody is enrolled', () => {
    expect(tab('payments', staffed('p2'))).toContain('managers only')
    expect(tab('payments', staffed('p1'))).not.toContain('managers only')
    expect(tab('payments')).not.toContain('managers only')
  })
})

describe('the top of the day', () => {
  const top = (x: Report | null, of = view(), on = day): string =>
    text(<DayTop day={on} x={x} open={[]} show={() => undefined} toPeople={() => undefined} />, of)

  it('sums every way to pay over its terminals, and what went back', () => {
    const totals = report.totals[0]
    if (!totals) throw new Error('no totals')
    const rows = byTender(totals, en, 2).map(({ label, count, minor }) => [label, count, minor])
    expect(rows).toEqual([
      ['Card', 32, 320000],
      ['Cash, rounding +1.42', 9, 70942],
      ['Wallet', 0, 0],
      ['Given back', 2, -6000],
    ])
    expect(top(report)).toContain('Takings since 06:48 3 849.42 SEK')
  })

  it('shows payments alone to who may not see totals, and of a day before', () => {
    const cashless = { ...day, cash: null }
    expect(top(null, view(), cashless)).toContain('Takings 1 279.03 SEK')
    expect(top(null, view(), cashless)).not.toContain('ash')
    expect(top(null)).toContain('Cash 2 30.00')
    expect(top(report, view(), { ...day, after: '2026-11-21' })).not.toContain('Wallet 0')
  })

  it('names approvals that belong to no payment, and offers to enrol where nobody is', () => {
    expect(top(report)).toContain('Belongs to no payment 45.00 SEK on Desk terminal, 2026-11-20 11:16')
    expect(top(null)).toContain('Nobody signs in here')
    expect(top(null, staffed('p1'))).not.toContain('Nobody signs in here')
  })
})

describe('a day without takings', () => {
  it.each([en, sv])('says so in $language, and draws no scale', (words) => {
    const hours = day.hours.map((one) => ({ ...one, taken: amount(0) }))
    const empty = { ...day, rows: [], cash: null, hours }
    const page = html(
      <DayTop day={empty} x={null} open={[]} show={() => undefined} toPeople={() => undefined} />,
      view(),
      words,
    )
    expect(page).not.toContain('class="chart"')
    expect(page).toContain(words.day.chartEmpty)
  })
})

describe('the drawer', () => {
  const open = (count: View['shift'] extends infer S ? (S extends { count: infer C } ? C : never) : never) =>
    view({ shift: { opened_by: 'Kim', opened_at: '2026-11-20T05:48:00Z', count } })
  const counted = (minor: number) => ({
    counted: amount(minor),
    expected: amount(61000),
    difference: amount(minor - 61000),
  })

  it('without a shift asks for the float, and counts and moves nothing', () => {
    const said = tab('drawer')
    expect(said).toContain('No shift is open')
    expect(said).toContain('Float: what lies in the drawer now, SEK')
    expect(said).toContain('Open a shift first')
    expect(said).not.toContain('Cash out')
  })

  it('shows what is expected only once it was counted', () => {
    const said = tab('drawer', open(null))
    expect(said).toContain('Opened by Kim')
    expect(said).not.toContain('Expected')
    expect(said).toContain('Close the shift count first')
    expect(tab('drawer', open(counted(60900)))).toContain('Expected 610.00 SEK')
  })

  it('says in words how far the count is off', () => {
    expect(tab('drawer', open(counted(60900)))).toContain('1.00 SEK is missing')
    expect(tab('drawer', open(counted(61250)))).toContain('2.50 SEK too much')
    expect(tab('drawer', open(counted(61000)))).toContain('It is right')
    expect(tab('drawer', open(counted(60900)), sv)).toContain('1.00 SEK fattas')
  })

  it('sums whole pieces and refuses anything else', () => {
    const values = coinsOf('SEK')
    const count = countOf(values, { 50000: '2', 100: ' 7 ', 200: '' }, 'SEK')
    expect(count?.counted).toEqual(amount(100700))
    expect(count?.coins).toEqual([
      { value: amount(50000), pieces: 2 },
      { value: amount(100), pieces: 7 },
    ])
    for (const no of ['1,5', '-1', 'x', '99999']) expect(countOf(values, { 100: no }, 'SEK')).toBeNull()
    expect([pieces(''), pieces('0'), pieces('12')]).toEqual([0, 0, 12])
  })

  it('calls coins and notes by their face, and counts an unknown currency as a sum', () => {
    expect([faceOf(50000, 2), faceOf(50, 2), faceOf(500, 0)]).toEqual(['500', '0.50', '500'])
    expect(coinsOf('XAF')).toEqual([])
    const sum = tab('drawer', { ...open(null), shop: { ...view().shop, currency: 'XAF' } })
    expect(sum).not.toContain('Coins and notes')
    expect(sum).toContain('Sum of all, XAF')
  })

  it('begins with nothing as well', () => {
    const { shop } = view()
    expect(parseFromZero('0', shop)).toEqual({ minor: 0 })
    expect(parseFromZero('0,00', shop)).toEqual({ minor: 0 })
    expect(parseFromZero('1,5,0', shop)).toEqual({ wrong: 'two_separators' })
  })
})

describe('a report', () => {
  const paper = text(<ReportPaper report={report} />, staffed('p1'))

  it.each([
    ['its number and who made it', /Z report 12 .*By Mia/],
    ['sales and returns', /Sold, discounts taken off 41 3 908.00 Goods that came back 2 −184.80/],
    ['discounts, rounding, corrections, voids', /Discounts 5 −12.50 Cash rounding 1.42 Lines taken out 6/],
    [
      'tax per rate with its sum',
      /25 % 125.00 100.00 25.00 8.1 % 108.10 100.00 8.10 Total 233.10 200.00 33.10/,
    ],
    ['tenders per kind and terminal', /Card, Desk terminal 30 3 000.00 1 −50.00 Card, aisle 2 200.00/],
    ['cash', /Cash 9 709.42 1 −10.00/],
    ['refunds and reversals', /Refunds 1 50.00 Payments undone 2 77.00/],
    ['what never counted', /Approvals undone that never counted 3 88.00/],
    ['tips and cash-back', /Tips in what was taken 11.00 Cash paid out with cards 200.00/],
    ['open payments by name', new RegExp(`Payment 64.00 SEK on Desk terminal, .* Unknown: checking ${ID}`)],
    ['unclaimed payments', /Approvals that belong to no payment 45.00 SEK on Desk terminal/],
    ['shifts', /Float 500.00 Cash in 100.00 Cash out −20.00 Cash of sales 30.00 Counts 2 Expected 610.00/],
    ['the difference', /Counted 609.00 Difference −1.00/],
    ['drawer openings', /Drawer opened without a sale 7/],
    ['grand totals', /Sold 99 999.00 Came back −999.00 Net 99 000.00/],
  ])('shows %s', (_, what) => {
    expect(paper).toMatch(what)
  })

  it('in practice is marked, and one of nothing says so', () => {
    const x = { ...report, number: null, totals: [], open: [], unclaimed: [], shifts: [] }
    const said = text(<ReportPaper report={x} />, view({ practice: true }))
    expect(said).toMatch(/X report .*Practice: no money moved.*Nothing has happened yet/)
    expect(said).toContain('Every payment is settled.')
  })

  it('names what stays open before the day is closed', () => {
    const lines = staysOpen(en, view(), report)
    expect(lines).toEqual([
      'Payment 64.00 SEK on Desk terminal, 2026-11-20 14:38',
      '2 sales that are not finished',
      '1 approval that belongs to no payment',
    ])
    const ask = (of: Report) =>
      text(<CloseDialog number={12} report={of} close={() => undefined} yes={() => undefined} />)
    expect(ask(report)).toContain(lines[0])
    const settled = { ...report, open: [], unclaimed: [], open_sales: 0 }
    expect(ask(settled)).toContain('Nothing stays open.')
  })

  it('names it from the screen where totals may not be seen', () => {
    const of = view({ payments: [payment({ state: 'unknown', requested: amount(6400) })] })
    expect(staysOpen(en, of, null)).toEqual(['Payment 64.00 SEK on Desk terminal, 2026-11-20 14:02'])
  })

  it('is not made while a shift is open', () => {
    const of = view({ shift: { opened_by: '', opened_at: '2026-11-20T05:48:00Z', count: null } })
    expect(tab('reports', of)).toContain('Close the shift first')
    expect(tab('reports')).not.toContain('Close the shift first')
  })
})

describe('people', () => {
  it('are offered, not forced: the first one is a manager', () => {
    const said = tab('people')
    expect(said).toContain('Enrol the first manager')
    expect(said).toContain('Nobody has to sign in until somebody is enrolled')
    expect(said).not.toContain('Installer')
  })

  it('are listed with role, who is at the till, and who left', () => {
    const left = { ...kim, active: false }
    const erased = { ...kim, person: 'p3', name: '' }
    const people = { people: [mia, left, erased], signed_in: 'p1', locked: null }
    const said = tab('people', view({ people }))
    expect(said).toContain('Mia Manager, at the till')
    expect(said).toContain('Kim Works here no more')
    expect(said).toContain('Name erased')
    expect(said).toContain('Enrol somebody')
  })

  it('never show a PIN as it is typed', () => {
    const page = html(<DayParts show={() => undefined} tab="people" />)
    expect(page.match(/type="password"/g)).toHaveLength(2)
  })
})

describe('products from a file', () => {
  const WHYS = [
    'missing',
    'price',
    'vat',
    'unit',
    'flag',
    'twice',
    'code_taken',
    'columns',
    'quotes',
    'too_long',
  ]
  const imported = (changes: Partial<Imported> = {}): Imported => ({
    added: 12,
    changed: 3,
    unchanged: 4,
    removed: 0,
    rejected_count: 0,
    rejected: [],
    encoding: 'windows-1252',
    unknown_columns: [],
    ...changes,
  })

  it('counts what would happen', () => {
    const said = text(<ImportReport report={imported({ unknown_columns: ['colour'] })} title="Would" />)
    expect(said).toContain('New 12 Changed 3 As before 4 Sold no more 0 Left out 0')
    expect(said).toContain('Letters read as windows-1252.')
    expect(said).toContain('passed over: colour.')
  })

  it('names every line that is left out: where, which column, why, what stands there', () => {
    const rejected = [
      { line: 7, column: 'price', why: 'price', text: '1.234,50' },
      { line: 9, column: '', why: 'quotes', text: '' },
    ]
    const said = text(<ImportReport report={imported({ rejected, rejected_count: 240 })} title="Would" />)
    expect(said).toContain('240 lines are left out.')
    expect(said).toContain('The first 2 are listed.')
    expect(said).toMatch(/7 price Not a price: .* 1\.234,50/)
    expect(said).toContain('9 whole line Quotes are opened and not closed')
  })

  it.each([en, sv])('has a sentence for every reason in $language', (words) => {
    const rejected = WHYS.map((why, line) => ({ line, column: 'sku', why, text: '' }))
    const report = imported({ rejected, rejected_count: 1 })
    const said = text(<ImportReport report={report} title="" />, view(), words)
    for (const why of WHYS) expect(said).toContain(words.products.reasons[why])
    expect(words.products.reasonOther('odd')).toContain('odd')
  })

  it('is taken over only where something would change', () => {
    expect(whyNot(en, null)).toBe('')
    expect(whyNot(en, imported())).toBeUndefined()
    expect(whyNot(en, imported({ added: 0, changed: 0 }))).toBe('nothing would change')
    expect(whyNot(en, imported({ added: 0, changed: 0, removed: 2 }))).toBeUndefined()
    expect(whyNot(en, imported({ added: 0, changed: 0, unchanged: 0, removed: 9 }))).toBe(
      'no line can be used',
    )
  })

  it('lists products with price, unit and tax', () => {
    const one = {
      sku: '3',
      name: 'Kaffe',
      price: amount(14900),
      vat: 1200,
      unit: 'kilogram',
      group: 'Varor',
      open_price: false,
    } as const
    const gift = { ...one, sku: '5', name: 'Gift card', open_price: true }
    const said = text(<ProductRows rows={[one, gift]} searched={false} />)
    expect(said).toContain('3 Kaffe Varor 12 % 149.00/kg')
    expect(said).toContain('typed at the sale')
    expect(text(<ProductRows rows={[]} searched />)).toContain('No product fits')
    expect([percent(2500), percent(810), percent(0)]).toEqual(['25\u00a0%', '8.1\u00a0%', '0\u00a0%'])
  })
})

describe('a refusal', () => {
  const CODES = {
    drawer_refuses: ['not_open', 'open', 'amount', 'sum', 'not_counted', 'reason'],
    no_report: ['shift_open', 'stale'],
    pin_unfit: ['digits', 'easy'],
    not_allowed: ['nobody', 'needs', 'not_approver', 'known', 'last_manager', 'no_pin'],
  } as const
  it.each([en, sv])('has a sentence of its own for every reason in $language', (words) => {
    const said = Object.entries(CODES).flatMap(([code, whys]) =>
      whys.map((why) =>
        problemWords(words, { code: code as keyof typeof CODES, parameters: { why }, operation: null }),
      ),
    )
    expect(new Set(said).size).toBe(said.length)
    for (const sentence of said) expect(sentence).not.toMatch(/\(|_/)
  })
})
