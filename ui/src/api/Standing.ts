// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { DriverForm } from "./DriverForm";
import type { Problem } from "./Problem";

/**
 * How the till behind an interface stands.
 */
export type Standing = { "is": "starting" } | { "is": "running" } | { "is": "empty",
/**
 * The data folder.
 */
folder: string,
/**
 * The drivers for a first terminal.
 */
drivers: Array<DriverForm>,
/**
 * ISO 4217 codes to choose from.
 */
currencies: Array<string>, } | { "is": "broken",
/**
 * The data folder.
 */
folder: string,
/**
 * Why.
 */
problem: Problem, };
