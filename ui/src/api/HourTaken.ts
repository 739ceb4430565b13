// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";

/**
 * What customers paid in one hour of the day.
 */
export type HourTaken = {
/**
 * From 0 to 23, in the shop's time zone.
 */
hour: number,
/**
 * Below zero where more cash went out than came in.
 */
taken: Money, };
