// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Scanned } from "./Scanned";

/**
 * What a hand scanner on a serial port read. It listens only while somebody watches this.
 */
export type Scans = {
/**
 * The last few, oldest first. A reader acts on numbers above the newest that it knew when it began.
 */
recent: Array<Scanned>, };
