//! How long the program tries.

use std::time::Duration;

/// Between the tries to get a folder that another start holds.
pub const PAUSES: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(600), Duration::from_secs(2)];
