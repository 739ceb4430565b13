// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { CommandId } from "./CommandId";
import type { OperationId } from "./OperationId";
import type { PaperFormat } from "./PaperFormat";
import type { PrinterForm } from "./PrinterForm";
import type { SaleId } from "./SaleId";
import type { TerminalForm } from "./TerminalForm";
import type { TerminalId } from "./TerminalId";

/**
 * One query. Lists are newest first.
 */
export type Query = { "read": "payments",
/**
 * The business day.
 */
day: string | null,
/**
 * Only open ones, and those that need attention.
 */
open: boolean,
/**
 * How many at most.
 */
limit: number | null, } | { "read": "payment",
/**
 * Which.
 */
payment: OperationId, } | { "read": "receipts",
/**
 * The business day.
 */
day: string | null,
/**
 * Words.
 */
search: string | null,
/**
 * How many at most.
 */
limit: number | null, } | { "read": "receipt",
/**
 * The id as text.
 */
id: string, } | { "read": "day",
/**
 * The business day.
 */
day: string | null, } | { "read": "check",
/**
 * Which terminal.
 */
terminal: TerminalId,
/**
 * Chosen by the reader: the check opens the terminal.
 */
id: CommandId, } | { "read": "check_printer",
/**
 * The printer that is typed here and not kept yet; the one in use where there is none.
 */
form?: PrinterForm, } | { "read": "sale_receipts",
/**
 * The business day.
 */
day: string | null,
/**
 * The receipt's number.
 */
number: number | null,
/**
 * How many at most.
 */
limit: number | null, } | { "read": "sale",
/**
 * Which.
 */
sale: SaleId, } | { "read": "sale_papers",
/**
 * Which.
 */
sale: SaleId, } | { "read": "report_papers",
/**
 * Its number.
 */
number: number, } | { "read": "file",
/**
 * The id of a slip or of a receipt, as text.
 */
id: string,
/**
 * The form.
 */
format: PaperFormat, } | { "read": "check_form",
/**
 * As typed.
 */
form: TerminalForm,
/**
 * It changes the terminal of its id.
 */
change: boolean,
/**
 * Chosen by the reader.
 */
id: CommandId, } | { "read": "checking",
/**
 * The id of the check.
 */
id: CommandId,
/**
 * How many steps the reader has seen.
 */
seen: number, } | { "read": "terminals" } | { "read": "standing" } | { "read": "products",
/**
 * Words.
 */
search: string | null,
/**
 * How many at most.
 */
limit: number | null, } | { "read": "report_x" } | { "read": "reports",
/**
 * How many at most.
 */
limit: number | null, } | { "read": "verify" };
