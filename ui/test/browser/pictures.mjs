// The pictures of the README: always the same goods and payments, on a till for practice.
// node test/browser/pictures.mjs FOLDER
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { browser, folder, page, pay, ready, ring, scan, serve, state } from './till.mjs'

const [into = 'pictures'] = process.argv.slice(2)
mkdirSync(into, { recursive: true })

const COFFEE = '7310000000101'
const BUN = '7310000000201'
const BREAD = '7310000000203'
const MUG = '7310000000401'

const chrome = await browser()

/** A till of its own, looked at in one look. */
async function on(scheme, work) {
  const data = folder(1200)
  const till = await serve(data.path)
  const cashier = await page(chrome, till.address, { scheme })
  const beside = { scheme, width: 1024, height: 768, path: 'customer.html' }
  const customer = await page(chrome, till.address, beside)
  const take = async (name, of = cashier.page) => {
    // Nothing blinks and nothing is on its way when the picture is taken.
    await of.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => 0))))
    await of.screenshot({ path: join(into, `${name}.png`), caret: 'hide', animations: 'disabled' })
    console.log(`${name}.png`)
  }
  await cashier.page.getByText('Ready', { exact: true }).first().waitFor()
  await work(cashier.page, customer.page, take)
  if (cashier.complaints.length > 0) throw new Error(cashier.complaints.join('\n'))
  await cashier.close()
  await customer.close()
  await till.stop()
  data.remove()
}

async function fill(sale) {
  for (const code of [COFFEE, BUN, BREAD, MUG]) await scan(sale, code)
  await sale.getByRole('button', { name: /^Pay 261.50/ }).waitFor()
  await sale.keyboard.press('Alt+g')
  await sale.keyboard.press('Alt+g')
}

async function next(sale) {
  await sale.keyboard.press('F9')
  await ready(sale)
}

await on('light', async (sale, customer, take) => {
  await fill(sale)
  await take('sale')
  await customer.getByText('Mug').waitFor()
  await take('customer', customer)
  await sale.keyboard.press('F9')
  await state(sale, 'Authorising')
  await take('payment')
  await state(sale, 'Approved')
  await next(sale)
  await ring(sale, '279,08')
  await sale.keyboard.press('F9')
  await sale.getByRole('alertdialog').waitFor()
  await take('signature')
  await sale.keyboard.press('y')
  await state(sale, 'Approved')
  await next(sale)
  for (const [amount, ends] of [
    ['45.01', 'Declined'],
    ['118.00', 'Approved'],
    ['79.90', 'Approved'],
  ]) {
    await pay(sale, amount)
    await state(sale, ends)
    if (ends === 'Approved') await next(sale)
    else {
      await sale.keyboard.press('Escape')
      await sale.getByRole('button', { name: /^Pay/ }).waitFor()
      await sale.keyboard.press('Escape')
      await sale.getByRole('dialog').waitFor()
      await sale.keyboard.press('y')
      await ready(sale)
    }
  }
  await sale.keyboard.press('Control+2')
  await sale.getByRole('button', { name: /^Refund/ }).waitFor()
  await take('day')
  await sale.keyboard.press('Control+3')
  await sale.keyboard.press('F9')
  await sale.locator('.checks li').nth(1).waitFor()
  await take('terminals')
})

await on('dark', async (sale, _customer, take) => {
  await fill(sale)
  await take('sale-dark')
})
await chrome.close()
