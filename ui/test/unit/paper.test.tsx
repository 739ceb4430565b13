// Paper on the screens: the strip of the printer, what the print button does next, the slip of a question.
import render from 'preact-render-to-string'
import type { ComponentChildren } from 'preact'
import { describe, expect, it } from 'vitest'
import type { PaperRow } from '../../src/api/PaperRow'
import type { PaperState } from '../../src/api/PaperState'
import type { PrinterView } from '../../src/api/PrinterView'
import type { View } from '../../src/api/View'
import type { WaitingPaper } from '../../src/api/WaitingPaper'
import type { Port } from '../../src/port/port'
import { newest, nextPrint, PaperActs, PrinterStrip, printerSays } from '../../src/screens/paper'
import { PrinterCheck } from '../../src/screens/printer-check'
import { PromptScreen } from '../../src/screens/prompt'
import { PrinterHealth } from '../../src/screens/topbar'
import { TillHere } from '../../src/till'
import { en, type Words } from '../../src/words/en'
import { sv } from '../../src/words/sv'
import { WordsIn } from '../../src/words/words'
import { ID, payment, view } from './sample'

const nowhere: Port = {
  dispatch: () => Promise.resolve({ unreached: true }),
  query: () => Promise.resolve({ unreached: true }),
  views: () => () => undefined,
  customerViews: () => () => undefined,
  sight: () => () => undefined,
  scans: () => () => undefined,
  pairing: () => () => undefined,
  customer: { page: () => '' },
}

function text(children: ComponentChildren, of: View = view(), words: Words = en): string {
  const page = render(
    <WordsIn value={words}>
      <TillHere port={nowhere} view={of} line={{ up: true }}>
        {children}
      </TillHere>
    </WordsIn>,
  )
  return page
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
}

const waits = (changes: Partial<WaitingPaper> = {}): WaitingPaper => ({
  paper: ID,
  kind: 'receipt',
  copy: false,
  sale: ID,
  payment: null,
  number: 17,
  at: '2026-11-20T13:02:19.040000Z',
  stuck: true,
  perhaps: false,
  ...changes,
})
const printer = (changes: Partial<PrinterView> = {}): PrinterView => ({
  state: 'ready',
  fault: null,
  paper_low: false,
  waiting: [],
  lost: 0,
  ...changes,
})
const row = (state: PaperState, changes: Partial<PaperRow> = {}): PaperRow => ({
  paper: ID,
  kind: 'receipt',
  sale: ID,
  payment: null,
  number: 17,
  copy: false,
  practice: false,
  state,
  at: '2026-11-20T13:02:19.040000Z',
  text: 'TOTAL SEK 35.00',
  ...changes,
})

describe('the strip of the printer', () => {
  it('is not there while there is nothing to do', () => {
    expect(printerSays(en, printer())).toBeNull()
    expect(printerSays(en, printer({ state: 'none' }))).toBeNull()
    expect(printerSays(en, printer({ state: 'printing', waiting: [waits({ stuck: false })] }))).toBeNull()
    expect(text(<PrinterStrip />)).toBe('')
  })

  it.each([
    ['away', 'does not answer', 'svarar inte'],
    ['refused', 'takes nothing', 'tar inget emot'],
    ['paper_out', 'Load a new roll', 'ny rulle'],
    ['cover_open', 'Close it', 'Stäng den'],
    ['stopped', 'Look at what came out', 'kom ut'],
  ])('says what to do when it is %s', (fault, english, swedish) => {
    const stands = printer({ state: 'trouble', fault, waiting: [waits(), waits()] })
    expect(printerSays(en, stands)).toContain(english)
    expect(printerSays(en, stands)).toContain('2 slips wait.')
    expect(printerSays(sv, stands)).toContain(swedish)
    expect(printerSays(sv, stands)).toContain('2 utskrifter väntar.')
  })

  it('says after a restart that it may be on paper already, and offers to print again', () => {
    const of = view({ printer: printer({ waiting: [waits({ perhaps: true })] }) })
    const shown = text(<PrinterStrip />, of)
    expect(shown).toContain('1 slip waits. Some of it may be on paper already')
    expect(shown).toContain('Print again Alt P')
    expect(shown).toContain('Not needed')
  })

  it('offers nothing to print again where only the drawer did not open', () => {
    const of = view({ printer: printer({ state: 'trouble', fault: 'away' }) })
    expect(text(<PrinterStrip />, of)).not.toContain('Print again')
  })

  it('counts what was given up', () => {
    expect(printerSays(en, printer({ lost: 3 }))).toContain('3 slips too many waited')
  })
})

