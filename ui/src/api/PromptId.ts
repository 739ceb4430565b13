// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One question to the cashier; answered once (R9).
 */
export type PromptId = string;
