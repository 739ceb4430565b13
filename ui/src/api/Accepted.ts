// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Answer } from "./Answer";
import type { Imported } from "./Imported";
import type { OperationId } from "./OperationId";
import type { Report } from "./Report";
import type { SaleId } from "./SaleId";

/**
 * The command is accepted; what follows is in the view.
 */
export type Accepted = {
/**
 * The payment it began.
 */
payment: OperationId | null,
/**
 * The sale it belongs to.
 */
sale: SaleId | null,
/**
 * Names and values that a service told.
 */
lines: Array<[string, string]>,
/**
 * What the customer answered on the terminal.
 */
answer: Answer | null,
/**
 * What an import did.
 */
imported?: Imported,
/**
 * The X report that was asked for as an act.
 */
report?: Report, };
