// A practice till served to a real browser: a folder of its own, the real program, the system's Chromium.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
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
 * section in the settings. */
export function folder(delay = 150, printer = '') {
  const path = mkdtempSync(join(tmpdir(), 'paydesk-ui-'))
  writeFileSync(join(path, 'settings.toml'), settings(delay, printer))
  const add = (text) => appendFileSync(join(path, 'settings.toml'), text)
  return { path, add, remove: () => rmSync(path, { recursive: true, force: true }) }
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

/** A simulated terminal of its own process with this script; where it listens. `follow` gives it other
 * rules. */
export async function simulator(script = '') {
  const place = mkdtempSync(join(tmpdir(), 'paydesk-ui-'))
  writeFileSync(join(place, 'script.toml'), script)
  const free = '127.0.0.1:0'
  const wanted = ['--json', 'simulate', 'nexo', '--listen', free, '--control', free]
  wanted.push('--script', join(place, 'script.toml'))
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
  { width = 1280, height = 800, scheme = 'light', query = '', path = '', clock = false, calm = false } = {},
) {
  const context = await on.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: 'en-GB',
    reducedMotion: calm ? 'reduce' : 'no-preference',
  })
  const opened = await context.newPage()
  if (clock) await opened.clock.install()
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
export async function scan(opened, code) {
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
  }, [...code, 'Enter'])
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
