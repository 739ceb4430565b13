// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * The printer as it is typed. Every value is text; a blank one is left out.
 */
export type PrinterForm = {
/**
 * What drives it; `none` where there is none.
 */
driver: string,
/**
 * Its other settings by key.
 */
settings: { [key in string]: string }, };
