// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How many, and how much in minor units.
 */
export type Count = {
/**
 * How many; below zero where what counted before a Z was taken back after it.
 */
count: number,
/**
 * How much.
 */
minor: number, };
