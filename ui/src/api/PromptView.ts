// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { PromptId } from "./PromptId";
import type { Question } from "./Question";

/**
 * A question that is open.
 */
export type PromptView = {
/**
 * Its id.
 */
id: PromptId,
/**
 * What is wanted.
 */
question: Question,
/**
 * The words.
 */
text: string,
/**
 * Answered "no dialogue" at this time, where there is a limit.
 */
until: string | null, };
