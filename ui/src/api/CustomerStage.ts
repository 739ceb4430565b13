// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * Where things stand for the customer.
 */
export type CustomerStage = "idle" | "sale" | "pay" | "checking" | "paid" | "not_paid";
