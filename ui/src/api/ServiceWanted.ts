// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A service that moves no money.
 */
export type ServiceWanted = "logout" | "diagnosis" | "totals" | "reconcile" | { "show": {
/**
 * The lines.
 */
lines: Array<string>, } } | { "ask": {
/**
 * The words.
 */
text: string,
/**
 * For digits; otherwise for yes or no.
 */
digits: boolean, } };
