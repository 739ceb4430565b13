// The counter in a real browser against the real till with the training terminal: the last two digits of an
// amount choose what the terminal does.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { browser, field, folder, page, pay, ready, ring, scan, serve, state } from './till.mjs'

let chrome
let data
let till
let opened

before(async () => {
  chrome = await browser()
})
after(() => chrome.close())

async function start(delay = 100, options = {}) {
  data = folder(delay)
  till = await serve(data.path)
  opened = await page(chrome, till.address, options)
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

const total = (on) => on.locator('.counter .total').innerText()
const payments = async (on) =>
  on.evaluate(async () => {
    const token = new URLSearchParams(location.search).get('token')
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const body = JSON.stringify({ read: 'day', day: null })
    const answer = await fetch('api/query', { method: 'POST', headers, body })
    return (await answer.json()).day.rows
  })

describe('a payment', () => {
  it('is approved, and the next customer finds an empty sale', async () => {
    const on = await start()
    await on.keyboard.type('12,50')
    await on.getByRole('button', { name: /^Add 12.50/ }).click()
    await on.getByRole('button', { name: /^Pay 12.50/ }).click()
    await state(on, 'Approved')
    assert.equal(await total(on), '12.50')
    await on.getByRole('button', { name: /Next customer/ }).click()
    await ready(on)
    assert.equal(await field(on).inputValue(), '')
    assert.equal(await total(on), '0.00')
  })

  it('with a signature that is right is approved', async () => {
    const on = await start()
    await pay(on, '12.08')
    const asked = on.getByRole('alertdialog')
    await asked.waitFor()
    assert.match(await asked.innerText(), /PURCHASE[\s\S]*12\.08[\s\S]*Signature/)
    await on.keyboard.press('Escape')
    await on.keyboard.press('F4')
    await on.keyboard.press('Control+2')
    assert.ok(await asked.isVisible(), 'a question is only answered')
    const focused = await on.evaluate(() => document.activeElement?.tagName)
    assert.notEqual(focused, 'BUTTON', 'no answer has focus')
    await on.getByRole('button', { name: /Yes, it is right/ }).click()
    await state(on, 'Approved')
  })

  it('with a signature that is wrong is not charged', async () => {
    const on = await start()
    await pay(on, '12.08')
    await on.getByRole('alertdialog').waitFor()
    await on.keyboard.press('n')
    await state(on, 'Cancelled')
    await on.getByText('Nothing was charged.').waitFor()
    const [row] = await payments(on)
    assert.equal(row.amount.minor, 0)
  })

  it('that is declined can be tried again on another card, or paid another way', async () => {
    const on = await start()
    await pay(on, '12.01')
    await state(on, 'Declined')
    await on.keyboard.press('F7')
    await state(on, 'With customer|Authorising')
    await state(on, 'Declined')
    assert.equal((await payments(on)).length, 2)
    await on.keyboard.press('Escape')
    await on.getByRole('button', { name: /^Pay 12.01/ }).waitFor()
    assert.equal(await total(on), '12.01')
  })

  it('that was approved in part leaves the rest to pay', async () => {
    const on = await start()
    await pay(on, '12.20')
    await state(on, 'Partly approved')
    assert.equal(await total(on), '6.10')
    await on.keyboard.press('F7')
    // 6.10 is paid with a phone.
    await state(on, 'Approved')
    const rows = await payments(on)
    assert.deepEqual(
      rows.map((row) => row.amount.minor),
      [610, 610],
    )
  })

  it('is cancelled by the terminal when it is asked early', async () => {
    const on = await start(1500)
    await pay(on, '12.50')
    await state(on, 'With customer')
    await on.keyboard.press('Escape')
    await state(on, 'Cancelled')
    await on.getByText('Nothing was charged.').waitFor()
  })

  it('goes on when the terminal is asked too late', async () => {
    const on = await start(1500)
    await pay(on, '12.50')
    await state(on, 'Authorising')
    await on.keyboard.press('Escape')
    await state(on, 'Approved')
  })

  it('whose answer is lost is checked and found again', async () => {
    const on = await start()
    await pay(on, '12.11')
    await state(on, 'Unknown: checking')
    assert.equal(await on.getByRole('button', { name: /^Pay/ }).count(), 0)
    await state(on, 'Approved')
    const rows = await payments(on)
    assert.equal(rows.length, 1)
    assert.equal(rows[0].amount.minor, 1250 - 39)
  })
})

describe('nothing is sent twice', () => {
  it('by a double click on Pay', async () => {
    const on = await start()
    await ring(on, '12.50')
    await on.getByRole('button', { name: /^Pay/ }).dblclick()
    await state(on, 'Approved')
    assert.equal((await payments(on)).length, 1)
  })

  it('by the second half of a double click, nor does that cancel what the first one began', async () => {
    const on = await start(1500)
    await ring(on, '12.50')
    const { x, y, width, height } = await on.getByRole('button', { name: /^Pay/ }).boundingBox()
    await on.mouse.move(x + width / 2, y + height / 2)
    for (const clickCount of [1, 2]) {
      await on.mouse.down({ clickCount })
      await on.mouse.up({ clickCount })
      // "Ask terminal to cancel" stands where Pay was.
      await state(on, 'With customer')
    }
    await state(on, 'Approved')
    assert.equal((await payments(on)).length, 1)
  })

  it('by two answers to one question: the first one counts', async () => {
    const on = await start()
    await pay(on, '12.08')
    const answers = []
    let free
    const held = new Promise((done) => (free = done))
    await on.route('**/api/dispatch', async (route) => {
      const { command } = route.request().postDataJSON()
      if (command.do === 'answer') answers.push(command.answer)
      await held
      await route.continue()
    })
    await on.getByRole('button', { name: /Yes, it is right/ }).click()
    await on.getByRole('button', { name: /No, refuse/ }).click()
    free()
    await state(on, 'Approved')
    assert.deepEqual(answers, ['yes'])
  })

  it('by two windows that press at once', async () => {
    const on = await start()
    const other = await page(chrome, till.address)
    await other.page.getByText('Ready', { exact: true }).first().waitFor()
    await ring(on, '12.50')
    await other.page.getByRole('button', { name: /^Pay 12.50/ }).waitFor()
    await Promise.all([on.keyboard.press('F9'), other.page.keyboard.press('F9')])
    await Promise.all([state(on, 'Approved'), state(other.page, 'Approved')])
    assert.equal((await payments(on)).length, 1)
    await other.close()
  })

  it('by a reload in the middle', async () => {
    const on = await start(800)
    await pay(on, '12.50')
    await state(on, 'With customer')
    await on.reload()
    await state(on, 'With customer|Authorising')
    await state(on, 'Approved')
    assert.equal((await payments(on)).length, 1)
  })

  it('by a reload in the middle of a question', async () => {
    const on = await start()
    await pay(on, '12.08')
    await on.getByRole('alertdialog').waitFor()
    await on.reload()
    await on.getByRole('alertdialog').waitFor()
    await on.keyboard.press('y')
    await state(on, 'Approved')
  })
})

describe('bad input gets one sentence', () => {
  beforeEach(async () => {
    await start()
  })

  it('for a second separator', async () => {
    const on = opened.page
    await on.keyboard.type('12,5,')
    await on.keyboard.press('+')
    await on.getByText('That has two decimal separators.').waitFor()
    assert.equal(await total(on), '0.00')
  })

  it('for a paste of 100 kB', async () => {
    const on = opened.page
    await field(on).fill('12')
    await field(on).evaluate((field) => {
      field.value = '7'.repeat(100_000)
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await on.getByText('That is longer than any code or name.').waitFor()
    assert.equal(await field(on).inputValue(), '12')
  })

  it('for nothing to pay, on the button itself', async () => {
    const on = opened.page
    const button = on.getByRole('button', { name: /^Pay/ })
    assert.match(await button.innerText(), /Add an item first/)
    await on.keyboard.press('F9')
    assert.equal((await payments(on)).length, 0)
  })
})

describe('a scan', () => {
  it('during a payment says so in one sentence, and adds nothing', async () => {
    const on = await start(1500)
    await pay(on, '12.50')
    await state(on, 'With customer')
    await scan(on, '7310000000101')
    await on.getByText(/^Scanned 7310000000101. A payment is under way/).waitFor()
    await state(on, 'Approved')
    assert.equal(await total(on), '12.50')
  })

  it('answers no question of the terminal', async () => {
    const on = await start()
    await pay(on, '12.08')
    const asked = on.getByRole('alertdialog')
    await asked.waitFor()
    await scan(on, 'Y7310N000')
    // A deliberate press still answers.
    assert.ok(await asked.isVisible())
    await on.keyboard.press('y', { delay: 100 })
    await state(on, 'Approved')
  })
})

describe('a lost line', () => {
  const RUNNING = /^(With customer|Authorising)$/

  /** What is seen is marked as old, and nothing of it can be pressed. */
  async function isLost(on) {
    const said = on.getByRole('alert').filter({ hasText: 'No line to the till' })
    await said.waitFor()
    assert.match(await said.innerText(), /What you see is from \d\d:\d\d:\d\d and may be old/)
    assert.equal(await on.locator('.rest[inert]').count(), 1)
  }

  it('to a till that was killed is said at once, and the till finds the payment again', async () => {
    const on = await start(1500)
    const customer = await page(chrome, till.address, { path: 'customer.html' })
    await pay(on, '12.50')
    await state(on, 'With customer')
    const port = new URL(till.address).port
    await till.kill()
    await isLost(on)
    await customer.page.getByText('This screen is connecting').waitFor()
    assert.equal(await customer.page.getByText('12.50').count(), 0)
    // The same till on the same port has another token: the old page stays outside.
    till = await serve(data.path, `127.0.0.1:${port}`)
    const calls = []
    on.on('websocket', (socket) => calls.push(socket))
    await on.waitForEvent('websocket')
    await isLost(on)
    assert.match(await on.locator('.head h1').innerText(), RUNNING)
    const again = await page(chrome, till.address)
    // What ran when the till was killed is found again, here without a touch and in the books.
    await state(again.page, 'Approved')
    const [row, ...more] = await payments(again.page)
    assert.deepEqual([row.state, row.amount.minor, more.length], ['closed', 1250, 0])
    await isLost(on)
    assert.deepEqual([...again.complaints, ...customer.complaints], [])
    await again.close()
    await customer.close()
  })

  it('to a till that hangs is said after some silence, and mended with the newest view', async () => {
    const on = await start(1500, { clock: true })
    await pay(on, '12.50')
    await state(on, 'With customer')
    till.hang()
    await on.clock.fastForward(13_000)
    await isLost(on)
    assert.match(await on.locator('.head h1').innerText(), RUNNING)
    // Pressed at a dead screen, and never sent later.
    await on.keyboard.press('Escape')
    till.goOn()
    await state(on, 'Approved')
    await on.locator('.rest:not([inert])').waitFor()
    assert.equal(await on.getByText('No line to the till').count(), 0)
    assert.equal((await payments(on)).length, 1)
  })
})
