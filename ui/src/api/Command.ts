// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Answer } from "./Answer";
import type { DrawerWanted } from "./DrawerWanted";
import type { Method } from "./Method";
import type { Money } from "./Money";
import type { OperationId } from "./OperationId";
import type { PeopleWanted } from "./PeopleWanted";
import type { PrintWanted } from "./PrintWanted";
import type { PrinterForm } from "./PrinterForm";
import type { PromptId } from "./PromptId";
import type { SaleId } from "./SaleId";
import type { SaleSlot } from "./SaleSlot";
import type { SaleWanted } from "./SaleWanted";
import type { ServiceWanted } from "./ServiceWanted";
import type { SetUp } from "./SetUp";
import type { SightForm } from "./SightForm";
import type { TerminalId } from "./TerminalId";
import type { TerminalWanted } from "./TerminalWanted";
import type { TypedSecret } from "./TypedSecret";
import type { Verdict } from "./Verdict";

/**
 * One command.
 */
export type Command = { "do": "pay",
/**
 * Which terminal.
 */
terminal: TerminalId,
/**
 * In all, cash-back included.
 */
amount: Money,
/**
 * The part paid out in cash.
 */
cash_back: Money,
/**
 * How.
 */
method: Method,
/**
 * What the caller calls it.
 */
label: string | null,
/**
 * The tender.
 */
tender: SaleSlot | null,
/**
 * The code that the customer showed, as it was read. It stays in memory.
 */
code?: TypedSecret,
/**
 * The number of the code that the till's camera saw (`SeenCode`), in place of `code`.
 */
seen?: number, } | { "do": "refund",
/**
 * Which terminal.
 */
terminal: TerminalId,
/**
 * How much.
 */
amount: Money,
/**
 * The payment it goes against.
 */
original: OperationId | null,
/**
 * What the caller calls it.
 */
label: string | null,
/**
 * The tender of a sale in which goods came back, where it is one.
 */
tender?: SaleSlot, } | { "do": "reverse",
/**
 * Which.
 */
payment: OperationId,
/**
 * If the provider wants a refund in its place, do that.
 */
or_refund: boolean, } | { "do": "abort",
/**
 * Which payment.
 */
payment: OperationId, } | { "do": "answer",
/**
 * Of which payment.
 */
payment: OperationId,
/**
 * Which question.
 */
prompt: PromptId,
/**
 * How.
 */
answer: Answer, } | { "do": "decide",
/**
 * Which.
 */
payment: OperationId,
/**
 * Approved or not charged.
 */
verdict: Verdict,
/**
 * Who.
 */
person: string,
/**
 * Why.
 */
reason: string,
/**
 * The provider's reference; needed for "approved".
 */
reference: string | null, } | { "do": "unblock",
/**
 * Which.
 */
terminal: TerminalId,
/**
 * Who.
 */
person: string,
/**
 * Why.
 */
reason: string, } | { "do": "accept_late",
/**
 * Of which payment.
 */
payment: OperationId, } | { "do": "give_back",
/**
 * Of which payment.
 */
payment: OperationId, } | { "do": "void_sale",
/**
 * Which.
 */
sale: SaleId, } | { "do": "open_terminal",
/**
 * Which.
 */
terminal: TerminalId, } | { "do": "service",
/**
 * Which terminal.
 */
terminal: TerminalId,
/**
 * Which service.
 */
service: ServiceWanted, } | { "do": "address",
/**
 * Of which terminal.
 */
terminal: TerminalId,
/**
 * The address as it was shown.
 */
address: string,
/**
 * Confirmed, or refused.
 */
confirm: boolean, } | { "do": "edit_terminal",
/**
 * What is wanted.
 */
wanted: TerminalWanted, } | { "do": "edit_printer",
/**
 * As typed.
 */
form: PrinterForm, } | { "do": "edit_sight",
/**
 * As typed.
 */
form: SightForm, } | { "do": "answer_pairing",
/**
 * Which of [`Pairing`](super::Pairing).
 */
guest: number,
/**
 * Yes or no.
 */
accepts: boolean, } | { "do": "report_x" } | { "do": "set_up",
/**
 * What they are.
 */
wanted: SetUp, } | { "do": "start_again" } | { "do": "recover_now" } | { "do": "sell",
/**
 * Which; the one at the counter where none is named. Ringing up begins one where there is none.
 */
sale: SaleId | null,
/**
 * Its revision as the sender sees it; ringing up needs none.
 */
revision: number | null,
/**
 * What is wanted of it.
 */
wanted: SaleWanted, } | { "do": "next_sale",
/**
 * Which sale is left.
 */
sale: SaleId, } | { "do": "people",
/**
 * What is wanted.
 */
wanted: PeopleWanted, } | { "do": "drawer",
/**
 * What is wanted.
 */
wanted: DrawerWanted, } | { "do": "print",
/**
 * What is wanted.
 */
wanted: PrintWanted, } | { "do": "close_day",
/**
 * The number of the Z as the sender sees it: a second press finds the day closed.
 */
number: number, } | { "do": "import_products",
/**
 * Its bytes, base64.
 */
file: string,
/**
 * Products that are not in it are sold no more.
 */
replace: boolean,
/**
 * Only say what would happen.
 */
check_only: boolean, } | { "do": "next_customer",
/**
 * Which payment is left.
 */
payment: OperationId, };
