// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * Which way cash goes.
 */
export type Way = "in" | "out";
