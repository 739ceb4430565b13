// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Copy } from "./Copy";
import type { OperationId } from "./OperationId";
import type { SaleId } from "./SaleId";

/**
 * Something that can be on paper.
 */
export type PaperOf = { "of": "sale",
/**
 * Which.
 */
sale: SaleId, } | { "of": "payment",
/**
 * Of which payment.
 */
payment: OperationId,
/**
 * Whose.
 */
copy: Copy, } | { "of": "report_z",
/**
 * Its number.
 */
number: number, };
