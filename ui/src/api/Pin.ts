// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A typed PIN. Never shown, logged or stored.
 */
export type Pin = string;
