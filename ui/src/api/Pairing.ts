// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { PairingGuest } from "./PairingGuest";
import type { PairingRoom } from "./PairingRoom";

/**
 * The room where terminals ask to be paired. It is open only while somebody watches this.
 */
export type Pairing = {
/**
 * How the room is.
 */
room: PairingRoom,
/**
 * Who asks, oldest first.
 */
guests: Array<PairingGuest>, };
