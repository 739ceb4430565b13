// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { SaleId } from "./SaleId";

/**
 * The open sale of a payment.
 */
export type TenderView = {
/**
 * The sale.
 */
sale: SaleId,
/**
 * Its revision; a money command names it.
 */
revision: number,
/**
 * The first free slot.
 */
slot: number,
/**
 * What is to be paid in all.
 */
total: Money,
/**
 * What is paid.
 */
paid: Money,
/**
 * What is due and not held by an open payment.
 */
due: Money, };
