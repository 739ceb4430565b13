// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Step } from "./Step";

/**
 * How far a check has come.
 */
export type Checking = {
/**
 * The steps that are done, in order.
 */
steps: Array<Step>,
/**
 * The names of those to come; the first one is under way. Once the check has ended: those that were
 * not tried.
 */
next: Array<string>,
/**
 * It has ended.
 */
ended: boolean, };
