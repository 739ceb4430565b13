// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { CommandId } from "./CommandId";

/**
 * One scan.
 */
export type Scanned = {
/**
 * Counted upwards while the till runs.
 */
number: number,
/**
 * What was read, without its end of line; nothing where it was longer than any code.
 */
text: string,
/**
 * The command that rings it up: whoever is told of the scan sends the same one, so that two windows ring
 * it up once.
 */
command: CommandId,
/**
 * It was longer than any code, and was dropped whole.
 */
too_long: boolean, };
