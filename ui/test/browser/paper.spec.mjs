// Paper in a real browser against the real till with a printer that is a file, and with one that is away:
// what is printed, copied and saved, and what the cashier is told.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { browser, findings, folder, page, ready, ring, serve, state } from './till.mjs'

const FILE = '[printer]\ndriver = "file"\ntarget = "printer.bin"\n'
const AWAY = '[printer]\ndriver = "tcp"\ntarget = "127.0.0.1:9"\n'
let chrome
let data
let till
let opened

before(async () => {
  chrome = await browser()
})
after(() => chrome.close())

async function start(printer) {
  data = folder(60, printer)
  till = await serve(data.path)
  opened = await page(chrome, till.address)
  await opened.page.getByText('Ready', { exact: true }).first().waitFor()
  return opened.page
}

afterEach(async () => {
  const complaints = opened?.complaints ?? []
  await opened?.close()
  await till?.stop()
  data?.remove()
  assert.deepEqual(complaints, [])
})

/** How many slips came out so far: each ends with a cut. */
const slips = () => readFileSync(join(data.path, 'printer.bin')).toString('latin1').split('\x1dVB').length - 1

async function paid(on, amount) {
  await ring(on, amount)
  await on.keyboard.press('F9')
  await state(on, 'Approved')
}

describe('a printer that works', () => {
  it('prints the receipt once and one copy, and saves it as a file', async () => {
    const on = await start(FILE)
    await paid(on, '64')
    await on.getByRole('button', { name: /^Print copy/ }).waitFor()
    assert.equal(slips(), 1)
    await on.getByRole('region', { name: 'Receipt' }).getByText('Receipt 1').waitFor()
    await on.keyboard.press('Control+p')
    await on.getByText('one copy only, printed').waitFor()
    assert.equal(slips(), 2)
    const [file] = await Promise.all([
      on.waitForEvent('download'),
      on.getByRole('button', { name: 'Save as PDF' }).click(),
    ])
    assert.equal(file.suggestedFilename(), 'receipt-1.pdf')
    assert.equal(readFileSync(await file.path()).subarray(0, 5).toString(), '%PDF-')
    await on.keyboard.press('F9')
    await ready(on)
  })

  it('prints the day’s reports and copies of receipts that are found by number', async () => {
    const on = await start(FILE)
    await paid(on, '12.50')
    await on.keyboard.press('F9')
    await ready(on)
    await on.keyboard.press('Control+2')
    await on.keyboard.press('Alt+6')
    await on.getByLabel('Number of the receipt').fill('1')
    await on.getByRole('heading', { name: 'Receipt 1' }).waitFor()
    await on.getByRole('button', { name: /^Print copy/ }).waitFor()
    await on.keyboard.press('Control+p')
    await on.getByText('one copy only, printed').waitFor()
    await on.getByLabel('Number of the receipt').fill('99')
    await on.getByText('No receipts').waitFor()
    await on.keyboard.press('Alt+3')
    await on.getByRole('article', { name: 'X report' }).waitFor()
    await on.keyboard.press('Control+p')
    await on.getByText('It is on its way to the printer.').waitFor()
    await till.stop()
    assert.equal(slips(), 3)
  })
})

/** An ESC/POS printer on the network that answers every question that all is well; its address, and what came
 * besides questions. */
async function networkPrinter() {
  let came = ''
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1')
      const questions = text.match(/\x10\x04[\x01-\x04]/g) ?? []
      came += text.replace(/\x10\x04[\x01-\x04]/g, '')
      for (const _ of questions) socket.write(Buffer.from([0x12]))
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return {
    address: `127.0.0.1:${server.address().port}`,
    came: () => came,
    close: () => new Promise((done) => server.close(done)),
  }
}

