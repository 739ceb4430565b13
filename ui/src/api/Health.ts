// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How a terminal is.
 */
export type Health = "unknown" | "opening" | "ready" | "working" | "maintenance" | "unreachable" | "out_of_order";
