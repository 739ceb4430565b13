// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Currency } from "./Currency";

/**
 * An amount in minor units. Never negative where it is asked for or approved.
 */
export type Money = {
/**
 * Minor units, for example öre.
 */
minor: number,
/**
 * What they are minor units of.
 */
currency: Currency, };
