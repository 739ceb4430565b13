// English of wallet codes: the customer shows one, the till shows one, camera and hand scanner.

const hints = {
  closer: 'Closer',
  further_away: 'Further away',
  too_bright: 'Too bright: turn the screen’s light down, or tilt the phone',
  two_codes: 'Two codes are in view: show one alone',
}

/** Why something is not charged, by the till's word for it. */
const refused = {
  product: 'That is a product’s bar code, no payment code. Nothing was sent.',
  link: 'That is a web address. Nothing was sent; the customer shows the code to pay with.',
  merchant_code: 'That is a shop’s own code. Nothing was sent; the customer shows the code to pay with.',
  card_number: 'That is a card’s number. It was neither sent nor kept; pay by card instead.',
  half_a_code: 'That was half a code. Nothing was sent; scan it again.',
  unknown_digits: 'No wallet pays with that code. Nothing was sent; show the code to pay with.',
  unknown_text: 'No wallet pays with that code. Nothing was sent; show the code to pay with.',
  too_long: 'That is longer than any payment code. Nothing was sent.',
  control_characters: 'No payment code has such signs. Nothing was sent; scan it again.',
  empty: 'Nothing was scanned. Scan the customer’s code.',
  used: 'This code was taken already. Nothing was sent; ask the customer to show a new one.',
  gone: 'This code was seen too long ago. Nothing was sent; ask the customer to show it again.',
  not_here: 'This terminal takes no codes of customers. Nothing was sent; pay another way.',
}

/** How the camera is, and what to do. */
const camera: Record<'off' | 'starting' | 'looking' | 'away' | 'busy' | 'unfit', [string, string]> = {
  off: [
    'No camera',
    'Read the code with a hand scanner. Where this till can use a camera, the screen Terminals sets it up.',
  ],
  starting: ['The camera is starting', 'A hand scanner works meanwhile.'],
  looking: ['The camera is starting', 'A hand scanner works meanwhile.'],
  away: [
    'No camera answers',
    'Check its cable. Paydesk tries again by itself; a hand scanner works meanwhile.',
  ],
  busy: [
    'The camera does not answer, or another program has it',
    'Close that one, or pull the camera’s plug and put it back. Paydesk tries again by itself; a hand ' +
      'scanner works meanwhile.',
  ],
  unfit: [
    'This camera cannot be used',
    'It sends no pictures that can be read. Choose another one on the screen Terminals; a hand scanner ' +
      'works anyway.',
  ],
}

export const enCodes = {
  title: 'Scan the customer’s code',
  hold: 'Hold the phone 10 to 20 cm before the camera',
  scanner: 'A hand scanner reads it as well.',
  byScanner: 'Read the code with a hand scanner',
  atOnce: 'The code is charged as soon as it is read.',
  locked: 'The goods are locked while the code is awaited.',
  picture: 'What the camera sees',
  show: 'Show a code instead',
  typed: 'Or scan or type it here',
  elsewhere: (terminal: string) => `On ${terminal} instead`,
  showsNone: 'This terminal shows none',
  charge: (amount: string) => `Charge ${amount}`,
  chargeHint: 'The code that was scanned',
  again: 'The code in view, once more',
  waits: 'A payment code was scanned. Charge it, or go back',
  follow: 'Ask the customer to scan the code, here or in the customer window.',
  sending: 'The code is being looked at',
  seen: (wallet: string, seconds: number) => `${wallet}, first seen ${seconds} s ago`,
  old: 'This code is more than a minute old. Nothing was sent; ask the customer to show a new one.',
  early: 'That was a customer’s payment code. Nothing was charged or kept; ring up the goods first.',
  nowhere:
    'That was a customer’s payment code, and no terminal takes such codes. Nothing was charged or kept.',
  valid: ['Valid for', 'Not valid any more'] as [string, string],
  wallets: {
    alipay: 'Alipay',
    wechat: 'WeChat Pay',
    unionpay: 'UnionPay',
    emv: 'Wallet of a card network',
  } as Record<string, string>,
  hints,
  refused,
  camera,
  setUp: {
    title: 'Camera and hand scanner',
    change: 'Set them up',
    hint: 'Aim it with a payment code on a phone, where customers will hold theirs. Nothing is charged here.',
    well: (wallet: string) => `${wallet}: a code is read. The camera stands well.`,
  },
}
