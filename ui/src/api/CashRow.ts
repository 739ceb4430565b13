// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { SaleId } from "./SaleId";
import type { StaffId } from "./StaffId";

/**
 * Cash of one sale that came or went.
 */
export type CashRow = {
/**
 * Its number in the journal.
 */
entry: number,
/**
 * When.
 */
at: string,
/**
 * What stayed in the drawer, change taken off; below zero where it left it.
 */
amount: Money,
/**
 * The sale.
 */
sale: SaleId,
/**
 * The number of the sale's receipt, where it has one.
 */
receipt: number | null,
/**
 * Who is at the sale.
 */
cashier: StaffId | null, };
