// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Discount } from "./Discount";
import type { Money } from "./Money";
import type { Quantity } from "./Quantity";
import type { VatRate } from "./VatRate";

/**
 * What is wanted of a sale.
 */
export type SaleWanted = { "want": "scan",
/**
 * As scanned or typed.
 */
code: string,
/**
 * One, where it is not told. Below zero: goods come back.
 */
quantity: Quantity | null,
/**
 * The price, where the product has none of its own.
 */
price: Money | null, } | { "want": "amount",
/**
 * What the receipt says; the till has a word where it is empty.
 */
name: string,
/**
 * What it costs.
 */
price: Money,
/**
 * The tax in it.
 */
vat: VatRate,
/**
 * How many; below zero: goods come back.
 */
quantity: Quantity | null, } | { "want": "quantify",
/**
 * The line.
 */
line: number,
/**
 * How much.
 */
quantity: Quantity, } | { "want": "price",
/**
 * The line.
 */
line: number,
/**
 * Price of one unit.
 */
price: Money, } | { "want": "discount_line",
/**
 * The line.
 */
line: number,
/**
 * How much.
 */
discount: Discount | null, } | { "want": "remove",
/**
 * The line.
 */
line: number, } | { "want": "restore",
/**
 * The line.
 */
line: number, } | { "want": "discount",
/**
 * How much.
 */
discount: Discount | null, } | { "want": "take_cash",
/**
 * The slot.
 */
slot: number,
/**
 * What the customer laid down.
 */
given: Money, } | { "want": "hand_back",
/**
 * The slot.
 */
slot: number, } | { "want": "park",
/**
 * What to call it.
 */
label: string | null, } | { "want": "recall" } | { "want": "complete" } | { "want": "void" };
