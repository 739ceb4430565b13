// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Health } from "./Health";
import type { Offers } from "./Offers";
import type { OperationId } from "./OperationId";
import type { TerminalId } from "./TerminalId";

/**
 * One terminal.
 */
export type TerminalView = {
/**
 * Its name in the settings.
 */
terminal: TerminalId,
/**
 * Its name for people.
 */
name: string,
/**
 * Its driver.
 */
driver: string,
/**
 * How it is.
 */
health: Health,
/**
 * Why, in the terminal's or the system's words.
 */
detail: string | null,
/**
 * Where it is reached, `host:port`; nothing where there is no network.
 */
address?: string,
/**
 * How far its clock is ahead of the till's, milliseconds, as measured at its newest login.
 */
skew_ms?: number,
/**
 * Serial number, when it was told.
 */
serial: string | null,
/**
 * Software, when it was told.
 */
software: string | null,
/**
 * Health warnings of its newest login.
 */
warnings: Array<string>,
/**
 * The payment that blocks it.
 */
blocked_by: OperationId | null,
/**
 * An announced address that waits for a person.
 */
proposed_address: string | null,
/**
 * A card is in it.
 */
card_inserted: boolean,
/**
 * It wants to be logged out for maintenance.
 */
maintenance_wanted: boolean,
/**
 * What can be asked of it.
 */
offers: Offers, };
