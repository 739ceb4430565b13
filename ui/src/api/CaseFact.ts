// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One entry of the journal.
 */
export type CaseFact = {
/**
 * Its number in the journal.
 */
entry: number,
/**
 * When.
 */
at: string,
/**
 * What; for programs that keep case files.
 */
fact: unknown, };
