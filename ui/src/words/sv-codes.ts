// Swedish of wallet codes: the customer shows one, the till shows one, camera and hand scanner.
import type { Words } from './en'

type Codes = Words['codes']

const hints: Codes['hints'] = {
  closer: 'Närmare',
  further_away: 'Längre bort',
  too_bright: 'För ljust: sänk skärmens ljus eller luta telefonen',
  two_codes: 'Två koder syns: visa en i taget',
}

const refused: Codes['refused'] = {
  product: 'Det är en varas streckkod, ingen betalkod. Inget skickades.',
  link: 'Det är en webbadress. Inget skickades; kunden måste visa koden att betala med.',
  merchant_code: 'Det är en butiks egen kod. Inget skickades; kunden måste visa koden att betala med.',
  card_number: 'Det är ett kortnummer. Det varken skickades eller sparades; ta betalt med kort i stället.',
  half_a_code: 'Det var en halv kod. Inget skickades; skanna igen.',
  unknown_digits: 'Ingen plånbok betalar med den koden. Inget skickades; visa koden att betala med.',
  unknown_text: 'Ingen plånbok betalar med den koden. Inget skickades; visa koden att betala med.',
  too_long: 'Det är längre än någon betalkod. Inget skickades.',
  control_characters: 'Ingen betalkod har sådana tecken. Inget skickades; skanna igen.',
  empty: 'Inget skannades. Skanna kundens kod.',
  used: 'Koden är redan använd. Inget skickades; be kunden visa en ny.',
  gone: 'Koden sågs för länge sedan. Inget skickades; be kunden visa den igen.',
  not_here: 'Terminalen tar inte emot kunders koder. Inget skickades; ta betalt på annat sätt.',
}

const camera: Codes['camera'] = {
  off: [
    'Ingen kamera',
    'Läs koden med en handskanner. Där kassan kan använda en kamera ställs den in på skärmen Terminaler.',
  ],
  starting: ['Kameran startar', 'En handskanner fungerar så länge.'],
  looking: ['Kameran startar', 'En handskanner fungerar så länge.'],
  away: [
    'Ingen kamera svarar',
    'Kontrollera kabeln. Paydesk försöker igen av sig självt; en handskanner fungerar så länge.',
  ],
  busy: [
    'Kameran svarar inte, eller ett annat program har den',
    'Stäng det, eller dra ur kamerans kontakt och sätt i den igen. Paydesk försöker igen av sig självt; ' +
      'en handskanner fungerar så länge.',
  ],
  unfit: [
    'Kameran kan inte användas',
    'Den sänder inga bilder som kan läsas. Välj en annan på skärmen Terminaler; en handskanner fungerar ' +
      'ändå.',
  ],
}

export const svCodes: Codes = {
  title: 'Skanna kundens kod',
  hold: 'Håll telefonen 10 till 20 cm framför kameran',
  scanner: 'En handskanner läser den också.',
  byScanner: 'Läs koden med en handskanner',
  atOnce: 'Koden debiteras så snart den är läst.',
  locked: 'Varorna är låsta medan koden inväntas.',
  picture: 'Det kameran ser',
  show: 'Visa en kod i stället',
  typed: 'Eller skanna eller skriv den här',
  elsewhere: (terminal) => `På ${terminal} i stället`,
  showsNone: 'Terminalen visar inga',
  charge: (amount) => `Debitera ${amount}`,
  chargeHint: 'Koden som skannades',
  again: 'Koden som syns, en gång till',
  waits: 'En betalkod skannades. Debitera den, eller gå tillbaka',
  follow: 'Be kunden skanna koden, här eller i kundfönstret.',
  sending: 'Koden granskas',
  seen: (wallet, seconds) => `${wallet}, sågs först för ${seconds} s sedan`,
  old: 'Koden är mer än en minut gammal. Inget skickades; be kunden visa en ny.',
  early: 'Det var en kunds betalkod. Inget debiterades eller sparades; slå in varorna först.',
  nowhere: 'Det var en kunds betalkod, och ingen terminal tar sådana. Inget debiterades eller sparades.',
  valid: ['Gäller i', 'Gäller inte längre'],
  wallets: {
    alipay: 'Alipay',
    wechat: 'WeChat Pay',
    unionpay: 'UnionPay',
    emv: 'Ett kortnätverks plånbok',
  },
  hints,
  refused,
  camera,
  setUp: {
    title: 'Kamera och handskanner',
    change: 'Ställ in dem',
    hint: 'Rikta den med en betalkod på en telefon, där kunderna håller sina. Här debiteras inget.',
    well: (wallet) => `${wallet}: en kod är läst. Kameran står bra.`,
  },
}
