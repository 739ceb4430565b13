// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { TerminalId } from "./TerminalId";

/**
 * An approval that belongs to no operation of ours.
 */
export type UnclaimedPayment = {
/**
 * Where.
 */
terminal: TerminalId,
/**
 * How much, where the provider said it.
 */
amount: Money | null,
/**
 * When it came to light.
 */
at: string, };
