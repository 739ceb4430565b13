// The real window: one payment from the first key to "Approved", through a reload and a death of the view.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, afterEach, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { folder, program as till } from '../browser/till.mjs'
import { KEYS, again, alone, bus, open, processes, screen, surroundings, until } from './window.mjs'

let shown
let around
let data
let window

before(async () => {
  shown = await screen()
  around = surroundings(shown.display)
})
after(async () => {
  await shown?.close()
  around?.remove()
})
afterEach(async () => {
  await window?.close()
  data?.remove()
})

async function start(delay, on = around) {
  data = folder(delay)
  window = await open(data.path, on)
  await window.says('Ready for the next customer')
}

/** Rings up an amount, and pays it by card. */
async function pay(amount) {
  await window.type('[aria-label="Scan or search"]', amount)
  await window.press(KEYS.F9)
  await window.says(`Pay ${amount.replace(',', '.')}`)
  await window.press(KEYS.F9)
}

/** What the journal says of the only payment, read beside the running till. */
async function recorded() {
  const asked = ['--data', data.path, '--json', 'payments']
  const { stdout } = await promisify(execFile)(till, asked)
  const { state, outcome, requested } = JSON.parse(stdout)
  return `${state} ${outcome} ${requested}`
}

describe('the window', () => {
  it('takes a payment with the training terminal', async () => {
    await start(100)
    await pay('12,50')
    await window.state('Approved')
    assert.match(await window.value('document.body.innerText'), /12\.50/)
    await window.press(KEYS.Enter)
    await window.says('Ready for the next customer')
  })

  it('is loaded again in the middle of a payment, and shows how it goes on', async () => {
    await start(1500)
    await pay('33,50')
    await window.state('With customer')
    await window.reload()
    await window.sees('the payment', `document.querySelector('.head h1')`)
    assert.match(await window.value('document.body.innerText'), /33\.50/)
    await window.state('Approved')
  })

  it('whose view dies in the middle of a payment comes back, and the payment has not noticed', async () => {
    await start(1500)
    await pay('44,50')
    await window.state('With customer')
    const before = window.painted()
    const view = () => processes('WebKitWebProces', around.home)[0]
    const dead = view()
    process.kill(dead, 'SIGKILL')
    assert.match(await recorded(), /running/)
    // The driver's session ends with the view; the program tells of the page that took its place.
    await until('another view', () => (view() === dead ? null : view()))
    await until('its first screen', () => (window.painted() > before ? true : null))
    const closed = await until('the end', async () => {
      const now = await recorded()
      return now.startsWith('closed') ? now : null
    })
    assert.equal(closed, 'closed approved 44.50')
  })

  it('opens and closes the customer’s window', async () => {
    await start(100)
    const [cashier] = await window.windows()
    await window.press(KEYS.F1)
    await window.click('Open the customer window')
    const customer = await until('a second window', async () =>
      (await window.windows()).find((handle) => handle !== cashier),
    )
    await window.enter(customer)
    await window.says('Welcome')
    await window.enter(cashier)
    await window.click('Close the customer window')
    await until('one window', async () => ((await window.windows()).length === 1 ? true : null))
    await window.press(KEYS.Escape)
    await window.says('Ready for the next customer')
  })

  it('is one for each folder: a second start ends, and says so to the first', async (test) => {
    const own = await bus(around)
    if (!own) return test.skip('no dbus-daemon on this system')
    await start(100, own.around)
    assert.equal(await again(data.path, own.around), 0)
    assert.equal(processes('paydesk', around.home).length, 1)
    await window.says('Ready for the next customer')
    await own.close()
  })

  it('is one of two that start in the same moment, and has the folder', async (test) => {
    const own = await bus(around)
    if (!own) return test.skip('no dbus-daemon on this system')
    data = folder(100)
    window = undefined
    const both = [alone(data.path, own.around), alone(data.path, own.around)]
    const first = await Promise.race(both.map(({ ended }, nth) => ended.then((code) => ({ code, nth }))))
    assert.equal(first.code, 0)
    const stays = both[1 - first.nth]
    assert.equal(await stays.painted, 'painted')
    await stays.close()
    await own.close()
  })

  it('says where secrets are when no keyring answers', async () => {
    await start(100)
    await window.click('Terminals')
    await window.says('No keyring of this system answers')
  })

  it('runs no script that a page brings along, and asks nobody but the till', async () => {
    await start(100)
    const inline = `(() => {
      const script = document.createElement('script')
      script.textContent = 'globalThis.brought = true'
      document.body.append(script)
      return globalThis.brought === undefined
    })()`
    assert.equal(await window.value(inline), true)
    const elsewhere = `
      const done = arguments[arguments.length - 1]
      fetch('http://127.0.0.1:9/').then(() => done('let through'), (error) => done(error.name))
      addEventListener('securitypolicyviolation', (found) => done(found.effectiveDirective))`
    const said = await window.ask('POST', '/execute/async', { script: elsewhere, args: [] })
    assert.equal(said, 'connect-src')
  })
})
