// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How a payment ended.
 */
export type Verdict = "approved" | "partial" | "declined" | "cancelled" | "not_charged";
