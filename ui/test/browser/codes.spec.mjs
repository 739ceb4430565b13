// Wallet codes in a real browser against a simulated gateway: read by a hand scanner, shown by the till,
// seen by the camera, and everything that is no payment code.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { barcode, field, page, ready, scan, scene, state, walletFolder } from './till.mjs'

const at = scene()
const ends = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const COFFEE = '7310000000101'
/** Goods that nobody sells here, with the right check digit. */
const PRODUCT = '5901234123457'
/** Codes as Alipay makes them; the last two digits tell the gateway what to do. */
const alipay = (ends) => `2812345678901234${ends}`
/** A card network's code for customers, as its QR code holds it. */
const EMV = 'hQVDUFYwMWEaTwegAAADMwEB'
const eye = (on) => on.getByRole('heading', { name: 'Scan the customer’s code' })
const says = (on, text) => on.locator('.says .text').filter({ hasText: text }).waitFor()
const alert = (on, text) => on.getByRole('alert').filter({ hasText: text }).waitFor()

/** A till whose one terminal is the wallets' gateway, with a coffee rung up. */
async function selling(options = {}, more = '') {
  const { data, gateway } = await walletFolder(more)
  at.data = data
  at.terminal = gateway
  const on = await at.start(options)
  await scan(on, COFFEE)
  await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
  return on
}

/** Nothing of these texts is on the screen, in the journal or in the log. */
async function nowhere(on, ...texts) {
  const files = readdirSync(at.data.path, { recursive: true, withFileTypes: true })
  const kept = files.filter((one) => one.isFile()).map((one) => readFileSync(join(one.parentPath, one.name)))
  const seen = await on.locator('body').innerText()
  const typed = await on.locator('input').evaluateAll((all) => all.map((one) => one.value).join(' '))
  for (const text of texts) {
    assert.ok(!`${seen} ${typed}`.includes(text), 'a code is shown')
    assert.ok(!kept.some((bytes) => bytes.includes(text)), 'a code is written down')
  }
}

/** How many payments the till has begun. */
async function payments(on) {
  const told = await on.evaluate(async () => {
    const token = new URLSearchParams(location.search).get('token')
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const body = JSON.stringify({ read: 'payments', day: null, open: false, limit: null })
    return (await fetch('api/query', { method: 'POST', headers, body })).json()
  })
  return told.rows.length
}

