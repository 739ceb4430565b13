// The installer in a real browser: first start, a till that cannot start, adding, changing and removing
// terminals, the connection check step by step, the X report with an approval.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { dispatch, findings, folder, page, pay, payOn, ready, scene, serve, state } from './till.mjs'
import { simulator as simulated } from './till.mjs'

const at = scene()
const ends = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A till on a folder, and the screen Terminals. */
async function start(options = {}) {
  const on = await at.start({ delay: 50, ...options })
  await on.keyboard.press('Control+3')
  return on
}

/** A folder that holds nothing. */
function nothing() {
  const path = mkdtempSync(join(tmpdir(), 'paydesk-ui-'))
  at.data = { path, remove: () => rmSync(path, { recursive: true, force: true }) }
  return path
}

/** A simulated terminal; `knobs`: the table `[terminal]` of its script. */
async function simulator(knobs = '') {
  const { address, stop } = await simulated(`[terminal]\n${knobs}`)
  ends.push(stop)
  return address
}

/** The terminal at this address as others see it whose clock is off by so many seconds. */
async function offClock(terminal, seconds) {
  const server = createHttpServer((asked, answer) => {
    const { method, url, headers } = asked
    const there = request(`http://${terminal}${url}`, { method, headers }, (told) => {
      told.setEncoding('utf8')
      let text = ''
      told.on('data', (part) => (text += part))
      told.on('end', () => {
        const later = (time) => new Date(Date.parse(time) + 1000 * seconds).toISOString()
        const moved = text.replace(/(?<=<DateTime>)[^<]+/, later)
        answer.writeHead(told.statusCode, { 'content-type': told.headers['content-type'] ?? '' })
        answer.end(moved)
      })
    })
    asked.pipe(there)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  ends.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  return `127.0.0.1:${server.address().port}`
}

/** Something that answers every connection with these bytes; its port. */
async function answering(bytes) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(bytes))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  ends.push(() => new Promise((done) => server.close(done)))
  return server.address().port
}

async function fill(on, { url, name = 'Aisle', poi = 'AISLE-1', light = true }) {
  await on.keyboard.press('Alt+n')
  await on.getByLabel('Name', { exact: true }).fill(name)
  // Where there is but one kind of terminal, nobody is asked for it.
  const kind = on.getByLabel('nexo terminal')
  if ((await kind.count()) > 0) await kind.check()
  await on.getByLabel('Terminal’s address').fill(url)
  await on.getByLabel('Sale ID').fill('KASSA1')
  await on.getByLabel('POI ID').fill(poi)
  if (light) await on.getByLabel('It only answers').check()
}

const settings = () => readFileSync(join(at.data.path, 'settings.toml'), 'utf8')

describe('adding a terminal', () => {
  it('checks the form, saves it, and takes a payment on it without a restart', async () => {
    const on = await start()
    const address = await simulator()
    const before = settings()
    await fill(on, { url: `http://${address}` })
    await on.keyboard.press('F9')
    await on.getByText('Every step passed.').waitFor({ timeout: 30_000 })
    const steps = await on.locator('.checks li b').allInnerTexts()
    assert.deepEqual(steps, ['Name', 'Address', 'Port', 'HTTP', 'Login', 'Identity', 'Clock'])
    assert.equal(settings(), before, 'a check keeps nothing')
    await on.keyboard.press('Control+s')
    await on.getByText('Saved. The till uses it now.').waitFor()
    assert.ok(settings().startsWith(before), 'what stood there stays')
    assert.match(settings(), /id = "aisle"/)
    const row = on.locator('.tlist li', { hasText: 'Aisle' })
    await row.getByText('Ready').waitFor({ timeout: 20_000 })
    await on.keyboard.press('Control+1')
    await ready(on)
    await payOn(on, 'aisle', 1250)
    await state(on, 'Approved')
  })

  it('says at the field what is wrong, and saves nothing', async () => {
    const on = await start()
    const before = settings()
    await fill(on, { url: '192.0.2.7' })
    await on.keyboard.press('Control+s')
    await on.getByText('This must begin with http://. Nothing was saved.').waitFor()
    assert.equal(await on.locator('[aria-invalid]').getAttribute('id'), 'field-url')
    await on.getByLabel('Terminal’s address').fill('http://192.0.2.7:11000')
    await on.keyboard.press('F9')
    await on.getByText(/is a real terminal: in a practice folder/).waitFor()
    await on.getByLabel('Terminal’s address').fill('http://127.0.0.1:1')
    await on.getByLabel('POI ID').fill('')
    await on.keyboard.press('Enter')
    await on.getByText('This is missing. Nothing was saved.').waitFor()
    assert.equal(await on.locator('[aria-invalid]').getAttribute('id'), 'field-poi_id')
    assert.equal(settings(), before)
    await on.keyboard.press('Escape')
    await on.getByRole('heading', { name: 'Desk terminal' }).waitFor()
  })

  it('renames a terminal, and removes it', async () => {
    const on = await start()
    await on.keyboard.press('Control+e')
    await on.getByLabel('Name', { exact: true }).fill('Front "desk"')
    await on.keyboard.press('Control+s')
    await on.getByRole('heading', { name: 'Front "desk"' }).waitFor()
    assert.match(settings(), /id = "desk"\ndriver = "training"/)
    await on.keyboard.press('Control+e')
    await on.getByRole('button', { name: 'Remove this terminal' }).click()
    await on.keyboard.press('F9')
    await on.getByText('No terminal is set up').waitFor()
    assert.doesNotMatch(settings(), /\[\[terminal\]\]/)
    await on.keyboard.press('Alt+t')
    await ready(on)
    await pay(on, '12.50')
    await state(on, 'Approved')
  })

  it('keeps a terminal with an open payment as it is, and says so', async () => {
    const on = await start()
    await payOn(on, 'desk', 1214)
    await on.getByText('Blocked').first().waitFor()
    await on.keyboard.press('Control+e')
    await on.getByRole('button', { name: 'Remove this terminal' }).click()
    await on.keyboard.press('F9')
    await on.getByText(/is not settled, and only this terminal can tell/).waitFor()
    assert.match(settings(), /id = "desk"/)
  })
})

