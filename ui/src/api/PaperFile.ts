// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A slip as a file.
 */
export type PaperFile = {
/**
 * A name for it.
 */
name: string,
/**
 * Its media type.
 */
media: string,
/**
 * Its bytes, base64.
 */
bytes: string, };
