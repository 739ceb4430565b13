// Forms of terminals, the steps of a check, the first start and a till that cannot start: pure parts.
import render from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import type { DriverForm } from '../../src/api/DriverForm'
import type { Problem } from '../../src/api/Problem'
import type { Port } from '../../src/port/port'
import { BrokenScreen } from '../../src/screens/broken'
import { queryOf, stepSentences } from '../../src/screens/check'
import { currencyOf, FirstStart } from '../../src/screens/first-start'
import { Fields, fieldLabel, wrongAt } from '../../src/screens/terminal-fields'
import { blank, idNow, idOf, sent, typedOf } from '../../src/terminal-form'
import { en } from '../../src/words/en'
import { sv } from '../../src/words/sv'
import { WordsIn } from '../../src/words/words'

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

const field = (key: string, takes: DriverForm['fields'][0]['takes'], required = true) => ({
  key,
  takes,
  choices: takes === 'choice' ? ['default', 'light'] : [],
  required,
  default: takes === 'choice' ? 'default' : takes === 'milliseconds' ? '5000' : '',
  hint: 'A hint',
})
const nexo: DriverForm = {
  driver: 'nexo',
  title: 'nexo',
  practice_only: false,
  fields: [
    field('url', 'url'),
    field('form', 'choice', false),
    field('token', 'secret'),
    field('connect_ms', 'milliseconds', false),
  ],
}
const training: DriverForm = { driver: 'training', title: 'training', practice_only: true, fields: [] }

const problem = (code: Problem['code'], parameters: Problem['parameters']): Problem => ({
  code,
  parameters,
  operation: null,
})

const plain = (html: string): string =>
  html
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')

describe('an id is made of the name', () => {
  const rows = [
    ['Aisle 3', [], 'aisle-3'],
    ['Kassa Åäö', [], 'kassa-aao'],
    ['  ', [], 'terminal'],
    ['Aisle', ['aisle', 'aisle-2'], 'aisle-3'],
    ['!!!', ['terminal'], 'terminal-2'],
  ] as const
  it.each(rows)('%s', (name, taken, id) => {
    expect(idOf(name, taken)).toBe(id)
  })

  it('until somebody types one', () => {
    const typed = blank([training, nexo], false)
    expect(idNow({ ...typed, name: 'Desk' }, [])).toBe('desk')
    expect(idNow({ ...typed, name: 'Desk', id: ' mine ', ownId: true }, [])).toBe('mine')
  })
})

describe('what is sent', () => {
  it('leaves blanks out and keeps secrets apart', () => {
    const typed = {
      ...blank([training, nexo], false),
      name: ' Desk ',
      values: { url: ' http://a ', form: '', token: 'x', other: 'of another driver' },
    }
    expect(sent(typed, nexo.fields, [])).toEqual({
      id: 'desk',
      driver: 'nexo',
      name: 'Desk',
      settings: { url: 'http://a' },
      secrets: { token: 'x' },
    })
  })

  it('starts from what is in the settings', () => {
    const form = { id: 'd', driver: 'nexo', name: 'D', settings: { url: 'http://a' }, secrets: {} }
    expect(sent(typedOf({ form, kept: ['token'] }), nexo.fields, ['d'])).toEqual(form)
  })

  it('begins with the built-in terminal in practice alone', () => {
    expect(blank([training, nexo], true).driver).toBe('training')
    expect(blank([training, nexo], false).driver).toBe('nexo')
  })

  it('names the form or the terminal that is checked', () => {
    const form = { id: 'd', driver: 'nexo', name: 'D', settings: {}, secrets: {} }
    expect(queryOf({ terminal: 'd' }, '1')).toEqual({ read: 'check', terminal: 'd', id: '1' })
    expect(queryOf({ form, change: true }, '1')).toEqual({ read: 'check_form', form, change: true, id: '1' })
    const printer = { driver: 'tcp', settings: { target: '192.0.2.7:9100' } }
    expect(queryOf({ printer }, '1')).toEqual({ read: 'check_printer', form: printer })
  })
})

describe('what is wrong stands at its field', () => {
  const wrong = problem('field_wrong', { field: 'url', what: 'must begin with http://' })
  it('and nowhere else', () => {
    expect(wrongAt(en, wrong, 'url')).toBe('This must begin with http://. Nothing was saved.')
    expect(wrongAt(sv, wrong, 'url')).toBe('Fältet måste börja med http://. Inget sparades.')
    expect(wrongAt(en, wrong, 'poi_id')).toBeNull()
    expect(wrongAt(en, problem('terminal_busy', {}), 'url')).toBeNull()
  })

  it('also below the rare settings, which are open then', () => {
    const shown = (told: Problem | null): string =>
      render(
        <Fields
          drivers={[nexo]}
          typed={blank([nexo], false)}
          change={() => undefined}
          problem={told}
          kept={['token']}
          known={false}
          taken={[]}
        />,
      )
    expect(shown(null)).not.toMatch(/<details[^>]* open/)
    expect(shown(problem('field_wrong', { field: 'connect_ms', what: 'is too short' }))).toMatch(
      /<details[^>]* open/,
    )
    expect(shown(null)).toContain('type="password"')
    expect(plain(shown(null))).toContain(en.forms.secretKept)
  })

  it('has a label in both languages for every field of the real forms', () => {
    for (const key of ['nexo.url', 'nexo.sale_id', 'nexo.poi_id', 'nexo.form', 'training.delay_ms']) {
      const [driver = '', name = ''] = key.split('.')
      expect(fieldLabel(en, driver, name)).not.toBe(name)
      expect(fieldLabel(sv, driver, name)).not.toBe(fieldLabel(en, driver, name) === 'POI ID' ? '' : name)
    }
  })
})

