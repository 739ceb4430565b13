// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * What kind of answer is wanted.
 */
export type Question = "signature" | "confirm" | "any_key" | { "digits": {
/**
 * Fewest.
 */
min: number,
/**
 * Most.
 */
max: number, } } | { "text": {
/**
 * Fewest.
 */
min: number,
/**
 * Most.
 */
max: number, } } | { "decimal": {
/**
 * Most decimals.
 */
decimals: number, } } | { "menu": {
/**
 * The entries in order.
 */
entries: Array<string>, } };
