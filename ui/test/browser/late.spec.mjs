// An approval that came when the payment counted as not charged, in a real browser with a simulated terminal
// that takes a lost request up later: it waits for a person, and its terminal stays as it is until then.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { aisle, findings, folder, payOn, ready, scene, simulator, state } from './till.mjs'

/** The line breaks at once, and the request arrives when the till has given it up. */
const HELD = '[[rule]]\ncategory = "Payment"\nnth = 1\ndo = ["close", "hold"]\nms = 22000\n'
/** The till asks for 15 seconds until it is certain, and once more half a minute later. */
const PATIENCE = 120_000

const at = scene()

const settings = () => readFileSync(join(at.data.path, 'settings.toml'), 'utf8')

describe('a late approval', () => {
  it('keeps its terminal as it is, says so, and lets it go once the money is given back', async () => {
    at.data = folder(50)
    at.terminal = await simulator(`[terminal]\ncustomer_ms = 50\nhost_ms = 50\n${HELD}`)
    at.data.add(aisle(at.terminal.address))
    const on = await at.start()
    await payOn(on, 'aisle', 1250)
    await state(on, 'Not charged', PATIENCE)
    await state(on, 'Approved after all', PATIENCE)
    assert.deepEqual(await findings(on), [])
    const before = settings()

    await on.keyboard.press('Control+3')
    await on.locator('.strip.hard', { hasText: '12.50' }).waitFor()
    await on.locator('.tlist li', { hasText: 'Aisle' }).click()
    await on.getByRole('heading', { name: 'Aisle', exact: true }).waitFor()
    await on.keyboard.press('Control+e')
    await on.getByLabel('POI ID').fill('AISLE-2')
    await on.keyboard.press('Control+s')
    const held = on.getByText(/^A late answer of this terminal waits for somebody to accept it or give/)
    await held.waitFor()
    await on.getByLabel('POI ID').fill('AISLE-1')
    await on.getByRole('button', { name: 'Remove this terminal' }).click()
    await on.keyboard.press('F9')
    await held.waitFor()
    assert.equal(settings(), before)

    await on.keyboard.press('F10')
    await state(on, 'Approved after all')
    await on.keyboard.press('Control+r')
    await state(on, 'Undone')
    assert.equal(await on.locator('.strip.hard').count(), 0)
    await on.keyboard.press('F9')
    await ready(on)
    await on.keyboard.press('Control+3')
    await on.locator('.tlist li', { hasText: 'Aisle' }).click()
    await on.getByRole('heading', { name: 'Aisle', exact: true }).waitFor()
    await on.keyboard.press('Control+e')
    await on.getByRole('button', { name: 'Remove this terminal' }).click()
    await on.keyboard.press('F9')
    await on.getByText('Aisle is removed.').waitFor()
    assert.doesNotMatch(settings(), /id = "aisle"/)
  })
})
