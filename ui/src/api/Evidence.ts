// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * The provider's ids and references, verbatim, by the protocol's name for them.
 */
export type Evidence = { [key in string]: string };
