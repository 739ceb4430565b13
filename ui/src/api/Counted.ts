// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Money } from "./Money";
import type { StaffId } from "./StaffId";

/**
 * A count of the drawer.
 */
export type Counted = {
/**
 * Who counted.
 */
by: StaffId,
/**
 * When.
 */
at: string,
/**
 * What lay there.
 */
counted: Money,
/**
 * What was expected.
 */
expected: Money, };
