// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * Where secrets are kept.
 */
export type Kept = "file" | "keyring";
