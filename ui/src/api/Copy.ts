// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * Whose copy it is.
 */
export type Copy = "customer" | "merchant" | "other";
