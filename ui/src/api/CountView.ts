// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";

/**
 * A count, once it was entered.
 */
export type CountView = {
/**
 * What lay there.
 */
counted: Money,
/**
 * What was expected.
 */
expected: Money,
/**
 * How much more lay there; below zero where some is missing.
 */
difference: Money, };
