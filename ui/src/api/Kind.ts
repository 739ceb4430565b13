// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * What kind of money request an operation is.
 */
export type Kind = "sale" | "refund" | "reversal";
