// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * What a paper is.
 */
export type PaperKind = "receipt" | "customer" | "to_sign" | "merchant" | "other" | "report_x" | "report_z";