describe('pairing a terminal', () => {
  it('shows who asks, and the accepted one fills in the form', async () => {
    const on = await start()
    await on.keyboard.press('Alt+n')
    await on.getByText('Sadad terminal on the network').click()
    await on.getByRole('button', { name: 'Pair a terminal' }).click()
    const told = on.getByText(/then choose .* \(port \d+\)/)
    await told.waitFor()
    const port = /port (\d+)/.exec(await told.innerText())[1]
    const { address, stop } = await simulated('', 'ecrhub-wlan', ['--pair', `127.0.0.1:${port}`])
    ends.push(stop)
    await on.getByText('asks to be paired').waitFor()
    assert.deepEqual(await findings(on), [])
    await on.getByRole('button', { name: 'Accept' }).click()
    await on.getByText('is paired. Check it, then save.').waitFor()
    const typed = (key) => on.locator(`#field-${key}`).inputValue()
    assert.equal(`${await typed('host')}:${await typed('port')}`, address)
    assert.equal(await typed('serial'), 'TESTSN0000000001')
    await on.getByLabel('App ID').fill('wztest0000000001')
    await on.getByLabel('Name', { exact: true }).fill('Aisle')
    await on.keyboard.press('Control+s')
    await on.getByText('Saved. The till uses it now.').waitFor()
    assert.match(settings(), /paired = "A1B2C3D4E5F6"/)
  })
})

