// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { OpenPayment } from "./OpenPayment";
import type { Shift } from "./Shift";
import type { StaffId } from "./StaffId";
import type { Totals } from "./Totals";
import type { UnclaimedPayment } from "./UnclaimedPayment";

/**
 * The day as it is written down or shown. Amounts are minor units of the totals' currency.
 */
export type Report = {
/**
 * The number of a Z; nothing for an X.
 */
number: number | null,
/**
 * Since when; nothing where nothing has happened yet.
 */
from: string | null,
/**
 * Until when.
 */
to: string,
/**
 * Who asked for it.
 */
by: StaffId,
/**
 * What happened, per currency.
 */
totals: Array<Totals>,
/**
 * Payments that are not settled, or wait for a person.
 */
open: Array<OpenPayment>,
/**
 * Approvals of the day that belong to no operation.
 */
unclaimed: Array<UnclaimedPayment>,
/**
 * Sales that are neither paid nor given up, parked ones included.
 */
open_sales: number,
/**
 * How often the drawer was opened without a sale.
 */
drawer_openings: number,
/**
 * Copies of receipts.
 */
copies: number,
/**
 * The shifts of the day, the open one last.
 */
shifts: Array<Shift>, };
