// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One shift of the drawer, from float to count.
 */
export type ShiftId = string;
