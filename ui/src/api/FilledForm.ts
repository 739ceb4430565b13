// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { TerminalForm } from "./TerminalForm";

/**
 * One terminal of the settings as a form.
 */
export type FilledForm = {
/**
 * What is in the settings; without its secrets.
 */
form: TerminalForm,
/**
 * The keys whose secrets are kept.
 */
kept: Array<string>, };
