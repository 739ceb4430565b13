// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One step.
 */
export type Step = {
/**
 * `name`, `port`, `login`, `identity`, `clock`, `listener`; `printer`.
 */
name: string,
/**
 * Passed.
 */
ok: boolean,
/**
 * What was found.
 */
detail: string,
/**
 * What to do, where it failed or could not be tried as a whole.
 */
fix: string | null, };
