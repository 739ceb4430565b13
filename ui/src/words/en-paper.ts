// English for paper: the printer, receipts, copies.
import type { PaperKind } from '../api/PaperKind'
import type { SlipPaper } from '../api/SlipPaper'

type About = (parameters: Record<string, string>) => string
const count = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`)

const kinds: Record<PaperKind, string> = {
  receipt: 'Receipt',
  customer: 'Card receipt',
  to_sign: 'Slip to sign',
  merchant: 'Shop’s copy',
  other: 'Slip of the terminal',
  report_x: 'X report',
  report_z: 'Z report',
}

const faults: Record<string, string> = {
  away: 'The printer does not answer. Check its power and its cable.',
  refused: 'The printer takes nothing. Check that it is on and that no other till prints.',
  paper_out: 'The printer is out of paper. Load a new roll.',
  cover_open: 'The printer’s cover is open. Close it.',
  stopped: 'The printer stopped in the middle. Look at what came out.',
}

const slip: Record<SlipPaper, string> = {
  printed: 'The slip to sign is printed.',
  printing: 'The slip to sign is being printed.',
  stuck: 'The slip is not on paper. Print it again, or have it signed from the screen.',
  screen: 'There is no printer: the slip to sign is on this screen.',
}

const no: Record<string, string> = {
  printed: 'It is printed already. A copy can be printed, marked as one.',
  copied: 'The one copy of this receipt is printed; no second one may be made. It can be saved as a file.',
  not_printed: 'It is not printed yet, so there is nothing to copy. Print it first.',
  waits: 'It waits for the printer already. Print again what waits.',
  on_receipt: 'It stands on the receipt of its sale. Print that one.',
  no_printer: 'No printer is set up. It can be saved as a file.',
  none: 'There is no such slip. Nothing was printed.',
}

export const enPaperProblems: Record<string, About> = {
  no_paper: (p) => no[p.why ?? ''] ?? `It cannot be printed (${p.why ?? ''}).`,
}

export const enPaper = {
  kinds,
  slip,
  printer: 'Printer',
  trouble: 'Not printing',
  low: 'Paper low',
  stopped: 'Stopped',
  fault: (code: string) => faults[code] ?? 'The printer did not print.',
  waits: (n: number) => `${count(n, 'slip waits', 'slips wait')}.`,
  perhaps: 'Some of it may be on paper already: look before you print again.',
  lost: (n: number) =>
    `${count(n, 'slip', 'slips')} too many waited and will not come by themselves; they are in Day.`,
  noneSetUp: 'No printer is set up.',
  check: 'Check the printer',
  change: 'Change the printer',
  driver: 'How is the printer connected?',
  again: 'Print again',
  forget: 'Not needed',
  print: 'Print',
  copy: 'Print copy',
  copied: 'one copy only, printed',
  waiting: 'waits for the printer',
  noPrinter: 'no printer',
  noCopy: 'nothing printed yet',
  save: 'Save as PDF',
  saved: 'The receipt is saved as a file.',
  sent: 'It is on its way to the printer.',
  receipt: 'Receipt',
  states: { kept: 'Not printed', waiting: 'Waiting', printed: 'Printed', dropped: 'Not printed' },
  list: {
    title: 'Receipts',
    number: 'Number of the receipt',
    none: 'No receipts',
    noneHint: 'Receipts of sales come here by themselves.',
    row: (n: number) => `Receipt ${n}`,
    all: 'All',
  },
}
