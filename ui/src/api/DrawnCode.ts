// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A code that customers scan: its dark modules as a picture, without the light margin of four modules that
 * it needs around it, and how long it is good.
 */
export type DrawnCode = {
/**
 * Modules on a side, 21 to 177.
 */
side: number,
/**
 * An SVG path of the dark modules, one unit each.
 */
path: string,
/**
 * Since when it is shown.
 */
from: string,
/**
 * Until when it can be paid, where that is known.
 */
until: string | null, };