describe('the printer in the bar', () => {
  it('is there only where there is something to say', () => {
    expect(text(<PrinterHealth view={view()} words={en} />)).toBe('')
    const low = view({ printer: printer({ paper_low: true }) })
    expect(text(<PrinterHealth view={low} words={en} />)).toBe('Printer Paper low')
    const trouble = view({ printer: printer({ state: 'trouble', paper_low: true }) })
    expect(text(<PrinterHealth view={trouble} words={sv} />)).toBe('Skrivare Stopp')
  })
})

describe('the installer', () => {
  it('is told that there is no printer, or asks it how it is', () => {
    const check = <PrinterCheck change={() => undefined} />
    expect(text(check)).toBe('Printer No printer is set up. Change the printer Alt R')
    expect(text(check, view({ printer: printer() }), sv)).toBe(
      'Skrivare Kontrollera skrivaren Ändra skrivaren Alt R',
    )
  })
})

describe('the print button', () => {
  const next = (rows: PaperRow[], stands = printer()): [string, string | undefined] => {
    const { label, off } = nextPrint(en, stands, rows)
    return [label, off]
  }

  it('prints what is not on paper, then one copy, then says why not', () => {
    expect(next([])).toEqual(['Print', undefined])
    expect(next([row('kept')])).toEqual(['Print', undefined])
    expect(next([row('dropped')])).toEqual(['Print', undefined])
    expect(next([row('waiting')])).toEqual(['Print', 'waits for the printer'])
    expect(next([row('printed')])).toEqual(['Print copy', undefined])
    const copied = [row('printed'), row('printed', { copy: true })]
    expect(next(copied)).toEqual(['Print copy', 'one copy only, printed'])
    const stuck = [row('printed'), row('waiting', { copy: true })]
    expect(next(stuck)).toEqual(['Print copy', 'waits for the printer'])
    expect(next([row('printed'), row('dropped', { copy: true })])).toEqual(['Print copy', undefined])
  })

  it('makes more than one copy of what is the shop’s', () => {
    const shops = [row('printed', { kind: 'merchant' }), row('printed', { kind: 'merchant', copy: true })]
    expect(next(shops)).toEqual(['Print copy', undefined])
  })

  it('does nothing without a printer; the receipt can be saved', () => {
    expect(next([row('kept')], printer({ state: 'none' }))).toEqual(['Print', 'no printer'])
    const shown = text(<PaperActs of={{ of: 'sale', sale: ID }} rows={[row('kept')]} file={ID} />)
    expect(shown).toContain('Save as PDF')
  })

  it('is about the newest receipt of a sale that was reopened', () => {
    const rows = [
      row('printed', { number: 1 }),
      row('printed', { number: 1, copy: true }),
      row('printed', { number: 2 }),
    ]
    expect(newest(rows).original?.number).toBe(2)
    expect(newest(rows).copy).toBeNull()
    expect(newest([])).toEqual({ original: null, copy: null })
  })
})

describe('a question about a signature', () => {
  const asks = (slip_paper: 'printed' | 'stuck' | 'screen', words: Words = en): string => {
    const asked = payment({
      state: 'await_signature',
      slip: 'Sign here',
      slip_paper,
      prompt: { id: 'q', question: 'signature', text: 'Signature?', until: null },
    })
    return text(<PromptScreen payment={asked} />, view({ payments: [asked] }), words)
  }

  it('says where the slip is, and prints it again where it is not on paper', () => {
    expect(asks('printed')).toContain('The slip to sign is printed.')
    expect(asks('printed')).not.toContain('Print again')
    expect(asks('stuck')).toContain('Print again P')
    expect(asks('screen')).toContain('There is no printer')
    expect(asks('printed')).toContain('Let the customer sign the slip.')
    expect(asks('stuck', sv)).toContain('Skriv ut igen P')
  })

  it.each([en, sv])('says in $language what to sign where there is no paper of ours', (words) => {
    expect(asks('screen', words)).toContain(words.ask.signSheet)
    expect(asks('screen', words)).not.toContain(words.ask.sign)
  })
})
