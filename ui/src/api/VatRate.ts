// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A rate in basis points: 2500 is 25 %.
 */
export type VatRate = number;
