//! Every deadline and bound of the till in one table (R10). The drivers' are in `terminals::limits`.

use std::time::Duration;

/// Whole seconds, so that the table reads.
const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Messages that may wait for the actor.
pub const INBOX: usize = 256;
/// How often the loop steps back for a driver that begins: to let it ask, to let it hear that its connection
/// stands, to let it write.
pub const STEPS_TO_A_REQUEST: usize = 3;
/// Commands whose answers are remembered, so that a resend is harmless.
pub const COMMANDS_REMEMBERED: usize = 256;
/// Moments of one payment's time line that a view carries.
pub const TIMELINE: usize = 200;
/// Notices that a view carries.
pub const NOTICES: usize = 50;
/// Closed payments that a view still carries.
pub const RECENT: usize = 20;
/// Display lines and traces are on disk after this at the latest.
pub const FLUSH: Duration = Duration::from_millis(250);
/// Newest payments that a till looks through at its start for those that were closed without an answer.
pub const JUDGED: usize = 50;
/// An enquiry about a closed payment waits so long for open ones, and then looks again.
pub const AFTERWARDS_PAUSE: Duration = Duration::from_secs(5);
/// A question without a limit of its own is answered "no dialogue" after this.
pub const PROMPT: Duration = s(300);
/// `perform` is dropped after this, whatever its driver thinks: the payment is unknown then.
pub const PERFORM: Duration = s(1_200);
/// One enquiry is dropped after this.
pub const RECOVER: Duration = s(120);
/// Opening a terminal is dropped after this.
pub const OPEN: Duration = s(420);
/// One service is dropped after this.
pub const SERVICE: Duration = s(240);
/// An abort is dropped after this.
pub const ABORT: Duration = s(30);
/// Pauses before a terminal is opened again after a failure; the last one repeats.
pub const REOPEN: &[Duration] = &[s(2), s(4), s(8), s(16), s(30)];
/// An outcome that could not be written is written again after this.
pub const UNSAVED_RETRY: Duration = s(5);
/// Checkpoints and the head file are seen to when the till was idle for this long.
pub const IDLE: Duration = s(2);
/// A skew that was measured longer ago than this by the wall clock was measured before that was set.
pub const MEASURED: jiff::SignedDuration = jiff::SignedDuration::from_secs(10);
/// A terminal that a person let update itself is left alone for so long: what it needs every day (dossier
/// 5.4).
pub const REST: Duration = s(3_600);
/// A till that closes waits so long for a terminal's answer to its log-out.
pub const LAST_LOGOUT: Duration = s(5);
/// The session rule (daily maintenance) is looked at this often.
pub const SESSION_CHECK: Duration = s(60);
/// The listener may take this long to close.
pub const CLOSE: Duration = s(3);
/// Slips that may wait for the printer; the oldest is given up for the next one.
pub const PAPERS: usize = 50;
/// One slip is given up after this, whatever its printer thinks. Above the sum of the printer's own limits.
pub const PRINT: Duration = s(20);
/// Longest name of a line or a parked sale.
pub const LINE: usize = 80;
/// Lines of an import that are listed as left out.
pub const REJECTED: usize = 100;
/// Largest file of products, bytes.
pub const PRODUCTS_BYTES: usize = 16 * 1024 * 1024;
/// A customer's code is not taken again for this long: it is good for one payment, and for minutes.
pub const CODE_KEPT: Duration = s(600);
/// A code that the camera saw can be taken for this long after it was last in view: a wallet's code is good
/// for a minute.
pub const SEEN_KEPT: Duration = s(60);
/// Codes that the camera saw and that are known by number.
pub const CODES_SEEN: usize = 64;
/// What one frame showed counts for this long: the next ones may miss it.
pub const IN_VIEW: Duration = Duration::from_millis(1_000);
/// Payment codes in view that are told apart; of more than one none is passed on.
pub const CODES_IN_VIEW: usize = 8;
/// A camera's frame is read this often: a till has more to do than to look.
pub const FRAME_EVERY: Duration = Duration::from_millis(100);
/// The preview's width at most, in pixels.
pub const PREVIEW_PX: usize = 320;
/// A camera that does not stop within this is in the hands of a driver that hangs.
pub const CAMERA_CLOSES: Duration = s(2);
/// A camera that has sent nothing for so long shows nothing any more.
pub const CAMERA_SILENT: Duration = s(10);
/// Where there is no camera to look through, a change is noticed at once and otherwise looked for this often.
pub const CAMERA_OFF: Duration = s(1);
/// What is plugged in is told within this, or not.
pub const PLUGGED: Duration = s(3);
/// Words to terminals that ask to be paired, on their way.
pub const PAIRING_WORDS: usize = 8;
/// A hand scanner that is away is looked for this often.
pub const SCANNER_AGAIN: Duration = s(1);
/// Scans that are told.
pub const SCANS: usize = 8;
/// A scan is told for this long.
pub const SCANS_KEPT: Duration = s(60);
/// What waits for a moment that has come rests this long all the same: it never turns in place.
pub const SHORTEST_REST: Duration = Duration::from_millis(1);
/// Longest code that a scan may be.
pub const CODE: usize = 128;
/// Longest text of a reason, a name or a label that is taken.
pub const TEXT: usize = 400;
/// Most digits that a customer is asked for on a terminal.
pub const CUSTOMER_DIGITS: u16 = 32;
/// Rows that a list query returns when it names no number.
pub const ROWS: u32 = 50;
/// Most rows of one query.
pub const ROWS_MOST: u32 = 5_000;
/// Connecting during a connection check.
pub const CHECK_CONNECT: Duration = s(5);
/// An answer to a plain question over HTTP during a connection check.
pub const CHECK_HTTP: Duration = s(3);
/// A terminal's clock may be off by this.
pub const CHECK_SKEW: Duration = s(60);
/// Connection checks whose steps can still be read.
pub const CHECKS: usize = 8;
/// How long somebody waits for the next step of a check before asking again.
pub const CHECKING: Duration = s(25);
/// Resolving a name during a connection check.
pub const CHECK_NAME: Duration = s(5);
/// The system's keyring: to be found, and to answer one wish. A person may have to unlock it, but a till that
/// starts by itself in the morning has nobody to do so.
pub const KEYRING: Duration = s(5);
/// Wishes that wait for the keyring.
pub const KEYRING_WISHES: usize = 8;
