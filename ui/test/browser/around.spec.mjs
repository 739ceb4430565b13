// Around the counter in a real browser: keyboard only, day, terminals, the customer's window.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { browser, field, folder, page, pay, ready, ring, serve, state } from './till.mjs'

let chrome
let data
let till
let opened

before(async () => {
  chrome = await browser()
})
after(() => chrome.close())

async function start(options = {}, delay = 100) {
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

const next = async (on) => {
  await on.keyboard.press('F9')
  await ready(on)
}

describe('by keyboard alone', () => {
  it('a signed payment, a refund of it, the check of the terminal, and back', async () => {
    const on = await start()
    await on.keyboard.type('12.08')
    await on.keyboard.press('+')
    await on.getByRole('button', { name: /^Pay 12.08/ }).waitFor()
    await on.keyboard.press('Control+Enter')
    await on.getByRole('alertdialog').waitFor()
    await on.keyboard.press('y')
    await state(on, 'Approved')
    await on.keyboard.press('Enter')
    await ready(on)
    await on.keyboard.press('Control+2')
    await on.getByRole('button', { name: /^Refund/ }).waitFor()
    await on.keyboard.press('Control+r')
    await on.getByLabel('Amount to give back').fill('5,00')
    await on.keyboard.press('Enter')
    await state(on, 'Given back')
    assert.equal(await on.locator('.counter .total').innerText(), '5.00')
    await on.keyboard.press('Enter')
    await on.keyboard.press('Control+3')
    await on.keyboard.press('F9')
    await on.locator('.checks li.ok').first().waitFor()
    await on.keyboard.press('Control+1')
    const focused = await on.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    assert.equal(focused, 'Scan or search')
  })

  it('the keys of a screen are listed, and every listed key is on the screen', async () => {
    const on = await start()
    await on.keyboard.press('F1')
    const list = await on.locator('.keylist').innerText()
    for (const key of ['F9', 'F6', 'F7', 'F8', 'F2', 'F3', 'Del', 'Ctrl D', 'Ctrl 2', 'Alt 1'])
      assert.ok(list.includes(key), key)
    await on.keyboard.press('Escape')
    assert.equal(await on.getByRole('dialog').count(), 0)
  })

  it('what is typed reaches the field wherever focus is', async () => {
    const on = await start()
    await on.getByRole('button', { name: /Wallet/ }).focus()
    await on.keyboard.type('7,5')
    assert.equal(await field(on).inputValue(), '7,5')
  })
})

describe('the day', () => {
  it('lists, searches, and shows a payment with both receipts and its moments', async () => {
    const on = await start()
    await pay(on, '12.50')
    await state(on, 'Approved')
    await next(on)
    await pay(on, '33.01')
    await state(on, 'Declined')
    await on.keyboard.press('Escape')
    await on.getByRole('button', { name: /^Pay 33.01/ }).waitFor()
    await on.keyboard.press('Control+2')
    await on.locator('.rows tbody tr').nth(1).waitFor()
    await on.getByLabel('Search payments').fill('12,50')
    await on.waitForFunction(() => document.querySelectorAll('.rows tbody tr').length === 1)
    const one = on.locator('.panel.one')
    await on.locator('.rows tbody tr').first().click()
    await one.getByText("Customer's copy").waitFor()
    await one.getByRole('tab', { name: 'Merchant' }).click()
    await one.getByText("Shop's copy").waitFor()
    assert.match(await one.innerText(), /Settled: approved/)
    await on.getByLabel('Search payments').fill('no such words')
    await on.getByText('Nothing fits').waitFor()
    assert.match(await on.locator('.tot').innerText(), /12\.50/)
  })

  it('undoes a payment as a whole', async () => {
    const on = await start()
    await pay(on, '12.50')
    await state(on, 'Approved')
    await next(on)
    await on.keyboard.press('Control+2')
    await on.getByRole('button', { name: /^Undo/ }).click()
    await on
      .getByRole('dialog')
      .getByRole('button', { name: /^Undo 12.50/ })
      .click()
    await state(on, 'Undone')
  })
})

describe('the customer’s window', () => {
  it('follows the counter and shows nothing old without a line', async () => {
    const on = await start()
    const customer = await page(chrome, till.address, { path: 'customer.html' })
    await customer.page.getByText('Welcome').waitFor()
    await pay(on, '12.50')
    await customer.page.getByText('Approved').waitFor()
    assert.match(await customer.page.locator('.giant').innerText(), /12\.50/)
    await next(on)
    await customer.page.getByText('Welcome').waitFor()
    await pay(on, '12.01')
    await customer.page.getByText('Nothing was charged').waitFor()
    await till.kill()
    await customer.page.getByText('One moment').waitFor()
    assert.equal(await customer.page.getByText('12.01').count(), 0)
    await customer.close()
  })
})

describe('the language and the look', () => {
  it('are chosen in place and kept', async () => {
    const on = await start()
    await on.keyboard.press('F1')
    await on.getByRole('button', { name: 'Svenska' }).click()
    await on.getByRole('button', { name: 'Mörkt' }).click()
    await on.keyboard.press('Escape')
    await on.reload()
    await on.getByText('Redo för nästa kund').waitFor()
    const [lang, theme] = await on.evaluate(() => {
      const { lang, dataset } = document.documentElement
      return [lang, dataset.theme]
    })
    assert.deepEqual([lang, theme], ['sv', 'dark'])
  })
})
