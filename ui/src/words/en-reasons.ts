// English for codes of the till: reasons, steps, problems, notices. A code without words here is shown with a
// general sentence and the code last.

import { enCounterProblems } from './en-counter'
import { enPaperProblems } from './en-paper'

type Sentences = Record<string, string>
type About = (parameters: Record<string, string>) => string

const reasons: Sentences = {
  aborted: 'It was called off. Whatever a wallet had taken by then was given back.',
  busy: 'The terminal was occupied. Wait for its idle screen, then try again.',
  unsupported_wallet: 'Codes of this wallet cannot be charged here. Pay with another wallet, or another way.',
  closed_unpaid: 'The wallet closed it unpaid: the customer said no, or did not confirm in time.',
  customer_cancelled: 'The customer cancelled on the terminal, or presented no card in time.',
  signature_refused: 'The signature was refused.',
  device_out: 'The terminal reports a fault of its own. Have it looked at.',
  card_inserted: 'A card was in the terminal. Take it out, then try again.',
  no_session: 'The terminal had no session with this till. Paydesk logs in again by itself.',
  login_refused: 'The terminal did not accept the login. Check its identity with the provider.',
  not_logged_in: 'Nobody is logged in on the terminal. Log in there, then pay again.',
  message_format: 'The terminal did not understand the request. Tell the makers of Paydesk.',
  not_found: 'The terminal does not know the payment that was to be undone.',
  payment_restriction: 'Something in the sale cannot be paid with this card.',
  refused: 'The bank, the card or the wallet said no. Another one may work.',
  unavailable_device: 'The terminal lacks the hardware for this.',
  unavailable_service: 'The terminal does not offer this.',
  invalid_card: 'The card is not accepted here. Another card may work.',
  host_unreachable: 'The bank or the wallet could not be reached. Try again in a moment.',
  wrong_pin: 'The PIN was wrong.',
  name_not_resolved: 'The terminal’s name has no address in this network. Check the settings.',
  connection_refused: 'Nothing answers at the terminal’s address. Check its power and its port.',
  connect_timeout: 'The terminal took no connection in time. Check its power, network and address.',
  not_sent: 'Nothing was sent to the terminal.',
  stopped_before_sending: 'The till stopped before anything was sent.',
  answer_lost: 'The terminal’s answer was lost on the way.',
  deadline_passed: 'The terminal did not answer in time.',
  answer_unreadable: 'The terminal’s answer could not be read.',
  mismatch: 'The terminal’s answer belongs to another payment or names another amount.',
  restarted: 'The till was restarted while the payment ran.',
  never_seen: 'The terminal has never seen the request.',
  cannot_tell: 'The terminal cannot tell what became of it.',
  still_running:
    'The terminal says that it is still working on it. Look at its screen: the payment can be finished or ' +
    'cancelled there.',
  no_answer: 'The terminal has not answered the enquiries about it.',
  reference_in_use: 'The terminal knows the reference from another request.',
  by_hand: 'A person decided it.',
  await_signature: 'The customer’s signature must still be checked.',
  use_refund: 'It cannot be undone as a whole. Refund it.',
  goes_another_way: 'This money is given back on the terminal itself or by other means, not by the till.',
  use_void: 'The provider wants the whole payment undone in place of a refund.',
  already_done: 'It has been done before.',
  reversal_failed: 'The refused payment could not be undone: it stands. Refund it if need be.',
  not_durable: 'It could not be written to disk, so nothing was sent. Check the disk.',
}

const steps: Sentences = {
  intended: 'Written to the journal',
  prepared: 'A transaction is opened; nothing can be charged by it yet',
  sent: 'On its way to the terminal',
  resent: 'Sent again: the terminal was occupied',
  cancel_sent: 'Asked the provider to give it up',
  abort_asked: 'Asked the terminal to cancel',
  abort_not_delivered: 'The wish to cancel did not arrive',
  abort_refused: 'It cannot be stopped from the till; it goes on',
  answered: 'Question answered',
  mismatch: 'An answer came that is not for this payment',
  unknown: 'Not known whether money moved',
  enquired: 'Asked the terminal',
  disputed: 'The terminal cannot tell',
  await_signature: 'Approved; the signature is to be checked',
  signature_accepted: 'Signature accepted',
  signature_refused: 'Signature refused',
  reversing: 'Being undone',
  settled: 'Settled',
  decided_by_hand: 'Decided by hand',
  attention: 'Another answer came',
  giving_back: 'Being given back',
  attention_settled: 'The two answers are settled',
  printed: 'Slip made',
  asked: 'Asked you',
  code: 'Shows a code to scan',
}

const found: Sentences = {
  answered: 'told the outcome',
  still_running: 'still at work',
  never_seen: 'not seen so far',
  cannot_tell: 'cannot tell',
  no_session: 'no session',
  no_answer: 'no answer',
  approved: 'approved',
  partial: 'partly approved',
  declined: 'declined',
  cancelled: 'cancelled',
  not_charged: 'not charged',
}

