//! The log in a data folder.

use std::path::Path;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

use crate::limits;

/// Which messages the log takes, for example `till=debug`.
const LOG_VARIABLE: &str = "PAYDESK_LOG";

/// Starts the log in `logs/` of a data folder: one file a day. A folder that is not there is not made, and
/// one that cannot be written to goes without a log: reading must work there too.
pub fn start_log(folder: &Path) -> Option<WorkerGuard> {
    let logs = folder.join("logs");
    if !folder.is_dir() || (!logs.is_dir() && std::fs::create_dir(&logs).is_err()) {
        return None;
    }
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("paydeskctl")
        .filename_suffix("log")
        .max_log_files(limits::LOG_FILES)
        .build(logs)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let filter = EnvFilter::try_from_env(LOG_VARIABLE).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_writer(writer).with_ansi(false).with_env_filter(filter);
    log.try_init().ok()?;
    Some(guard)
}
