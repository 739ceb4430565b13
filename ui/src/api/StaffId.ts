// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One person at the till: cashier, manager or installer. Their name is erasable text.
 */
export type StaffId = string;
