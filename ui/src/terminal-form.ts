// A terminal's form as it is typed: where it starts from, what of it is sent, and the id made of a name.
import type { DriverForm } from './api/DriverForm'
import type { FilledForm } from './api/FilledForm'
import type { FormField } from './api/FormField'
import type { TerminalForm } from './api/TerminalForm'

/** What is typed; values of every driver stay while the driver is being chosen. */
export interface Typed {
  id: string
  name: string
  driver: string
  values: Record<string, string>
  /** Somebody typed the id; otherwise it follows the name. */
  ownId: boolean
}

/** Where a new terminal starts. */
export function blank(drivers: readonly DriverForm[], practice: boolean): Typed {
  const real = drivers.find((one) => !one.practice_only)
  const first = (practice ? drivers[0] : real) ?? drivers[0]
  return { id: '', name: '', driver: first?.driver ?? '', values: {}, ownId: false }
}

/** Where a known one starts. */
export function typedOf({ form }: FilledForm): Typed {
  const values = Object.fromEntries(
    Object.entries(form.settings).map(([key, value]) => [key, value ?? '']),
  )
  return { id: form.id, name: form.name, driver: form.driver, values, ownId: true }
}

/** An id out of a name: small letters, digits and hyphens, unlike those that are taken. */
export function idOf(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 32)
  const id = plain === '' ? 'terminal' : plain
  if (!taken.includes(id)) return id
  for (let n = 2; ; n++) if (!taken.includes(`${id}-${n}`)) return `${id}-${n}`
}

/** The id that a form is sent with. */
export function idNow(typed: Typed, taken: readonly string[]): string {
  return typed.ownId ? typed.id.trim() : idOf(typed.name, taken)
}

/** The form as it is sent: blank values are left out, secrets travel apart. */
export function sent(typed: Typed, fields: readonly FormField[], taken: readonly string[]): TerminalForm {
  const form: TerminalForm = {
    id: idNow(typed, taken),
    driver: typed.driver,
    name: typed.name.trim(),
    settings: {},
    secrets: {},
  }
  for (const { key, takes } of fields) {
    const value = typed.values[key] ?? ''
    if (value.trim() === '') continue
    if (takes === 'secret') form.secrets[key] = value
    else form.settings[key] = value.trim()
  }
  return form
}

/** Fields that most installers leave alone. */
export const isRare = (field: FormField): boolean => !field.required && field.takes === 'milliseconds'

/** Checks what a simulated gateway answers: the published test key of its protocol. */
const GATEWAY_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxE3gp1rkfDLAsF2vQXJUwWghkXPSVANWWyf6fFjPOxgVXeDVGPTC' +
  'zMyUuNJXgccUeCOhOqbtw3wf2B7kXCgGJ+rpCFPl9tkf1MVauCnUZKB3NgpGCn4p46Ku+BjjvHQ5LmwoglBBWcOPzM9xPZyH' +
  'rp/IfpkhrXCChFo4QZscYYixpRK93TbY8yk0WZ1ZEY0Ef87EJuSNB9hKFDjV9LpynPTC2jXxDYkOwBzJIP/BKlMoKkWsNaCj' +
  '59+MMYS9e7SQGALg9jLDNNgXODy+E4JKuMhCE3rd1pPM0n04wXjqFRO2wrm8/5fvQXS1Z2vQb8p9AZ0tSKG5eVFqpID+ylps' +
  'WwIDAQAB'

/** What a simulator of this protocol on this computer is set up with: where it listens when it is started
 * without more. */
export const SIMULATED: Record<string, { values: Record<string, string>; command: string }> = {
  nexo: {
    values: { url: 'http://127.0.0.1:11000', sale_id: 'KASSA1', poi_id: 'PRACTICE-1' },
    command: 'paydeskctl simulate nexo --settings settings.toml',
  },
  pockyt: {
    values: {
      base_url: 'http://127.0.0.1:12000',
      merchant_no: '900001',
      store_no: '800002',
      token: 'till-demo-token-0001',
    },
    command: 'paydeskctl simulate pockyt --settings settings.toml',
  },
  'kayaaku-http': {
    values: {
      base_url: 'http://127.0.0.1:13000/mqpos-host',
      source_system: 'tst',
      mid: '000010000099999',
      device_sn: 'KP0001',
      email: 'till@example.my',
    },
    command: 'paydeskctl simulate kayaaku-http --settings settings.toml',
  },
  'ecrhub-wlan': {
    values: { host: '127.0.0.1', app_id: 'wztest0000000001' },
    command: 'paydeskctl simulate ecrhub-wlan --settings settings.toml',
  },
  'ecrhub-cloud': {
    values: {
      base_url: 'http://127.0.0.1:14000',
      app_id: 'wztest0000000001',
      merchant_no: '300000000001',
      store_no: '4000000001',
      terminal_sn: 'TESTSN0000000001',
      gateway_public_key: GATEWAY_KEY,
    },
    command: 'paydeskctl simulate ecrhub-cloud --settings settings.toml',
  },
  // They print the port that they are at.
  'ecrhub-usb': {
    values: { app_id: 'wztest0000000001' },
    command: 'paydeskctl simulate ecrhub-usb --settings settings.toml',
  },
  'kayaaku-serial': { values: { mid: '000010000099999' }, command: 'paydeskctl simulate kayaaku-serial' },
}
