// A payment that nobody can tell about, in a real browser with a simulated terminal that forgets everything:
// it is seen on every screen, and a named person decides it with a reason and proof.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aisle, findings, folder, payOn, scene, simulator, state } from './till.mjs'

const at = scene()

/** A terminal that takes the money, and then restarts without a memory. */
const FORGETFUL = '[[rule]]\ncategory = "Payment"\ndo = ["approve", "reboot_lose_memory"]\n'

/** A till for practice whose payment of 12.50 nobody can tell about. */
async function unknown(scheme) {
  at.data = folder(50)
  at.terminal = await simulator(FORGETFUL)
  at.data.add(aisle(at.terminal.address))
  const on = await at.start({ scheme })
  await payOn(on, 'aisle', 1250)
  // The terminal is asked three times over twenty seconds before a person is.
  await state(on, 'Unknown: needs you', 60_000)
  return on
}

describe('a payment that nobody can tell about', () => {
  it('is seen on every screen, and decided by a named person with proof', async () => {
    const on = await unknown('light')
    assert.deepEqual(await findings(on), [])
    for (const key of ['Control+2', 'Control+3']) {
      await on.keyboard.press(key)
      await on.locator('.strip.hard', { hasText: '12.50' }).waitFor()
    }
    await on.keyboard.press('Control+1')
    await state(on, 'Unknown: needs you')
    await on.keyboard.press('F9')
    const alert = on.getByRole('alert').filter({ hasText: 'fill in every field' })
    await alert.waitFor()
    await on.getByLabel(/^Approved there/).press('Space')
    await on.getByLabel('Your name').fill('Mia')
    await on.getByLabel('Who told you, and what did they say?').fill('Help line, they found it')
    await on.keyboard.press('F9')
    await alert.waitFor()
    await state(on, 'Unknown: needs you')
    await on.getByLabel('The provider’s reference', { exact: true }).fill('7770030012')
    await on.keyboard.press('F9')
    await state(on, 'Approved')
    await on.getByText('Decided by hand.').waitFor()
    assert.equal(await on.getByText('came late').count(), 0)
    await on.keyboard.press('Control+2')
    const facts = on.locator('.facts')
    await facts.getByText('Help line, they found it').waitFor()
    assert.match(await facts.innerText(), /Decided by\s+Mia[\s\S]*7770030012/)
    assert.equal(await on.locator('.strip.hard').count(), 0)
  })

  it('that was not charged is decided in the dark look without a serious finding of axe', async () => {
    const on = await unknown('dark')
    assert.deepEqual(await findings(on), [])
    await on.getByLabel(/^Not there, nothing charged/).press('Space')
    await on.getByLabel('Your name').fill('Mia')
    await on.getByLabel('Who told you, and what did they say?').fill('It is not on its list')
    await on.keyboard.press('F9')
    await state(on, 'Not charged')
    assert.deepEqual(await findings(on), [])
  })
})
