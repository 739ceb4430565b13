// The sale with lines in a real browser against the real till: products by card, cash with change, split,
// park and recall, goods that come back, and people.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { browser, dispatch, field, folder, lines, page, ready, scan, serve, state } from './till.mjs'

let chrome
let data
let till
let opened

before(async () => {
  chrome = await browser()
})
after(() => chrome.close())

async function start(delay = 100) {
  data = folder(delay)
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

const COFFEE = '7310000000101'
const BUN = '7310000000201'
const total = (on) => on.locator('.counter .total')
const totals = (on, text) => total(on).filter({ hasText: text }).waitFor()
const pays = (on, amount) => on.getByRole('button', { name: new RegExp(`^Pay ${amount}`) }).waitFor()
const focused = (on) => on.evaluate(() => document.activeElement?.getAttribute('aria-label'))

/** Opens the drawer's shift where the cash panel asks for it. */
async function openShift(on) {
  await on.getByLabel('Cash in the drawer now').fill('500')
  await on.keyboard.press('F9')
  await on.getByLabel('Received').waitFor()
}

describe('a sale with lines', () => {
  it('of two products is scanned, paid by card, and left', async () => {
    const on = await start()
    const customer = await page(chrome, till.address, { path: 'customer.html' })
    await scan(on, COFFEE)
    await scan(on, BUN)
    await pays(on, '64.00')
    assert.deepEqual(await lines(on), [
      ['Coffee', '1', '29.00', '29.00'],
      ['Cinnamon bun', '1', '35.00', '35.00'],
    ])
    assert.equal(await field(on).inputValue(), '', 'a scan leaves nothing in the field')
    await customer.page.getByText('Cinnamon bun').waitFor()
    await customer.page.locator('.money', { hasText: '64.00' }).waitFor()
    await on.keyboard.press('F9')
    await state(on, 'Approved')
    assert.equal((await lines(on)).length, 2, 'the lines stay where they are')
    await customer.page.getByText('Approved').waitFor()
    await on.keyboard.press('Enter')
    await ready(on)
    assert.equal(await focused(on), 'Scan or search')
    await customer.page.getByText('Welcome').waitFor()
    await customer.close()
  })

  it('is changed by keys alone: search, quantity, discount, remove, undo', async () => {
    const on = await start()
    await field(on).fill('cinn')
    await on.getByRole('option', { name: /Cinnamon bun/ }).waitFor()
    await on.keyboard.press('Enter')
    await pays(on, '35.00')
    await on.keyboard.press('*')
    await on.getByLabel('Quantity of Cinnamon bun').fill('3')
    await on.keyboard.press('Enter')
    await pays(on, '105.00')
    await on.keyboard.press('Control+d')
    await on.getByLabel('Discount on Cinnamon bun').fill('10')
    await on.keyboard.press('Enter')
    await pays(on, '94.50')
    await on.keyboard.press('Delete')
    await totals(on, '0.00')
    assert.equal(await on.locator('.gone s').first().innerText(), 'Cinnamon bun')
    await on.keyboard.press('Control+z')
    await pays(on, '94.50')
    assert.equal(await focused(on), 'Scan or search')
  })

  it('takes what is weighed, a number of the next, and what no product has', async () => {
    const on = await start()
    await on.getByRole('tab', { name: 'Fruit' }).click()
    await on.getByRole('button', { name: /^Bananas/ }).click()
    await on.getByLabel('How much of Bananas, in kg').fill('0,642')
    await on.keyboard.press('Enter')
    await pays(on, '17.27')
    await field(on).fill('2')
    await on.keyboard.press('*')
    await scan(on, COFFEE)
    await pays(on, '75.27')
    await scan(on, '7310000099999')
    await on.getByText(/No product has 7310000099999/).waitFor()
    assert.equal((await lines(on)).length, 2)
  })

  it('is parked with a name and recalled', async () => {
    const on = await start()
    await scan(on, COFFEE)
    await pays(on, '29.00')
    await on.keyboard.press('F4')
    await on.getByLabel('Name for the parked sale, or nothing').fill('green coat')
    await on.keyboard.press('Enter')
    await ready(on)
    await on.getByText('1 sale is parked.').waitFor()
    await scan(on, BUN)
    await pays(on, '35.00')
    await on.keyboard.press('F5')
    assert.equal(await on.getByRole('dialog').count(), 0, 'a sale is at the counter')
    await on.keyboard.press('Escape')
    await on.getByRole('dialog').waitFor()
    await on.keyboard.press('y')
    await ready(on)
    await on.keyboard.press('F5')
    await on.getByRole('dialog').getByText('green coat: Coffee').waitFor()
    await on.keyboard.press('1')
    await pays(on, '29.00')
    assert.equal(await focused(on), 'Scan or search')
  })
})

describe('cash', () => {
  it('opens the drawer in place, rounds, and gives change', async () => {
    const on = await start()
    const customer = await page(chrome, till.address, { path: 'customer.html' })
    await on.getByRole('tab', { name: 'Fruit' }).click()
    await on.getByRole('button', { name: /^Oranges/ }).click()
    await on.getByLabel('How much of Oranges, in kg').fill('1')
    await on.keyboard.press('Enter')
    await pays(on, '29.90')
    await on.keyboard.press('F6')
    await openShift(on)
    await totals(on, '30.00')
    await on.getByText('rounding 0.10').waitFor()
    await on.keyboard.type('50,5')
    await on.keyboard.press('F9')
    await on.getByText('There are no such coins.').waitFor()
    await on.getByLabel('Received').fill('50')
    assert.match(await on.locator('.sums .give').innerText(), /20\.00/)
    await on.getByRole('button', { name: /^Give back 20.00/ }).dblclick()
    await on.getByText('Change to the customer').waitFor()
    assert.match(await on.locator('.changebig').innerText(), /20\.00/)
    await customer.page.getByText('Change').waitFor()
    await customer.close()
    // A scan begins the next customer's sale.
    await scan(on, COFFEE)
    await pays(on, '29.00')
    assert.equal((await lines(on)).length, 1)
  })

  it('pays a part, a card that says no changes nothing, and the next one pays the rest', async () => {
    const on = await start()
    await field(on).fill('112,01')
    await on.keyboard.press('+')
    await pays(on, '112.01')
    await on.keyboard.press('F3')
    await on.getByLabel('Pay now, the rest another way').fill('100')
    await on.keyboard.press('Enter')
    await pays(on, '100.00')
    await on.keyboard.press('F6')
    await openShift(on)
    assert.equal(await on.getByLabel('Received').inputValue(), '100.00')
    await on.keyboard.press('F9')
    await pays(on, '12.01')
    await on.keyboard.press('F9')
    await state(on, 'Declined')
    await on.getByText('Nothing was charged.').waitFor()
    await on.keyboard.press('Escape')
    await pays(on, '12.01')
    assert.equal(await on.locator('.tender').count(), 2)
    await on.getByRole('button', { name: 'Hand back' }).click()
    await pays(on, '112.01')
  })

  it('goes out for goods that come back', async () => {
    const on = await start()
    await on.keyboard.press('Control+r')
    await scan(on, BUN)
    await on.getByRole('button', { name: /^Give back 35.00/ }).waitFor()
    await on.keyboard.press('F6')
    await on.getByLabel('Cash in the drawer now').fill('500')
    await on.keyboard.press('F9')
    await on.getByRole('button', { name: /^Pay out 35.00/ }).click()
    await state(on, 'Given back')
    assert.match(await on.locator('.changebig').innerText(), /35\.00/)
    await on.keyboard.press('Enter')
    await ready(on)
    await on.keyboard.press('Control+r')
    await scan(on, BUN)
    await on.getByRole('button', { name: /^Give back 35.00/ }).click()
    await state(on, 'Given back')
  })
})

describe('people', () => {
  const enrol = (on, name, role, pin) =>
    dispatch(on, { do: 'people', wanted: { want: 'enrol', name, role, pin } })

  it('sign in by name and PIN, and a manager approves in place', async () => {
    const on = await start()
    await enrol(on, 'Mia', 'manager', '8520')
    await on.getByText('Who is at the till?').waitFor()
    await on.keyboard.type('8520')
    await on.keyboard.press('Enter')
    await on.getByRole('button', { name: /^Lock/ }).waitFor()
    await enrol(on, 'Kim', 'cashier', '2580')
    await on.keyboard.press('Control+l')
    await on.getByText('Locked by Mia').waitFor()
    await scan(on, COFFEE)
    await on.getByRole('button', { name: /^Kim/ }).click()
    await on.keyboard.type('1111')
    await on.keyboard.press('Enter')
    await on.getByText('That is not the PIN of Kim.').waitFor()
    await on.keyboard.type('2580')
    await on.keyboard.press('Enter')
    await ready(on)
    await scan(on, COFFEE)
    await pays(on, '29.00')
    await on.keyboard.press('Control+e')
    await on.getByLabel('Price of Coffee').fill('20')
    await on.keyboard.press('Enter')
    const asks = on.getByRole('dialog', { name: 'Somebody has to approve this' })
    await asks.waitFor()
    await on.keyboard.type('0000')
    await on.keyboard.press('Enter')
    await on.getByText('That is not the PIN of Mia.').waitFor()
    await on.keyboard.type('8520')
    await on.keyboard.press('Enter')
    await pays(on, '20.00')
    assert.equal(await on.locator('.who b').innerText(), 'Kim', 'it counts for that act alone')
    await on.keyboard.press('Control+e')
    await on.getByLabel('Price of Coffee').fill('10')
    await on.keyboard.press('Enter')
    await asks.waitFor()
    await on.keyboard.press('Escape')
    await on.getByText('This needs somebody’s approval. Nothing was done.').waitFor()
    assert.equal(await total(on).innerText(), '20.00')
  })
})
