// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Command } from "./Command";
import type { CommandId } from "./CommandId";

/**
 * A command with the id that its sender chose: a resend carries the same id and changes nothing more.
 */
export type Dispatch = {
/**
 * Chosen by the interface.
 */
id: CommandId,
/**
 * What is wanted.
 */
command: Command, };
