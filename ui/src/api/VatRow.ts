// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { VatRate } from "./VatRate";

/**
 * What one rate brought, in minor units.
 */
export type VatRow = {
/**
 * The rate.
 */
rate: VatRate,
/**
 * What was paid.
 */
gross: number,
/**
 * Without tax.
 */
net: number,
/**
 * The tax.
 */
vat: number, };
