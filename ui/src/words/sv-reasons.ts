// Swedish for codes of the till: reasons, steps, problems, notices.
import type { enReasons } from './en-reasons'
import { svCounterProblems } from './sv-counter'
import { svPaperProblems } from './sv-paper'

export const svReasons: typeof enReasons = {
  reasons: {
    aborted: 'Det avbröts. Vad en plånbok hade tagit till dess lämnades tillbaka.',
    busy: 'Terminalen var upptagen. Vänta på dess startskärm och försök igen.',
    unsupported_wallet: 'Den plånbokens koder går inte att debitera här. Betala på annat sätt.',
    closed_unpaid: 'Plånboken stängde den obetald: kunden sade nej eller bekräftade inte i tid.',
    customer_cancelled: 'Kunden avbröt på terminalen, eller visade inget kort i tid.',
    signature_refused: 'Underskriften nekades.',
    device_out: 'Terminalen anmäler ett eget fel. Låt någon se på den.',
    card_inserted: 'Ett kort satt i terminalen. Ta ut det och försök igen.',
    no_session: 'Terminalen var inte inloggad mot kassan. Paydesk loggar in igen av sig självt.',
    login_refused: 'Terminalen godtog inte inloggningen. Kontrollera dess identitet hos leverantören.',
    not_logged_in: 'Ingen är inloggad på terminalen. Logga in där och ta betalt igen.',
    message_format: 'Terminalen förstod inte begäran. Säg det till Paydesks tillverkare.',
    not_found: 'Terminalen känner inte till betalningen som skulle ångras.',
    payment_restriction: 'Något i köpet kan inte betalas med kortet.',
    refused: 'Banken, kortet eller plånboken sade nej. En annan kan gå.',
    unavailable_device: 'Terminalen saknar utrustning för det.',
    unavailable_service: 'Terminalen erbjuder inte det.',
    invalid_card: 'Kortet godtas inte här. Ett annat kort kan gå.',
    host_unreachable: 'Banken eller plånboken gick inte att nå. Försök igen om en stund.',
    wrong_pin: 'PIN-koden var fel.',
    name_not_resolved: 'Terminalens namn har ingen adress i nätet. Kontrollera inställningarna.',
    connection_refused: 'Inget svarar på terminalens adress. Kontrollera ström och port.',
    connect_timeout: 'Terminalen tog inte emot i tid. Kontrollera ström, nät och adress.',
    not_sent: 'Inget skickades till terminalen.',
    stopped_before_sending: 'Kassan stoppades innan något skickades.',
    answer_lost: 'Terminalens svar försvann på vägen.',
    deadline_passed: 'Terminalen svarade inte i tid.',
    answer_unreadable: 'Terminalens svar gick inte att läsa.',
    mismatch: 'Terminalens svar hör till en annan betalning eller nämner ett annat belopp.',
    restarted: 'Kassan startades om medan betalningen pågick.',
    never_seen: 'Terminalen har aldrig sett begäran.',
    cannot_tell: 'Terminalen kan inte säga vad som hände.',
    still_running:
      'Terminalen säger att den ännu arbetar med den. Titta på dess skärm: där kan betalningen slutföras ' +
      'eller avbrytas.',
    no_answer: 'Terminalen har inte svarat på frågorna om den.',
    reference_in_use: 'Terminalen känner referensen från en annan begäran.',
    by_hand: 'En person avgjorde det.',
    await_signature: 'Kundens underskrift ska ännu granskas.',
    use_refund: 'Det går inte att ångra allt. Gör en återbetalning.',
    goes_another_way: 'De pengarna återbetalas på själva terminalen eller på annat sätt, inte av kassan.',
    use_void: 'Leverantören vill ångra hela betalningen i stället för att återbetala.',
    already_done: 'Det har gjorts förut.',
    reversal_failed: 'Den nekade betalningen kunde inte ångras: den står kvar. Återbetala vid behov.',
    not_durable: 'Det kunde inte skrivas till disk, så inget skickades. Kontrollera disken.',
  },
  reasonOther: (code) => `Leverantören nämner en orsak som Paydesk inte känner: ${code}.`,
  steps: {
    intended: 'Skriven i journalen',
    prepared: 'En transaktion öppnas; ännu kan inget dras',
    sent: 'På väg till terminalen',
    resent: 'Skickad igen: terminalen var upptagen',
    cancel_sent: 'Bad leverantören att ge upp den',
    abort_asked: 'Bad terminalen att avbryta',
    abort_not_delivered: 'Önskan att avbryta kom inte fram',
    abort_refused: 'Den kan inte stoppas från kassan; den fortsätter',
    answered: 'Frågan besvarad',
    mismatch: 'Ett svar kom som inte gäller den här betalningen',
    unknown: 'Inte känt om pengar har flyttats',
    enquired: 'Frågade terminalen',
    disputed: 'Terminalen vet inte',
    await_signature: 'Godkänd; underskriften ska granskas',
    signature_accepted: 'Underskriften godtogs',
    signature_refused: 'Underskriften nekades',
    reversing: 'Ångras',
    settled: 'Avgjord',
    decided_by_hand: 'Avgjord för hand',
    attention: 'Ett annat svar kom',
    giving_back: 'Ges tillbaka',
    attention_settled: 'De två svaren är utredda',
    printed: 'Kvitto gjort',
    asked: 'Frågade dig',
    code: 'Visar en kod att läsa av',
  },
  found: {
    answered: 'berättade utfallet',
    still_running: 'arbetar ännu',
    never_seen: 'inte sedd hittills',
    cannot_tell: 'vet inte',
    no_session: 'inte inloggad',
    no_answer: 'inget svar',
    approved: 'godkänd',
    partial: 'delvis godkänd',
    declined: 'nekad',
    cancelled: 'avbruten',
    not_charged: 'inte debiterad',
  },
  problems: {
    unknown_terminal: () => 'Terminalen finns inte i inställningarna. Inget skickades.',
    unknown_payment: () => 'Betalningen finns inte i journalen.',
    unknown_sale: () => 'Köpet är avslutat eller okänt. Inget skickades.',
    not_offered: (p) => `Terminalen erbjuder inte detta: ${p.what ?? ''}. Inget skickades.`,
    terminal_busy: () =>
      'Terminalen arbetar med en annan betalning. Inget skickades; vänta på dess startskärm.',
    terminal_blocked: () =>
      'En öppen betalning spärrar terminalen: det är inte känt om den kunden har debiterats. ' +
      'Inget skickades. Avgör den först.',
    terminal_not_asked: () =>
      'Journalen är återställd, så terminalen måste först berätta om sin senaste betalning, och den svarar ' +
      'inte. Inget skickades; se till terminalen och försök igen.',
    no_refund: (p) => `Pengarna kan inte gå tillbaka: ${p.what ?? ''}. Inget skickades.`,
    wrong_stage: () => 'Betalningen har kommit längre; det går inte nu. Inget har ändrats.',
    prompt_open: () => 'En fråga är öppen och måste besvaras först.',
    prompt_stale: () => 'Frågan är inte öppen längre. Inget besvarades; betalningen fortsätter.',
    not_an_answer: () => 'Det besvarar inte frågan. Den är fortfarande öppen.',
    reference_needed: () => 'Godkänd kräver leverantörens referens. Inget har ändrats.',
    terminal_fault: (p) => `Terminalen gjorde det inte. ${p.detail ?? ''}`,
    settings_wrong: (p) => `Inställningarna kan inte användas: ${p.key ?? ''} ${p.what ?? ''}.`,
    settings_changed: (p) =>
      `${p.file ?? 'Inställningarna'} har ändrats av någon sedan Paydesk startade. Inget sparades. ` +
      `Starta Paydesk ` +
      'igen och ändra sedan här.',
    terminal_held: (p) =>
      ({
        late_outcome:
          'Ett sent svar från terminalen väntar på att någon godtar det eller ger tillbaka pengarna. Den ' +
          'får vara ' +
          'som den är tills dess.',
        open_sale:
          'Ett köp som inte är klart betalades delvis på terminalen. Avsluta eller ångra det först; ' +
          'inget sparades.',
      })[p.why ?? ''] ??
      'En betalning på terminalen är inte avgjord, och bara den kan berätta om den. Den får vara som den ' +
      'är ' +
        'tills dess; namn och adress kan rättas.',
    not_set_up: () => 'Kassan är inte inställd än.',
    already_set_up: () => 'Mappen är redan inställd, eller har en journal. Inget ändrades.',
    folder_unusable: (p) => `Datamappen kan inte användas: ${p.detail ?? ''}.`,
    folder_in_use: () => 'En annan kassa har datamappen öppen.',
    store_newer: () => 'Journalen skrevs av ett nyare Paydesk.',
    store_older: () => 'Journalen skrevs av ett äldre Paydesk.',
    store_damaged: (p) => `Journalen är skadad: ${p.what ?? ''}. Paydesk säljer inte på den.`,
    store_not_verified: (p) =>
      `Journalen stämmer inte vid post ${p.entry ?? ''}. Paydesk säljer inte på den.`,
    disk_full: () => 'Disken är full. Ingen ny betalning skickas förrän det finns plats; frigör utrymme.',
    read_only: () => 'Datamappen kan inte skrivas. Ingen betalning skickas; se över rättigheterna.',
    store_broken: (p) => `Journalen kan inte användas: ${p.detail ?? ''}. Inget skickades.`,
    outcome_not_saved: () =>
      'Terminalen har svarat, och svaret är inte sparat än. Paydesk försöker vidare. Ta inte betalningen ' +
      'igen; är disken full, frigör utrymme.',
    listener_unavailable: (p) => `Kassan kan inte lyssna på sina terminaler: ${p.detail ?? ''}.`,
    stopping: () => 'Kassan stannar. Det påbörjade finns i journalen; nästa start fortsätter.',
    ...svCounterProblems,
    ...svPaperProblems,
  },
  problemOther: (code) => `Kassan gjorde det inte. (${code})`,
  unreached:
    'Kassan kan inte nås, så det är inte känt om detta kom fram. Paydesk frågar vidare; ' +
    'se på skärmen innan du trycker igen.',
  notices: {
    card_inserted: () => 'ett kort sattes i',
    card_removed: () => 'kortet togs ut',
    maintenance_wanted: () => 'den ber om tid att uppdatera sig',
    maintenance_began: () => 'den uppdaterar sig och är tillbaka om några minuter',
    maintenance_ended: () => 'den har uppdaterat sig och är tillbaka',
    restarted: () => 'den är tillbaka, efter en omstart eller inkopplad på nytt',
    out_of_service: (text) =>
      'den kan inte användas nu; om det består, låt någon se på den' +
      (text && ` (${text.replace(/\.$/, '')})`),
    session_lost: () => 'den tappade inloggningen; Paydesk loggar in igen',
    message_refused: () => 'den avvisade ett meddelande från kassan',
    updating: () => 'den tar över nya inställningar; det kan ta några minuter',
    security_alarm: () => 'den slår säkerhetslarm. Ta inga betalningar på den och ring leverantören',
    not_opened: (text) => `den kunde inte öppnas: ${text}`,
    unclaimed: (text) => `den godkände ${text} för ingen betalning i kassan; ta reda på vems det är`,
    strange_approval: (text) =>
      `den säger sig ha godkänt ${text} för en stängd betalning, och det stämmer inte; fråga leverantören`,
    sale_reopened: (text) =>
      `det som betalade köpet på ${text} gick inte igenom; det är öppet igen: ta betalt, eller avbryt det`,
    address_announced: (text) => `den sägs vara på ${text} nu; bekräfta det i Terminaler`,
    terminal_replaced: (text) => `en annan apparat svarar (${text}); kontrollera att det är meningen`,
    drawer_stuck: () => 'lådan öppnades inte, för skrivaren svarade inte; öppna den med nyckel',
    receipt: () => 'den skickade ett kvitto utanför en betalning; det är sparat',
    restored: () =>
      'Journalen återställdes från en kopia. Alla terminaler frågas först om sin senaste betalning',
  },
}
