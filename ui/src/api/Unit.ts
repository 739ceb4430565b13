// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How a product is counted.
 */
export type Unit = "piece" | "kilogram" | "litre" | "metre";
