// Words of the installer's screens: forms, the connection check, the first start, a till that cannot start.
import { hubDrivers, hubFields, hubOptions } from './en-hub'

export type Sentence = (p: Record<string, string>) => string
/** What was found, and what to do. A step that is not here is told in the till's own words. */
export type Found = Record<string, [Sentence, string?]>
/** A title or label, and a line below it. */
type Pairs = Record<string, [string, string]>
/** What happened, and what to do. */
type Broken = Record<string, [string, Sentence]>

const internet =
  'See that this computer is on the internet, and compare the address with what the provider gave.'

const found: Found = {
  name_missing: [
    (p) => `${p.host} has no address`,
    'Correct the address, or use the terminal’s IP address.',
  ],
  name_address: [(p) => `${p.host} is an address`],
  name_found: [(p) => `${p.host} is ${p.address}`],
  address_own: [(p) => `this computer is ${p.own} on the way there`],
  address_none: [
    (p) => `this computer has no way to ${p.address}`,
    'Connect this computer to the terminal’s network: cable, Wi-Fi, or the right address.',
  ],
  port_open: [(p) => `port ${p.port} is open`],
  port_refused: [
    (p) => `nothing answers on port ${p.port}`,
    'Switch the terminal on, see that it is in the same network, and compare the port with its menu.',
  ],
  port_silent: [
    (p) => `port ${p.port} does not answer`,
    'Check the address, the network cable or Wi-Fi, and any firewall in between.',
  ],
  http_ok: [() => 'it speaks HTTP'],
  http_secure: [() => 'it is asked over TLS, and the login checks its certificate'],
  http_silent: [() => 'it takes calls but does not answer a plain question; the login tells more'],
  http_tls: [
    () => 'it speaks TLS, which this terminal’s protocol does not',
    'Switch encryption off in the terminal’s network menu, or use its plain port.',
  ],
  http_other: [
    (p) => `something else than a terminal answers on port ${p.port}`,
    'Compare address and port with the terminal’s menu: this is another device or program.',
  ],
  device_found: [() => 'the device is plugged in'],
  device_missing: [
    (p) => `the device is not there, or not the only one (${p.detail})`,
    'Plug the cable in, switch the device on, and compare port or USB identity with the settings.',
  ],
  permission_ok: [() => 'its port can be opened'],
  permission_denied: [
    (p) => `this user may not open the port (${p.detail})`,
    'Add this computer’s user to the port’s group (dialout or uucp), then log out and in again.',
  ],
  permission_busy: [
    (p) => `the port cannot be opened (${p.detail})`,
    'Close the other program that uses the port, or pull the cable and plug it in again.',
  ],
  speed_ok: [() => 'what it sends can be read at this speed'],
  speed_wrong: [
    () => 'what it sends cannot be read at this speed',
    'Set the same speed in the device’s menu and here.',
  ],
  frames_whole: [() => 'its messages come whole'],
  frames_damaged: [
    () => 'its messages come damaged',
    'Use a shorter or better cable, away from power lines.',
  ],
  login_ok: [() => 'the terminal opened a session'],
  login_late: [() => 'no answer in time', 'See that the terminal is idle, then try again.'],
  login_refused: [
    (p) => `the terminal opened no session (${p.detail})`,
    'See that the terminal shows its idle screen and that no other till is connected to it.',
  ],
  login_identity: [
    (p) => `the terminal opened no session (${p.detail})`,
    'Compare POI ID and Sale ID with what the payment provider registered. A changed POI ID needs a ' +
    'log-out ' +
      'under the old one, or a restart of the terminal.',
  ],
  login_updating: [
    (p) => `the terminal opened no session (${p.detail})`,
    'The terminal updates itself. Wait a few minutes, then try again.',
  ],
  far_name: [(p) => `${p.host} has no address`, internet],
  far_way: [(p) => `this computer has no way to ${p.address}`, 'Connect this computer to the internet.'],
  far_closed: [(p) => `nothing answers on port ${p.port}`, internet],
  far_silent: [(p) => `port ${p.port} does not answer`, internet],
  far_other: [
    (p) => `something else than the service answers on port ${p.port}`,
    'Compare the address with what the provider gave: this is another program.',
  ],
  far_login: [() => 'the service answered and knows this till'],
  far_late: [() => 'no answer in time', 'Try again in a moment. If it stays silent, ask the provider.'],
  far_refused: [
    (p) => `the service did not take this till’s question (${p.detail})`,
    'Compare address, keys and numbers with what the provider gave.',
  ],
  back_deaf: [
    () => 'the till does not listen',
    'Free the port in [listener] bind, or choose “It only answers”.',
  ],
  back_url: [
    () => '[listener] public_url cannot be used',
    'Write it as http://ADDRESS:PORT, or leave it empty.',
  ],
  back_near: [
    (p) => `the till listens on ${p.host} alone, which no terminal reaches`,
    'Set [listener] bind to this computer’s address in the terminal’s network, or public_url to the ' +
    'address ' +
      'that is forwarded to it.',
  ],
  back_closed: [
    (p) => `nothing answers at ${p.host}, port ${p.port}`,
    'Check [listener] bind and public_url, what forwards the one to the other, and the firewall.',
  ],
  back_forwarded: [
    (p) => `the service is told to call ${p.host}; whether that arrives here is not tested`,
    'Take a payment: where calls arrive, it ends a moment sooner.',
  ],
  back_open: [
    (p) =>
      `the till answers at ${p.host}, port ${p.port}, called from this computer; whether the terminal ` +
      `reaches ` +
      'it is not tested',
    'See that the terminal’s own menu names this computer and this port, then take a payment: the ' +
    'terminal’s ' +
      'texts must appear.',
  ],
  identity: [(p) => p.identity ?? ''],
  clock_unknown: [() => 'the terminal does not tell its time; not tested'],
  clock_same: [() => 'the terminal’s clock agrees with this computer’s'],
  clock_ok: [(p) => `the terminal’s clock is ${p.seconds} s off this computer’s`],
  clock_slow: [
    (p) => `the terminal’s clock is ${p.seconds} s behind this computer’s`,
    'Set the clock that is wrong: this computer’s in its system settings, the terminal’s in its menu.',
  ],
  clock_fast: [
    (p) => `the terminal’s clock is ${p.seconds} s ahead of this computer’s`,
    'Set the clock that is wrong: this computer’s in its system settings, the terminal’s in its menu.',
  ],
  health: [(p) => p.warning ?? '', 'Have the terminal looked at; it may still work.'],
  printer_ok: [() => 'the printer is ready'],
  printer_low: [() => 'the printer is ready, and its paper ends soon'],
  printer_not_set_up: [() => 'no printer is set up', 'Choose how one is connected.'],
  printer_away: [
    () => 'the printer does not answer',
    'Switch it on, and check its cable, its network and what is typed here.',
  ],
  printer_refused: [
    () => 'something answers at the printer’s address and takes nothing',
    'Check the port (usually 9100), and that no other till prints right now.',
  ],
  printer_paper_out: [() => 'the printer is out of paper', 'Load a new roll and close the cover.'],
  printer_cover_open: [() => 'the printer’s cover is open', 'Close it.'],
  printer_stopped: [() => 'the printer stopped answering', 'Switch it off and on, then check again.'],
}

