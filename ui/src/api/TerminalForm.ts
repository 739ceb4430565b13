// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { TypedSecret } from "./TypedSecret";

/**
 * One terminal as it is typed. Every value is text; a blank one is left out.
 */
export type TerminalForm = {
/**
 * Its id in settings and journal; never changed.
 */
id: string,
/**
 * Its driver.
 */
driver: string,
/**
 * Its name for people; its id where it is blank.
 */
name: string,
/**
 * The driver's settings by key.
 */
settings: { [key in string]: string },
/**
 * Typed secrets by key; one that is left out stays as it is.
 */
secrets: { [key in string]: TypedSecret }, };
