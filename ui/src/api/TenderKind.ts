// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One way to pay, for totals.
 */
export type TenderKind = "cash" | "card" | "wallet";
