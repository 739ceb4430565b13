// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Count } from "./Count";
import type { TenderKind } from "./TenderKind";
import type { TerminalId } from "./TerminalId";

/**
 * One way to pay, on one terminal.
 */
export type TenderRow = {
/**
 * Which way.
 */
kind: TenderKind,
/**
 * Through which terminal; none for cash.
 */
terminal: TerminalId | null,
/**
 * From customers, tips and cash-back included.
 */
taken: Count,
/**
 * To customers.
 */
back: Count, };
