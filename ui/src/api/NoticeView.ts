// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { TerminalId } from "./TerminalId";

/**
 * One notice.
 */
export type NoticeView = {
/**
 * Counts like [`Moment::number`].
 */
number: number,
/**
 * When.
 */
at: string,
/**
 * From which terminal.
 */
terminal: TerminalId | null,
/**
 * The stable word: `card_inserted`, `maintenance_wanted`, …
 */
code: string,
/**
 * More, where there is more.
 */
text: string, };
