// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { TerminalForm } from "./TerminalForm";

/**
 * First settings.
 */
export type SetUp = {
/**
 * A folder to practise in: no real money, ever.
 */
practice: boolean,
/**
 * The shop's name.
 */
shop: string,
/**
 * ISO 4217 code.
 */
currency: string,
/**
 * As IANA names it.
 */
time_zone: string,
/**
 * The first terminal; others can follow.
 */
terminal?: TerminalForm, };
