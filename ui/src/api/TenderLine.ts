// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { OperationId } from "./OperationId";
import type { TenderKind } from "./TenderKind";

/**
 * One way part of a sale is paid.
 */
export type TenderLine = {
/**
 * Its slot.
 */
slot: number,
/**
 * Cash, card or wallet.
 */
kind: TenderKind,
/**
 * The payment, where it went through a terminal.
 */
payment: OperationId | null,
/**
 * What it brings; what is asked for while it is open.
 */
amount: Money,
/**
 * What the customer laid down in cash.
 */
given: Money | null,
/**
 * What the customer gets back of it.
 */
change: Money | null,
/**
 * As a payment's outcome; `handed_back` for cash that was handed back.
 */
outcome: string, };
