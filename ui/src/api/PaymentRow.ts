// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { OperationId } from "./OperationId";
import type { TerminalId } from "./TerminalId";

/**
 * One payment in a list.
 */
export type PaymentRow = {
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
