// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Role } from "./Role";
import type { StaffId } from "./StaffId";

/**
 * One person.
 */
export type PersonView = {
/**
 * Their id.
 */
person: StaffId,
/**
 * Their name; empty once it was erased.
 */
name: string,
/**
 * What they are.
 */
role: Role,
/**
 * Works here.
 */
active: boolean, };
