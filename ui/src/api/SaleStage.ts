// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * Where a sale stands.
 */
export type SaleStage = "open" | "completed" | "voided";
