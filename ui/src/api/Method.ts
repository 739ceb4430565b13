// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How the customer wants to pay; a wish where the terminal decides.
 */
export type Method = "card" | "qr" | "any";
