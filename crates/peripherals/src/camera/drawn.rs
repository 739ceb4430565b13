//! A code drawn as a camera would see it, for tests, demonstrations and practice without a camera.

use std::time::Duration;

use super::{Fault, FrameSource};
use crate::code::Luma;
use qrcode::{Color, EcLevel, QrCode};

/// Background, paper and print, as a camera sees a screen in a shop.
const GROUND: u8 = 105;
const PAPER: u8 = 225;
const PRINT: u8 = 25;
/// Modules of paper around the code.
const QUIET: usize = 4;

/// A picture of `width` times `height` with the code in the middle, `module_px` pixels a module. `None` where
/// the text is too long for any code or the code too large for the picture.
pub fn draw(text: &str, width: usize, height: usize, module_px: usize) -> Option<Luma> {
    drawn_of(&QrCode::with_error_correction_level(text, EcLevel::M).ok()?, width, height, module_px)
}

/// The same of a code that was made otherwise.
pub(crate) fn drawn_of(code: &QrCode, width: usize, height: usize, module_px: usize) -> Option<Luma> {
    let modules = code.width() + 2 * QUIET;
    let side = modules.checked_mul(module_px).filter(|side| *side > 0 && *side <= width.min(height))?;
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    let colors = code.to_colors();
    let pixel = |x: usize, y: usize| {
        let (Some(x), Some(y)) = (x.checked_sub(left), y.checked_sub(top)) else { return GROUND };
        if x >= side || y >= side {
            return GROUND;
        }
        let within = |at: usize| (at / module_px).checked_sub(QUIET).filter(|at| *at < code.width());
        let color = within(x).zip(within(y)).and_then(|(x, y)| colors.get(y * code.width() + x));
        if color == Some(&Color::Dark) { PRINT } else { PAPER }
    };
    let bytes = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| pixel(x, y));
    Luma::new(width, height, bytes.collect())
}

/// A camera before which somebody holds one code and does not move.
#[derive(Clone, Debug)]
pub struct TestPattern {
    picture: Luma,
}

impl TestPattern {
    /// Shows this text as a QR code.
    ///
    /// # Errors
    /// [`Fault::Unfit`] where no code can hold it.
    pub fn of(text: &str) -> Result<Self, Fault> {
        let picture = draw(text, 640, 480, 6).or_else(|| draw(text, 1280, 960, 5));
        let unfit = || Fault::Unfit { detail: "the text is too long for a code".to_owned() };
        Ok(Self { picture: picture.ok_or_else(unfit)? })
    }
}

impl FrameSource for TestPattern {
    fn frame(&mut self, _now: Duration) -> Result<Option<Luma>, Fault> {
        Ok(Some(self.picture.clone()))
    }
}
