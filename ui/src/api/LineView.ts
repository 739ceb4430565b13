// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Discount } from "./Discount";
import type { Money } from "./Money";
import type { Quantity } from "./Quantity";
import type { Unit } from "./Unit";
import type { VatRate } from "./VatRate";

/**
 * One line.
 */
export type LineView = {
/**
 * Its number.
 */
line: number,
/**
 * What.
 */
name: string,
/**
 * The shop's number for it.
 */
sku: string | null,
/**
 * How much.
 */
quantity: Quantity,
/**
 * How it is counted.
 */
unit: Unit,
/**
 * Price of one unit.
 */
price: Money,
/**
 * The tax in it.
 */
vat: VatRate,
/**
 * Money off it.
 */
discount: Discount | null,
/**
 * What that comes to.
 */
discounted: Money,
/**
 * What it brings before the discount on the whole.
 */
amount: Money,
/**
 * Taken out.
 */
removed: boolean, };
