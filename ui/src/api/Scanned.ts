// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One scan.
 */
export type Scanned = {
/**
 * Counted upwards while the till runs.
 */
number: number,
/**
 * What was read, without its end of line.
 */
text: string, };
