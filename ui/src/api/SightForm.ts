// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * Camera and hand scanner as they are typed. Every value is text; a blank one is left out.
 */
export type SightForm = {
/**
 * `sight`.
 */
driver: string,
/**
 * The settings by key: `number`, `size` and `use` of the camera, `port` and `speed` of the scanner.
 */
settings: { [key in string]: string }, };
