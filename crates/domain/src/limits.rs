//! The bounds that the rules themselves name.

use jiff::SignedDuration;

/// How far a provider's clock may lie before the intent beyond the measured skew (R4).
pub const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);
