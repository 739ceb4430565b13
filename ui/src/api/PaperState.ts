// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * Where a paper stands.
 */
export type PaperState = "kept" | "waiting" | "printed" | "dropped";
