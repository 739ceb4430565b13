// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { CountView } from "./CountView";

/**
 * The open shift. What is expected is not in it: the count is blind.
 */
export type ShiftView = {
/**
 * Who opened it.
 */
opened_by: string,
/**
 * When.
 */
opened_at: string,
/**
 * The count that no cash has moved since.
 */
count: CountView | null, };
