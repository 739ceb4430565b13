// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Rejected } from "./Rejected";

/**
 * The report of an import.
 */
export type Imported = {
/**
 * Products that were not there before.
 */
added: number,
/**
 * Products that are other than before.
 */
changed: number,
/**
 * Products that are as before.
 */
unchanged: number,
/**
 * Products that are sold no more.
 */
removed: number,
/**
 * Lines that were left out; all of them counted, the first ones listed.
 */
rejected_count: number,
/**
 * The first of them.
 */
rejected: Array<Rejected>,
/**
 * How the file's letters are written: `UTF-8`, `UTF-16LE`, `windows-1252` …
 */
encoding: string,
/**
 * Columns that mean nothing to the till.
 */
unknown_columns: Array<string>, };
