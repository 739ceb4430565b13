// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * What a terminal can be asked for, as far as it shapes screens.
 */
export type Offers = {
/**
 * Money back.
 */
refund: boolean,
/**
 * Money back without naming the payment.
 */
refund_without_payment: boolean,
/**
 * Undoing a payment as a whole.
 */
reversal: boolean,
/**
 * Cash paid out with a payment.
 */
cash_back: boolean,
/**
 * Asking it to cancel.
 */
cancel: boolean,
/**
 * Cancelling is for somebody at the device: asked for here, nothing is sent.
 */
cancel_by_hand: boolean,
/**
 * Cards.
 */
cards: boolean,
/**
 * Codes on phones.
 */
codes: boolean,
/**
 * Codes that customers show and the till scans.
 */
codes_scanned: boolean,
/**
 * Codes that the till shows and customers scan.
 */
codes_shown: boolean, };
