// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { SaleId } from "./SaleId";

/**
 * A sale that was put aside.
 */
export type ParkedView = {
/**
 * Which.
 */
sale: SaleId,
/**
 * Its revision.
 */
revision: number,
/**
 * What the cashier calls it.
 */
label: string | null,
/**
 * How many lines count.
 */
lines: number,
/**
 * The first of them, to recognise it.
 */
first: string | null,
/**
 * What it comes to.
 */
total: Money,
/**
 * When it was put aside, where this run of the till knows.
 */
at: string | null, };
