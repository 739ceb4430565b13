//! Every deadline and bound of printing in one table: a printer may fail, it may never hold anybody up.

use std::time::Duration;

/// Columns of 80 mm paper in the printer's font A.
pub const COLUMNS: usize = 42;
/// Fewer columns than this are no receipt; a smaller number is taken as this.
pub const COLUMNS_LEAST: usize = 16;

/// One wait for a serial port; its limits are counted in these.
pub const SLICE: Duration = Duration::from_millis(50);

/// How long each step of printing may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Finding the printer's address and connecting to it.
    pub connect: Duration,
    /// The first answer to "have you paper?", and that to "is your cover closed?". Printers that answer do so
    /// at once; many never do, and are not asked the second question.
    pub status: Duration,
    /// Handing over all bytes; for a file, opening it as well.
    pub write: Duration,
    /// The answer after the last byte, which some printers give only when all is on paper.
    pub done: Duration,
}

impl Limits {
    /// What a shop uses: twelve seconds in all at the very worst.
    pub const SHOP: Self = Self {
        connect: Duration::from_secs(2),
        status: Duration::from_millis(500),
        write: Duration::from_secs(5),
        done: Duration::from_secs(4),
    };
}

/// The shorter side of the smallest picture that can hold a code.
pub const LEAST_SIDE_PX: usize = 40;
/// The longer side of the largest picture that is looked at.
pub const SIDE_PX: usize = 4096;
/// Triples of finder patterns that are tried in one look.
pub const TRIPLES: usize = 24;
/// Grids that are fitted in one look at a frame of many.
pub const FITS_FRAME: usize = 1;
/// Pixels of a frame for each spot that may be looked at while a grid is laid over it …
pub const PIXELS_A_SPOT: usize = 12;
/// … for each way in which bits may be made of the grid …
pub const PIXELS_A_WAY: usize = 300_000;
/// … and for each try to mend their words.
pub const PIXELS_A_TRY: usize = 4_500;
/// The smallest frame that the slowest reader is asked about: its work is in the outlines, not in the pixels.
pub const SECOND_OPINION_LEAST_PX: usize = 600_000;
/// Grids that are fitted in one look at a picture of which there is only one, for dark and for light codes.
pub const FITS_PICTURE: usize = 4;
/// Blurs that a fitted grid is freed of, in modules.
pub const BLURS: [f32; 3] = [0.4, 0.6, 0.8];
/// Widths of pictures in a code's middle that are reckoned with, in hundredths of its side.
pub const LOGOS: [usize; 3] = [15, 20, 28];
/// Grey levels within a block below which it holds no edge.
pub const FLAT: u8 = 24;
/// Width of the neighbourhood whose contrast is made even.
pub const EVEN_WINDOW_PX: usize = 41;
/// Largest picture for the slowest reader.
pub const SECOND_OPINION_PX: usize = 1_100_000;
/// How long a code is remembered: a wallet's code lives a minute, ten are on the safe side.
pub const CODE_REMEMBERED: Duration = Duration::from_secs(10 * 60);
/// Codes remembered at once.
pub const CODES_REMEMBERED: usize = 64;
/// Out of sight for longer than this is put away.
pub const SHOWING_PAUSE: Duration = Duration::from_secs(3);
/// A folder that stands in for a camera is looked through this often.
pub const FOLDER_AGAIN: Duration = Duration::from_millis(100);
/// Speeds of serial lines, bits a second.
pub const BAUDS: [u32; 8] = [4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800];
/// Bits a second where a setting names none: what printers and hand scanners leave the factory with.
pub const BAUD: u32 = 9_600;
/// The longest text that a hand scanner may send, bytes; longer is no scan.
pub const SCANNED: usize = 4_096;
/// A hand scanner that ends its scans with nothing has ended one when it is silent for so many
/// [slices](SLICE) …
pub const SCAN_GAP: u32 = 2;
/// … and one that was seen to end them with a sign has stopped in the middle.
pub const SCAN_STALLED: u32 = 20;
/// The longest frame that a camera may send.
pub const FRAME_BYTES: usize = 16 * 1024 * 1024;
/// Pictures of a folder that are shown.
pub const FOLDER_PICTURES: usize = 10_000;
/// Corrupt frames in a row after which it is told that the camera sends nothing that can be read.
pub const CORRUPT_IN_A_ROW: usize = 30;
/// A camera that is away or busy is left alone for this long before the next try.
pub const CAMERA_AGAIN: Duration = Duration::from_secs(1);
