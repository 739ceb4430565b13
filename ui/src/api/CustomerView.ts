// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { CustomerLine } from "./CustomerLine";
import type { CustomerStage } from "./CustomerStage";
import type { DrawnCode } from "./DrawnCode";
import type { Method } from "./Method";
import type { Money } from "./Money";

/**
 * What the customer may see: no reasons, no staff.
 */
export type CustomerView = {
/**
 * Where things stand.
 */
stage: CustomerStage,
/**
 * The amount in question.
 */
amount: Money | null,
/**
 * How it is paid, while a payment runs or has just ended.
 */
method: Method | null,
/**
 * The terminal's own words.
 */
text: string | null,
/**
 * A code to scan.
 */
code: string | null,
/**
 * That code as it is drawn.
 */
drawn: DrawnCode | null,
/**
 * A practice folder.
 */
practice: boolean,
/**
 * The shop's name.
 */
shop: string,
/**
 * How many decimals the till's currency has.
 */
decimals: number,
/**
 * What was paid in all, once it was.
 */
paid: Money | null,
/**
 * What is rung up, in its order.
 */
lines: Array<CustomerLine>,
/**
 * What it comes to.
 */
total: Money | null,
/**
 * What the customer gets back in cash.
 */
change: Money | null, };
