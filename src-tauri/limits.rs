//! How long the program tries.

use std::time::Duration;

/// A page that does not take what the camera sees within this looks no more.
pub const TAKEN: Duration = Duration::from_secs(5);
/// Between the tries to get a folder that another start holds.
pub const PAUSES: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(600), Duration::from_secs(2)];