describe('a printer that is set up on the screen', () => {
  it('is told wrong at its field, checked, saved, and prints the next receipt', async () => {
    const on = await start('')
    const settings = () => readFileSync(join(data.path, 'settings.toml'), 'utf8')
    const before = settings()
    const printer = await networkPrinter()
    try {
      await on.keyboard.press('Control+3')
      await on.getByText('No printer is set up.').waitFor()
      await on.keyboard.press('Alt+r')
      await on.getByLabel(/^Network/).check()
      await on.getByLabel('Address and port').fill('127.0.0.1')
      await on.keyboard.press('Control+s')
      await on.getByText(/^This must be an address with a port/).waitFor()
      assert.equal(await on.locator('[aria-invalid]').getAttribute('id'), 'field-target')
      await on.getByLabel('Address and port').fill(printer.address)
      await on.getByLabel('Letters in a row').fill('81')
      await on.keyboard.press('F9')
      await on.getByText(/^This must be a number from 24 to 80/).waitFor()
      await on.getByLabel('Letters in a row').fill('32')
      await on.keyboard.press('F9')
      await on.locator('.checks').getByText('the printer is ready').waitFor()
      assert.deepEqual([settings(), printer.came()], [before, ''], 'a check keeps and prints nothing')
      await on.keyboard.press('Control+s')
      await on.getByText('Saved. The till uses it now.').waitFor()
      const section = `\n[printer]\ndriver = "tcp"\ntarget = "${printer.address}"\ncolumns = 32\n`
      assert.equal(settings().replace(section, ''), before, 'what stood there stays')
      await on.getByRole('button', { name: 'Check the printer' }).click()
      await on.locator('.printercheck').getByText('the printer is ready').waitFor()
      await on.keyboard.press('Control+1')
      await ready(on)
      await paid(on, '64')
      await on.getByRole('button', { name: /^Print copy/ }).waitFor()
      assert.match(printer.came(), /Receipt 1 .*\x1dVB/s)
      // What is in the settings now is what the form shows; leaving it changes nothing.
      await on.keyboard.press('Control+3')
      await on.keyboard.press('Alt+r')
      assert.equal(await on.getByLabel('Address and port').inputValue(), printer.address)
      await on.getByLabel(/^Device or file/).check()
      assert.equal(await on.getByLabel('Path').inputValue(), '')
      await on.keyboard.press('Escape')
      await on.getByRole('heading', { name: 'Desk terminal' }).waitFor()
      assert.ok(settings().includes(section))
      assert.deepEqual(await findings(on), [])
    } finally {
      await printer.close()
    }
  })
})

describe('a printer that is away', () => {
  it('is told where the cashier looks, holds up nothing, and what waits can be given up', async () => {
    const on = await start(AWAY)
    await ring(on, '279,08')
    await on.keyboard.press('F9')
    const question = on.getByRole('alertdialog')
    await question.getByText('The slip is not on paper').waitFor()
    await question.getByRole('button', { name: /^Print again/ }).waitFor()
    await on.keyboard.press('y')
    await state(on, 'Approved')
    await on.getByText('2 slips wait.').waitFor()
    await on.keyboard.press('F9')
    await ready(on)
    // The one wish is still on its way when the other is made: both are sent.
    let free
    const held = new Promise((done) => (free = done))
    await on.route('**/api/dispatch', async (route) => {
      if (route.request().postDataJSON().command.wanted.want === 'again') await held
      await route.continue()
    })
    await on.keyboard.press('Alt+p')
    await on.getByRole('button', { name: 'Not needed' }).click()
    await on.getByText('2 slips wait.').waitFor({ state: 'hidden' })
    const answer = on.waitForResponse('**/api/dispatch')
    free()
    assert.equal((await answer).status(), 200)
    assert.equal(await on.locator('.strip').count(), 0)
  })

  it('prints what waits once it is back', async () => {
    const back = createServer()
    await new Promise((done) => back.listen(0, '127.0.0.1', done))
    const { port } = back.address()
    await new Promise((done) => back.close(done))
    const on = await start(`[printer]\ndriver = "tcp"\ntarget = "127.0.0.1:${port}"\n`)
    await paid(on, '12.50')
    await on.getByText('1 slip waits.').waitFor()
    const paper = []
    back.on('connection', (socket) => {
      socket.on('error', () => undefined).on('data', (bytes) => paper.push(bytes))
    })
    await new Promise((done) => back.listen(port, '127.0.0.1', done))
    await on.keyboard.press('Alt+p')
    await on.locator('.strip').waitFor({ state: 'hidden' })
    await on.getByRole('button', { name: /^Print copy/ }).waitFor()
    await till.stop()
    await new Promise((done) => back.close(done))
    assert.match(Buffer.concat(paper).toString('latin1'), /Receipt 1[\s\S]*12[.,]50/)
  })
})
