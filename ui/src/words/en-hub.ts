// Set-up of terminals with an ECR Hub, in English: the same sentences for every way that they are reached.
type Pairs = Record<string, [string, string]>

/** The ways, as drivers are called. */
const WAYS = ['ecrhub-wlan', 'ecrhub-usb', 'ecrhub-cloud']

/** The same sentences under the name of every way. */
export const everyWay = (pairs: Pairs): Pairs =>
  Object.fromEntries(
    WAYS.flatMap((way) => Object.entries(pairs).map(([key, words]) => [`${way}.${key}`, words])),
  )

export const hubDrivers: Pairs = {
  'ecrhub-wlan': [
    'Sadad terminal on the network',
    'Cards and wallets by WiseCashier, over the shop’s network',
  ],
  'ecrhub-usb': ['Sadad terminal on a cable', 'Cards and wallets by WiseCashier, over USB (experimental)'],
  'ecrhub-cloud': [
    'Sadad terminal over the internet',
    'Cards and wallets by WiseCashier, over Sadad’s cloud',
  ],
}

export const hubFields: Pairs = {
  ...everyWay({
  host: [
    'Terminal’s address',
    'On the terminal: Settings, General, ECR Hub, WLAN. It stands there, and Connected once the till speaks',
  ],
  port: ['Port', 'Beside the address'],
  app_id: ['App ID', 'From Sadad: wz and 16 signs. It must be released for this terminal'],
  serial: ['Serial number', 'On the back of the terminal'],
  paired: ['Paired as', 'Filled in by pairing: it is found by this at another address'],
  pay_scenario: ['How customers pay', ''],
  pay_method_id: ['Wallet', 'For codes: its name as Sadad writes it'],
  expires_ms: ['Time for a customer', 'Milliseconds, 60000 to 600000'],
  on_screen_tip: ['Ask for a tip', ''],
  confirm_on_terminal: ['Accept each payment there first', ''],
  believe_not_found: ['Is “unknown order” proof?', ''],
  batch_close: ['Settle from the till', ''],
  connect_ms: ['Time to reach it', 'Milliseconds'],
  }),
  'ecrhub-usb.port': [
    'Port of the cable',
    'For example /dev/ttyACM0, or the COM port with GPS in its name. ' +
      'On the terminal: Settings, General, ECR Hub, USB',
  ],
  'ecrhub-usb.usb': ['USB identity', 'In place of a port, for example 05c6:9025: found in any socket'],
  'ecrhub-cloud.base_url': ['Gateway’s address', 'From Sadad. For example https://open.sadadpos.com'],
  'ecrhub-cloud.merchant_no': ['Merchant number', 'From Sadad'],
  'ecrhub-cloud.store_no': ['Store number', 'From Sadad'],
  'ecrhub-cloud.terminal_sn': ['Serial number', 'On the back of the terminal'],
  'ecrhub-cloud.private_key': [
    'Signing key',
    'RSA, PEM. Its public half belongs into Sadad’s merchant panel. It is kept among the secrets',
  ],
  'ecrhub-cloud.gateway_public_key': ['Gateway’s public key', 'From the same page, PEM'],
  'ecrhub-cloud.notifications': [
    'Sadad calls this till',
    'Only where the shop forwards https to this till',
  ],
  'ecrhub-cloud.message_receiving_application': ['App on the terminal', 'SADAD POS, where nobody says more'],
  'ecrhub-cloud.path_style': ['Addresses of the gateway', ''],
  'ecrhub-cloud.query_method': ['Name of the query', ''],
  'ecrhub-cloud.answer_ms': ['Time for an order', 'Milliseconds'],
}

export const hubOptions: Pairs = {
  ...everyWay({
  'pay_scenario.any': ['The customer chooses', 'On the terminal.'],
  'pay_scenario.card': ['Cards only', ''],
  'pay_scenario.shown': ['The terminal shows a code', ''],
  'pay_scenario.scanned': ['The terminal reads a code', ''],
  'on_screen_tip.true': ['Yes', 'The terminal asks the customer.'],
  'confirm_on_terminal.true': ['Yes', 'Nobody pays before that.'],
  'believe_not_found.true': ['Yes', 'A payment that it twice does not know was not charged.'],
  'believe_not_found.false': ['No', 'A person looks at the terminal and decides.'],
  'batch_close.true': ['Yes', 'Voids are impossible after it.'],
  }),
  'ecrhub-cloud.notifications.true': ['Yes', 'Payments end a moment sooner.'],
  'ecrhub-cloud.path_style.single': ['One for everything', ''],
  'ecrhub-cloud.path_style.apart': ['One for each operation', 'Where Sadad says so.'],
  'ecrhub-cloud.query_method.order.query': ['The usual one: order.query', ''],
  'ecrhub-cloud.query_method.pay.orderquery': ['The older one: pay.orderquery', 'Where Sadad says so.'],
}
