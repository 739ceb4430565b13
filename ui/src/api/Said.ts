// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * The final word of the provider.
 */
export type Said = "approved" | "partial" | "declined" | "cancelled";
