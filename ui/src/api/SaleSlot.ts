// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { SaleId } from "./SaleId";

/**
 * The tender of a sale that a money command settles.
 */
export type SaleSlot = {
/**
 * The sale.
 */
sale: SaleId,
/**
 * Its revision as the sender sees it.
 */
revision: number,
/**
 * The tender's place.
 */
slot: number, };
