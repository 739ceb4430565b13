// The day in a real browser against the real till: from a shift to the Z report by keyboard alone, products
// from a file with lines that are left out, the first manager, and a day as a file.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { browser, findings, folder, page, pay, ready, ring, serve, state } from './till.mjs'

let chrome
let data
let till
let opened

before(async () => {
  chrome = await browser()
})
after(() => chrome.close())

async function start(options = {}) {
  data = folder(60)
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

/** Nothing that is pressed or read is cut off at the window's edge. */
const cutOff = (on) =>
  on.evaluate(() =>
    [...document.querySelectorAll('.dayscreen button, .dayscreen h1, .dayscreen h2, .dayscreen label')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
      .map((one) => one.textContent),
  )

const query = (on, wanted) =>
  on.evaluate(async (wanted) => {
    const token = new URLSearchParams(location.search).get('token')
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const answer = await fetch('api/query', { method: 'POST', headers, body: JSON.stringify(wanted) })
    return answer.json()
  }, wanted)

const dispatch = (on, command) =>
  on.evaluate(async (command) => {
    const token = new URLSearchParams(location.search).get('token')
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const id = crypto.randomUUID().replace(/^(.{14})4/, '$17')
    const body = JSON.stringify({ id, command })
    const answer = await fetch('api/dispatch', { method: 'POST', headers, body })
    if (answer.status !== 200) throw new Error(await answer.text())
  }, command)

const press = async (on, ...keys) => {
  for (const key of keys) await on.keyboard.press(key)
}

describe('by keyboard alone', () => {
  it('from the float over a blind count to the Z report, each of them once', async () => {
    const on = await start()
    await press(on, 'Control+2', 'Alt+2')
    await on.getByText('No shift is open').waitFor()
    await on.keyboard.type('500,00')
    await press(on, 'F9', 'F9')
    await on.getByLabel('How many of 500', { exact: true }).waitFor()
    assert.equal(await on.getByText('Expected', { exact: true }).count(), 0, 'the count is blind')

    await press(on, 'Alt+3')
    await on.getByRole('button', { name: /Close the shift first/ }).waitFor()
    await press(on, 'F9')
    await on.getByLabel('How many of 1 000', { exact: false }).first().waitFor()

    await press(on, 'Control+o')
    await on.getByRole('dialog').waitFor()
    await on.keyboard.type('change for the bus')
    await press(on, 'Enter')
    await on.getByText('The drawer was opened').waitFor()

    await on.getByLabel('Cash out').press('Space')
    await on.getByLabel('Amount, SEK').fill('100')
    await on.getByLabel('Reason').fill('stamps')
    await press(on, 'Enter', 'Enter')
    await on.getByText('Cash out: 100.00 SEK is recorded.').waitFor()

    await on.getByLabel('How many of 200', { exact: true }).focus()
    await on.keyboard.type('1')
    await press(on, 'ArrowDown')
    await on.keyboard.type('1')
    await press(on, 'Enter')
    await on.keyboard.type('1')
    await press(on, 'F9')
    await on.getByText('50.00 SEK is missing').waitFor()
    await press(on, 'F9')
    await on.getByText('The shift is closed.').waitFor()

    await press(on, 'Alt+3')
    await on.getByRole('button', { name: /Close the day: Z 1/ }).waitFor()
    await press(on, 'F9')
    const ask = on.getByRole('dialog')
    await ask.waitFor()
    assert.match(await ask.innerText(), /Close the day with Z report 1\?[\s\S]*Nothing stays open\./)
    await press(on, 'F9')
    assert.ok(await ask.isVisible(), 'only a deliberate yes closes the day')
    await press(on, 'y', 'y')
    await on.getByText('The day is closed with Z report 1.').waitFor()

    const { reports, next } = await query(on, { read: 'reports', limit: null })
    assert.deepEqual([reports.length, next], [1, 2])
    const [z] = reports
    assert.equal(z.drawer_openings, 1)
    assert.equal(z.shifts.length, 1)
    assert.equal(z.shifts[0].taken_out.minor, 10000, 'pressed twice, taken out once')
    assert.equal(z.shifts[0].count.counted.minor, 35000)
    const paper = await on.getByRole('article', { name: 'Z report 1' }).innerText()
    for (const said of [/Float\s+500\.00/, /Cash out\s+−100\.00/, /Difference\s+−50\.00/])
      assert.match(paper, said)
  })
})

describe('products from a file', () => {
  const choose = async (on, text) => {
    const path = join(data.path, 'products.csv')
    writeFileSync(path, text)
    await on.locator('input[type=file]').setInputFiles(path)
  }

  it('are checked first, name every line left out, and are taken over once', async () => {
    const on = await start()
    await press(on, 'Control+2', 'Alt+5')
    const file = Buffer.from(
      'artikelnr;namn;pris;moms;f\u00e4rg\n100;Gr\u00f6t;49,90;12;\n101;;10;12;\n' +
        '102;Te;1.234,50;12;\n103;Bulle;25;x;\n100;Igen;1;12;\n104;"Kaka, stor";3;12;\n',
      'latin1',
    )
    await choose(on, file)
    const report = on.getByRole('region', { name: 'What would happen' })
    await report.waitFor()
    const said = await report.innerText()
    assert.match(said, /4 lines are left out/)
    assert.match(said, /windows-1252/)
    assert.match(said, /färg/)
    assert.match(said, /3\s+name\s+Nothing stands there/)
    assert.match(said, /4\s+price\s+Not a price[\s\S]*1\.234,50/)
    assert.match(said, /5\s+VAT\s+Not a tax rate/)
    assert.match(said, /6\s+number \(sku\)\s+The number stands in the file twice/)
    assert.equal((await query(on, { read: 'products', search: 'gröt', limit: null })).rows.length, 0)
    await press(on, 'F9', 'F9')
    await on.getByText('The products are taken over.').waitFor()
    const { rows } = await query(on, { read: 'products', search: 'gröt', limit: null })
    assert.deepEqual(rows.map((row) => row.price.minor), [4990])
    await press(on, 'F2')
    await on.keyboard.type('kaka st')
    await on.locator('.productlist tbody tr').getByText('Kaka, stor').waitFor()
    await on.waitForFunction(() => document.querySelectorAll('.productlist tbody tr').length === 1)
  })

  it('larger than any other command arrive whole', async () => {
    const on = await start()
    await press(on, 'Control+2', 'Alt+5')
    const lines = Array.from({ length: 20_000 }, (_, at) => `${at + 1000},Product number ${at},12.50,25`)
    await choose(on, `sku,name,price,vat\n${lines.join('\n')}\n`)
    await on.getByRole('region', { name: 'What would happen' }).waitFor()
    assert.match(await on.locator('.counts').innerText(), /20000/)
  })

  it('without a column that every product needs change nothing', async () => {
    const on = await start()
    await press(on, 'Control+2', 'Alt+5')
    await choose(on, 'sku,name\n1,Tea\n')
    await on.getByText('The first line does not name the column “price”.').waitFor()
    await choose(on, '')
    await on.getByText('The file is empty.').waitFor()
  })
})

describe('people', () => {
  it('are offered: the first manager, with a PIN typed twice', async () => {
    const on = await start()
    await press(on, 'Control+2')
    await on.getByRole('button', { name: 'Enrol', exact: true }).click()
    await on.keyboard.type('Mia')
    await press(on, 'Tab')
    await on.keyboard.type('1234')
    await press(on, 'Tab')
    await on.keyboard.type('1243')
    await press(on, 'F9')
    await on.getByText('The two PINs differ.').waitFor()
    await on.getByLabel('The same PIN again').fill('1234')
    await press(on, 'Enter')
    await on.getByText('too easy to guess').waitFor()
    assert.equal(await on.getByLabel('PIN, 4 to 12 digits').inputValue(), '', 'a refused PIN is not kept')
    assert.equal(await on.getByLabel('Name', { exact: true }).inputValue(), 'Mia')
  })
})

/** A manager, Mia, who is at the till. */
async function managed() {
  const on = await start()
  const people = (wanted) => dispatch(on, { do: 'people', wanted })
  await people({ want: 'enrol', name: 'Mia', role: 'manager', pin: '8520' })
  const [mia] = await on.evaluate(
    () =>
      new Promise((found) => {
        const token = new URLSearchParams(location.search).get('token')
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/views?token=${token}`)
        socket.onmessage = ({ data }) => {
          const { view } = JSON.parse(data)
          if (!view) return
          socket.close()
          found(view.people.people)
        }
      }),
  )
  await people({ want: 'sign_in', person: mia.person, pin: '8520' })
  await on.reload()
  await on.locator('.tabs').waitFor()
  await press(on, 'Control+2', 'Alt+4')
  await on.getByText('Manager, at the till').waitFor()
  return on
}

describe('the list of people', () => {
  it('takes somebody in, changes them, and lets them go and come back', async () => {
    const on = await managed()
    await on.getByLabel('Name', { exact: true }).fill('Kim')
    await on.getByLabel('PIN, 4 to 12 digits').fill('2580')
    await on.getByLabel('The same PIN again').fill('2580')
    await press(on, 'F9', 'F9')
    await on.getByText('Kim is enrolled.').waitFor()
    const list = on.locator('.picks')
    assert.equal(await list.getByText('Kim').count(), 1, 'pressed twice, enrolled once')
    await list.getByRole('button', { name: /Kim/ }).click()
    await on.getByLabel('Name', { exact: true }).fill('Kim K')
    await press(on, 'Enter')
    await list.getByText('Kim K').waitFor()
    await on.getByLabel(/^Installer/).press('Space')
    await on.getByRole('button', { name: 'Give this role' }).press('Enter')
    await list.getByText('Installer').waitFor()
    await on.getByLabel('PIN, 4 to 12 digits').fill('111')
    await on.getByLabel('The same PIN again').fill('111')
    await press(on, 'Enter')
    await on.getByText('A PIN has 4 to 12 digits').waitFor()
    await on.getByRole('button', { name: 'Works here no more' }).click()
    await list.getByText('Works here no more').waitFor()
    await on.getByRole('button', { name: 'Works here again' }).click()
    await list.getByText('Installer').waitFor()
  })

  it('keeps a manager', async () => {
    const on = await managed()
    await on.locator('.picks').getByRole('button', { name: /Mia/ }).click()
    await on.getByRole('button', { name: 'Works here no more' }).click()
    await on.getByText('first make somebody else a manager').waitFor()
  })
})

describe('cash in the list', () => {
  it('is found by filter and search, and shows its sale with the receipt', async () => {
    const on = await start()
    await ring(on, '149')
    await press(on, 'F6')
    await on.getByLabel('Cash in the drawer now').fill('500')
    await press(on, 'F9')
    await on.getByLabel('Received').fill('200')
    await press(on, 'F9')
    await on.getByText('Change to the customer').waitFor()
    await press(on, 'F9')
    await ready(on)
    await pay(on, '12.50')
    await state(on, 'Approved')
    await press(on, 'F9')
    await ready(on)
    await press(on, 'Control+2')
    const rows = on.locator('.list tbody tr')
    await rows.nth(1).waitFor()
    assert.match(await rows.nth(0).innerText(), /•••• 0014[\s\S]*Approved[\s\S]*12\.50/)
    assert.match(await rows.nth(1).innerText(), /Cash[\s\S]*Receipt 1[\s\S]*Taken[\s\S]*149\.00/)
    await on.locator('.list').getByRole('button', { name: /^Cash 1/ }).click()
    assert.equal(await rows.count(), 1)
    await on.locator('.list').getByRole('button', { name: 'All' }).click()
    await press(on, 'F2')
    await on.keyboard.type('receipt 1')
    await on.waitForFunction(() => document.querySelectorAll('.list tbody tr').length === 1)
    await rows.getByRole('button').click()
    const sale = on.getByRole('region', { name: 'Cash', exact: true })
    await sale.locator('.slip').getByText('149.00').first().waitFor()
    // The goods come with the sale, which is asked for beside the receipt.
    await sale.locator('.side').getByText('given 200.00').waitFor()
    const said = await sale.locator('.side').innerText()
    assert.match(said, /1 × [\s\S]*149\.00/)
    assert.match(said, /Cash, given 200\.00, change 51\.00\s+149\.00/)
    assert.deepEqual([...(await findings(on)), ...(await cutOff(on))], [])
    await press(on, 'Control+s')
    const [file] = await Promise.all([on.waitForEvent('download'), press(on, 'c')])
    assert.equal(readFileSync(await file.path(), 'utf8').trim().split('\n').length, 2, 'payments alone')
  })
})

describe('a day as a file', () => {
  it('is saved as CSV and JSON with plain decimals', async () => {
    const on = await start()
    await press(on, 'Control+2')
    await on.locator('.tot').waitFor()
    for (const [key, ending, says] of [
      ['c', 'csv', /^day,at,payment,terminal,/],
      ['j', 'json', /"complete": true/],
    ]) {
      await press(on, 'Control+s')
      await on.getByRole('dialog').waitFor()
      const [file] = await Promise.all([on.waitForEvent('download'), press(on, key)])
      assert.match(file.suggestedFilename(), new RegExp(`^paydesk-T1-\\d{4}-\\d\\d-\\d\\d\\.${ending}$`))
      assert.match(readFileSync(await file.path(), 'utf8'), says)
    }
  })
})

describe('no serious finding of axe, and nothing cut off', () => {
  for (const [scheme, lang] of [
    ['light', 'en'],
    ['dark', 'sv'],
  ]) {
    it(`on any part of the day in ${scheme}, ${lang}`, async () => {
      const on = await start({ scheme, query: '' })
      if (lang === 'sv') {
        await press(on, 'F1')
        await on.getByRole('button', { name: 'Svenska' }).click()
        await press(on, 'Escape')
      }
      await press(on, 'Control+2')
      const seen = {}
      for (const part of [1, 2, 3, 4, 5]) {
        await press(on, `Alt+${part}`)
        await on.locator('.dayscreen .panel').first().waitFor()
        if (part === 2) {
          await on.keyboard.type('500')
          await press(on, 'F9')
          await on.locator('.pieces').waitFor()
        }
        const found = [...(await findings(on)), ...(await cutOff(on))]
        if (found.length > 0) seen[part] = found
      }
      assert.deepEqual(seen, {})
    })
  }
})
