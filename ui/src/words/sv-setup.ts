// Installatörens ord på svenska.
import type { enSetup, Found } from './en-setup'
import { hubDrivers, hubFields, hubOptions } from './sv-hub'

const internet = 'Se att datorn är på internet, och jämför adressen med den som leverantören gav.'

const found: Found = {
  name_missing: [
    (p) => `${p.host} har ingen adress`,
    'Rätta adressen i inställningarna, eller använd terminalens IP-adress.',
  ],
  name_address: [(p) => `${p.host} är en adress`],
  name_found: [(p) => `${p.host} är ${p.address}`],
  address_own: [(p) => `den här datorn är ${p.own} på vägen dit`],
  address_none: [
    (p) => `den här datorn har ingen väg till ${p.address}`,
    'Anslut datorn till terminalens nät: kabel, Wi-Fi eller rätt adress.',
  ],
  port_open: [(p) => `port ${p.port} är öppen`],
  port_refused: [
    (p) => `ingen svarar på port ${p.port}`,
    'Slå på terminalen, se att den är i samma nät och jämför porten med dess meny.',
  ],
  port_silent: [
    (p) => `port ${p.port} svarar inte`,
    'Se över adressen, nätverkskabeln eller Wi-Fi och brandväggar på vägen.',
  ],
  http_ok: [() => 'den talar HTTP'],
  http_secure: [() => 'den frågas över TLS, och inloggningen prövar dess certifikat'],
  http_silent: [() => 'den tar emot men svarar inte på en enkel fråga; inloggningen säger mer'],
  http_tls: [
    () => 'den talar TLS, vilket terminalens protokoll inte gör',
    'Stäng av kryptering i terminalens nätverksmeny, eller använd dess öppna port.',
  ],
  http_other: [
    (p) => `något annat än en terminal svarar på port ${p.port}`,
    'Jämför adress och port med terminalens meny: det är en annan enhet eller ett annat program.',
  ],
  device_found: [() => 'enheten är inkopplad'],
  device_missing: [
    (p) => `enheten finns inte där, eller inte bara den (${p.detail})`,
    'Koppla in kabeln, slå på enheten och jämför port eller USB-identitet med inställningarna.',
  ],
  permission_ok: [() => 'dess port kan öppnas'],
  permission_denied: [
    (p) => `den här användaren får inte öppna porten (${p.detail})`,
    'Lägg till datorns användare i portens grupp (dialout eller uucp), logga sedan ut och in igen.',
  ],
  permission_busy: [
    (p) => `porten kan inte öppnas (${p.detail})`,
    'Stäng det andra programmet som använder porten, eller dra ur kabeln och koppla in den igen.',
  ],
  speed_ok: [() => 'det som den sänder kan läsas i den här hastigheten'],
  speed_wrong: [
    () => 'det som den sänder kan inte läsas i den här hastigheten',
    'Ställ in samma hastighet i enhetens meny och här.',
  ],
  frames_whole: [() => 'dess meddelanden kommer hela'],
  frames_damaged: [
    () => 'dess meddelanden kommer skadade',
    'Använd en kortare eller bättre kabel, en bit från elledningar.',
  ],
  login_ok: [() => 'terminalen öppnade en session'],
  login_late: [() => 'inget svar i tid', 'Se att terminalen är ledig och försök igen.'],
  login_refused: [
    (p) => `terminalen öppnade ingen session (${p.detail})`,
    'Se att terminalen visar sin vilobild och att ingen annan kassa är ansluten till den.',
  ],
  login_identity: [
    (p) => `terminalen öppnade ingen session (${p.detail})`,
    'Jämför POI-ID och Sale-ID med vad betalleverantören har registrerat. Ett ändrat POI-ID kräver ' +
      'utloggning under det gamla, eller att terminalen startas om.',
  ],
  login_updating: [
    (p) => `terminalen öppnade ingen session (${p.detail})`,
    'Terminalen uppdaterar sig. Vänta några minuter och försök igen.',
  ],
  far_name: [(p) => `${p.host} har ingen adress`, internet],
  far_way: [(p) => `den här datorn har ingen väg till ${p.address}`, 'Anslut den här datorn till internet.'],
  far_closed: [(p) => `ingen svarar på port ${p.port}`, internet],
  far_silent: [(p) => `port ${p.port} svarar inte`, internet],
  far_other: [
    (p) => `något annat än tjänsten svarar på port ${p.port}`,
    'Jämför adressen med den som leverantören gav: det är ett annat program.',
  ],
  far_login: [() => 'tjänsten svarade och känner kassan'],
  far_late: [() => 'inget svar i tid', 'Försök igen om en stund. Förblir den tyst, fråga leverantören.'],
  far_refused: [
    (p) => `tjänsten tog inte emot kassans fråga (${p.detail})`,
    'Jämför adress, nycklar och nummer med dem som leverantören gav.',
  ],
  back_deaf: [
    () => 'kassan lyssnar inte',
    'Frigör porten i [listener] bind, eller välj ”Den svarar bara”.',
  ],
  back_url: [
    () => '[listener] public_url kan inte användas',
    'Skriv den som http://ADRESS:PORT, eller lämna den tom.',
  ],
  back_near: [
    (p) => `kassan lyssnar bara på ${p.host}, dit ingen terminal når`,
    'Sätt [listener] bind till datorns adress i terminalens nät, eller public_url till adressen som ' +
      'skickas vidare dit.',
  ],
  back_closed: [
    (p) => `ingen svarar på ${p.host}, port ${p.port}`,
    'Se över [listener] bind och public_url, det som leder från den ena till den andra, och brandväggen.',
  ],
  back_forwarded: [
    (p) => `tjänsten ombeds ringa ${p.host}; om det kommer fram hit är inte prövat`,
    'Ta en betalning: om anropen kommer fram slutar den lite tidigare.',
  ],
  back_open: [
    (p) =>
      `kassan svarar på ${p.host}, port ${p.port}, från den här datorn; om terminalen når den är inte prövat`,
    'Se att terminalens egen meny har den här datorn och porten, ta sedan en betalning: terminalens ' +
      'texter måste synas här.',
  ],
  identity: [(p) => p.identity ?? ''],
  clock_unknown: [() => 'terminalen säger inte sin tid; inte prövat'],
  clock_same: [() => 'terminalens klocka stämmer med datorns'],
  clock_ok: [(p) => `terminalens klocka skiljer ${p.seconds} s från datorns`],
  clock_slow: [
    (p) => `terminalens klocka går ${p.seconds} s efter datorns`,
    'Ställ klockan som går fel: datorns i systemets inställningar, terminalens i dess meny.',
  ],
  clock_fast: [
    (p) => `terminalens klocka går ${p.seconds} s före datorns`,
    'Ställ klockan som går fel: datorns i systemets inställningar, terminalens i dess meny.',
  ],
  health: [(p) => warned(p.warning ?? ''), 'Låt någon se över terminalen; den kan fungera ändå.'],
  printer_ok: [() => 'skrivaren är redo'],
  printer_low: [() => 'skrivaren är redo, och pappret tar snart slut'],
  printer_not_set_up: [() => 'ingen skrivare är inställd', 'Välj hur en är ansluten.'],
  printer_away: [
    () => 'skrivaren svarar inte',
    'Slå på den, och se över kabeln, nätet och det som är ifyllt här.',
  ],
  printer_refused: [
    () => 'något svarar på skrivarens adress men tar inget emot',
    'Se över porten (oftast 9100), och att ingen annan kassa skriver ut just nu.',
  ],
  printer_paper_out: [() => 'pappret är slut i skrivaren', 'Sätt i en ny rulle och stäng luckan.'],
  printer_cover_open: [() => 'skrivarens lucka är öppen', 'Stäng den.'],
  printer_stopped: [() => 'skrivaren slutade svara', 'Slå av och på den och kontrollera igen.'],
}

