// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * What the customer paid with. Card numbers are masked before they come here.
 */
export type Instrument = {
/**
 * `card`, `mobile` or the protocol's word.
 */
kind: string,
/**
 * Brand or product name.
 */
brand: string | null,
/**
 * Masked number.
 */
number: string | null,
/**
 * How it was read.
 */
entry: string | null, };
