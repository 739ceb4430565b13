// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One slip for the printer.
 */
export type PaperId = string;
