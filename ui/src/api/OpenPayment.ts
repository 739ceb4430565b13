// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Kind } from "./Kind";
import type { Money } from "./Money";
import type { OperationId } from "./OperationId";
import type { TerminalId } from "./TerminalId";

/**
 * A payment that is not settled, or waits for a person.
 */
export type OpenPayment = {
/**
 * Which.
 */
operation: OperationId,
/**
 * Sale, refund or reversal.
 */
kind: Kind,
/**
 * Where.
 */
terminal: TerminalId,
/**
 * What was asked.
 */
requested: Money,
/**
 * When.
 */
at: string,
/**
 * The stable word for where it stands.
 */
state: string, };