/** What the till says of a wrong field, by how its sentence begins. */
const WRONGS: [RegExp, string][] = [
  [/^is missing|^is empty/, 'måste fyllas i'],
  [/^must begin with https/, 'måste börja med https://'],
  [/^must begin with http/, 'måste börja med http://'],
  [/^must end with the address/, 'måste sluta med själva adressen'],
  [/^must be letters and digits, at most/, 'får bara ha bokstäver och siffror, och inte så många'],
  [/^must be true for a host/, 'måste vara Ja för en riktig värd: ta först reda på det med ett köp på 1,00'],
  [/^must be a name or an address/, 'måste vara ett namn eller en adress, till exempel 192.168.1.31'],
  [/^must be a number from 1 to/, 'måste vara ett tal från 1 till 65535'],
  [/^must be at most/, 'är för långt'],
  [/^must be four digits/, 'måste vara fyra siffror'],
  [/^must be six digits/, 'måste vara sex siffror'],
  [/^is for generation 2/, 'gäller bara gränssnitt 2'],
  [/^must be the name of an app/, 'måste vara namnet på en app, högst 32 tecken'],
  [/^must be VID:PID/, 'måste vara VID:PID eller VID:PID:SERIENUMMER, till exempel 0483:5740'],
  [/^must be empty where port/, 'måste vara tomt där en port är ifylld'],
  [/^is no key of the kind/, 'är ingen nyckel av det slag som behövs här'],
  [/^has no usable port/, 'har ingen användbar port'],
  [/^names no host/, 'har ingen adress'],
  [/^must not hold a user name/, 'får inte innehålla ett användarnamn'],
  [/^must end after the port/, 'måste sluta efter porten'],
  [/^must be an address with/, 'måste vara en adress med port, till exempel 192.0.2.7:9100'],
  [/^must be a serial port/, 'måste vara en serieport, till exempel COM3 eller /dev/ttyUSB0,19200'],
  [/^must be the path/, 'måste vara sökvägen till en fil eller enhet'],
  [/^must be a number from 24/, 'måste vara ett tal från 24 till 80'],
  [/^must be a whole number/, 'måste vara ett helt antal millisekunder, högst ett dygn'],
  [/^must be at least/, 'är för kort'],
  [/^must be one of/, 'måste vara ett av valen'],
  [/^must be letters, digits/, 'får ha bokstäver, siffror, - och _, högst 40'],
  [/^must be one short line/, 'måste vara en kort rad'],
  [/another terminal$|id of two/, 'hör redan till en annan terminal'],
  [/are the same terminal$/, 'är samma terminal som en annan i inställningarna'],
  [/^is longer than/, 'är för långt'],
  [/^must not begin or end/, 'får inte börja eller sluta med mellanslag'],
  [/is a real terminal/, 'är en riktig terminal: i en övningsmapp går bara 127.0.0.1'],
  [/moves no real money/, 'flyttar inga riktiga pengar: den finns bara i en övningsmapp'],
  [/is not a time zone/, 'är ingen tidszon'],
  [/is not a currency/, 'är ingen valuta som kassan känner'],
]

