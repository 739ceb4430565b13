// Inställningar för terminaler med ECR Hub, på svenska.
import { everyWay } from './en-hub'

type Pairs = Record<string, [string, string]>

export const hubDrivers: Pairs = {
  'ecrhub-wlan': ['Sadad-terminal på nätet', 'Kort och plånböcker från WiseCashier, över butikens nät'],
  'ecrhub-usb': ['Sadad-terminal på kabel', 'Kort och plånböcker från WiseCashier, över USB (på försök)'],
  'ecrhub-cloud': ['Sadad-terminal över internet', 'Kort och plånböcker från WiseCashier, över Sadads moln'],
}

export const hubFields: Pairs = {
  ...everyWay({
  host: [
    'Terminalens adress',
    'På terminalen: Settings, General, ECR Hub, WLAN. Den står där, och Connected när kassan har talat',
  ],
  port: ['Port', 'Bredvid adressen'],
  app_id: ['App-ID', 'Från Sadad: wz och 16 tecken. Det måste vara frisläppt för terminalen'],
  serial: ['Serienummer', 'På terminalens baksida'],
  paired: ['Ihopparad som', 'Fylls i av parningen: den hittas så på en annan adress'],
  pay_scenario: ['Hur kunder betalar', ''],
  pay_method_id: ['Plånbok', 'För koder: namnet som Sadad skriver det'],
  expires_ms: ['Tid för en kund', 'Millisekunder, 60000 till 600000'],
  on_screen_tip: ['Fråga om dricks', ''],
  confirm_on_terminal: ['Godkänn varje betalning där först', ''],
  believe_not_found: ['Är ”okänd order” ett bevis?', ''],
  batch_close: ['Avsluta dagen från kassan', ''],
  connect_ms: ['Tid för att nå den', 'Millisekunder'],
  }),
  'ecrhub-usb.port': [
    'Kabelns port',
    'Till exempel /dev/ttyACM0, eller COM-porten med GPS i namnet. ' +
      'På terminalen: Settings, General, ECR Hub, USB',
  ],
  'ecrhub-usb.usb': [
    'USB-identitet',
    'I stället för en port, till exempel 05c6:9025: hittas i vilket uttag som helst',
  ],
  'ecrhub-cloud.base_url': ['Gatewayens adress', 'Från Sadad. Till exempel https://open.sadadpos.com'],
  'ecrhub-cloud.merchant_no': ['Handlarnummer', 'Från Sadad'],
  'ecrhub-cloud.store_no': ['Butiksnummer', 'Från Sadad'],
  'ecrhub-cloud.terminal_sn': ['Serienummer', 'På terminalens baksida'],
  'ecrhub-cloud.private_key': [
    'Signeringsnyckel',
    'RSA, PEM. Dess publika halva läggs in i Sadads handlarpanel. Den sparas bland hemligheterna',
  ],
  'ecrhub-cloud.gateway_public_key': ['Gatewayens publika nyckel', 'Från samma sida, PEM'],
  'ecrhub-cloud.notifications': ['Sadad ringer kassan', 'Bara om butiken vidarebefordrar https hit'],
  'ecrhub-cloud.message_receiving_application': ['App på terminalen', 'SADAD POS, om ingen säger annat'],
  'ecrhub-cloud.path_style': ['Gatewayens adresser', ''],
  'ecrhub-cloud.query_method': ['Frågans namn', ''],
  'ecrhub-cloud.answer_ms': ['Tid för en order', 'Millisekunder'],
}

export const hubOptions: Pairs = {
  ...everyWay({
  'pay_scenario.any': ['Kunden väljer', 'På terminalen.'],
  'pay_scenario.card': ['Bara kort', ''],
  'pay_scenario.shown': ['Terminalen visar en kod', ''],
  'pay_scenario.scanned': ['Terminalen läser en kod', ''],
  'on_screen_tip.true': ['Ja', 'Terminalen frågar kunden.'],
  'confirm_on_terminal.true': ['Ja', 'Ingen betalar före det.'],
  'believe_not_found.true': ['Ja', 'En betalning som den två gånger inte känner till drogs inte.'],
  'believe_not_found.false': ['Nej', 'En person tittar på terminalen och avgör.'],
  'batch_close.true': ['Ja', 'Efter det kan inget hävas.'],
  }),
  'ecrhub-cloud.notifications.true': ['Ja', 'Betalningar slutar lite tidigare.'],
  'ecrhub-cloud.path_style.single': ['En för allt', ''],
  'ecrhub-cloud.path_style.apart': ['En för varje slags anrop', 'Om Sadad säger det.'],
  'ecrhub-cloud.query_method.order.query': ['Den vanliga: order.query', ''],
  'ecrhub-cloud.query_method.pay.orderquery': ['Den äldre: pay.orderquery', 'Om Sadad säger det.'],
}
