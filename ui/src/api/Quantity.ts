// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How much, in thousandths: 1000 is one piece, 250 is 0.250 kg. Negative for goods that come back; never
 * nothing.
 */
export type Quantity = number;
