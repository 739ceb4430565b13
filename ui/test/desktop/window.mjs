// The real window on a screen without a screen: Xvfb, WebKit's own driver, the program as it is built.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = new URL('../../..', import.meta.url).pathname
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
export const program = process.env.PAYDESK ?? join(target, 'debug', 'paydesk')
/** Nothing that is waited for takes longer; a busy machine is no reason to fail. */
const PATIENCE_MS = 60_000
const POLL_MS = 50
const HANDLE = 'element-6066-11e4-a52e-4f735466cecf'

// A test that fails leaves no program behind.
const running = new Set()
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))

function start(command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  const ended = new Promise((done) => child.once('exit', done).once('error', done))
  running.add(child)
  void ended.then(() => running.delete(child))
  return { child, ended }
}

/** Asks again until the answer is neither null nor undefined. */
export async function until(what, ask) {
  const limit = Date.now() + PATIENCE_MS
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null) return answer
    if (Date.now() > limit) throw new Error(`never came: ${what}`)
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
}

/** A screen of its own, on a number that Xvfb finds free. */
export async function screen(size = '1600x1000x24') {
  const wanted = ['-displayfd', '1', '-screen', '0', size, '-nolisten', 'tcp']
  const { child, ended } = start('Xvfb', wanted, { stdio: ['ignore', 'pipe', 'ignore'] })
  const lines = createInterface({ input: child.stdout })
  const number = await Promise.race([
    new Promise((found) => lines.once('line', found)),
    ended.then(() => Promise.reject(new Error('Xvfb ended'))),
  ])
  return { display: `:${number}`, close: () => (child.kill(), ended) }
}

/** What the window's program is started in: a screen, and places of its own for all it remembers. */
export function surroundings(display) {
  const home = mkdtempSync(join(tmpdir(), 'paydesk-home-'))
  const env = { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11', HOME: home }
  for (const name of ['CONFIG', 'DATA', 'CACHE', 'STATE']) env[`XDG_${name}_HOME`] = join(home, name)
  delete env.WAYLAND_DISPLAY
  // Nobody's keyring and nobody's other windows.
  env.DBUS_SESSION_BUS_ADDRESS = 'disabled:'
  env.NO_AT_BRIDGE = '1'
  env.MESA_SHADER_CACHE_DISABLE = 'true'
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: POLL_MS })
  return { env, home, remove }
}

/** The processes of this name that were started in these surroundings, by the system's own table. */
export function processes(name, home) {
  const ids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return ids.map(Number).filter((id) => {
    try {
      const is = readFileSync(`/proc/${id}/comm`, 'utf8').trim()
      return is === name && readFileSync(`/proc/${id}/environ`, 'utf8').includes(`HOME=${home}\0`)
    } catch {
      return false
    }
  })
}

/** A bus of its own for these surroundings, with nothing on it; null where the system has none. */
export async function bus(around) {
  const wanted = ['--session', '--nofork', '--print-address']
  const options = { stdio: ['ignore', 'pipe', 'ignore'], env: around.env }
  const { child, ended } = start('dbus-daemon', wanted, options)
  const said = new Promise((found) => createInterface({ input: child.stdout ?? [] }).once('line', found))
  const address = await Promise.race([said, ended.then(() => null)])
  if (address === null) return null
  const env = { ...around.env, DBUS_SESSION_BUS_ADDRESS: address }
  return { around: { ...around, env }, close: () => (child.kill(), ended) }
}

/** Starts the program a second time, beside what runs; its exit code. */
export function again(folder, { env }) {
  return start(program, ['--data', folder], { env }).ended
}

/** Starts the program; when it has painted the till, when it has ended, and its end. */
export function alone(folder, { env }) {
  const options = { env, stdio: ['ignore', 'pipe', 'inherit'] }
  const { child, ended } = start(program, ['--announce', '--data', folder], options)
  const lines = createInterface({ input: child.stdout })
  const painted = new Promise((found) => lines.once('line', (line) => found(line)))
  return { painted, ended, close: () => (child.kill(), ended) }
}

