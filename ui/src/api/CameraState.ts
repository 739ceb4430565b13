// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How the camera is.
 */
export type CameraState = { "is": "off" } | { "is": "starting" } | { "is": "looking",
/**
 * The name that it gives itself.
 */
name: string, } | { "is": "away" } | { "is": "busy" } | { "is": "unfit" };
