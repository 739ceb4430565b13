// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Pin } from "./Pin";
import type { StaffId } from "./StaffId";

/**
 * Somebody approves one command in place.
 */
export type Approval = {
/**
 * Who.
 */
person: StaffId,
/**
 * Their PIN.
 */
pin: Pin, };
