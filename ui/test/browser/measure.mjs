// How quickly a screen shows what happened, in the system's browser against the real till.
// node test/browser/measure.mjs KEYS TEXTS: prints {"key":{"p50":…,"p95":…},"text":{…}} in milliseconds.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { browser, folder, page, pay, program, ready, ring, serve, state } from './till.mjs'

const [keys = '25', texts = '80'] = process.argv.slice(2)
const POI = 'POI-1'
/** Nothing happens until an abort: the terminal's texts come from here alone. */
const HELD = '21.14'
/** A terminal is idle most of the time, and waking up is part of the price. */
const PAUSE_MS = 20

const chrome = await browser()

function quantiles(times) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share) => Number(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)].toFixed(2))
  return { p50: at(0.5), p95: at(0.95) }
}

/** In the page: when an expression is true and the frame after has been painted, the time of day in ms. */
const PAINTED = `globalThis.painted = (is) => new Promise((done) => {
  const frame = () => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => done(performance.timeOrigin + performance.now())
    port2.postMessage(null)
  })
  const look = () => { if (is()) { watch.disconnect(); frame() } }
  const watch = new MutationObserver(look)
  watch.observe(document, { subtree: true, childList: true, characterData: true })
  look()
})`

async function keyToSent(times) {
  const data = folder(60)
  const till = await serve(data.path)
  const { page: on, close } = await page(chrome, till.address)
  await on.evaluate(PAINTED)
  await ready(on)
  const found = []
  for (let index = 0; index <= times; index++) {
    await ring(on, '12,50')
    await on.evaluate(() => {
      const pressed = new Promise((done) =>
        addEventListener('keydown', (event) => done(performance.timeOrigin + event.timeStamp), {
          once: true,
          capture: true,
        }),
      )
      // Sent, or already further.
      const sent = () => /^(Sent|With customer|Authorising|Approved)$/.test(
        document.querySelector('.head h1')?.textContent ?? '',
      )
      const both = Promise.all([pressed, globalThis.painted(sent)])
      globalThis.took = both.then(([from, to]) => to - from)
    })
    await on.keyboard.press('F9')
    const millis = await on.evaluate(() => globalThis.took)
    // The first one warms up.
    if (index > 0) found.push(millis)
    await state(on, 'Approved')
    await on.keyboard.press('F9')
    await ready(on)
  }
  await close()
  await till.stop()
  data.remove()
  return quantiles(found)
}

async function freePort() {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

const settings = (terminal, listener) => `[till]
id = "T1"
currency = "SEK"
practice = true
[shop]
name = "Corner Shop"
time_zone = "Europe/Stockholm"
[listener]
bind = "127.0.0.1:${listener}"
[[terminal]]
id = "desk"
driver = "nexo"
name = "Desk terminal"
[terminal.settings]
url = "http://127.0.0.1:${terminal}"
sale_id = "KASSA1"
poi_id = "${POI}"
`

const display = (number, text) =>
  `<SaleToPOIRequest><MessageHeader MessageClass="Device" MessageCategory="Display" MessageType="Request" ` +
  `ServiceID="31" DeviceID="${number}" SaleID="KASSA1" POIID="${POI}"/><DisplayRequest><DisplayOutput ` +
  `ResponseRequiredFlag="false" Device="CashierDisplay" InfoQualify="Status"><OutputContent ` +
  `OutputFormat="Text"><OutputText>${text}</OutputText></OutputContent></DisplayOutput></DisplayRequest>` +
  `</SaleToPOIRequest>`

/** Posts over a connection that is kept, as a terminal does; the time of day of the write. */
function post(agent, port, body) {
  const length = Buffer.byteLength(body)
  const headers = { 'content-type': 'application/xml; charset=utf-8', 'content-length': length }
  const options = { agent, port, host: '127.0.0.1', path: '/EPASSaleToPOI/3.1', method: 'POST', headers }
  return new Promise((done, failed) => {
    const at = performance.timeOrigin + performance.now()
    const sent = request(options, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 204) done(at)
        else failed(new Error(`the till refused a text: ${answer.statusCode}`))
      })
    })
    sent.on('error', failed).end(body)
  })
}

async function textToPainted(times) {
  const [terminal, listener] = [await freePort(), await freePort()]
  const data = folder()
  writeFileSync(join(data.path, 'settings.toml'), settings(terminal, listener))
  const far = spawn(program, ['simulate', 'nexo', '--settings', join(data.path, 'settings.toml'), '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => far.kill('SIGKILL'))
  await new Promise((found) => createInterface({ input: far.stdout }).once('line', found))
  const till = await serve(data.path)
  const { page: on, close } = await page(chrome, till.address)
  await on.evaluate(PAINTED)
  await on.getByText('Ready', { exact: true }).first().waitFor()
  await pay(on, HELD)
  await state(on, 'With customer|Authorising|Sent')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const found = []
  for (let index = 0; index <= times; index++) {
    const text = `Present card ${index}`
    await on.evaluate((text) => {
      const says = () => document.querySelector('.stage')?.textContent.includes(text)
      globalThis.shown = globalThis.painted(says)
    }, text)
    const from = await post(agent, listener, display(index, text))
    const to = await on.evaluate(() => globalThis.shown)
    if (index > 0) found.push(to - from)
    await new Promise((done) => setTimeout(done, PAUSE_MS))
  }
  agent.destroy()
  await close()
  await till.kill()
  far.kill()
  data.remove()
  return quantiles(found)
}

const key = await keyToSent(Number(keys))
const text = await textToPainted(Number(texts))
await chrome.close()
console.log(JSON.stringify({ key, text }))
process.exit(0)
