// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { CameraState } from "./CameraState";
import type { SeenCode } from "./SeenCode";

/**
 * What the camera sees now. It looks only while somebody watches this.
 */
export type Sight = {
/**
 * How the camera is.
 */
camera: CameraState,
/**
 * The picture, small and grey: a `data:image/bmp;base64,` address.
 */
preview: string | null,
/**
 * What the customer may change: `closer`, `further_away`, `too_bright` or `two_codes`.
 */
hint: string | null,
/**
 * The code in view that a payment can be taken with.
 */
code: SeenCode | null,
/**
 * Why what is in view is no payment code, as `domain::wallet` calls it.
 */
refused: string | null, };
