// Pictures of every screen at the sizes and looks that tills have:
// node test/browser/shots.mjs FOLDER [only [codes]]
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { barcode, browser, field, folder, page, pay, ready, ring, scan, serve, state } from './till.mjs'
import { walletFolder } from './till.mjs'

const [into = 'shots', only = ''] = process.argv.slice(2)
mkdirSync(into, { recursive: true })
const SIZES = [
  [1280, 800],
  [1366, 768],
  [1920, 1080],
]

const chrome = await browser()

/** The screens of wallet codes, of a till with a gateway and a camera. */
async function codes(look, shot) {
  const { data, gateway } = await walletFolder()
  const pictures = join(data.path, 'pictures')
  mkdirSync(pictures)
  const till = await serve(data.path, undefined, ['--camera-from', pictures])
  const { page: on, complaints, close } = await page(chrome, till.address, look)
  const customer = await page(chrome, till.address, { ...look, path: 'customer.html' })
  let seen = 0
  const see = async (text) => writeFileSync(join(pictures, `${seen++}.jpg`), await barcode(on, text))
  const eye = on.getByRole('img', { name: 'What the camera sees' })
  await see('')
  await on.getByText('Ready', { exact: true }).first().waitFor()
  await scan(on, '7310000000101')
  await on.getByRole('button', { name: /^Pay 29.00/ }).waitFor()
  await on.keyboard.press('F8')
  await eye.waitFor()
  await shot('code-awaited', on)
  await see('5901234123457')
  await on.locator('.says').getByText('That is a product').waitFor()
  await shot('code-product', on)
  await scan(on, 'https://shop.example/pay')
  await on.getByRole('alert').waitFor()
  await shot('code-refused', on)
  await see('')
  await on.keyboard.press('Escape')
  await scan(on, '281234567890123405')
  await on.getByRole('button', { name: /^Charge 29.00/ }).waitFor()
  await shot('code-waits', on)
  await on.keyboard.press('Alt+s')
  await on.getByRole('alertdialog').waitFor()
  await shot('code-which', on)
  await on.keyboard.press('1')
  await on.getByText(/Valid for/).waitFor()
  await shot('code-shown', on)
  await shot('customer-code', customer.page)
  await state(on, 'Approved')
  await on.keyboard.press('F9')
  await ready(on)
  await on.keyboard.press('Control+3')
  await on.keyboard.press('Alt+k')
  await eye.waitFor()
  await shot('terminals-sight', on)
  await close()
  await customer.close()
  await till.stop()
  await gateway.stop()
  data.remove()
  return complaints
}
for (const [width, height] of SIZES) {
  for (const scheme of ['light', 'dark']) {
    const size = `${width}x${height}-${scheme}`
    if (only && !size.includes(only)) continue
    const data = folder(500)
    const till = await serve(data.path)
    const { page: on, complaints, close } = await page(chrome, till.address, { width, height, scheme })
    const customer = await page(chrome, till.address, { width, height, scheme, path: 'customer.html' })
    const shot = async (name, of = on) => {
      await of.waitForTimeout(250)
      await of.screenshot({ path: join(into, `${name}-${size}.png`) })
    }
    const next = async () => {
      await on.keyboard.press('F9')
      await ready(on)
    }
    complaints.push(...(await codes({ width, height, scheme }, shot)))
    if (process.argv[4] === 'codes') {
      await Promise.all([close(), customer.close(), till.stop()])
      data.remove()
      continue
    }
    await on.getByText('Ready', { exact: true }).first().waitFor()
    await shot('sale-empty')
    await shot('customer-idle', customer.page)
    for (const code of ['7310000000101', '7310000000201', '7310000000203', '7310000000401']) {
      await scan(on, code)
    }
    await on.getByRole('button', { name: /^Pay 261.50/ }).waitFor()
    await shot('sale')
    await shot('customer-sale', customer.page)
    await field(on).fill('co')
    await on.getByRole('option').first().waitFor()
    await shot('sale-search')
    await on.keyboard.press('Escape')
    await scan(on, '7310000099999')
    await on.getByText('No product has').waitFor()
    await shot('sale-wrong')
    await on.keyboard.press('Control+d')
    await shot('sale-discount')
    await on.keyboard.press('Escape')
    await on.keyboard.press('F6')
    await on.getByLabel('Cash in the drawer now').fill('500')
    await shot('cash-shift')
    await on.keyboard.press('F9')
    await on.getByLabel('Received').fill('500')
    await shot('cash')
    await on.keyboard.press('F9')
    await on.getByText('Change to the customer').waitFor()
    await shot('cash-change')
    await shot('customer-change', customer.page)
    await next()
    await ring(on, '279,08')
    await on.keyboard.press('F1')
    await shot('keys')
    await on.keyboard.press('Escape')
    await on.keyboard.press('F9')
    await state(on, 'Signature to check|With customer|Authorising')
    await shot('payment-customer')
    await shot('customer-pay', customer.page)
    await on.getByRole('alertdialog').waitFor()
    await shot('prompt-signature')
    await on.keyboard.press('y')
    await state(on, 'Approved')
    await shot('payment-approved')
    await shot('customer-paid', customer.page)
    await next()
    for (const [name, amount, ends] of [
      ['declined', '12.01', 'Declined'],
      ['cancelled', '12.03', 'Cancelled'],
      ['partly', '12.20', 'Partly approved'],
    ]) {
      await pay(on, amount)
      await state(on, ends)
      await shot(`payment-${name}`)
      if (name === 'declined') await shot('customer-declined', customer.page)
      await on.keyboard.press('Escape')
      if (name === 'partly') {
        await on.getByRole('button', { name: /^Pay 6.10/ }).waitFor()
        await shot('sale-partly-paid')
        await on.keyboard.press('F9')
        await state(on, 'Approved')
        await next()
      } else {
        await on.getByRole('button', { name: /^Pay/ }).waitFor()
        await on.keyboard.press('Escape')
        await on.getByRole('dialog').waitFor()
        await on.keyboard.press('y')
        await ready(on)
      }
    }
    await pay(on, '12.09')
    await state(on, 'Approved')
    await next()
    await pay(on, '64.11')
    await on
      .locator('.head h1', { hasText: 'Unknown: checking' })
      .waitFor()
      .catch(() => undefined)
    await shot('payment-checking')
    await shot('customer-checking', customer.page)
    await on.keyboard.press('Control+2')
    await on.locator('.rows tr').first().waitFor()
    await shot('day')
    await on.locator('.rows tbody tr').last().click()
    await on.locator('.sumup').first().waitFor()
    await shot('day-cash')
    await on.locator('.rows tbody tr', { hasText: '279.08' }).click()
    await on.getByRole('button', { name: /^Refund/ }).waitFor()
    await shot('day-signed')
    await on.keyboard.press('Control+r')
    await on.getByRole('dialog').waitFor()
    await shot('day-refund')
    await on.keyboard.press('Escape')
    for (const [key, name] of [
      ['2', 'drawer'],
      ['3', 'reports'],
      ['4', 'people'],
      ['5', 'products'],
    ]) {
      await on.keyboard.press(`Alt+${key}`)
      await on.locator('.dayscreen .panel').nth(1).or(on.locator('.peoplescreen .panel')).first().waitFor()
      await shot(`day-${name}`)
    }
    await on.keyboard.press('Control+3')
    await shot('terminals')
    await on.keyboard.press('F9')
    await on.locator('.checks li').first().waitFor()
    await shot('terminals-checked')
    await on.keyboard.press('Alt+r')
    await on.getByLabel(/^Network/).check()
    await shot('terminals-printer')
    await on.keyboard.press('Escape')
    await on.keyboard.press('Control+1')
    await till.stop()
    await on.getByText('No line to the till').waitFor()
    await shot('lost')
    await shot('customer-lost', customer.page)
    if (complaints.length > 0) console.log(size, complaints)
    await close()
    await customer.close()
    data.remove()
    console.log(size)
  }
}
await chrome.close()