const broken: Broken = {
  folder_in_use: [
    'Another Paydesk has this folder open',
    () => 'Only one till may work on a folder, so this one waits. Close the other one, then try again.',
  ],
  settings_wrong: [
    'The settings cannot be used',
    (p) =>
      p.line
        ? `Line ${p.line}: ${p.key ? `${p.key} ` : ''}${p.what ?? ''}. Correct that line in the file, ` +
          `then try again.`
        : `${p.key ? `${p.key} ` : ''}${p.what ?? ''}. Put the file back or correct it, then try again.`,
  ],
  store_newer: [
    'The journal was written by a newer Paydesk',
    () => 'This one could misread it, so it leaves it alone. Install the newer Paydesk, then start it.',
  ],
  store_older: [
    'The journal was written by an older Paydesk',
    () => 'Close every Paydesk on this folder, then try again: the start brings it up to date.',
  ],
  store_damaged: [
    'The journal is damaged',
    (p) =>
      p.kind === 'lost'
        ? 'The database is gone where there was one. Put it back from the newest backup, then try again. ' +
          'Never start on an empty one: payments would be forgotten.'
        : 'Paydesk sells nothing on it and changes nothing. Keep the folder as it is, put the newest ' +
          'backup ' +
          'back, then try again.',
  ],
  store_not_verified: [
    'The journal does not verify',
    (p) =>
      `Entry ${p.entry ?? '–'} is not what was written. Keep the folder as it is, put the newest backup ` +
      `back, ` +
      'then try again.',
  ],
  disk_full: [
    'The disk is full',
    () => 'A payment could not be written down, so none is taken. Free some space, then try again.',
  ],
  read_only: [
    'The data folder cannot be written to',
    () => 'Give this account the right to write there, then try again.',
  ],
  folder_unusable: [
    'The data folder cannot be used',
    () => 'See that the folder is there and that this account may use it, then try again.',
  ],
  listener_unavailable: [
    'The port for the terminals is taken',
    (p) =>
      `Another program listens on ${p.address ?? 'it'}. Close that one, or name another port in ` +
      `[listener] bind, ` +
      'then try again.',
  ],
}

