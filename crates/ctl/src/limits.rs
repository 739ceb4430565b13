//! Every wait and bound of this program in one table (R10). The till's own are in `till::limits`.

use std::time::Duration;

/// Longest code of a wallet that is read from standard input, with its line break.
pub const CODE_BYTES: u64 = 4_096;
/// Longest line of a scanner that is read: as long as `domain` looks at one, and a little, so that a longer
/// one is told as such.
pub const SCAN_BYTES: u64 = 8_192;
/// A camera is looked at for so many seconds when nothing else is told.
pub const CAMERA_S: u64 = 30;
/// The longest that it can be told, seconds: an hour.
pub const CAMERA_MOST_S: u64 = 3_600;
/// One wait for a camera's frame: what it shows is told at this pace at least.
pub const FRAME_WAIT: Duration = Duration::from_millis(250);
/// Whole seconds, so that the table reads.
const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A new payment waits this long for earlier ones on its terminal to be settled.
pub const EARLIER: Duration = s(60);
/// A payment that became unknown is waited for this long; then it is left to the next start. Longer than
/// the three minutes, or five, after which the till itself gives up and calls it disputed.
pub const UNKNOWN: Duration = s(330);
/// When the system wants the program to end, the outcome of what runs is waited for this long; then it is
/// left to the next start.
pub const END: Duration = s(10);
/// Stopping the till in order may take this long.
pub const STOP: Duration = s(10);
/// `recover` waits so many seconds when it is told nothing else.
pub const RECOVER_S: u64 = 60;
/// The longest that `recover` can be told to wait, seconds: a day.
pub const RECOVER_MOST_S: u64 = 86_400;
/// The view shows an accepted answer within this.
pub const ANSWER_SEEN: Duration = s(5);
/// `--answer` answers so many questions of one payment: a terminal that asks for ever ends unanswered.
pub const ANSWERS: u32 = 3;
/// Longest line that is taken from standard input, bytes.
pub const LINE_BYTES: usize = 64 * 1024;
/// Lines from standard input that may wait.
pub const LINES_WAITING: usize = 16;
/// After so many lines that are no answer, standard input is not read any more.
pub const BAD_LINES: u32 = 100;
/// Longest secret, bytes: a private key with room to spare.
pub const SECRET_BYTES: u64 = 64 * 1024;
/// Rows that a list shows to a person who names neither a day nor a number.
pub const ROWS_SHOWN: u32 = 50;
/// Log files that are kept, one a day.
pub const LOG_FILES: usize = 30;
/// Longest query that a page may send, bytes.
pub const SERVE_BODY_BYTES: usize = 256 * 1024;
/// Longest command, bytes: a file of products as large as the till takes one.
pub const SERVE_COMMAND_BYTES: usize = 17 * 1024 * 1024;
/// Windows that may watch at once.
pub const SERVE_SOCKETS: usize = 16;
/// A page without news is told that the line is up after this.
pub const SERVE_BEAT: Duration = s(4);
/// A page that does not take a view within this is given up; it comes back by itself.
pub const SERVE_TAKEN: Duration = s(20);
/// Longest message of a page, bytes: it only says that it took a view.
pub const SERVE_TAKEN_BYTES: usize = 1024;
