// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A form that a slip can be saved in.
 */
export type PaperFormat = "text" | "pdf" | "escpos";