const drivers: Pairs = {
  training: ['Training terminal', 'Built in. No money moves; amounts choose how it ends'],
  nexo: ['nexo terminal', 'PAX terminals of Swedbank Pay and others, over the network'],
  pockyt: ['Wallets by Pockyt', 'Alipay, WeChat Pay and UnionPay codes, over the internet'],
  'kayaaku-http': [
    'Kayaaku POS terminal',
    'Cards, DuitNow and Alipay+ by Finexus, over their host',
  ],
  'kayaaku-serial': [
    'Kayaaku POS terminal on a cable',
    'Cards, DuitNow and Alipay+ by Finexus, over a USB or serial cable',
  ],
  ...hubDrivers,
  none: ['No printer', 'Receipts are shown and can be saved'],
  tcp: ['Network', 'ESC/POS, with its own address'],
  serial: ['Serial port', 'Also a USB or Bluetooth adapter'],
  file: ['Device or file', 'For example a printer on USB'],
}

const fields: Pairs = {
  'training.delay_ms': ['Time for each step', 'How long the pretended customer takes; 0 answers at once'],
  'nexo.url': [
    'Terminal’s address',
    'On the terminal: Menu, Network, ECR. For example http://192.168.1.44:11000',
  ],
  'nexo.sale_id': ['Sale ID', 'This till’s name. Never change it: lost answers are searched by it'],
  'nexo.poi_id': ['POI ID', 'The terminal’s name as the payment provider registered it'],
  'nexo.form': ['How the terminal talks back', ''],
  'nexo.language': ['Language of its texts', 'sv, no, fi or da; anything else is English'],
  'nexo.connect_ms': ['Time to reach it', 'Milliseconds'],
  'nexo.answer_ms': ['Time for a payment', 'Milliseconds'],
  'pockyt.base_url': ['Gateway’s address', 'As Pockyt names it. For example https://mapi.yuansfer.com'],
  'pockyt.merchant_no': ['Merchant number', 'From Pockyt’s letter'],
  'pockyt.store_no': ['Store number', 'From Pockyt’s letter'],
  'pockyt.token': ['API token', 'Signs every request. It is kept among the secrets'],
  'pockyt.settle_currency': ['Currency paid out', 'Three letters, for example USD'],
  'pockyt.pay_path': ['Who names the wallet', ''],
  'pockyt.shown_wallet': ['Code to show', 'Where the customer scans this till’s code'],
  'pockyt.encoding': ['How requests are written', 'Change it only where Pockyt’s support asks for it'],
  'pockyt.store_admin_no': ['Cashier number', 'Only where the account wants one'],
  'pockyt.notifications': ['Pockyt calls this till', 'Only where the shop forwards https to this till'],
  'pockyt.connect_ms': ['Time to reach it', 'Milliseconds'],
  'pockyt.answer_ms': ['Time for a charge', 'Milliseconds'],
  'kayaaku-http.base_url': ['Host’s address', 'As Finexus names it, up to /mqpos-host'],
  'kayaaku-http.generation': ['Interface', ''],
  'kayaaku-http.source_system': ['Channel code', 'From Finexus, three letters'],
  'kayaaku-http.mid': ['Merchant number', 'From Finexus'],
  'kayaaku-http.device_sn': ['Serial number', 'On the back of the terminal'],
  'kayaaku-http.email': ['User on the terminal', 'E-mail address of whoever is logged in there'],
  'kayaaku-http.private_key': ['Signing key', 'PEM. It is kept among the secrets'],
  'kayaaku-http.peer_public_key': ['Finexus’ public key', 'PEM. Without it replies are not verified'],
  'kayaaku-http.amount_unit_confirmed': ['Are amounts understood?', ''],
  'kayaaku-http.amount_trial': ['Find out with one sale of 1.00', ''],
  'kayaaku-http.payment_type': ['How customers pay', ''],
  'kayaaku-http.jwe_recipient_key': ['Finexus’ encryption key', 'Interface 2: a public JWK'],
  'kayaaku-http.jwe_private_key': [
    'Own decryption key',
    'Interface 2: a private JWK, kept among the secrets',
  ],
  'kayaaku-http.jwe_alg': ['Key agreement', 'Interface 2: as Finexus names it'],
  'kayaaku-http.jwe_enc': ['Encryption', 'Interface 2: as Finexus names it'],
  'kayaaku-http.enquiry_mti': ['Type of an enquiry', 'Interface 2: four digits'],
  'kayaaku-http.seller_id': ['Seller number', 'Interface 2: only with e-invoices'],
  'kayaaku-http.notifications': [
    'The host calls this till',
    'Interface 2: only where the shop forwards https here',
  ],
  'kayaaku-http.connect_ms': ['Time to reach it', 'Milliseconds'],
  'kayaaku-http.answer_ms': ['Time for a payment', 'Milliseconds'],
  'kayaaku-serial.port': ['Port', 'For example /dev/ttyACM0 or COM3; or fill in the USB identity'],
  'kayaaku-serial.usb': ['USB identity', 'In place of a port, for example 0483:5740: found in any socket'],
  'kayaaku-serial.mid': ['Merchant number', 'From Finexus'],
  'kayaaku-serial.baud': ['Speed of the line', 'As in the device’s menu'],
  'kayaaku-serial.payment_type': ['How customers pay', ''],
  'kayaaku-serial.acknak': ['Acknowledge every message', 'Only where the device wants it'],
  'kayaaku-serial.connect_ms': ['Time to find the device', 'Milliseconds'],
  'kayaaku-serial.answer_ms': ['Time for a payment', 'Milliseconds'],
  ...hubFields,
  'tcp.target': ['Address and port', 'Often on the printer’s own test print. For example 192.0.2.7:9100'],
  'serial.target': ['Serial port', 'For example COM3 or /dev/ttyUSB0; with its speed, /dev/ttyUSB0,19200'],
  'file.target': ['Path', 'For example /dev/usb/lp0; without a folder it lies in the data folder'],
  'sight.use': ['Camera', ''],
  'sight.number': ['Which camera', ''],
  'sight.size': ['Size of its pictures', 'The nearest that it offers is taken'],
  'sight.port': ['Hand scanner on a serial port', ''],
  'sight.speed': ['Speed of the serial port', 'As the scanner is set'],
  columns: ['Letters in a row', '42 on 80 mm paper, 32 on 58 mm'],
  language: ['Language on paper', 'Of receipts and reports'],
}