const problems: Record<string, About> = {
  unknown_terminal: () => 'This terminal is not in the settings. Nothing was sent.',
  unknown_payment: () => 'This payment is not in the journal.',
  unknown_sale: () => 'This sale is finished or not known. Nothing was sent.',
  not_offered: (p) => `The terminal does not offer this: ${p.what ?? ''}. Nothing was sent.`,
  terminal_busy: () =>
    'The terminal is still at work on another payment. Nothing was sent; wait for its idle screen.',
  terminal_blocked: () =>
    'An open payment blocks the terminal: it is not known yet whether that customer was charged. ' +
    'Nothing was sent. Settle it first.',
  terminal_not_asked: () =>
    'The journal was restored, so the terminal must first tell its last payment, and it does not answer. ' +
    'Nothing was sent; check the terminal and try again.',
  no_refund: (p) => `The money cannot go back: ${p.what ?? ''}. Nothing was sent.`,
  wrong_stage: () => 'The payment has moved on; this is not possible now. Nothing has changed.',
  prompt_open: () => 'A question is open and must be answered first.',
  prompt_stale: () => 'That question is not open any more. Nothing was answered; the payment goes on.',
  not_an_answer: () => 'That does not answer the question. It is still open.',
  reference_needed: () => 'Approved needs the provider’s reference. Nothing has changed.',
  terminal_fault: (p) => `The terminal did not do it. ${p.detail ?? ''}`,
  settings_wrong: (p) => `The settings cannot be used: ${p.key ?? ''} ${p.what ?? ''}.`,
  settings_changed: (p) =>
    `${p.file ?? 'The settings'} was changed by somebody since Paydesk started. Nothing was saved. Start ` +
    `Paydesk ` +
    'again, then change it here.',
  terminal_held: (p) =>
    ({
      late_outcome:
        'A late answer of this terminal waits for somebody to accept it or give the money back. It stays ' +
        'as it is ' +
        'until then.',
      open_sale:
        'A sale that is not finished was partly paid on this terminal. Finish or undo it first; nothing ' +
        'was saved.',
    })[p.why ?? ''] ??
    'A payment on this terminal is not settled, and only this terminal can tell about it. It stays as it ' +
    'is until ' +
      'then; its name and its address can be put right.',
  not_set_up: () => 'This till is not set up yet.',
  already_set_up: () => 'This folder is set up already, or holds a journal. Nothing was changed.',
  folder_unusable: (p) => `The data folder cannot be used: ${p.detail ?? ''}.`,
  folder_in_use: () => 'Another till has the data folder open.',
  store_newer: () => 'The journal was written by a newer Paydesk.',
  store_older: () => 'The journal was written by an older Paydesk.',
  store_damaged: (p) => `The journal is damaged: ${p.what ?? ''}. Paydesk does not sell on it.`,
  store_not_verified: (p) =>
    `The journal does not verify at entry ${p.entry ?? ''}. Paydesk does not sell on it.`,
  disk_full: () => 'The disk is full. No new payment is sent until there is room; free some space.',
  read_only: () => 'The data folder cannot be written to. No payment is sent; check its permissions.',
  store_broken: (p) => `The journal cannot be used: ${p.detail ?? ''}. Nothing was sent.`,
  outcome_not_saved: () =>
    'The terminal has answered, and its answer is not saved yet. Paydesk keeps trying. Do not take the ' +
    'payment again; where the disk is full, free some space.',
  listener_unavailable: (p) => `The till cannot listen for its terminals: ${p.detail ?? ''}.`,
  stopping: () => 'The till is stopping. What was begun is in the journal; the next start goes on.',
  ...enCounterProblems,
  ...enPaperProblems,
}

const notices: Record<string, (text: string) => string> = {
  card_inserted: () => 'a card was inserted',
  card_removed: () => 'the card was removed',
  maintenance_wanted: () => 'it asks for time to update itself',
  maintenance_began: () => 'it updates itself and is back in a few minutes',
  maintenance_ended: () => 'it has updated itself and is back',
  restarted: () => 'it is there again, after a restart or plugged in anew',
  out_of_service: (text) =>
    'it cannot be used now; where that lasts, have it looked at' +
    (text && ` (${text.replace(/\.$/, '')})`),
  session_lost: () => 'it lost its session; Paydesk logs in again',
  message_refused: () => 'it refused a message of the till',
  updating: () => 'it takes over new settings; this can take a few minutes',
  security_alarm: () => 'it raises a security alarm. Take no payments on it and call the provider',
  not_opened: (text) => `it could not be opened: ${text}`,
  unclaimed: (text) => `it approved ${text} for no payment of this till; find out whose it is`,
  strange_approval: (text) =>
    `it says it approved ${text} for a closed payment, and that does not match; ask the provider`,
  sale_reopened: (text) =>
    `what paid a sale over ${text} did not go through; the sale is open again: have it paid, or give it up`,
  address_announced: (text) => `it is said to be at ${text} now; confirm that in Terminals`,
  terminal_replaced: (text) => `another device answers (${text}); check that this is intended`,
  drawer_stuck: () => 'the drawer did not open because the printer did not answer; open it by key',
  receipt: () => 'it sent a receipt outside a payment; it is kept',
  restored: () =>
    'The journal was restored from a copy. Every terminal is asked for its last payment first',
}

export const enReasons = {
  reasons,
  reasonOther: (code: string) => `The provider names a cause that Paydesk does not know: ${code}.`,
  steps,
  found,
  problems,
  problemOther: (code: string) => `The till did not do it. (${code})`,
  unreached:
    'The till cannot be reached, so it is not known whether this arrived. Paydesk keeps asking; ' +
    'look at the screen before you press again.',
  notices,
}
