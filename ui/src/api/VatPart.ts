// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { VatRate } from "./VatRate";

/**
 * What a sale came to at one rate. Negative for goods that came back.
 */
export type VatPart = {
/**
 * The rate.
 */
rate: VatRate,
/**
 * What is paid.
 */
gross: Money,
/**
 * What is left of it without tax.
 */
net: Money,
/**
 * The tax in it.
 */
vat: Money, };