describe('the printer’s form', () => {
  const columns = { ...field('columns', 'number', false), default: '42' }
  const language = { ...field('language', 'choice', false), choices: ['en', 'sv'], default: 'en' }
  const drivers: DriverForm[] = ['none', 'tcp', 'serial', 'file'].map((driver) => ({
    driver,
    title: driver,
    practice_only: false,
    fields: [...(driver === 'none' ? [] : [field('target', 'text')]), columns, language],
  }))
  const filled = (driver: string, settings: Record<string, string>) =>
    typedOf({ form: { id: '', name: '', driver, settings, secrets: {} }, kept: [] })
  const shown = (driver: string, words: typeof en, told: Problem | null = null): string =>
    render(
      <WordsIn value={words}>
        <Fields
          drivers={drivers}
          typed={filled(driver, { columns: '32' })}
          change={() => undefined}
          problem={told}
          kept={[]}
          known
          nameless
          taken={[]}
        />
      </WordsIn>,
    )

  it('asks for what its kind needs, in the reader’s language', () => {
    expect(plain(shown('tcp', en))).toContain('How is the printer connected? No printer')
    expect(plain(shown('tcp', en))).toContain('Address and port')
    expect(plain(shown('serial', sv))).toContain('med hastighet: /dev/ttyUSB0,19200')
    expect(plain(shown('file', en))).toContain('For example /dev/usb/lp0')
    expect(plain(shown('none', sv))).toContain('Tecken per rad')
    expect(shown('none', en)).not.toContain('field-target')
    expect(shown('tcp', en)).not.toContain('terminal-name')
    for (const driver of drivers) {
      expect(sv.forms.drivers[driver.driver]?.[0]).not.toBe(undefined)
      expect(en.forms.drivers[driver.driver]?.[0]).not.toBe(undefined)
    }
  })

  it('says at its field what is wrong', () => {
    const wrong = problem('field_wrong', { field: 'columns', what: 'must be a number from 24 to 80' })
    expect(plain(shown('none', en, wrong))).toContain('This must be a number from 24 to 80. Nothing was')
    expect(plain(shown('none', sv, wrong))).toContain('Fältet måste vara ett tal från 24 till 80.')
    expect(shown('none', en, wrong)).toMatch(/id="field-columns"[^>]*aria-invalid/)
  })
})

describe('the steps of a check', () => {
  const step = {
    name: 'port',
    ok: false,
    detail: 'nothing answers on port 7 (os error)',
    fix: 'Switch it on.',
    code: 'port_refused',
    about: { port: '7' },
  }
  it('are told in the reader’s language, and in the till’s words where there is no sentence', () => {
    expect(stepSentences(en, step).found).toBe('nothing answers on port 7')
    expect(stepSentences(sv, step).found).toBe('ingen svarar på port 7')
    expect(stepSentences(sv, { ...step, code: 'new' })).toEqual({ found: step.detail, fix: step.fix })
  })
})

describe('before there is a till', () => {
  const shown = (words: typeof en, screen: preact.VNode): string =>
    plain(render(<WordsIn value={words}>{screen}</WordsIn>))
  const nothing = (): void => undefined

  it('the first start offers practice and setting up', () => {
    const [drivers, currencies] = [[training, nexo], ['EUR', 'SEK']]
    const empty = { is: 'empty', folder: '/d', drivers, currencies } as const
    const screen = <FirstStart port={nowhere} empty={empty} ready={nothing} />
    const text = shown(en, screen)
    expect(text).toContain('Practise')
    expect(text).toContain('Set up this till')
    expect(text).toContain('Start F9')
    expect(shown(sv, screen)).toContain('Ställ in kassan')
  })

  it('guesses the currency of the zone', () => {
    expect(currencyOf('Europe/Stockholm')).toBe('SEK')
    expect(currencyOf('Europe/Paris')).toBe('EUR')
    expect(currencyOf('America/Chicago')).toBe('USD')
  })

  const rows = [
    [problem('folder_in_use', { path: '/d' }), 'Another Paydesk has this folder open'],
    [
      problem('settings_wrong', { file: '/d/settings.toml', line: '7', key: 'shop.name', what: 'is empty' }),
      'Line 7: shop.name is empty',
    ],
    [problem('store_newer', { found: '9', known: '1' }), 'newer Paydesk'],
    [problem('store_damaged', { what: 'x', kind: 'lost' }), 'from the newest backup'],
    [problem('store_damaged', { what: 'malformed' }), 'sells nothing on it'],
    [problem('listener_unavailable', { address: '127.0.0.1:1', detail: 'x' }), '127.0.0.1:1'],
    [problem('stopping', {}), 'stopping'],
  ] as const
  it.each(rows)('a till that cannot start says why: %s', (told, sentence) => {
    const broken = { is: 'broken', folder: '/d', problem: told } as const
    for (const words of [en, sv]) {
      const text = shown(words, <BrokenScreen port={nowhere} broken={broken} ready={nothing} />)
      if (words === en) expect(text).toContain(sentence)
      expect(text).toContain(words.broken.again)
      expect(text).toContain('/d')
    }
  })
})
