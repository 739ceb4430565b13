// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { TerminalForm } from "./TerminalForm";
import type { TerminalId } from "./TerminalId";

/**
 * What is wanted of the list of terminals.
 */
export type TerminalWanted = { "want": "add",
/**
 * As typed.
 */
form: TerminalForm, } | { "want": "change",
/**
 * As typed.
 */
form: TerminalForm, } | { "want": "remove",
/**
 * Which.
 */
terminal: TerminalId, };
