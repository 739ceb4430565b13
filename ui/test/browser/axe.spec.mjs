// Every screen in both looks by axe: nothing serious.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { barcode, dispatch, field, findings, page, pay, ready } from './till.mjs'
import { ring, scan, scene, state, walletFolder } from './till.mjs'

const at = scene()

// Half a way between two colours is no colour of ours.
const start = (scheme, delay = 100) => at.start({ scheme, delay, calm: true })

async function next(on) {
  await on.keyboard.press('F9')
  await ready(on)
}

/** Looks at one screen after the other, and tells of all at the end. */
function looker(on) {
  const seen = {}
  const look = async (name, of = on) => {
    const found = await findings(of)
    if (found.length > 0) seen[name] = found
  }
  return { look, verdict: () => assert.deepEqual(seen, {}) }
}

async function sale(on, look) {
  await look('sale empty')
  await field(on).fill('co')
  await on.getByRole('option').first().waitFor()
  await look('search')
  await on.keyboard.press('Escape')
  await scan(on, '7310000099999')
  await on.getByText('No product has').waitFor()
  await look('no such product')
  await scan(on, '7310000000101')
  await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
  await look('sale')
  for (const [key, name] of [
    ['*', 'quantity'],
    ['Control+e', 'price'],
    ['Control+d', 'discount'],
    ['F4', 'park'],
    ['F3', 'split'],
    ['F1', 'keys'],
  ]) {
    await on.keyboard.press(key)
    await look(name)
    await on.keyboard.press('Escape')
  }
  await on.keyboard.press('Delete')
  await on.locator('.gone s').first().waitFor()
  await look('line taken out')
  await on.keyboard.press('Control+z')
  await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
  await on.keyboard.press('F4')
  await on.getByLabel('Name for the parked sale, or nothing').fill('green coat')
  await on.keyboard.press('Enter')
  await ready(on)
  await on.keyboard.press('F5')
  await on.getByRole('dialog').getByText('green coat: Coffee').waitFor()
  await look('parked sales')
  await on.keyboard.press('1')
  await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
}

async function cash(on, look) {
  await on.keyboard.press('F6')
  await on.getByLabel('Cash in the drawer now').fill('500')
  await look('no shift')
  await on.keyboard.press('F9')
  await on.getByLabel('Received').fill('50')
  await look('cash')
  await on.keyboard.press('F9')
  await on.getByText('Change to the customer').waitFor()
  await look('change')
  await next(on)
}

async function payments(on, look) {
  await ring(on, '12.08')
  await on.keyboard.press('F9')
  await on.getByRole('alertdialog').waitFor()
  await look('signature')
  await on.keyboard.press('y')
  await state(on, 'Approved')
  await look('approved')
  await next(on)
  await pay(on, '12.01')
  await state(on, 'Declined')
  await look('declined')
  await on.keyboard.press('Escape')
  await on.getByRole('button', { name: /^Pay 12.01/ }).waitFor()
  await on.keyboard.press('Escape')
  await on.getByRole('dialog').waitFor()
  await look('void')
  await on.keyboard.press('y')
  await ready(on)
  await pay(on, '64.11')
  await state(on, 'Unknown: checking')
  await look('unknown')
  await state(on, 'Approved')
  await next(on)
}

async function day(on, look) {
  await on.keyboard.press('Control+2')
  await on.getByRole('button', { name: /^Refund/ }).waitFor()
  await look('day')
  await on.keyboard.press('Control+r')
  await on.getByRole('dialog').waitFor()
  await look('refund')
  await on.keyboard.press('Escape')
  for (const [key, name] of [
    ['2', 'drawer'],
    ['3', 'reports'],
    ['4', 'people'],
    ['5', 'products'],
  ]) {
    await on.keyboard.press(`Alt+${key}`)
    await on.locator('.dayscreen .panel').nth(1).or(on.locator('.peoplescreen .panel')).first().waitFor()
    await look(name)
  }
  await on.keyboard.press('Alt+3')
  await on.getByRole('button', { name: /Close the day: Z 1/ }).waitFor()
  await on.keyboard.press('F9')
  await on.getByRole('dialog').waitFor()
  await look('closing the day')
  await on.keyboard.press('y')
  await on.getByText('The day is closed with Z report 1.').waitFor()
  await look('Z report')
  await on.keyboard.press('Control+3')
  await look('terminals')
  await on.keyboard.press('F9')
  await on.locator('.checks li').first().waitFor()
  await look('terminals checked')
}

