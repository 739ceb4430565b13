// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Count } from "./Count";
import type { Currency } from "./Currency";
import type { TenderRow } from "./TenderRow";
import type { VatRow } from "./VatRow";

/**
 * Sums of one currency.
 */
export type Totals = {
/**
 * Of which currency everything here is.
 */
currency: Currency,
/**
 * Completed sales: what was sold, discounts taken off, before cash rounding.
 */
sales: Count,
/**
 * Completed sales in which goods came back: their value, below zero.
 */
returns: Count,
/**
 * Sales that were given up.
 */
voided: number,
/**
 * Tax per rate, the highest first.
 */
vat: Array<VatRow>,
/**
 * Completed sales that were an amount alone: no tax is known for them. Part of `sales`.
 */
untaxed: number,
/**
 * Discounts in completed sales.
 */
discounts: Count,
/**
 * Lines that were taken out.
 */
corrections: number,
/**
 * Cash rounding of completed sales.
 */
rounding: number,
/**
 * Ways to pay.
 */
tenders: Array<TenderRow>,
/**
 * Refunds that went through.
 */
refunds: Count,
/**
 * Payments that were undone because somebody asked for it.
 */
reversals: Count,
/**
 * Approvals that never counted and were undone: refused signatures, late approvals given back.
 */
undone: Count,
/**
 * Tips in what was taken.
 */
tips: number,
/**
 * Cash paid out with payments.
 */
cash_back: number,
/**
 * Everything ever sold, over all days.
 */
ever_sold: number,
/**
 * Everything that ever came back, over all days; below zero.
 */
ever_returned: number, };
