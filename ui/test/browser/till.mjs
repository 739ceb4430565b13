// A practice till served to a real browser: a folder of its own, the real program, the system's Chromium.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, afterEach, before } from 'node:test'
import { chromium } from 'playwright-core'

const root = new URL('../../..', import.meta.url).pathname
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
export const program = process.env.PAYDESKCTL ?? join(target, 'debug', 'paydeskctl')
// Without a session bus there is no keyring: no test reads or writes that of whoever runs it.
process.env.DBUS_SESSION_BUS_ADDRESS = 'disabled:'
const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)

const settings = (delay, printer) => `[till]
id = "T1"
currency = "SEK"
practice = true
[shop]
name = "Corner Shop"
lines = ["1 High Street", "VAT SE556677889901"]
time_zone = "Europe/Stockholm"
day_starts = "05:00"
${printer}[[terminal]]
id = "desk"
driver = "training"
name = "Desk terminal"
[terminal.settings]
delay_ms = ${delay}
`

/** A data folder with the training terminal, whose customer takes so long for each step; `printer`: its
 * section in the settings. `only` puts other terminals in its place. */
export function folder(delay = 150, printer = '') {
  const path = mkdtempSync(join(tmpdir(), 'paydesk-ui-'))
  writeFileSync(join(path, 'settings.toml'), settings(delay, printer))
  const file = join(path, 'settings.toml')
  const add = (text) => appendFileSync(file, text)
  const only = (text) => {
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, before.slice(0, before.indexOf('[[terminal]]')) + text)
  }
  return { path, add, only, remove: () => rmSync(path, { recursive: true, force: true }) }
}

// A test that fails leaves no till behind.
const running = new Set()
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** Serves the till on a folder; `listen` names the port again after a restart. */
export async function serve(path, listen = '127.0.0.1:0', more = []) {
  const ui = join(root, 'ui', 'dist')
  const child = spawn(program, ['--data', path, '--json', 'serve', '--listen', listen, '--ui', ui, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  const ended = new Promise((done) => child.once('exit', done))
  const address = await new Promise((found, failed) => {
    child.once('exit', (code) => failed(new Error(`the till ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line)
      if (said.type === 'serving') found(said.address)
    })
  })
  const end = (signal) => async () => {
    child.kill(signal)
    await ended
  }
  const hang = () => child.kill('SIGSTOP')
  const goOn = () => child.kill('SIGCONT')
  return { address, stop: end('SIGTERM'), kill: end('SIGKILL'), hang, goOn }
}

/** The settings of a simulated terminal, beside the training terminal. */
export const aisle = (address) => `[[terminal]]
id = "aisle"
driver = "nexo"
name = "Aisle"
[terminal.settings]
url = "http://${address}"
sale_id = "KASSA1"
poi_id = "AISLE-1"
form = "light"
`

/** The settings of the wallets' gateway at this address, whose token is among the secrets. */
const gateway = (address) => `[[terminal]]
id = "wallets"
driver = "pockyt"
name = "Wallets"
[terminal.settings]
base_url = "http://${address}"
merchant_no = "900001"
store_no = "800002"
token = "secret:wallets"
`

/** A folder in which the wallets' gateway is the one terminal, and that gateway. */
export async function walletFolder(more = '') {
  const data = folder()
  const on = await simulator('[terminal]\ncurrencies = [["SEK", 2], ["USD", 2]]\n', 'pockyt')
  data.only(gateway(on.address) + more)
  const keep = ['--data', data.path, 'secret', 'set', 'wallets']
  spawnSync(program, keep, { input: 'till-demo-token-0001\n', stdio: ['pipe', 'ignore', 'inherit'] })
  return { data, gateway: on }
}

/** A simulated terminal of its own process with this script; where it listens. `follow` gives it other
 * rules. */
export async function simulator(script = '', protocol = 'nexo', more = []) {
  const place = mkdtempSync(join(tmpdir(), 'paydesk-ui-'))
  writeFileSync(join(place, 'script.toml'), script)
  const free = '127.0.0.1:0'
  const wanted = ['--json', 'simulate', protocol, '--listen', free]
  if (protocol === 'nexo') wanted.push('--control', free)
  wanted.push('--script', join(place, 'script.toml'), ...more)
  const child = spawn(program, wanted, { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  const ended = new Promise((done) => child.once('exit', done))
  const { address, control } = await new Promise((found, failed) => {
    child.once('exit', (code) => failed(new Error(`the simulator ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line)
      if (said.type === 'listening') found(said)
    })
  })
  const follow = async (rules) => {
    const told = await fetch(`http://${control}/control/script`, { method: 'POST', body: rules })
    if (!told.ok) throw new Error(await told.text())
  }
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(place, { recursive: true, force: true })
  }
  return { address, follow, stop }
}

export async function browser() {
  if (!browserPath) throw new Error('no Chromium: apt-get install chromium')
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] })
}

