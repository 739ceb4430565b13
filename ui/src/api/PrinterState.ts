// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How the printer is, in one word.
 */
export type PrinterState = "none" | "ready" | "printing" | "trouble";
