// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * How the room is.
 */
export type PairingRoom = { "is": "opening" } | { "is": "open",
/**
 * The till's name in a terminal's list.
 */
name: string,
/**
 * The port that terminals connect to.
 */
port: number,
/**
 * The network does not let the till be found: no terminal lists it.
 */
unseen: boolean, } | { "is": "shut",
/**
 * The system's words.
 */
why: string, };