/** A page on the till; whatever its scripts complain about fails the test. `clock`: its time can be turned
 * forward by `page.clock`, and passes as usual otherwise. `calm`: whoever looks asked for less motion, so
 * that a colour is at once what it is going to be. */
export async function page(
  on,
  address,
  options = {},
) {
  const { width = 1280, height = 800, scheme = 'light', query = '', path = '' } = options
  const { clock = false, calm = false, prepare } = options
  const context = await on.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: 'en-GB',
    reducedMotion: calm ? 'reduce' : 'no-preference',
  })
  const opened = await context.newPage()
  if (clock) await opened.clock.install()
  if (prepare) await prepare(opened)
  const complaints = []
  opened.on('pageerror', (error) => complaints.push(String(error)))
  opened.on('console', (said) => {
    const about = said.text()
    // A broken line is what some tests are about.
    if (said.type() === 'error' && !/WebSocket|ERR_CONNECTION|Failed to load/.test(about))
      complaints.push(about)
  })
  const url = new URL(address)
  url.pathname = `/${path}`
  await opened.goto(url.href + query)
  return { page: opened, complaints, close: () => context.close() }
}

/** What the tests of one file open: a browser for all, and for each a folder, a till, its page, a simulated
 * terminal. After each test all of that is closed, and what the page complained of fails it. */
export function scene() {
  const at = { chrome: undefined, data: undefined, till: undefined, opened: undefined, terminal: undefined }
  /** Serves the till on its folder, a new one unless there is one, and opens its page. */
  at.open = async ({ delay, flags, ...options } = {}) => {
    at.data ??= folder(delay)
    at.till = await serve(at.data.path, undefined, flags)
    at.opened = await page(at.chrome, at.till.address, options)
    return at.opened.page
  }
  /** The same, once the till can take money. */
  at.start = async (options) => {
    const on = await at.open(options)
    await on.getByText('Ready', { exact: true }).first().waitFor()
    return on
  }
  /** Closes what is open, and tells what the page complained of. */
  at.close = async () => {
    const { opened, till, terminal, data } = at
    at.opened = at.till = at.terminal = at.data = undefined
    await opened?.close()
    await till?.stop()
    await terminal?.stop()
    data?.remove()
    return opened?.complaints ?? []
  }
  before(async () => {
    at.chrome = await browser()
  })
  after(() => at.chrome.close())
  afterEach(async () => assert.deepEqual(await at.close(), []))
  return at
}

/** The field that codes, words and amounts go to. */
export const field = (opened) => opened.getByLabel('Scan or search')

/** Nothing is rung up, and the field waits. */
export async function ready(opened) {
  await opened.getByText('Ready for the next customer').waitFor()
}

/** Rings up a free amount. */
export async function ring(opened, amount) {
  await field(opened).fill(amount)
  await opened.keyboard.press('F9')
  await opened.getByRole('button', { name: /^Pay \d/ }).waitFor()
}

/** Rings up a free amount, and pays by card. */
export async function pay(opened, amount) {
  await ring(opened, amount)
  await opened.keyboard.press('F9')
}

/** Types as a scanner does: a key every few milliseconds wherever focus is, ending with Enter. The keys are
 * made in the page, so that a busy machine does not slow them down to a hand's pace. */
