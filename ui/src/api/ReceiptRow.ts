// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Copy } from "./Copy";
import type { OperationId } from "./OperationId";
import type { ReceiptId } from "./ReceiptId";

/**
 * One stored receipt.
 */
export type ReceiptRow = {
/**
 * Its id.
 */
receipt: ReceiptId,
/**
 * The payment it belongs to.
 */
payment: OperationId,
/**
 * Whose copy.
 */
copy: Copy,
/**
 * When it came.
 */
at: string,
/**
 * Made in practice.
 */
practice: boolean,
/**
 * Its text; nothing once it was erased.
 */
text: string | null, };
