// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Kept } from "./Kept";
import type { VatRate } from "./VatRate";

/**
 * What the settings say of shop and till, as far as screens need it.
 */
export type ShopView = {
/**
 * The shop's name.
 */
name: string,
/**
 * The till's id.
 */
till: string,
/**
 * ISO 4217 code of the till's currency.
 */
currency: string,
/**
 * How many decimals it has.
 */
decimals: number,
/**
 * Largest amount of one request, in minor units.
 */
largest_minor: number,
/**
 * Time zone of the shop, as IANA names it.
 */
time_zone: string,
/**
 * The rates of tax in use, the usual one first.
 */
vat: Array<VatRate>,
/**
 * Where tokens and keys of terminals are kept.
 */
secrets: Kept, };
