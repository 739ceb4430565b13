//! The bounds that the rules themselves name.

use jiff::SignedDuration;

/// How far a provider's clock may lie before the intent beyond the measured skew (R4).
pub const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);
/// Lines of one sale.
pub const LINES: u16 = 999;
/// Wrong PINs in a row that cost nothing.
pub const FREE_TRIES: u32 = 5;
/// How long a person waits after the fifth wrong PIN; every further one doubles it.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait after a wrong PIN.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(3600);
