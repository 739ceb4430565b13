// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { Quantity } from "./Quantity";
import type { Unit } from "./Unit";

/**
 * One line as the customer sees it.
 */
export type CustomerLine = {
/**
 * What.
 */
name: string,
/**
 * How much.
 */
quantity: Quantity,
/**
 * How it is counted.
 */
unit: Unit,
/**
 * What it brings.
 */
amount: Money, };
