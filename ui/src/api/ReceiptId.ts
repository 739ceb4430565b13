// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One stored receipt.
 */
export type ReceiptId = string;
