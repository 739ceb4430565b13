// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A line that was left out.
 */
export type Rejected = {
/**
 * Its number in the file, counted from 1.
 */
line: number,
/**
 * Which column is wrong; empty for the whole line.
 */
column: string,
/**
 * `missing`, `price`, `vat`, `unit`, `flag`, `twice`, `code_taken`, `quotes`, `too_long`.
 */
why: string,
/**
 * What stands there, shortened.
 */
text: string, };
