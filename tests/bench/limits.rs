//! How much is measured, how long anything may take, and the targets: one table of numbers.
//!
//! The targets are ratios where a ratio can be had: they hold on any machine.

use crate::table::Target;
use std::path::Path;
use std::time::Duration;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Rounds of everything; the table shows medians over them.
    pub rounds: usize,
    /// Intents of one round.
    pub intents: usize,
    /// Payments of one round, from command to first byte.
    pub first_bytes: usize,
    /// Texts of one round.
    pub texts: usize,
    /// Messages decoded and encoded in one round.
    pub messages: usize,
    /// Lookups of one kind in one round.
    pub lookups: usize,
    /// Payments in the big store; each has two receipts.
    pub archived: u64,
    /// Processes that take payments in a row.
    pub endurance_runs: usize,
    /// Payments that each of them takes.
    pub endurance_payments: usize,
    /// Starts of the desktop program.
    pub starts: usize,
    /// Payments begun by a key in the browser.
    pub keys: usize,
    /// Camera frames of each mix of distortions and resolution.
    pub frames_mixed: usize,
    /// Camera frames of each single distortion and strength.
    pub frames_single: usize,
    /// Camera frames without a code, of each resolution.
    pub frames_empty: usize,
    /// Frames in colour that are unpacked in one round.
    pub frames_unpacked: usize,
    /// Chance of the frames that are drawn.
    pub seed: u64,
    /// Frames of this folder in place of drawn ones.
    pub frames: Option<&'static Path>,
}

impl Scale {
    /// For the figures.
    pub const FULL: Self = Self {
        rounds: 7,
        intents: 300,
        first_bytes: 100,
        texts: 150,
        messages: 4_000,
        lookups: 300,
        archived: 500_000,
        endurance_runs: 3,
        endurance_payments: 10_000,
        starts: 9,
        keys: 60,
        frames_mixed: 50,
        frames_single: 16,
        frames_empty: 100,
        frames_unpacked: 40,
        seed: 1,
        frames: None,
    };
    /// For a look.
    pub const QUICK: Self = Self {
        rounds: 3,
        intents: 100,
        first_bytes: 50,
        texts: 80,
        messages: 2_000,
        lookups: 100,
        archived: 25_000,
        endurance_runs: 1,
        endurance_payments: 1_000,
        starts: 5,
        keys: 25,
        frames_mixed: 8,
        frames_single: 2,
        frames_empty: 10,
        frames_unpacked: 12,
        seed: 1,
        frames: None,
    };
}

/// Worker threads of a till's runtime, as in paydeskctl.
pub const TILL_THREADS: usize = 2;
/// Part of a round that warms up and is not counted: one in so many.
pub const WARM_UP: usize = 10;
/// Pause between two payments or texts: a till is idle most of the time, and waking up is part of the price.
pub const PAUSE: Duration = Duration::from_millis(20);
/// Pause between payments in a row: the till has put the one before away.
pub const IN_A_ROW: Duration = Duration::from_millis(1);
/// Nothing that is waited for takes longer.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// An idle till's memory is looked at after this.
pub const IDLE: Duration = Duration::from_secs(3);
/// Slow lookups are cut short: one kind takes at most this long in one round …
pub const LOOKUP_TIME: Duration = Duration::from_secs(2);
/// … but is measured at least so often.
pub const LOOKUPS_LEAST: usize = 10;
/// Payments of one append while the big store is filled.
pub const BATCH: u64 = 500;
/// Payments of one day in the big store.
pub const PAYMENTS_A_DAY: u64 = 500;
/// Rows of a list or a search.
pub const LIST: usize = 50;

