// A till that nobody touches, in a real browser whose time is turned forward: it locks, keeps what was begun,
// and what happens to money meanwhile is there for whoever unlocks it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aisle, dispatch, folder, page, pay, payOn, ring, scene, simulator, state } from './till.mjs'

const at = scene()

/** A till with Mia signed in. */
async function start() {
  const on = await at.start({ delay: 100, clock: true })
  const person = { name: 'Mia', role: 'manager', pin: '8520' }
  await dispatch(on, { do: 'people', wanted: { want: 'enrol', ...person } })
  await on.getByRole('heading', { name: 'Who is at the till?' }).waitFor()
  await unlock(on)
  return on
}

const locked = (on) => on.getByRole('heading', { name: 'Locked by Mia' })

async function unlock(on) {
  await on.getByRole('heading', { name: 'PIN for Mia' }).waitFor()
  await on.keyboard.type('8520')
  await on.keyboard.press('Enter')
  await on.getByRole('button', { name: /^Lock/ }).waitFor()
}

/** So long passes at the till's screen. It hears nothing meanwhile and may look for its line anew. */
async function passes(on, time) {
  await on.clock.fastForward(time)
  await on.locator('.rest:not([inert])').waitFor()
}

describe('a till that nobody touches', () => {
  it('locks after five minutes from the last touch, and keeps the sale', async () => {
    const on = await start()
    await ring(on, '12,50')
    await passes(on, '04:50')
    await on.keyboard.type('9')
    await passes(on, '04:50')
    assert.equal(await locked(on).count(), 0)
    await passes(on, '00:15')
    await locked(on).waitFor()
    assert.equal(await on.getByText('12.50').count(), 0)
    await unlock(on)
    await on.getByRole('button', { name: /^Pay 12.50/ }).waitFor()
    assert.equal(await on.getByLabel('Scan or search').inputValue(), '', 'nothing typed is left for the next')
  })

  it('does not lock while a payment runs, and the five minutes begin at its end', async () => {
    const on = await start()
    // Nobody presents a card.
    await pay(on, '12.14')
    await state(on, 'With customer')
    await passes(on, '10:00')
    await state(on, 'With customer')
    assert.equal(await locked(on).count(), 0)
    await on.keyboard.press('Escape')
    await state(on, 'Cancelled')
    await passes(on, '04:50')
    assert.equal(await locked(on).count(), 0)
    await passes(on, '00:15')
    await locked(on).waitFor()
  })

  it('finds out about money behind the lock, and the customer’s window goes on', async () => {
    // The answer is lost, and nobody says anything until the rules change.
    at.terminal = await simulator(
      '[terminal]\ncustomer_ms = 50\nhost_ms = 50\n[[rule]]\ncategory = "Payment"\ndo = "cut_after"\n' +
        '[[rule]]\ncategory = "TransactionStatus"\ndo = "refuse_connection"\n',
    )
    at.data = folder(100)
    at.data.add(aisle(at.terminal.address))
    const on = await start()
    const customer = await page(at.chrome, at.till.address, { path: 'customer.html' })
    await payOn(on, 'aisle', 1250)
    await state(on, 'Unknown: checking')
    await customer.page.getByText('Please wait').waitFor()
    await passes(on, '05:05')
    await locked(on).waitFor()
    await on.getByText('1 open payment').waitFor()
    assert.equal(await on.locator('.head h1').count(), 0)
    await at.terminal.follow('')
    await customer.page.getByText('Approved').waitFor({ timeout: 60_000 })
    await on.getByText('0 open payments').waitFor()
    await locked(on).waitFor()
    await unlock(on)
    await state(on, 'Approved')
    await on.getByText('The answer came late and counts').waitFor()
    assert.deepEqual(customer.complaints, [])
    await customer.close()
  })
})
