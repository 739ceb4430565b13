// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";

/**
 * Money off.
 */
export type Discount = { "amount": Money } | { "percent": number };
