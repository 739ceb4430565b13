// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Pin } from "./Pin";
import type { Role } from "./Role";
import type { StaffId } from "./StaffId";

/**
 * What is wanted of the people at the till.
 */
export type PeopleWanted = { "want": "sign_in",
/**
 * Who.
 */
person: StaffId,
/**
 * Their PIN.
 */
pin: Pin, } | { "want": "sign_out" } | { "want": "lock" } | { "want": "enrol",
/**
 * Their name.
 */
name: string,
/**
 * What they are.
 */
role: Role,
/**
 * Their PIN.
 */
pin: Pin, } | { "want": "rename",
/**
 * Whose.
 */
person: StaffId,
/**
 * Their name.
 */
name: string, } | { "want": "set_pin",
/**
 * Whose.
 */
person: StaffId,
/**
 * The PIN.
 */
pin: Pin, } | { "want": "give_role",
/**
 * Whose.
 */
person: StaffId,
/**
 * What they are to be.
 */
role: Role, } | { "want": "dismiss",
/**
 * Who.
 */
person: StaffId, } | { "want": "readmit",
/**
 * Who.
 */
person: StaffId, };