describe('a check that fails', () => {
  /** A shop without terminals, which tells them to call back at this port. */
  async function shop(port) {
    nothing()
    writeFileSync(
      join(at.data.path, 'settings.toml'),
      '[till]\nid = "T1"\ncurrency = "SEK"\n[shop]\nname = "Corner Shop"\n' +
        `[listener]\nbind = "127.0.0.1:0"\npublic_url = "http://127.0.0.1:${port}"\n`,
    )
    const on = await at.open()
    await ready(on)
    await on.keyboard.press('Control+3')
    return on
  }
  const steps = ['Name', 'Address', 'Port', 'HTTP', 'Login', 'Way back', 'Identity', 'Clock']

  it('stops at the step, says what to do, and leaves the rest untried', async () => {
    const closed = await answering('')
    await ends.pop()()
    const on = await shop(closed)
    const other = await answering('SSH-2.0-x\r\n')
    const closely = await answering(Buffer.from([0x15, 0x03, 0x01, 0, 2, 2, 50]))
    const http = await answering('HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n')
    const elsewhere = await simulator('sale_id = "KASSA9"\n')
    await fill(on, { url: 'http://no-such-terminal.invalid', light: false })
    const rows = [
      ['http://no-such-terminal.invalid', 'has no address', 'Name', 'use the terminal’s IP address'],
      // No system sends to everybody unasked: there is no way there, whatever the network.
      ['http://255.255.255.255:11000', 'has no way to 255.255.255.255', 'Address', 'cable, Wi-Fi'],
      [`http://127.0.0.1:${closed}`, 'nothing answers on port', 'Port', 'Switch the terminal on'],
      [`http://127.0.0.1:${other}`, 'something else than a terminal answers', 'HTTP', 'another device'],
      [`http://127.0.0.1:${closely}`, 'it speaks TLS', 'HTTP', 'Switch encryption off'],
      [`http://127.0.0.1:${http}`, 'no session', 'Login', 'shows its idle screen'],
      [`http://${elsewhere}`, 'SaleID is not configured', 'Login', 'Compare POI ID and Sale ID'],
    ]
    for (const [url, words, step, fix] of rows) {
      await on.getByLabel('Terminal’s address').fill(url)
      await on.keyboard.press('F9')
      await on.locator('.checks li.bad', { hasText: words }).waitFor({ timeout: 30_000 })
      const bad = await on.locator('.checks li.bad b').first().innerText()
      assert.equal(bad, step)
      const told = await on.locator('.checks li.bad .fix').allInnerTexts()
      assert.equal(told.length, 1)
      assert.match(told[0], new RegExp(`^What to do. .*${fix}`))
      const untried = await on.locator('.checks li.skip b').allInnerTexts()
      assert.deepEqual(untried, steps.slice(steps.indexOf(step) + 1))
    }
  })

  it('goes on past a way back that ends nowhere', async () => {
    const closed = await answering('')
    await ends.pop()()
    const on = await shop(closed)
    await fill(on, { url: `http://${await simulator()}`, light: false })
    await on.keyboard.press('F9')
    const bad = on.locator('.checks li.bad')
    await bad.getByText(`nothing answers at 127.0.0.1, port ${closed}`).waitFor({ timeout: 30_000 })
    assert.match(await bad.locator('.fix').innerText(), /Check \[listener\] bind and public_url/)
    await on.locator('.checks li.ok', { hasText: 'Clock' }).waitFor()
    assert.deepEqual(await on.locator('.checks li.ok b').allInnerTexts(), [
      ...steps.slice(0, 5),
      ...steps.slice(6),
    ])
  })

  it('names a clock that is wrong, and by how much; the session is there all the same', async () => {
    const on = await start()
    const terminal = await simulator()
    await fill(on, { url: 'http://127.0.0.1:1' })
    for (const [seconds, words] of [
      [-600, /the terminal’s clock is (599|60\d) s behind this computer’s/],
      [600, /the terminal’s clock is (599|60\d) s ahead of this computer’s/],
    ]) {
      await on.getByLabel('Terminal’s address').fill(`http://${await offClock(terminal, seconds)}`)
      await on.keyboard.press('F9')
      const bad = on.locator('.checks li.bad', { hasText: 'Clock' })
      await bad.getByText(words).waitFor({ timeout: 30_000 })
      assert.match(await bad.locator('.fix').innerText(), /Set the clock that is wrong/)
      assert.equal(await on.locator('.checks li.bad').count(), 1)
      await on.locator('.checks li.ok', { hasText: 'Identity' }).getByText('2290009999').waitFor()
      assert.equal(await on.getByText('Every step passed.').count(), 0)
    }
  })
})

describe('the first start', () => {
  it('practises after one press', async () => {
    nothing()
    const on = await at.open()
    await on.getByRole('heading', { name: 'Welcome to Paydesk' }).waitFor()
    await on.keyboard.press('F9')
    await ready(on)
    assert.match(settings(), /practice = true/)
    await pay(on, '12.50')
    await state(on, 'Approved')
  })

  it('sets up a shop with its first terminal', async () => {
    nothing()
    const on = await at.open()
    await on.getByLabel('Set up this till').check()
    await on.getByLabel('Shop’s name').fill('')
    await on.keyboard.press('F9')
    await on.getByText('This is empty. Nothing was saved.').waitFor()
    assert.ok(!existsSync(join(at.data.path, 'settings.toml')))
    await on.getByLabel('Shop’s name').fill('Kim’s "Corner"')
    await on.getByLabel('Currency').selectOption('SEK')
    await on.getByLabel('Time zone').selectOption('Europe/Stockholm')
    await on.getByLabel('Connect it now').check()
    await on.getByLabel('Name', { exact: true }).fill('Desk')
    await on.getByLabel('Terminal’s address').fill('http://127.0.0.1:9')
    await on.getByLabel('Sale ID').fill('KASSA1')
    await on.getByLabel('POI ID').fill('DESK-1')
    await on.getByLabel('It only answers').check()
    await on.keyboard.press('F9')
    await ready(on)
    assert.match(settings(), /practice = false/)
    assert.match(settings(), /id = "desk"/)
    assert.equal(await on.getByText('Practice').count(), 0)
  })
})

