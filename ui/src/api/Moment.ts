// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { MomentKind } from "./MomentKind";

/**
 * One moment of a time line.
 */
export type Moment = {
/**
 * Counts the moments of this till; a reader remembers how far it got.
 */
number: number,
/**
 * When.
 */
at: string,
/**
 * What.
 */
what: MomentKind, };
