// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * An ISO 4217 currency the till knows the decimals of.
 */
export type Currency = string;
