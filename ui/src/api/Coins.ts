// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";

/**
 * So many coins or notes of one value.
 */
export type Coins = {
/**
 * What one is worth.
 */
value: Money,
/**
 * How many.
 */
pieces: number, };