/// A durable intent.
pub const INTENT: Target = Target { ratio_p50: Some(1.3), ratio_p99: Some(2.5), ..Target::NONE };
/// From the accepted command to the first byte.
pub const FIRST_BYTE: Target = Target { micros_p50: Some(300.0), ..Target::NONE };
/// From a terminal's text to the view.
pub const DISPLAY: Target = Target { micros_p50: Some(1_000.0), micros_p99: Some(5_000.0), ..Target::NONE };
/// From a result on a serial line to the view, the outcome on disk.
pub const SERIAL: Target = Target { micros_p50: Some(2_000.0), ..Target::NONE };
/// XML.
pub const XML: Target = Target { ratio_p50: Some(3.0), ..Target::NONE };
/// Messages of a wallet gateway. A charge takes two digests, its floor one.
pub const GATEWAY: Target = Target { ratio_p50: Some(3.0), ..Target::NONE };
/// Messages of a host with a device, beside the arithmetic of their signatures.
pub const HOST: Target = Target { ratio_p50: Some(1.5), ..Target::NONE };
/// From an answer on a WebSocket to the view, the outcome on disk.
pub const SOCKET: Target = Target { micros_p50: Some(1_000.0), ..Target::NONE };
/// Messages of a terminal with an ECR Hub.
pub const HUB: Target = Target { ratio_p50: Some(3.0), ..Target::NONE };
/// Signatures of these kinds take as long as some hundred other messages: so many times fewer are made.
pub const HOST_FEWER: usize = 50;
/// The newest of a day.
pub const DAY: Target = Target { ratio_p50: Some(3.0), ..Target::NONE };
/// Search.
pub const SEARCH: Target = Target { ratio_p50: Some(20.0), ..Target::NONE };
/// Memory of an idle till.
pub const IDLE_MEMORY: Target = Target { megabytes: Some(40.0), ..Target::NONE };
/// The last payments against the first ones.
pub const GROWTH: Target = Target { ratio_p50: Some(1.1), ..Target::NONE };
/// Products on the shelf of the big store, for the window.
pub const PRODUCTS: u32 = 20_000;
/// From the start of the desktop program to its first screen.
pub const WINDOW_START: Target = Target { ratio_p50: Some(1.5), ..Target::NONE };
/// Megabytes that the idle desktop program may hold beyond a bare window.
pub const WINDOW_MEMORY: f64 = 40.0;
/// Scripts of the interface.
pub const INTERFACE_CODE: Target = Target { kilobytes: Some(60.0), ..Target::NONE };
/// From the key that pays to the screen that says so.
pub const KEY_TO_SENT: Target = Target { micros_p95: Some(100_000.0), ..Target::NONE };
/// From a terminal's text to the painted screen.
pub const TEXT_TO_PAINTED: Target = Target { micros_p95: Some(50_000.0), ..Target::NONE };
/// Codes of a friendly counter that are read.
pub const EASY: Target = Target { share_least: Some(100.0), ..Target::NONE };
/// Codes of an ordinary shop, mean of three resolutions.
pub const MEDIUM: Target = Target { share_least: Some(92.0), ..Target::NONE };
/// Codes of the hard mix.
pub const HARD: Target = Target { share_least: Some(26.0), ..Target::NONE };
/// Mean of all single distortions.
pub const SINGLE: Target = Target { share_least: Some(88.0), ..Target::NONE };
/// A blur of 0.7 modules.
pub const BLUR: Target = Target { share_least: Some(75.0), ..Target::NONE };
/// Fifteen grey levels between dark and light.
pub const CONTRAST: Target = Target { share_least: Some(70.0), ..Target::NONE };
/// Light on dark.
pub const INVERTED: Target = Target { share_least: Some(95.0), ..Target::NONE };
/// One frame with an easy code.
pub const EASY_FRAME: Target = Target { ratio_p50: Some(0.10), ..Target::NONE };
/// The slowest frame of all.
pub const WORST_FRAME: Target = Target { ratio_p50: Some(0.8), ..Target::NONE };
/// What must never happen.
pub const NEVER: Target = Target { count: Some(0.0), ..Target::NONE };
/// A camera's frame to luma.
pub const TO_LUMA: Target = Target { ratio_p50: Some(0.75), ..Target::NONE };
/// Frames that wait to be looked at.
pub const WAITING: Target = Target { count: Some(1.0), ..Target::NONE };
/// A frame that seems to take more than this part of the baseline's time is measured again so many times: the
/// least is its own, the rest is the machine's other work.
pub const AGAIN: (f64, usize) = (0.6, 4);
/// Frames in colour that are drawn; more are measured by turns.
pub const FRAMES_COLOURED: usize = 12;
