// Wallet codes: what a serial scanner tells, what is sent and what is not, what the screens say.
import { render } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import type { CameraState } from '../../src/api/CameraState'
import type { CustomerView } from '../../src/api/CustomerView'
import type { SeenCode } from '../../src/api/SeenCode'
import type { Sight } from '../../src/api/Sight'
import { inVain, whyLocked } from '../../src/desk'
import { newScans } from '../../src/scan'
import { whyNot } from '../../src/screens/code'
import { CustomerScreen } from '../../src/screens/customer'
import { Eye, sightSays } from '../../src/screens/sight'
import { en } from '../../src/words/en'
import { sv } from '../../src/words/sv'
import { problemWords, WordsIn } from '../../src/words/words'
import { sale, view } from './sample'

const scanned = (...numbers: number[]) => ({
  recent: numbers.map((number) => ({
    number,
    text: number === 9 ? '' : ` code ${number}\r`,
    command: `command ${number}`,
    too_long: number === 9,
  })),
})

describe('a scanner on a serial port', () => {
  it('tells of what it reads from now on, once', () => {
    const heard: string[] = []
    const scans = newScans(
      (code, command) => heard.push(code, command),
      () => heard.push('too long'),
    )
    scans.view(scanned(3, 4))
    scans.view(scanned(4, 5, 6))
    scans.view(scanned(4, 5, 6))
    expect(heard).toEqual(['code 5', 'command 5', 'code 6', 'command 6'])
    scans.view(scanned(9))
    expect(heard.at(-1)).toBe('too long')
  })

  it('begins anew with the till', () => {
    const heard: string[] = []
    const scans = newScans(
      (code, command) => heard.push(code, command),
      () => heard.push('too long'),
    )
    scans.view(scanned())
    scans.view(scanned(1))
    scans.line({ up: false, since: 0 })
    scans.view(scanned(1))
    scans.line({ up: true })
    scans.view(scanned(1, 2))
    expect(heard).toEqual(['code 1', 'command 1', 'code 2', 'command 2'])
  })
})

describe('a code that was seen', () => {
  const code: SeenCode = { number: 7, wallet: 'alipay', age_ms: 0, used: false }
  it('is sent while it is good', () => {
    expect(whyNot(en, code)).toBeNull()
    expect(whyNot(en, { ...code, age_ms: 60_000 })).toBeNull()
  })
  it('is not sent once it is old, or used', () => {
    expect(whyNot(en, { ...code, age_ms: 60_001 })).toContain('more than a minute old')
    expect(whyNot(en, { ...code, used: true })).toContain('taken already')
  })
})

describe('what the camera sees', () => {
  const looking: CameraState = { is: 'looking', name: 'Eye' }
  const sight = (changes: Partial<Sight>): Sight => ({
    camera: looking,
    preview: 'data:image/bmp;base64,Qk0=',
    hint: null,
    code: null,
    refused: null,
    ...changes,
  })
  it('is told how to be seen better, or what it is', () => {
    expect(sightSays(en, sight({}))).toBeNull()
    expect(sightSays(en, sight({ hint: 'closer' }))).toBe('Closer')
    expect(sightSays(en, sight({ hint: 'nothing' }))).toBeNull()
    expect(sightSays(en, sight({ refused: 'product' }))).toContain('bar code')
    expect(sightSays(en, sight({ refused: 'product', hint: 'two_codes' }))).toContain('Two codes')
    expect(sightSays(en, sight({ refused: 'something new' }))).toContain('No wallet pays')
  })
  it.each(['off', 'starting', 'away', 'busy', 'unfit'] as const)('%s says what to do', (is) => {
    for (const words of [en, sv]) {
      const page = render(
        <WordsIn value={words}>
          <Eye sight={sight({ camera: { is }, preview: null })} />
        </WordsIn>,
      )
      expect(page).toContain(words.codes.camera[is][0])
      expect(page).not.toContain('<img')
    }
  })
  it('is a picture', () => {
    expect(render(<Eye sight={sight({})} />)).toContain('<img src="data:image/bmp')
  })
})

describe('a code among the goods', () => {
  const code = '281234567890123405'
  it('is not repeated', () => {
    expect(inVain(en, code, 'No.')).toBe('No.')
    expect(inVain(en, '7310000000101', 'No.')).toContain('7310000000101')
  })
  it('is looked at where a part is paid, and not while a terminal has the amount', () => {
    const money = (minor: number) => ({ minor, currency: 'SEK' })
    const part = view({ sale: { ...sale(), may_change: false, paid: money(100) } })
    expect(whyLocked({ view: part }, en, '7310000000101')).toContain('Part of the sale is paid')
    expect(whyLocked({ view: part }, en, code)).toBeNull()
    const held = view({ sale: { ...sale(), may_change: false, held: money(100) } })
    expect(whyLocked({ view: held }, en, code)).toContain('under way')
  })
  const told = (words: typeof en, about: Record<string, string>): string =>
    problemWords(words, { code: 'field_wrong', operation: null, parameters: { field: 'code', ...about } })
  it('has a sentence for every refusal, in both languages', () => {
    for (const words of [en, sv]) {
      for (const why of Object.keys(en.codes.refused)) {
        expect(told(words, { why })).toBe((words.codes.refused as Record<string, string>)[why])
      }
      const long = told(words, { what: 'is too long' })
      expect(Object.values(words.codes.refused)).not.toContain(long)
    }
  })
})

describe('a code that the till shows', () => {
  const nothing = { method: null, text: null, paid: null, total: null, lines: [] }
  const base = { ...nothing, practice: false, shop: 'Corner Shop' }
  const shown: CustomerView = {
    ...base,
    stage: 'pay',
    decimals: 2,
    change: null,
    amount: { minor: 2900, currency: 'SEK' },
    code: 'https://pay.example/1',
    drawn: { side: 21, path: 'M0 0h7v1h-7z', from: new Date().toISOString(), until: null },
  }
  it('is drawn for the customer, with the amount and for how long', () => {
    const until = new Date(Date.now() + 90_000).toISOString()
    const page = render(<CustomerScreen view={{ ...shown, drawn: { ...shown.drawn!, until } }} />)
    expect(page).toContain('viewBox="-4 -4 29 29"')
    expect(page).toContain('29.00')
    expect(page).toMatch(/Valid for 1:(30|29)/)
    expect(page).not.toContain('pay.example')
    const over = { ...shown.drawn!, until: new Date(Date.now() - 1).toISOString() }
    expect(render(<CustomerScreen view={{ ...shown, drawn: over }} />)).toContain('Not valid any more')
    expect(render(<CustomerScreen view={shown} />)).not.toContain('Valid for')
  })
})
