// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { OperationId } from "./OperationId";
import type { ProblemCode } from "./ProblemCode";

/**
 * A problem.
 */
export type Problem = {
/**
 * What is wrong.
 */
code: ProblemCode,
/**
 * Its parameters by name.
 */
parameters: { [key in string]: string },
/**
 * The payment it is about.
 */
operation: OperationId | null, };
