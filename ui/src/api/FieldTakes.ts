// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * What a field of a form takes.
 */
export type FieldTakes = "text" | "secret" | "url" | "milliseconds" | "number" | "choice" | "flag";
