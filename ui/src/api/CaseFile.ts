// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { CaseFact } from "./CaseFact";
import type { Decided } from "./Decided";
import type { Evidence } from "./Evidence";
import type { Instrument } from "./Instrument";
import type { Method } from "./Method";
import type { Moment } from "./Moment";
import type { Money } from "./Money";
import type { OperationId } from "./OperationId";
import type { PaperRow } from "./PaperRow";
import type { PaymentRow } from "./PaymentRow";
import type { ReceiptRow } from "./ReceiptRow";
import type { TerminalId } from "./TerminalId";

/**
 * One payment in full.
 */
export type CaseFile = {
/**
 * The tip in what was approved.
 */
tip: Money,
/**
 * The cash paid out in what was approved.
 */
cash_back: Money,
/**
 * Why it stands where it stands.
 */
reason: string | null,
/**
 * The provider's own words.
 */
detail: string | null,
/**
 * The till's transaction number on the wire.
 */
transaction: string,
/**
 * Every reference that may have gone on the wire, oldest first.
 */
references: Array<string>,
/**
 * The provider's ids.
 */
evidence: Evidence,
/**
 * What a named person decided, where nobody else could tell.
 */
decided: Decided | null,
/**
 * What the customer paid with, masked.
 */
instrument: Instrument | null,
/**
 * The payment it goes against.
 */
original: OperationId | null,
/**
 * What the caller calls it.
 */
label: string | null,
/**
 * How the customer wanted to pay.
 */
method: Method,
/**
 * Every fact, oldest first.
 */
timeline: Array<CaseFact>,
/**
 * The same as a time line for people.
 */
moments: Array<Moment>,
/**
 * Receipts, newest first.
 */
receipts: Array<ReceiptRow>,
/**
 * Refunds and reversals of it.
 */
against: Array<PaymentRow>,
/**
 * Its slips and those of its sale, oldest first.
 */
papers: Array<PaperRow>,
/**
 * Its id.
 */
payment: OperationId,
/**
 * The terminal.
 */
terminal: TerminalId,
/**
 * `sale`, `refund` or `reversal`.
 */
kind: string,
/**
 * `running`, `await_signature`, `reversing`, `unknown`, `disputed` or `closed`.
 */
state: string,
/**
 * `approved`, `partial`, `declined`, `cancelled`, `not_charged`, `unknown` or `disputed`.
 */
outcome: string,
/**
 * What was asked for.
 */
requested: Money,
/**
 * What was approved in all.
 */
amount: Money,
/**
 * When it was intended.
 */
at: string,
/**
 * Needs a person.
 */
attention: boolean,
/**
 * What a refund or reversal goes against.
 */
goes_against: OperationId | null, };