describe('a till that cannot start', () => {
  const flags = ['--keep-serving']
  it('says that another one has the folder, and starts once it is free', async () => {
    at.data = folder(50)
    const first = await serve(at.data.path)
    const on = await at.open({ flags })
    await on.getByText('Another Paydesk has this folder open').waitFor()
    await on.keyboard.press('F9')
    await on.getByText('It is still the same.').waitFor()
    await first.stop()
    await on.keyboard.press('F9')
    await ready(on)
  })

  it('names file, line and key of a wrong setting, and starts once it is right', async () => {
    at.data = folder(50)
    const right = settings()
    writeFileSync(join(at.data.path, 'settings.toml'), right.replace('practice = true', 'practice = "yes"'))
    const on = await at.open({ flags })
    await on.getByText('Line 4: till.practice must be true or false.').waitFor()
    await on.getByText(join(at.data.path, 'settings.toml')).waitFor()
    writeFileSync(join(at.data.path, 'settings.toml'), right)
    await on.keyboard.press('F9')
    await ready(on)
  })

  it('does not sell on a damaged journal', async () => {
    at.data = folder(50)
    writeFileSync(join(at.data.path, 'paydesk.sqlite'), 'no database, but long enough for one '.repeat(99))
    const on = await at.open({ flags })
    await on.getByText('The journal is damaged').waitFor()
    await on.getByText(/put the newest backup/).waitFor()
  })
})

describe('the X report', () => {
  it('is shown to a cashier with a manager’s approval in place', async () => {
    const on = await start()
    const enrol = (name, role, pin) =>
      dispatch(on, { do: 'people', wanted: { want: 'enrol', name, role, pin } })
    await enrol('Mia', 'manager', '8520')
    const signIn = async (name, pin) => {
      await on.getByRole('button', { name: new RegExp(name) }).click()
      await on.keyboard.type(pin)
      await on.keyboard.press('Enter')
      await on.getByRole('button', { name: /^Lock/ }).waitFor()
    }
    await signIn('Mia', '8520')
    await enrol('Kim', 'cashier', '2580')
    await on.keyboard.press('Alt+l')
    await signIn('Kim', '2580')
    await on.keyboard.press('Control+2')
    await on.getByRole('button', { name: /Reports/ }).click()
    await on.getByText('Totals are for managers').waitFor()
    await on.getByRole('button', { name: 'Ask for approval' }).click()
    await on.getByRole('dialog').waitFor()
    await on.keyboard.type('8520')
    await on.keyboard.press('Enter')
    await on.locator('.paperscroll').waitFor()
    assert.equal(await on.getByText('Totals are for managers').count(), 0)
  })
})

describe('by every means', () => {
  it('forms, checks, the first start and a till that cannot start have no serious findings', async () => {
    for (const scheme of ['light', 'dark']) {
      const on = await start({ scheme })
      await fill(on, { url: 'http://127.0.0.1:9' })
      await on.locator('summary').click()
      await on.keyboard.press('F9')
      await on.locator('.checks li.bad').waitFor()
      assert.deepEqual(await findings(on), [], 'a form and its check')
      await on.getByLabel('Terminal’s address').fill('nowhere')
      await on.keyboard.press('Control+s')
      await on.locator('[aria-invalid]').waitFor()
      assert.deepEqual(await findings(on), [], 'a wrong form')
      const second = await serve(at.data.path, undefined, ['--keep-serving'])
      ends.push(second.stop)
      const broken = await page(at.chrome, second.address, { scheme })
      await broken.page.getByText('Another Paydesk').waitFor()
      assert.deepEqual(await findings(broken.page), [], 'a till that cannot start')
      await broken.close()
      assert.deepEqual(await at.close(), [])
      nothing()
      const first = await at.open({ scheme })
      await first.getByLabel('Set up this till').check()
      await first.getByLabel('Connect it now').check()
      assert.deepEqual(await findings(first), [], 'the first start')
      assert.deepEqual(await at.close(), [])
    }
  })

  it('from adding to checking to saving by keyboard alone', async () => {
    const on = await start()
    const address = await simulator()
    await on.keyboard.press('Alt+n')
    await on.locator('#terminal-name').waitFor()
    const to = async (id) => {
      for (let n = 0; n < 40; n++) {
        if ((await on.evaluate(() => document.activeElement?.id)) === id) return
        await on.keyboard.press('Tab')
      }
      assert.fail(`${id} is not reached by Tab`)
    }
    await on.getByLabel('Training terminal').focus()
    await on.keyboard.press('ArrowDown')
    await to('terminal-name')
    await on.keyboard.type('Aisle')
    await to('field-url')
    await on.keyboard.type(`http://${address}`)
    await to('field-sale_id')
    await on.keyboard.type('KASSA1')
    await to('field-poi_id')
    await on.keyboard.type('AISLE-1')
    await on.keyboard.press('F9')
    await on.locator('.checks li.ok', { hasText: 'Login' }).waitFor({ timeout: 30_000 })
    await on.keyboard.press('Control+s')
    await on.getByText('Saved. The till uses it now.').waitFor()
  })
})