const options: Pairs = {
  'nexo.form.default': ['It calls this till', 'Live texts and questions appear here. Needs an open port.'],
  'nexo.form.light': ['It only answers', 'Nothing to open, but its texts show on the terminal alone.'],
  'pockyt.pay_path.pay': ['This till', 'The wallet is told from the code and named with each charge.'],
  'pockyt.pay_path.prepay': ['Pockyt', 'Pockyt tells the wallet from the code.'],
  'pockyt.shown_wallet.ask': ['Ask each time', 'The cashier chooses the wallet.'],
  'pockyt.shown_wallet.alipay': ['Alipay', ''],
  'pockyt.shown_wallet.wechatpay': ['WeChat Pay', ''],
  'pockyt.shown_wallet.cashapppay': ['Cash App', ''],
  'pockyt.encoding.json': ['JSON', ''],
  'pockyt.encoding.form': ['Form', ''],
  'kayaaku-http.generation.1': ['1', 'Signed messages, with voids and refunds.'],
  'kayaaku-http.generation.2': ['2', 'Encrypted messages, payments only.'],
  'kayaaku-http.amount_unit_confirmed.true': ['Yes', 'The terminal showed 1.00 for a sale of 1.00.'],
  'kayaaku-http.amount_unit_confirmed.false': ['Not known', 'A simulator needs no more.'],
  'kayaaku-http.amount_trial.true': ['Yes', 'Only sales of exactly 1.00 are sent.'],
  'kayaaku-http.payment_type.00': ['The customer chooses', 'On the terminal.'],
  'kayaaku-http.payment_type.01': ['Cards only', ''],
  'kayaaku-http.payment_type.04': ['DuitNow, shown by the terminal', ''],
  'kayaaku-http.payment_type.05': ['DuitNow, scanned by the terminal', ''],
  'kayaaku-http.payment_type.08': ['Alipay+, shown by the terminal', ''],
  'kayaaku-http.payment_type.09': ['Alipay+, scanned by the terminal', ''],
  'kayaaku-http.payment_type.ask': ['The cashier chooses', 'Before each sale.'],
  'kayaaku-serial.payment_type.00': ['The customer chooses', 'On the terminal.'],
  'kayaaku-serial.payment_type.01': ['Card', ''],
  'kayaaku-serial.payment_type.04': ['DuitNow, shown', 'The terminal shows a code.'],
  'kayaaku-serial.payment_type.05': ['DuitNow, scanned', 'The customer shows a code.'],
  'kayaaku-serial.payment_type.08': ['Alipay+, shown', 'The terminal shows a code.'],
  'kayaaku-serial.payment_type.09': ['Alipay+, scanned', 'The customer shows a code.'],
  'kayaaku-serial.payment_type.ask': ['The cashier', 'Before each sale.'],
  ...hubOptions,
  'sight.use.true': ['Use a camera', 'It looks while a code is awaited, and at no other time'],
  'sight.use.false': ['No camera', 'Hand scanners read the codes'],
  'sight.number.': ['The first that works', ''],
  'sight.port.': ['None', 'A scanner that types like a keyboard needs nothing here'],
  true: ['Yes', ''],
  false: ['No', ''],
  en: ['English', 'Receipts and reports in English'],
  sv: ['Swedish', 'Receipts and reports in Swedish'],
}

