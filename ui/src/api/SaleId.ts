// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One sale at the till.
 */
export type SaleId = string;
