// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { PaymentRow } from "./PaymentRow";

/**
 * One business day.
 */
export type DayView = {
/**
 * Which.
 */
day: string,
/**
 * The day before and the day after, for turning pages.
 */
before: string,
/**
 * Nothing after today.
 */
after: string | null,
/**
 * Payments, newest first.
 */
rows: Array<PaymentRow>,
/**
 * There are more than a day's list holds; the sums are of those in it.
 */
more: boolean,
/**
 * What customers paid, in all.
 */
taken: Money,
/**
 * Payments within it.
 */
taken_count: number,
/**
 * What went back.
 */
back: Money,
/**
 * Refunds and reversals within it.
 */
back_count: number, };
