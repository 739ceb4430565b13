// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * What somebody is.
 */
export type Role = "cashier" | "manager" | "installer";
