// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * Where the slip to sign is.
 */
export type SlipPaper = "printed" | "printing" | "stuck" | "screen";
