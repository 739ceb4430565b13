// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * Name of a terminal in the settings; its identity for people, not its address.
 */
export type TerminalId = string;