export async function scan(opened, code, end = ['Enter']) {
  await opened.evaluate(async (keys) => {
    const began = performance.now()
    for (const [index, key] of keys.entries()) {
      const pressed = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
      Object.defineProperty(pressed, 'timeStamp', { value: began + 5 * index })
      const at = document.activeElement ?? document.body
      if (at.dispatchEvent(pressed) && key.length === 1) document.execCommand('insertText', false, key)
      // Screens answer each key before the next one, as they do for a device.
      await new Promise((done) => queueMicrotask(done))
    }
  }, [...code, ...end])
}

/** A payment past the screens, on a terminal of this id. */
export function payOn(opened, terminal, minor) {
  const money = (minor) => ({ minor, currency: 'SEK' })
  const wanted = { amount: money(minor), cash_back: money(0), method: 'any', label: null, tender: null }
  return dispatch(opened, { do: 'pay', terminal, ...wanted })
}

/** A command past the screens, as another program of the till's owner would send it. */
export async function dispatch(opened, command) {
  return opened.evaluate(async (command) => {
    const token = new URLSearchParams(location.search).get('token')
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const body = JSON.stringify({ id: crypto.randomUUID(), command })
    const answer = await fetch('api/dispatch', { method: 'POST', headers, body })
    if (answer.status !== 200) throw new Error(await answer.text())
  }, command)
}

/** The lines as they are read: name, quantity, price, amount. */
export async function lines(opened) {
  const rows = opened.locator('.ticket .line')
  return (await rows.allInnerTexts()).map((text) => text.split(/\s*\n\s*/))
}

/** The stage shows this state. */
export async function state(opened, words, timeout = 20_000) {
  await opened.locator('.head h1', { hasText: new RegExp(`^(${words})$`) }).waitFor({ timeout })
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Waits until what moves has come to rest: half a way between two colours is no colour of ours. */
const atRest = (on) =>
  on.evaluate(async () => {
    // What was just put on the screen begins to move with the next picture.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    const ends = (one) => one.effect?.getComputedTiming().iterations !== Infinity
    const moving = document.getAnimations().filter(ends)
    return Promise.allSettled(moving.map((one) => one.finished)).then(() => null)
  })

/** Serious findings of axe, as sentences. */
export async function findings(on) {
  await atRest(on)
  // The page's own rules allow no script from elsewhere; the browser's driver may bring one.
  const run = `axe.run(document, { resultTypes: ['violations'] })`
  const found = await on.evaluate(`(async () => { ${axe}; return (await ${run}).violations })()`)
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

/** Bars of Code 128: widths of bar and space in turn, by value. */
const BARS =
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 ' +
  '122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 ' +
  '322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 ' +
  '112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 ' +
  '331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 ' +
  '112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 ' +
  '124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 ' +
  '411311 113141 114131 311141 411131 211412 211214 211232 2331112'

/** A photo of a phone that shows these characters as a bar code, as wallets do; of an empty counter where
 * there are none. A JPEG, made by the page. */
export async function barcode(on, text) {
  const values = [104, ...[...text].map((sign) => sign.charCodeAt(0) - 32)]
  const check = values.reduce((sum, value, at) => sum + value * Math.max(1, at), 0) % 103
  const bars = BARS.split(' ')
  const widths = text === '' ? [] : [...values, check, 106].flatMap((value) => [...bars[value]].map(Number))
  const base64 = await on.evaluate((widths) => {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width: 1280, height: 720 })
    const paint = canvas.getContext('2d')
    paint.fillStyle = '#787878'
    paint.fillRect(0, 0, 1280, 720)
    const px = 3
    const whole = px * widths.reduce((sum, width) => sum + width, 0)
    if (whole > 0) {
      paint.fillStyle = '#e1e1e1'
      paint.fillRect(640 - whole / 2 - 60, 180, whole + 120, 360)
      paint.fillStyle = '#191919'
      let x = 640 - whole / 2
      widths.forEach((width, at) => {
        if (at % 2 === 0) paint.fillRect(x, 250, px * width, 220)
        x += px * width
      })
    }
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]
  }, widths)
  return Buffer.from(base64, 'base64')
}
