// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { CashTaken } from "./CashTaken";
import type { HourTaken } from "./HourTaken";
import type { Instrument } from "./Instrument";
import type { Money } from "./Money";
import type { OperationId } from "./OperationId";
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
 * What customers paid with in these payments, where it is known; masked.
 */
cards: { [key in OperationId]: Instrument },
/**
 * There are more than a day's list holds; the sums are of those in it.
 */
more: boolean,
/**
 * What customers paid by card and wallet.
 */
taken: Money,
/**
 * Payments within it.
 */
taken_count: number,
/**
 * Cash of sales; nothing for who may not see totals, because a count of the drawer is blind.
 */
cash: CashTaken | null,
/**
 * What went back.
 */
back: Money,
/**
 * Refunds and reversals within it.
 */
back_count: number,
/**
 * What customers paid, cash with the others where it is told: every hour of the clock, from that in
 * which the business day begins.
 */
hours: Array<HourTaken>, };
