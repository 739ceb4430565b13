// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { TerminalId } from "./TerminalId";

/**
 * A terminal that asks.
 */
export type PairingGuest = {
/**
 * What `Command::AnswerPairing` calls it by.
 */
number: number,
/**
 * Its name.
 */
name: string,
/**
 * Its serial number, or its name again.
 */
serial: string,
/**
 * Where it is reached, `address:port`.
 */
place: string,
/**
 * Another one that asks has the same name.
 */
has_namesake: boolean,
/**
 * The terminal of the settings that was paired with it before.
 */
known: TerminalId | null,
/**
 * What the form's fields become where it is accepted.
 */
settings: { [key in string]: string }, };
