// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { PersonView } from "./PersonView";
import type { StaffId } from "./StaffId";

/**
 * Who works here, and who is at the till.
 */
export type PeopleView = {
/**
 * In the order of enrolment. Empty: nobody needs to sign in.
 */
people: Array<PersonView>,
/**
 * Who is at the till.
 */
signed_in: StaffId | null,
/**
 * Who was, until the till locked itself.
 */
locked: StaffId | null, };
