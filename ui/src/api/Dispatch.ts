// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Approval } from "./Approval";
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
command: Command,
/**
 * Somebody who approves it in place, where the role of who is signed in does not suffice.
 */
approval?: Approval, };