/** What a terminal's login warned of, by how the sentence begins. */
const WARNINGS: [RegExp, string][] = [
  [/^Replies of the host are not/, 'Värdens svar kontrolleras inte: Finexus publika nyckel är inte ifylld.'],
  [/^Only sales of exactly/, 'Bara köp på exakt 1,00 skickas: fyll i om terminalen visade 1,00 för ett.'],
]
const warned = (what: string): string => WARNINGS.find(([begins]) => begins.test(what))?.[1] ?? what

export const svSetup: typeof enSetup = {
  forms: {
    add: 'Lägg till en terminal',
    edit: 'Ändra',
    change: (name) => `Ändra ${name}`,
    driver: 'Vilket slags terminal?',
    name: 'Namn',
    id: 'Kortnamn',
    idHint: 'För inställningarna; det ändras aldrig.',
    more: 'Fler inställningar',
    usually: (value) => `Om tomt: ${value}.`,
    secretKept: 'Finns bland hemligheterna. Lämna tomt för att behålla den.',
    save: 'Spara',
    leave: 'Låt vara',
    kept: 'Sparat. Kassan använder det nu.',
    remove: 'Ta bort terminalen',
    removeTitle: (name) => `Ta bort ${name}?`,
    removeHint:
      'Dess betalningar och kvitton finns kvar i journalen. Pengar den tog kan sedan bara gå tillbaka på ' +
      'annat sätt.',
    removeYes: 'Ta bort den',
    removed: (name) => `${name} är borttagen.`,
    keep: 'Behåll den',
    practise: 'Öva',
    practiseElsewhere:
      'Den här kassan tar riktiga pengar. Övning har en egen datamapp, så att den aldrig rör bokföringen: ' +
      'starta Paydesk med en annan mapp och välj Öva där.',
    practiseClose: 'Tillbaka till terminalerna',
    training: 'Övningsterminal',
    simulator: 'Ingen terminal till hands? Spara formuläret och starta en simulerad på den här datorn:',
    pairing: {
      begin: 'Para ihop en terminal',
      end: 'Avsluta',
      hint: 'En terminal kan presentera sig själv: adress och nummer fylls då i.',
      opening: 'Kassan ger sig till känna…',
      open: (name: string, port: number) =>
        `På terminalen: Settings, General, ECR Hub, WLAN, välj sedan ${name} (port ${port}).`,
      unseen: (port: number) =>
        `Nätet döljer kassan. Skriv dess adress och port ${port} på terminalen.`,
      shut: (why: string) => `Ingen terminal kan fråga: ${why}. Stäng andra kassor på datorn och börja om.`,
      asks: (serial: string, place: string) => `(${serial}) på ${place} vill paras ihop.`,
      namesake: 'En till har det namnet: jämför serienumret.',
      known: (id: string) => `Den är redan ihopparad som ${id}.`,
      accept: 'Godkänn',
      refuse: 'Avböj',
      done: (name: string) => `${name} är ihopparad. Kontrollera den och spara.`,
    },
    simulatorFill: 'Fyll i dess adress',
    warned,
    wrong: (what) =>
      `Fältet ${WRONGS.find(([begins]) => begins.test(what))?.[1] ?? 'kan inte användas så'}. Inget ` +
      `sparades.`,
    drivers: {
      training: ['Övningsterminal', 'Inbyggd. Inga pengar flyttas; beloppet väljer hur det slutar'],
      nexo: ['nexo-terminal', 'PAX-terminaler från Swedbank Pay med flera, över nätet'],
      pockyt: ['Plånböcker via Pockyt', 'Koder från Alipay, WeChat Pay och UnionPay, över internet'],
      'kayaaku-http': [
        'Kayaaku POS-terminal',
        'Kort, DuitNow och Alipay+ från Finexus, via deras värd',
      ],
      'kayaaku-serial': [
        'Kayaaku POS-terminal på kabel',
        'Kort, DuitNow och Alipay+ från Finexus, över en USB- eller seriekabel',
      ],
      ...hubDrivers,
      none: ['Ingen skrivare', 'Kvitton visas och kan sparas'],
      tcp: ['Nätverk', 'En ESC/POS-skrivare med egen adress'],
      serial: ['Serieport', 'Även en USB- eller Bluetooth-adapter'],
      file: ['Enhet eller fil', 'Till exempel en skrivare på USB'],
    },
    fields: {
      'training.delay_ms': ['Tid för varje steg', 'Hur länge den låtsade kunden tar på sig; 0 svarar genast'],
      'nexo.url': [
        'Terminalens adress',
        'På terminalen: Meny, Nätverk, ECR. Till exempel http://192.168.1.44:11000',
      ],
      'nexo.sale_id': ['Sale-ID', 'Den här kassans namn. Ändra det aldrig: förlorade svar söks med det'],
      'nexo.poi_id': ['POI-ID', 'Terminalens namn som betalleverantören har registrerat det'],
      'nexo.form': ['Hur terminalen svarar kassan', ''],
      'nexo.language': ['Språk i dess texter', 'sv, no, fi eller da; allt annat är engelska'],
      'nexo.connect_ms': ['Tid för att nå den', 'Millisekunder'],
      'nexo.answer_ms': ['Tid för en betalning', 'Millisekunder'],
      'pockyt.base_url': [
        'Gatewayens adress',
        'Som Pockyt anger den. Till exempel https://mapi.yuansfer.com',
      ],
      'pockyt.merchant_no': ['Handlarnummer', 'Från Pockyts brev'],
      'pockyt.store_no': ['Butiksnummer', 'Från Pockyts brev'],
      'pockyt.token': ['API-nyckel', 'Signerar varje anrop. Den sparas bland hemligheterna'],
      'pockyt.settle_currency': ['Valuta som betalas ut', 'Tre bokstäver, till exempel USD'],
      'pockyt.pay_path': ['Vem som anger plånboken', ''],
      'pockyt.shown_wallet': ['Kod att visa', 'När kunden läser kassans kod'],
      'pockyt.encoding': ['Hur anrop skrivs', 'Ändra bara om Pockyts support ber om det'],
      'pockyt.store_admin_no': ['Kassörsnummer', 'Bara om kontot kräver det'],
      'pockyt.notifications': ['Pockyt ringer kassan', 'Bara om butiken vidarebefordrar https hit'],
      'pockyt.connect_ms': ['Tid för att nå den', 'Millisekunder'],
      'pockyt.answer_ms': ['Tid för ett köp', 'Millisekunder'],
      'kayaaku-http.base_url': ['Värdens adress', 'Som Finexus anger den, till och med /mqpos-host'],
      'kayaaku-http.generation': ['Gränssnitt', ''],
      'kayaaku-http.source_system': ['Kanalkod', 'Från Finexus, tre bokstäver'],
      'kayaaku-http.mid': ['Handlarnummer', 'Från Finexus'],
      'kayaaku-http.device_sn': ['Serienummer', 'På terminalens baksida'],
      'kayaaku-http.email': ['Användare på terminalen', 'E-postadressen som är inloggad där'],
      'kayaaku-http.private_key': ['Signeringsnyckel', 'PEM. Den sparas bland hemligheterna'],
      'kayaaku-http.peer_public_key': ['Finexus publika nyckel', 'PEM. Utan den kontrolleras inte svaren'],
      'kayaaku-http.amount_unit_confirmed': ['Förstås beloppen rätt?', ''],
      'kayaaku-http.amount_trial': ['Ta reda på det med ett köp på 1,00', ''],
      'kayaaku-http.payment_type': ['Hur kunderna betalar', ''],
      'kayaaku-http.jwe_recipient_key': ['Finexus krypteringsnyckel', 'Gränssnitt 2: en publik JWK'],
      'kayaaku-http.jwe_private_key': [
        'Egen dekrypteringsnyckel',
        'Gränssnitt 2: en privat JWK, bland hemligheterna',
      ],
      'kayaaku-http.jwe_alg': ['Nyckelöverenskommelse', 'Gränssnitt 2: som Finexus anger'],
      'kayaaku-http.jwe_enc': ['Kryptering', 'Gränssnitt 2: som Finexus anger'],
      'kayaaku-http.enquiry_mti': ['Frågans typ', 'Gränssnitt 2: fyra siffror'],
      'kayaaku-http.seller_id': ['Säljarnummer', 'Gränssnitt 2: bara med e-fakturor'],
      'kayaaku-http.notifications': [
        'Värden ringer kassan',
        'Gränssnitt 2: bara om butiken vidarebefordrar https hit',
      ],
      'kayaaku-http.connect_ms': ['Tid för att nå den', 'Millisekunder'],
      'kayaaku-http.answer_ms': ['Tid för ett köp', 'Millisekunder'],
      'kayaaku-serial.port': ['Port', 'Till exempel /dev/ttyACM0 eller COM3; eller fyll i USB-identiteten'],
      'kayaaku-serial.usb': ['USB-identitet', 'I stället för en port: hittas i vilket uttag som helst'],
      'kayaaku-serial.mid': ['Butiksnummer', 'Från Finexus'],
      'kayaaku-serial.baud': ['Linjens hastighet', 'Som i enhetens meny'],
      'kayaaku-serial.payment_type': ['Hur kunder betalar', ''],
      'kayaaku-serial.acknak': ['Kvittera varje meddelande', 'Bara där enheten vill ha det'],
      'kayaaku-serial.connect_ms': ['Tid för att hitta enheten', 'Millisekunder'],
      'kayaaku-serial.answer_ms': ['Tid för en betalning', 'Millisekunder'],
      ...hubFields,
      'tcp.target': [
        'Adress och port',
        'Står ofta på skrivarens egen testutskrift. Till exempel 192.0.2.7:9100',
      ],
      'serial.target': [
        'Serieport',
        'Till exempel COM3 eller /dev/ttyUSB0; med hastighet: /dev/ttyUSB0,19200',
      ],
      'file.target': ['Sökväg', 'Till exempel /dev/usb/lp0; utan mapp ligger den i datamappen'],
      'sight.use': ['Kamera', ''],
      'sight.number': ['Vilken kamera', ''],
      'sight.size': ['Bildernas storlek', 'Det närmaste som den erbjuder tas'],
      'sight.port': ['Handskanner på en serieport', ''],
      'sight.speed': ['Serieportens hastighet', 'Så som skannern är inställd'],
      columns: ['Tecken per rad', '42 på 80 mm papper, 32 på 58 mm'],
      language: ['Språk på papper', 'För kvitton och rapporter'],
    },
    options: {
      'nexo.form.default': [
        'Den ringer upp kassan',
        'Texter och frågor syns här genast. Kräver en öppen port.',
      ],
      'pockyt.pay_path.pay': ['Kassan', 'Plånboken läses ur koden och anges vid varje köp.'],
      'pockyt.pay_path.prepay': ['Pockyt', 'Pockyt läser plånboken ur koden.'],
      'pockyt.shown_wallet.ask': ['Fråga varje gång', 'Kassören väljer plånbok.'],
      'pockyt.shown_wallet.alipay': ['Alipay', ''],
      'pockyt.shown_wallet.wechatpay': ['WeChat Pay', ''],
      'pockyt.shown_wallet.cashapppay': ['Cash App', ''],
      'pockyt.encoding.json': ['JSON', ''],
      'pockyt.encoding.form': ['Formulär', ''],
      'nexo.form.light': ['Den svarar bara', 'Inget att öppna, men texterna syns bara på terminalen.'],
      'kayaaku-http.generation.1': ['1', 'Signerade meddelanden, med makulering och återbetalning.'],
      'kayaaku-http.generation.2': ['2', 'Krypterade meddelanden, bara köp.'],
      'kayaaku-http.amount_unit_confirmed.true': ['Ja', 'Terminalen visade 1,00 för ett köp på 1,00.'],
      'kayaaku-http.amount_unit_confirmed.false': ['Okänt', 'För en simulator behövs inte mer.'],
      'kayaaku-http.amount_trial.true': ['Ja', 'Bara köp på exakt 1,00 skickas.'],
      'kayaaku-http.payment_type.00': ['Kunden väljer', 'På terminalen.'],
      'kayaaku-http.payment_type.01': ['Bara kort', ''],
      'kayaaku-http.payment_type.04': ['DuitNow som terminalen visar', ''],
      'kayaaku-http.payment_type.05': ['DuitNow som terminalen läser', ''],
      'kayaaku-http.payment_type.08': ['Alipay+ som terminalen visar', ''],
      'kayaaku-http.payment_type.09': ['Alipay+ som terminalen läser', ''],
      'kayaaku-http.payment_type.ask': ['Kassören väljer', 'Före varje köp.'],
      'kayaaku-serial.payment_type.00': ['Kunden väljer', 'På terminalen.'],
      'kayaaku-serial.payment_type.01': ['Kort', ''],
      'kayaaku-serial.payment_type.04': ['DuitNow, visad', 'Terminalen visar en kod.'],
      'kayaaku-serial.payment_type.05': ['DuitNow, läst', 'Kunden visar en kod.'],
      'kayaaku-serial.payment_type.08': ['Alipay+, visad', 'Terminalen visar en kod.'],
      'kayaaku-serial.payment_type.09': ['Alipay+, läst', 'Kunden visar en kod.'],
      'kayaaku-serial.payment_type.ask': ['Kassören', 'Före varje köp.'],
      ...hubOptions,
      'sight.use.true': ['Använd en kamera', 'Den tittar medan en kod inväntas, och aldrig annars'],
      'sight.use.false': ['Ingen kamera', 'Handskannrar läser koderna'],
      'sight.number.': ['Den första som fungerar', ''],
      'sight.port.': ['Ingen', 'En skanner som skriver som ett tangentbord behöver inget här'],
      true: ['Ja', ''],
      false: ['Nej', ''],
      en: ['Engelska', 'Kvitton och rapporter på engelska'],
      sv: ['Svenska', 'Kvitton och rapporter på svenska'],
    },
    own: { id: 'Kortnamn', name: 'Namn', driver: 'Protokoll' },
  },
  first: {
    title: 'Välkommen till Paydesk',
    hint: (folder) => `Inget är inställt i ${folder} än.`,
    kind: 'Vad vill du göra?',
    practise: 'Öva',
    practiseHint: 'Sälj övningsvaror på en övningsterminal. Inga pengar flyttas, någonsin.',
    setUp: 'Ställ in kassan',
    setUpHint: 'För en butik som tar riktiga pengar.',
    shop: 'Butikens namn',
    practiceShop: 'Övningsbutiken',
    currency: 'Valuta',
    zone: 'Tidszon',
    terminal: 'Första terminalen',
    terminalNow: 'Anslut den nu',
    terminalNowHint: 'Du behöver dess adress och namn.',
    terminalLater: 'Senare',
    terminalLaterHint: 'Kontanter kan tas genast. Terminaler läggs till på skärmen Terminaler.',
    start: 'Starta',
    starting: 'Paydesk startar',
  },
  broken: {
    title: 'Paydesk kan inte starta',
    calm: 'Inget ändrades. Betalningar som var öppna hittas igen vid nästa start.',
    again: 'Försök igen',
    still: 'Det är fortfarande likadant.',
    file: 'Fil',
    line: 'Rad',
    key: 'Inställning',
    folder: 'Datamapp',
    detail: 'Med systemets ord',
    known: {
      folder_in_use: [
        'Ett annat Paydesk har mappen öppen',
        () => 'Bara en kassa får arbeta i en mapp, så den här väntar. Stäng den andra och försök igen.',
      ],
      settings_wrong: [
        'Inställningarna kan inte användas',
        (p) =>
          p.line
            ? `Rad ${p.line} duger inte${p.key ? ` (${p.key})` : ''}. Rätta raden i filen och försök igen.`
            : 'Filen saknas eller kan inte läsas. Lägg tillbaka den eller rätta den och försök igen.',
      ],
      store_newer: [
        'Journalen skrevs av ett nyare Paydesk',
        () => 'Det här kunde läsa den fel och rör den inte. Installera det nyare Paydesk och starta det.',
      ],
      store_older: [
        'Journalen skrevs av ett äldre Paydesk',
        () => 'Stäng alla Paydesk på mappen och försök igen: starten uppdaterar den.',
      ],
      store_damaged: [
        'Journalen är skadad',
        (p) =>
          p.kind === 'lost'
            ? 'Databasen är borta där det fanns en. Lägg tillbaka den från den nyaste säkerhetskopian och ' +
              'försök igen. Börja aldrig på en tom: betalningar skulle glömmas.'
            : 'Paydesk säljer inget på den och ändrar inget. Behåll mappen som den är, lägg tillbaka den ' +
              'nyaste säkerhetskopian och försök igen.',
      ],
      store_not_verified: [
        'Journalen stämmer inte',
        (p) =>
          `Post ${p.entry ?? '–'} är inte vad som skrevs. Behåll mappen som den är, lägg tillbaka den ` +
          `nyaste ` +
          'säkerhetskopian och försök igen.',
      ],
      disk_full: [
        'Disken är full',
        () => 'En betalning kunde inte skrivas ner, så ingen tas. Frigör utrymme och försök igen.',
      ],
      read_only: [
        'Datamappen kan inte skrivas',
        () => 'Ge det här kontot rätt att skriva där och försök igen.',
      ],
      folder_unusable: [
        'Datamappen kan inte användas',
        () => 'Se att mappen finns och att det här kontot får använda den, och försök igen.',
      ],
      listener_unavailable: [
        'Porten för terminalerna är upptagen',
        (p) =>
          `Ett annat program lyssnar på ${p.address ?? 'den'}. Stäng det, eller ange en annan port i ` +
          '[listener] bind, och försök igen.',
      ],
    },
    other: (code) => `Kassan säger: ${code}. Rätta det och försök igen.`,
  },
  checks: {
    form: 'Kontrollera före sparandet',
    formAgain: 'Kontrollera igen',
    formHint: 'Prövar det som är ifyllt, steg för steg. Inget sparas av det.',
    trying: 'Prövas',
    notYet: 'Inte än',
    passed: 'Alla steg gick bra.',
    found,
  },
  approveX: 'Be om godkännande',
}