/** Mia, a manager, is asked for on the screen of Kim, a cashier. */
async function people(on, look) {
  const enrol = (name, role, pin) =>
    dispatch(on, { do: 'people', wanted: { want: 'enrol', name, role, pin } })
  await enrol('Mia', 'manager', '8520')
  await on.locator('[data-pin]').waitFor()
  await look('sign in')
  await on.keyboard.type('8520')
  await on.keyboard.press('Enter')
  await on.getByRole('button', { name: /^Lock/ }).waitFor()
  await enrol('Kim', 'cashier', '2580')
  await on.keyboard.press('Control+l')
  await on.getByRole('button', { name: /^Kim/ }).click()
  await on.keyboard.type('2580')
  await on.keyboard.press('Enter')
  await ready(on)
  await scan(on, '7310000000101')
  await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
  await on.keyboard.press('Control+e')
  await on.getByLabel('Price of Coffee').fill('20')
  await on.keyboard.press('Enter')
  await on.getByRole('dialog', { name: 'Somebody has to approve this' }).waitFor()
  await look('approval')
  await on.keyboard.press('Escape')
}

/** A till whose terminal takes wallet codes, and whose camera looks at an empty counter. */
async function codes() {
  const { data, gateway } = await walletFolder()
  const pictures = join(data.path, 'pictures')
  const nothing = await at.chrome.newPage()
  mkdirSync(pictures)
  writeFileSync(join(pictures, '0.jpg'), await barcode(nothing, ''))
  await nothing.close()
  return { data: { ...data, pictures }, terminal: gateway }
}

describe('no serious finding of axe', () => {
  for (const scheme of ['light', 'dark']) {
    it(`at the counter in ${scheme}`, async () => {
      const on = await start(scheme, 400)
      const { look, verdict } = looker(on)
      const customer = await page(at.chrome, at.till.address, { scheme, path: 'customer.html', calm: true })
      await customer.page.getByText('Welcome').waitFor()
      await look('customer idle', customer.page)
      await sale(on, look)
      await customer.page.getByText('Coffee').waitFor()
      await look('customer sale', customer.page)
      await cash(on, look)
      await payments(on, look)
      await customer.close()
      verdict()
    })

    it(`with wallet codes in ${scheme}`, async () => {
      Object.assign(at, await codes())
      const on = await at.start({ scheme, calm: true, flags: ['--camera-from', at.data.pictures] })
      const { look, verdict } = looker(on)
      const customer = await page(at.chrome, at.till.address, { scheme, path: 'customer.html', calm: true })
      await scan(on, '7310000000101')
      await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
      await on.keyboard.press('F8')
      await on.getByRole('img', { name: 'What the camera sees' }).waitFor()
      await look('code awaited')
      await scan(on, 'hello there')
      await on.getByRole('alert').waitFor()
      await look('no payment code')
      await on.keyboard.press('Escape')
      await scan(on, '281234567890123462')
      await on.getByRole('button', { name: /^Charge 29.00/ }).waitFor()
      await look('code waits')
      await on.keyboard.press('Alt+s')
      await on.getByRole('alertdialog').waitFor()
      await look('which wallet')
      await on.keyboard.press('1')
      await on.getByText(/Valid for/).waitFor()
      await look('code shown')
      await customer.page.getByText(/Valid for/).waitFor()
      await look('code for the customer', customer.page)
      await state(on, 'Approved')
      await next(on)
      await on.keyboard.press('Control+3')
      await on.keyboard.press('Alt+k')
      await on.getByRole('img', { name: 'What the camera sees' }).waitFor()
      await look('camera and scanner')
      await customer.close()
      verdict()
    })

    it(`in the day, at the terminals and at the sign-in in ${scheme}`, async () => {
      const on = await start(scheme)
      const { look, verdict } = looker(on)
      await pay(on, '12.50')
      await state(on, 'Approved')
      const customer = await page(at.chrome, at.till.address, { scheme, path: 'customer.html', calm: true })
      await customer.page.getByText('Approved').waitFor()
      await look('customer paid', customer.page)
      await customer.close()
      await next(on)
      await day(on, look)
      await on.keyboard.press('Control+1')
      await people(on, look)
      await at.till.stop()
      await on.getByText('No line to the till').waitFor()
      await look('no line')
      verdict()
    })
  }
})
