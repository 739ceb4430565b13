// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How far a running payment has come, as far as the till can tell. For pictures only: nothing about
 * money hangs on it.
 */
export type Phase = "preparing" | "sent" | "with_customer" | "authorising";
