// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Copy } from "./Copy";
import type { PromptId } from "./PromptId";

/**
 * What happened.
 */
export type MomentKind = { "type": "display",
/**
 * Its words.
 */
text: string, } | { "type": "code",
/**
 * Its content.
 */
data: string, } | { "type": "prompt",
/**
 * The question's id.
 */
id: PromptId,
/**
 * Its kind, see [`Question::code`].
 */
kind: string,
/**
 * The words.
 */
text: string, } | { "type": "print",
/**
 * Whose copy.
 */
copy: Copy,
/**
 * Its text.
 */
text: string, } | { "type": "step",
/**
 * The stable word.
 */
step: string,
/**
 * More, where there is more.
 */
detail: string | null, };
