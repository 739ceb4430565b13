// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { OperationId } from "./OperationId";
import type { Said } from "./Said";

/**
 * An outcome that contradicts a finished payment and waits for a person.
 */
export type LateView = {
/**
 * Its final word.
 */
said: Said,
/**
 * What it approved in all.
 */
amount: Money,
/**
 * It may count for its sale; otherwise the money can only go back.
 */
may_count: boolean,
/**
 * The refund or reversal that gives it back, once begun.
 */
giving_back: OperationId | null, };
