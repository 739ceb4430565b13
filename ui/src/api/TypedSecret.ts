// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A typed secret. Never shown, logged or journaled.
 */
export type TypedSecret = string;
