//! The bounds that the rules themselves name.

use jiff::SignedDuration;
use std::time::Duration;

/// How far a provider's clock may lie before the intent beyond the measured skew (R4).
pub const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);
/// How long a question about a signature waits before it is asked again, after its refusal could not be sent.
pub const REOPENED_PAUSE: Duration = Duration::from_secs(5);
/// Pauses before a provider is asked again after a payment was closed without its answer: a request can have
/// been on its way for longer than anybody knows of.
pub const AFTERWARDS: [Duration; 4] = [
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(45 * 60),
];
/// Lines of one sale.
pub const LINES: u16 = 999;
/// Wrong PINs in a row that cost nothing.
pub const FREE_TRIES: u32 = 5;
/// How long a person waits after the fifth wrong PIN; every further one doubles it.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait after a wrong PIN.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(3600);
/// The longest text of a scan that is looked at.
pub const SCAN_BYTES: usize = 1024;
/// Fields of one level in a card network's payment code.
pub const CODE_FIELDS: usize = 64;
