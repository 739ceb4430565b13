// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Counted } from "./Counted";
import type { Money } from "./Money";
import type { ShiftId } from "./ShiftId";
import type { StaffId } from "./StaffId";

/**
 * One shift.
 */
export type Shift = {
/**
 * Its id.
 */
id: ShiftId,
/**
 * Who opened it.
 */
opened_by: StaffId,
/**
 * When.
 */
opened_at: string,
/**
 * What it began with.
 */
float: Money,
/**
 * Cash put in beside sales.
 */
put_in: Money,
/**
 * Cash taken out beside sales.
 */
taken_out: Money,
/**
 * Cash of sales less change, refunds in cash and cash paid out with cards.
 */
of_sales: Money,
/**
 * The newest count that no cash has moved since.
 */
count: Counted | null,
/**
 * How many counts there were.
 */
counts: number,
/**
 * Who closed it, and when.
 */
closed: [StaffId, string] | null, };