const own: Record<string, string> = { id: 'Short name', name: 'Name', driver: 'Protocol' }

export const enSetup = {
  forms: {
    add: 'Add a terminal',
    edit: 'Change',
    change: (name: string) => `Change ${name}`,
    driver: 'What kind of terminal?',
    name: 'Name',
    id: 'Short name',
    idHint: 'For the settings; it stays for good.',
    more: 'More settings',
    usually: (value: string) => `Left empty: ${value}.`,
    secretKept: 'Kept among the secrets. Leave it empty to keep it.',
    save: 'Save',
    leave: 'Leave it',
    kept: 'Saved. The till uses it now.',
    remove: 'Remove this terminal',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeHint:
      'Its payments and receipts stay in the journal. Money it took can then only go back another way.',
    removeYes: 'Remove it',
    removed: (name: string) => `${name} is removed.`,
    keep: 'Keep it',
    practise: 'Practise',
    practiseElsewhere:
      'This till takes real money. Practice has a data folder of its own, so that it never touches the ' +
      'books: ' +
      'start Paydesk with another folder and choose Practise there.',
    practiseClose: 'Back to the terminals',
    training: 'Training terminal',
    simulator: 'No terminal at hand? Start a simulated one on this computer, and save this form first:',
    pairing: {
      begin: 'Pair a terminal',
      end: 'End pairing',
      hint: 'A terminal can introduce itself: its address and number are filled in then.',
      opening: 'The till makes itself known…',
      open: (name: string, port: number) =>
        `On the terminal: Settings, General, ECR Hub, WLAN, then choose ${name} (port ${port}).`,
      unseen: (port: number) =>
        `The network hides this till. Type its address and port ${port} on the terminal.`,
      shut: (why: string) =>
        `No terminal can ask: ${why}. Close other tills on this computer and begin again.`,
      asks: (serial: string, place: string) => `(${serial}) at ${place} asks to be paired.`,
      namesake: 'Another one has this name: compare the serial number.',
      known: (id: string) => `It is paired as ${id} already.`,
      accept: 'Accept',
      refuse: 'Refuse',
      done: (name: string) => `${name} is paired. Check it, then save.`,
    },
    simulatorFill: 'Fill in its address',
    wrong: (what: string) => `This ${what}. Nothing was saved.`,
    warned: (what: string) => what,
    drivers,
    fields,
    options,
    own,
  },
  first: {
    title: 'Welcome to Paydesk',
    hint: (folder: string) => `Nothing is set up in ${folder} yet.`,
    kind: 'What do you want to do?',
    practise: 'Practise',
    practiseHint: 'Sell demo products on a training terminal. No money moves, ever.',
    setUp: 'Set up this till',
    setUpHint: 'For a shop that takes real money.',
    shop: 'Shop’s name',
    practiceShop: 'Practice shop',
    currency: 'Currency',
    zone: 'Time zone',
    terminal: 'First terminal',
    terminalNow: 'Connect it now',
    terminalNowHint: 'You need its address and its names.',
    terminalLater: 'Later',
    terminalLaterHint: 'Cash can be taken at once. Terminals are added on the screen Terminals.',
    start: 'Start',
    starting: 'Paydesk is starting',
  },
  broken: {
    title: 'Paydesk cannot start',
    calm: 'Nothing was changed. Payments that were open are found again at the next start.',
    again: 'Try again',
    still: 'It is still the same.',
    file: 'File',
    line: 'Line',
    key: 'Setting',
    folder: 'Data folder',
    detail: 'In the system’s words',
    known: broken,
    other: (code: string) => `The till says: ${code}. Correct that, then try again.`,
  },
  checks: {
    form: 'Check before saving',
    formAgain: 'Check again',
    formHint: 'Tries what is typed, step by step. Nothing is saved by it.',
    trying: 'Trying',
    notYet: 'Not yet',
    passed: 'Every step passed.',
    found,
  },
  approveX: 'Ask for approval',
}