describe('a hand scanner', () => {
  it('on the code screen charges the code, once however often it is read', async () => {
    const on = await selling()
    await on.keyboard.press('F8')
    await eye(on).waitFor()
    await on.locator('.counter .total', { hasText: '29.00' }).waitFor()
    await scan(on, alipay('05'))
    await scan(on, alipay('05'))
    await state(on, 'Approved')
    assert.equal(await payments(on), 1)
    await nowhere(on, alipay('05'))
    // The phone is still before the scanner when the sale is over.
    await scan(on, alipay('05'))
    await alert(on, 'Nothing was charged or kept; ring up the goods first.')
    await on.getByRole('heading', { name: 'Approved' }).waitFor()
    await on.locator('.facts').getByText('Wallet').waitFor()
    await on.locator('.facts').getByText('Alipay').waitFor()
    assert.equal(await payments(on), 1)
    await on.keyboard.press('F9')
    await ready(on)
  })

  it('that reads something else there is told what it was, and nothing is sent', async () => {
    const on = await selling()
    await on.keyboard.press('F8')
    for (const [text, about] of [
      [PRODUCT, 'That is a product’s bar code, no payment code.'],
      [COFFEE, 'That is a product’s bar code, no payment code.'],
      ['https://shop.example/pay', 'That is a web address.'],
      ['4111111111111111', 'That is a card’s number.'],
      ['hello there', 'No wallet pays with that code.'],
    ]) {
      await scan(on, text)
      await alert(on, about)
    }
    assert.equal(await payments(on), 0)
    await on.keyboard.press('Escape')
    await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
    await nowhere(on, '4111111111111111')
    assert.equal(await payments(on), 0)
  })

  it('reads a code again: it is not charged twice', async () => {
    const on = await selling()
    await on.keyboard.press('F8')
    await scan(on, alipay('71'))
    await state(on, 'Declined')
    await on.getByRole('button', { name: 'Try another code' }).click()
    await eye(on).waitFor()
    await scan(on, alipay('71'))
    await alert(on, 'This code was taken already.')
    await scan(on, alipay('02'))
    await state(on, 'Approved')
    assert.equal(await payments(on), 2)
  })

  it('beside a payment that came to nothing reads another try, which waits for a press', async () => {
    const on = await selling()
    await on.keyboard.press('F8')
    await scan(on, alipay('71'))
    await state(on, 'Declined')
    await scan(on, alipay('02'))
    await says(on, 'A payment code was scanned.')
    assert.equal(await payments(on), 1)
    await on.keyboard.press('F9')
    await state(on, 'Approved')
    assert.equal(await payments(on), 2)
  })

  it('that reads a payment code among the goods opens the code screen, and waits for a press', async () => {
    const on = await selling()
    await scan(on, EMV)
    await eye(on).waitFor()
    await on.keyboard.press('Escape')
    await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
    await nowhere(on, EMV)
    await scan(on, alipay('06'))
    await eye(on).waitFor()
    await says(on, 'A payment code was scanned.')
    await scan(on, alipay('06'))
    assert.equal(await payments(on), 0)
    await nowhere(on, alipay('06'))
    await on.keyboard.press('F9')
    await state(on, 'Approved')
    assert.equal(await payments(on), 1)
  })

  it('that reads one before anything is rung up is told so', async () => {
    const on = await selling()
    await on.keyboard.press('Delete')
    await scan(on, alipay('07'))
    await on.getByText('That was a customer’s payment code.').waitFor()
    await field(on).fill('4111111111111111')
    await on.keyboard.press('Enter')
    await alert(on, 'That is a card’s number.')
    await field(on).fill('')
    assert.equal(await payments(on), 0)
    await nowhere(on, alipay('07'))
  })

  it('as slow as a hand is typed into the field, where nobody reads it', async () => {
    const on = await selling()
    await on.keyboard.press('F8')
    const typed = on.getByLabel('Or scan or type it here')
    await on.waitForFunction(() => document.activeElement.className === 'masked')
    await typed.fill(alipay('21'))
    assert.equal(await typed.evaluate((one) => getComputedStyle(one).webkitTextSecurity), 'disc')
    await on.keyboard.press('Enter')
    await state(on, 'Approved')
    assert.equal(await payments(on), 1)
    await nowhere(on, alipay('21'))
  })

  it('leaves nothing to charge for later: not after a minute, and not for other goods', async () => {
    const on = await selling()
    await scan(on, alipay('22'))
    await says(on, 'A payment code was scanned.')
    await on.evaluate(() => {
      const real = Date.now
      Date.now = () => real() + 61_000
    })
    await on.keyboard.press('F9')
    await alert(on, 'This code is more than a minute old.')
    await eye(on).waitFor()
    await on.keyboard.press('Escape')
    await scan(on, alipay('23'))
    await says(on, 'A payment code was scanned.')
    // The goods go meanwhile, on another page.
    const other = await page(at.chrome, at.till.address)
    ends.push(other.close)
    await other.page.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
    await other.page.keyboard.press('Delete')
    await alert(on, 'Nothing was charged or kept; ring up the goods first.')
    await scan(on, COFFEE)
    await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
    assert.equal(await eye(on).count(), 0, 'the next goods are not paid by it')
    assert.equal(await payments(on), 0)
  })

  it('charges at the terminal that was chosen, however often the screen is opened', async () => {
    const second = `[[terminal]]
id = "second"
driver = "pockyt"
name = "Second"
[terminal.settings]
base_url = "http://127.0.0.1:1"
merchant_no = "900001"
store_no = "800003"
token = "secret:wallets"
`
    const on = await selling({}, second)
    const where = (name) => on.getByText(`Wallet on ${name}, 29.00 SEK`).waitFor()
    await on.keyboard.press('F8')
    await where('Wallets')
    await on.keyboard.press('Escape')
    await on.keyboard.press('F8')
    await where('Wallets')
    await on.keyboard.press('Alt+o')
    await where('Second')
    await on.getByRole('button', { name: 'On Wallets instead' }).click()
    await where('Wallets')
    await scan(on, alipay('24'))
    await state(on, 'Approved')
  })

  it('pays a part, and the rest with another code', async () => {
    const on = await selling()
    await on.keyboard.press('F3')
    await on.getByLabel('Pay now, the rest another way').fill('10')
    await on.keyboard.press('Enter')
    await on.keyboard.press('F8')
    await on.locator('.counter .total', { hasText: '10.00' }).waitFor()
    await scan(on, alipay('08'))
    await state(on, 'Approved')
    await on.keyboard.press('F9')
    await on.getByRole('button', { name: /^Pay 19.00/ }).waitFor()
    await scan(on, alipay('09'))
    await eye(on).waitFor()
    await on.keyboard.press('Enter')
    await state(on, 'Approved')
    assert.equal(await payments(on), 2)
  })
})

