// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { Unit } from "./Unit";
import type { VatRate } from "./VatRate";

/**
 * One product as a search shows it.
 */
export type ProductRow = {
/**
 * The shop's number for it: what a scan names.
 */
sku: string,
/**
 * What the receipt says.
 */
name: string,
/**
 * Price of one unit.
 */
price: Money,
/**
 * The tax in it.
 */
vat: VatRate,
/**
 * How it is counted.
 */
unit: Unit,
/**
 * What it belongs to.
 */
group: string | null,
/**
 * Its price is typed at the sale.
 */
open_price: boolean, };
