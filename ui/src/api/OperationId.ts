// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One money operation, which is one payment: an attempt to settle a tender, a refund or a reversal.
 */
export type OperationId = string;
