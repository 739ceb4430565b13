// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { PaperOf } from "./PaperOf";

/**
 * What is wanted of the printer.
 */
export type PrintWanted = { "want": "again" } | { "want": "forget" } | { "want": "original",
/**
 * What.
 */
of: PaperOf, } | { "want": "copy",
/**
 * What.
 */
of: PaperOf, } | { "want": "report_x" };