describe('a scanner on a serial port', () => {
  /** A page that is told of these scans as soon as `send` is called. */
  async function told(scans) {
    let say
    const scan = async () => {
      while (!say) await new Promise((done) => setImmediate(done))
      say(scans)
    }
    const prepare = (on) =>
      on.routeWebSocket(/api\/scans/, (socket) => {
        say = (view) => socket.send(JSON.stringify({ type: 'view', view }))
        say({ recent: [] })
      })
    const { page: on, close } = await page(at.chrome, at.till.address, { prepare })
    ends.push(close)
    return { on, scan }
  }

  it('rings up once what two pages are told of', async () => {
    const first = await selling()
    const command = '01900000-0000-7000-8000-000000000001'
    const scans = { recent: [{ number: 1, text: COFFEE, command, too_long: false }] }
    const pages = [await told(scans), await told(scans)]
    for (const { on } of pages) await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
    for (const { scan } of pages) await scan()
    await first.getByRole('button', { name: /^Pay 58.00/ }).waitFor()
    // What is rung up after it stands after both.
    for (const { on } of pages) await scan(on, COFFEE)
    await first.getByRole('button', { name: /^Pay 116.00/ }).waitFor()
  })

  it('that sends more than any code holds is told so', async () => {
    await selling()
    const command = '01900000-0000-7000-8000-000000000002'
    const { on, scan } = await told({ recent: [{ number: 1, text: '', command, too_long: true }] })
    await scan()
    await alert(on, 'That is longer than any code or name.')
    await on.keyboard.press('F8')
    await eye(on).waitFor()
  })
})

describe('keys that come as fast as a scan', () => {
  it('and are thousands are told in one sentence, and the till takes the next sale at once', async () => {
    const on = await selling()
    await scan(on, '28'.repeat(2_000))
    await alert(on, 'That is longer than any code or name.')
    assert.equal(await field(on).inputValue(), '')
    await scan(on, COFFEE)
    await on.getByRole('button', { name: /^Pay 58.00/ }).waitFor()
    assert.equal(await payments(on), 0)
  })

  it('and end without Enter are typed after all', async () => {
    const on = await selling()
    await scan(on, 'unsold sweets', [])
    await on.waitForFunction(() => document.querySelector('[data-field]').value === 'unsold sweets')
    await on.keyboard.press('Escape')
    // Also where no field has the focus.
    await on.evaluate(() => document.activeElement.blur())
    await scan(on, 'more sweets', [])
    await on.waitForFunction(() => document.querySelector('[data-field]').value === 'more sweets')
  })
})

describe('a code that the till shows', () => {
  it('is drawn on both screens with how long it is good, and paid', async () => {
    const on = await selling()
    const customer = await page(at.chrome, at.till.address, { path: 'customer.html' })
    ends.push(customer.close)
    await on.keyboard.press('F8')
    await on.keyboard.press('F8')
    await eye(on).waitFor()
    assert.equal(await on.getByRole('alertdialog').count(), 0, 'F8 twice looks for a code all the same')
    await on.keyboard.press('Alt+s')
    await on.getByRole('alertdialog').getByText('Which wallet does the customer pay with?').waitFor()
    await on.keyboard.press('1')
    for (const one of [on, customer.page]) {
      await one.getByRole('img', { name: 'Code to scan with your wallet' }).waitFor()
      await one.getByText(/Valid for [45]:\d\d/).waitFor()
    }
    await state(on, 'Approved')
    assert.equal(await payments(on), 1)
  })

  it('is taken away where the payment is called off', async () => {
    const { data, gateway } = await walletFolder()
    Object.assign(at, { data, terminal: gateway })
    const on = await at.start()
    const customer = await page(at.chrome, at.till.address, { path: 'customer.html' })
    ends.push(customer.close)
    // Nobody scans a code for an amount that ends so.
    await field(on).fill('20,62')
    await on.keyboard.press('F9')
    await on.getByRole('button', { name: /^Pay 20.62/ }).waitFor()
    await on.keyboard.press('F8')
    await on.keyboard.press('Alt+s')
    await on.getByRole('alertdialog').waitFor()
    await on.keyboard.press('1')
    const code = customer.page.getByRole('img', { name: 'Code to scan with your wallet' })
    await code.waitFor()
    await on.keyboard.press('Escape')
    await code.waitFor({ state: 'detached' })
    await state(on, 'Cancelled|Not charged')
  })
})

