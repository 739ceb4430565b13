// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { CashRow } from "./CashRow";
import type { Money } from "./Money";

/**
 * Cash of a day's sales.
 */
export type CashTaken = {
/**
 * What they left in the drawer; below zero where more was paid out for goods that came back.
 */
amount: Money,
/**
 * How often cash was taken.
 */
count: number,
/**
 * Each time it came or went, newest first; as many as a day's list holds.
 */
rows: Array<CashRow>, };
