// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { DrawnCode } from "./DrawnCode";
import type { Evidence } from "./Evidence";
import type { Instrument } from "./Instrument";
import type { LateView } from "./LateView";
import type { Method } from "./Method";
import type { Moment } from "./Moment";
import type { Money } from "./Money";
import type { OperationId } from "./OperationId";
import type { Phase } from "./Phase";
import type { PromptView } from "./PromptView";
import type { SaleId } from "./SaleId";
import type { SlipPaper } from "./SlipPaper";
import type { TenderView } from "./TenderView";
import type { TerminalId } from "./TerminalId";

/**
 * One payment.
 */
export type PaymentView = {
/**
 * Its id.
 */
payment: OperationId,
/**
 * The terminal.
 */
terminal: TerminalId,
/**
 * The sale.
 */
sale: SaleId | null,
/**
 * `sale`, `refund` or `reversal`.
 */
kind: string,
/**
 * See [`domain::payment::Payment::state_code`].
 */
state: string,
/**
 * See [`domain::payment::Payment::outcome_code`].
 */
outcome: string,
/**
 * How far a running payment has come.
 */
phase: Phase,
/**
 * How the customer wants to pay.
 */
method: Method,
/**
 * What the caller calls it.
 */
label: string | null,
/**
 * What the customer paid with, masked.
 */
instrument: Instrument | null,
/**
 * The payment that money goes back of.
 */
original: OperationId | null,
/**
 * Code of the reason.
 */
reason: string | null,
/**
 * The provider's own words, secondary.
 */
detail: string | null,
/**
 * What was asked for.
 */
requested: Money,
/**
 * What was approved in all.
 */
amount: Money,
/**
 * The tip within it.
 */
tip: Money,
/**
 * The cash paid out within it.
 */
cash_back: Money,
/**
 * When it was intended.
 */
at: string,
/**
 * The terminal was asked to cancel.
 */
abort_asked: boolean,
/**
 * The outcome came after the till had stopped expecting it.
 */
late: boolean,
/**
 * Closed by a judgement or by hand, in one word: `provider`, `nothing_sent`, `not_started`,
 * `judged`, `person`; nothing while open.
 */
closed_by: string | null,
/**
 * An outcome contradicts the closing: accept it, or give it back.
 */
attention: boolean,
/**
 * What the contradicting outcome says, while nobody has chosen.
 */
late_outcome: LateView | null,
/**
 * Its sale, while that is open: what a further attempt names.
 */
tender: TenderView | null,
/**
 * The question that is open.
 */
prompt: PromptView | null,
/**
 * The slip to sign, while its signature is asked about.
 */
slip: string | null,
/**
 * Where that slip is.
 */
slip_paper: SlipPaper | null,
/**
 * The newest text of the terminal.
 */
display: string | null,
/**
 * A code that the customer should scan.
 */
code: string | null,
/**
 * That code as it is drawn; nothing once it is being called off.
 */
drawn: DrawnCode | null,
/**
 * The provider's ids, and ids of linked operations.
 */
evidence: Evidence,
/**
 * What happened, oldest first, bounded.
 */
timeline: Array<Moment>,
/**
 * Enquiries so far, while it is not settled.
 */
enquiries: number,
/**
 * When the next enquiry is due; nothing while one runs or none is needed.
 */
next_enquiry: string | null,
/**
 * When it came to stand as it stands.
 */
changed_at: string, };