async function freePort() {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

/** The program with its window on this data folder, driven by WebKit's driver. */
export async function open(folder, { env, home }) {
  const port = await freePort()
  const driver = start('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], {
    env: { ...env, TAURI_WEBVIEW_AUTOMATION: 'true' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // What the program says comes out of the driver.
  const said = []
  createInterface({ input: driver.child.stdout }).on('line', (line) => said.push(line))
  const base = `http://127.0.0.1:${port}`
  const ask = async (method, path, body) => {
    const sent = { method, signal: AbortSignal.timeout(PATIENCE_MS) }
    if (method === 'POST') sent.body = JSON.stringify(body ?? {})
    const answer = await fetch(base + path, sent)
    const { value } = await answer.json()
    if (!answer.ok) throw new Error(`${path}: ${value.error}: ${value.message}`)
    return value
  }
  await until('the driver', () => ask('GET', '/status').catch(() => null))
  const options = { binary: program, args: ['--announce', '--data', folder] }
  const wanted = { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } }
  const { sessionId } = await ask('POST', '/session', wanted)
  const at = `/session/${sessionId}`
  await ask('POST', `${at}/timeouts`, { script: PATIENCE_MS })
  return new Window((method, path, body) => ask(method, at + path, body), driver, said, home)
}

class Window {
  constructor(ask, driver, said, home) {
    this.ask = ask
    this.driver = driver
    this.said = said
    this.home = home
  }
  /** How often a screen of the till was painted by a page that had just been loaded. */
  painted() {
    return this.said.filter((line) => line === 'painted').length
  }
  /** The value of an expression in the page. */
  value(expression) {
    return this.ask('POST', '/execute/sync', { script: `return (${expression})`, args: [] })
  }
  /** Waits in the page until the expression is true: looked at again with every change of the page. */
  async sees(what, expression) {
    const script = `
      const done = arguments[arguments.length - 1]
      const look = () => { if (${expression}) { watch.disconnect(); done(true) } }
      const watch = new MutationObserver(look)
      watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
      look()`
    try {
      await this.ask('POST', '/execute/async', { script, args: [] })
    } catch (error) {
      const shown = await this.value('document.body.innerText').catch(() => 'no page')
      throw new Error(`never seen: ${what} (${error.message}); the page says: ${shown}`)
    }
  }
  /** These words are on the screen. */
  says(words) {
    return this.sees(words, `document.body?.innerText.includes(${JSON.stringify(words)})`)
  }
  /** The stage shows this state. */
  state(words) {
    const is = `document.querySelector('.head h1')?.innerText.trim() === ${JSON.stringify(words)}`
    return this.sees(words, is)
  }
  async type(selector, text) {
    const found = await this.ask('POST', '/element', { using: 'css selector', value: selector })
    await this.ask('POST', `/element/${found[HANDLE]}/value`, { text })
  }
  async press(value) {
    const actions = [{ type: 'keyDown', value }, { type: 'keyUp', value }]
    await this.ask('POST', '/actions', { actions: [{ type: 'key', id: 'keys', actions }] })
  }
  async click(name) {
    const button = `[...document.querySelectorAll('button')].find((one) =>
      one.innerText.includes(${JSON.stringify(name)}))`
    await this.sees(name, button)
    await this.value(`${button}.click()`)
  }
  reload() {
    return this.ask('POST', '/refresh')
  }
  windows() {
    return this.ask('GET', '/window/handles')
  }
  enter(handle) {
    return this.ask('POST', '/window', { handle })
  }
  async close() {
    await this.ask('DELETE', '').catch(() => undefined)
    this.driver.child.kill()
    await this.driver.ended
    // A session that broke leaves its program behind.
    for (const id of processes('paydesk', this.home)) process.kill(id, 'SIGKILL')
    await until('its end', () => (processes('paydesk', this.home).length === 0 ? true : null))
  }
}

export const KEYS = { F1: '\uE031', F9: '\uE039', Escape: '\uE00C', Enter: '\uE007' }
