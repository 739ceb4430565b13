// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * One answer to a question.
 */
export type Answer = "yes" | "no" | { "typed": string } | { "chosen": number } | "no_dialogue";
