// Swedish for paper: the printer, receipts, copies.
import type { enPaper } from './en-paper'

const count = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`)

const faults: Record<string, string> = {
  away: 'Skrivaren svarar inte. Se till att den är på och att kabeln sitter i.',
  refused: 'Skrivaren tar inget emot. Se till att den är på och att ingen annan kassa skriver ut.',
  paper_out: 'Pappret är slut i skrivaren. Sätt i en ny rulle.',
  cover_open: 'Skrivarens lucka är öppen. Stäng den.',
  stopped: 'Skrivaren stannade mitt i. Titta på det som kom ut.',
}

const no: Record<string, string> = {
  printed: 'Det är redan utskrivet. En kopia kan skrivas ut och märks som kopia.',
  copied: 'Den enda kopian av kvittot är utskriven; fler får inte göras. Det kan sparas som fil.',
  not_printed: 'Det är inte utskrivet än, så det finns inget att kopiera. Skriv ut det först.',
  waits: 'Det väntar redan på skrivaren. Skriv ut det som väntar.',
  on_receipt: 'Det står på köpets kvitto. Skriv ut det.',
  no_printer: 'Ingen skrivare är inställd. Det kan sparas som fil.',
  none: 'Det finns inget sådant kvitto. Inget skrevs ut.',
}

export const svPaperProblems: Record<string, (parameters: Record<string, string>) => string> = {
  no_paper: (p) => no[p.why ?? ''] ?? `Det kan inte skrivas ut (${p.why ?? ''}).`,
}

export const svPaper: typeof enPaper = {
  kinds: {
    receipt: 'Kvitto',
    customer: 'Kortkvitto',
    to_sign: 'Kvitto att skriva under',
    merchant: 'Butikens exemplar',
    other: 'Utskrift från terminalen',
    report_x: 'X-rapport',
    report_z: 'Z-rapport',
  },
  slip: {
    printed: 'Kvittot att skriva under är utskrivet.',
    printing: 'Kvittot att skriva under skrivs ut.',
    stuck: 'Kvittot är inte på papper. Skriv ut igen, eller låt kunden skriva under efter skärmen.',
    screen: 'Det finns ingen skrivare: kvittot att skriva under visas här.',
  },
  printer: 'Skrivare',
  trouble: 'Skriver inte ut',
  low: 'Lite papper',
  stopped: 'Stopp',
  fault: (code) => faults[code] ?? 'Skrivaren skrev inte ut.',
  waits: (n) => `${count(n, 'utskrift väntar', 'utskrifter väntar')}.`,
  perhaps: 'En del kan redan vara på papper: titta innan du skriver ut igen.',
  lost: (n) =>
    `${count(n, 'utskrift', 'utskrifter')} för mycket väntade och kommer inte av sig själv; se Dagen.`,
  noneSetUp: 'Ingen skrivare är inställd.',
  check: 'Kontrollera skrivaren',
  change: 'Ändra skrivaren',
  driver: 'Hur är skrivaren ansluten?',
  again: 'Skriv ut igen',
  forget: 'Behövs inte',
  print: 'Skriv ut',
  copy: 'Skriv ut kopia',
  copied: 'bara en kopia, utskriven',
  waiting: 'väntar på skrivaren',
  noPrinter: 'ingen skrivare',
  noCopy: 'inget utskrivet än',
  save: 'Spara som PDF',
  saved: 'Kvittot är sparat som fil.',
  sent: 'Det är på väg till skrivaren.',
  receipt: 'Kvitto',
  states: { kept: 'Ej utskrivet', waiting: 'Väntar', printed: 'Utskrivet', dropped: 'Ej utskrivet' },
  list: {
    title: 'Kvitton',
    number: 'Kvittots nummer',
    none: 'Inga kvitton',
    noneHint: 'Kvitton för köp kommer hit av sig själva.',
    row: (n) => `Kvitto ${n}`,
    all: 'Alla',
  },
}