describe('the camera', () => {
  /** A till whose camera shows the pictures of a folder, and how one is put there. */
  async function looking() {
    const { data, gateway } = await walletFolder()
    Object.assign(at, { data, terminal: gateway })
    const pictures = join(data.path, 'pictures')
    mkdirSync(pictures)
    const on = await at.start({ flags: ['--camera-from', pictures] })
    await scan(on, COFFEE)
    await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
    let n = 0
    const show = async (text) => {
      const jpeg = await barcode(on, text)
      const name = join(pictures, `${String(n++).padStart(4, '0')}`)
      writeFileSync(`${name}.part`, jpeg)
      renameSync(`${name}.part`, `${name}.jpg`)
    }
    return { on, show }
  }

  it('shows what it sees, and the code in it is charged at once', async () => {
    const { on, show } = await looking()
    await show('')
    await on.keyboard.press('F8')
    await on.getByRole('img', { name: 'What the camera sees' }).waitFor()
    await says(on, 'Hold the phone 10 to 20 cm before the camera')
    await show(PRODUCT)
    await says(on, 'That is a product’s bar code')
    assert.equal(await payments(on), 0)
    await show(alipay('11'))
    await state(on, 'Approved')
    assert.equal(await payments(on), 1)
    await nowhere(on, alipay('11'))
  })

  it('charges nothing behind the list of keys', async () => {
    const { on, show } = await looking()
    await show('')
    await on.keyboard.press('F8')
    await on.getByRole('img', { name: 'What the camera sees' }).waitFor()
    await on.keyboard.press('F1')
    await on.getByRole('dialog').waitFor()
    await show(alipay('12'))
    await on.getByText('The code in view, once more').waitFor()
    await on.keyboard.press('Escape')
    await on.getByRole('button', { name: /^Charge 29.00/ }).waitFor()
    assert.equal(await payments(on), 0)
    await on.keyboard.press('F9')
    await state(on, 'Approved')
    assert.equal(await payments(on), 1)
  })

  it('does not send a code that was taken already', async () => {
    const { on, show } = await looking()
    await show(alipay('72'))
    await on.keyboard.press('F8')
    await state(on, 'Declined')
    await on.getByRole('button', { name: 'Try another code' }).click()
    await says(on, 'This code was taken already.')
    assert.equal(await payments(on), 1)
    await on.keyboard.press('Escape')
    await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
  })
})

describe('the installer', () => {
  it('sets up camera and scanner, and sees what the camera sees', async () => {
    const { data, gateway } = await walletFolder()
    Object.assign(at, { data, terminal: gateway })
    const pictures = join(data.path, 'pictures')
    mkdirSync(pictures)
    const on = await at.start({ flags: ['--camera-from', pictures] })
    writeFileSync(join(pictures, '0.jpg'), await barcode(on, alipay('13')))
    await on.keyboard.press('Control+3')
    await on.keyboard.press('Alt+k')
    const panel = on.getByRole('region', { name: 'What the camera sees' })
    await panel.getByRole('img').waitFor()
    await panel.getByText('Alipay: a code is read. The camera stands well.').waitFor()
    await on.getByRole('radio', { name: /^No camera/ }).check()
    await on.keyboard.press('Control+s')
    await on.getByText('Saved. The till uses it now.').waitFor()
    assert.match(readFileSync(join(data.path, 'settings.toml'), 'utf8'), /\[camera\]\s[^[]*use = false/)
    assert.equal(await payments(on), 0, 'aiming charges nothing')
    await on.keyboard.press('Control+1')
    await scan(on, COFFEE)
    await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
    await on.keyboard.press('F8')
    await on.getByText('Read the code with a hand scanner.').waitFor()
  })
})
