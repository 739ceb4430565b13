// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One step.
 */
export type Step = {
/**
 * `name`, `address`, `port`, `http`, `login`, `listener`, `identity`, `clock`, `health`; on a serial
 * line `device`, `permission`, `speed`, `login`, `frames`; `printer`.
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
fix: string | null,
/**
 * What was found, as a word for programs.
 */
code: string,
/**
 * What the words are about, by name.
 */
about: { [key in string]: string }, };
