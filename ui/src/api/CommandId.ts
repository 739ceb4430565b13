// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One command of a user interface; a resend carries the same id and is harmless.
 */
export type CommandId = string;
