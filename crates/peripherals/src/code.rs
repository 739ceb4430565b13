//! Codes in pictures: QR of model 2 and Code 128, nothing else.
//!
//! A camera's frames come thirty a second and one good one is enough, so a frame gets the quick look at
//! half size and one of the slower ones in turn ([`Reader::read_frame`]); a picture of which there is only
//! one gets them all ([`Reader::read_picture`]). What a text means is not decided here but by
//! [`domain::wallet`]. Invariant: nothing panics, whatever the picture; a symbol's text never shows in a
//! debug line.

mod blur;
mod effort;
mod engine;
mod filter;
mod fit;
mod frame;
mod guidance;
mod modules;
mod outline;
mod showing;
mod stage;
mod threshold;
mod words;

use std::cell::OnceCell;
use std::fmt;

use blur::Lens;
use domain::wallet::{Refusal, Scan, recognise};
use effort::Effort;
use stage::Views;

pub use frame::Luma;
pub use guidance::Guidance;
pub use outline::{Outline, outline};
pub use showing::{Showings, Sight};
pub use stage::Stage;

/// The kinds of code that wallets show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// QR, model 2.
    Qr,
    /// Code 128.
    Code128,
}

impl Format {
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Qr => "qr",
            Self::Code128 => "code128",
        }
    }
}

/// A code that was read. The text may be worth money until it expires: keep it in memory, and not for long.
#[derive(Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Which kind it is.
    pub format: Format,
    /// What it says.
    pub text: String,
    /// It says by itself that it holds GS1 data: it labels goods, whatever its digits look like.
    pub is_gs1: bool,
}

impl Symbol {
    /// What it is to a till.
    pub fn scan(&self) -> Scan {
        if self.is_gs1 { Scan::Refused(Refusal::Product) } else { recognise(&self.text) }
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Symbol({}, {} characters)", self.format.code(), self.text.chars().count())
    }
}

/// What was read of one picture.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The codes in view, none twice.
    pub symbols: Vec<Symbol>,
    /// The way of looking that showed them.
    pub stage: Option<Stage>,
    /// What to tell the customer, where nothing was read.
    pub guidance: Option<Guidance>,
}

impl Reading {
    /// What was read besides.
    fn add(&mut self, others: Vec<Symbol>) {
        let is_new = |other: &Symbol| self.symbols.iter().all(|known| known.text != other.text);
        let others: Vec<Symbol> = others.into_iter().filter(is_new).collect();
        self.symbols.extend(others);
    }

    fn and(mut self, others: Vec<Symbol>) -> Self {
        self.add(others);
        self
    }
}

/// Reads pictures of one camera. It remembers which way of looking the camera needs.
#[derive(Clone)]
pub struct Reader {
    /// The ways beyond the first, the one that last read something in front.
    rescues: Vec<Stage>,
    /// The one whose turn it is.
    turn: usize,
    lens: OnceCell<Lens>,
}

impl Default for Reader {
    fn default() -> Self {
        let rescues = Stage::ALL.into_iter().filter(|stage| stage.is_rescue()).collect();
        Self { rescues, turn: 0, lens: OnceCell::new() }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Reader").field("rescues", &self.rescues).field("turn", &self.turn).finish()
    }
}

impl Reader {
    /// One of many frames: within the time that a frame has.
    pub fn read_frame(&mut self, luma: &Luma) -> Reading {
        self.read_frame_for(luma, |_| true)
    }

    /// The same, where not every code will do: one that is not wanted, a poster's on the wall, does not keep
    /// the slower ways from having their turn.
    pub fn read_frame_for(&mut self, luma: &Luma, is_wanted: impl Fn(&Symbol) -> bool) -> Reading {
        self.keep_lens(luma);
        let views = Views::of(luma, &self.lens);
        let first = Stage::Half.look(&views, Effort::quick());
        if first.symbols.iter().any(&is_wanted) {
            return Reading { symbols: first.symbols, stage: Some(Stage::Half), guidance: None };
        }
        let stage = self.rescues.get(self.turn).copied().unwrap_or(Stage::Half);
        let second = stage.look(&views, Effort::frame(luma));
        if !second.symbols.iter().any(&is_wanted) {
            self.turn = (self.turn + 1) % self.rescues.len();
            if !first.symbols.is_empty() || !second.symbols.is_empty() {
                let stage = if first.symbols.is_empty() { stage } else { Stage::Half };
                let seen = Reading { symbols: first.symbols, stage: Some(stage), guidance: None };
                return seen.and(second.symbols);
            }
            let later = || second.module_px.map(|px| px / stage.scale());
            let guidance = guidance::of(views.half(), first.module_px.or_else(later));
            return Reading { guidance, ..Reading::default() };
        }
        self.rescues.swap(0, self.turn);
        self.turn = 0;
        Reading { symbols: second.symbols, stage: Some(stage), guidance: None }.and(first.symbols)
    }

    /// What else a frame shows in which a code was read: codes of the other kind, and what a sharper look
    /// sees. It takes longer than a frame has, and is there for the one frame that a payment rests on.
    pub fn read_beside(&mut self, luma: &Luma, reading: &mut Reading) {
        self.keep_lens(luma);
        let views = Views::of(luma, &self.lens);
        // Most ways end with the first kind that they find, dark on light or light on dark.
        for stage in [Stage::Half, Stage::HalfLight, Stage::Full, Stage::FullLight, Stage::Bars] {
            reading.add(stage.look(&views, Effort::frame(luma)).symbols);
        }
    }

    /// A picture of its own: every way of looking until one shows a code.
    pub fn read_picture(&mut self, luma: &Luma) -> Reading {
        self.keep_lens(luma);
        let views = Views::of(luma, &self.lens);
        let mut module_px = None;
        for stage in Stage::ALL {
            let look = stage.look(&views, Effort::picture());
            if !look.symbols.is_empty() {
                return Reading { symbols: look.symbols, stage: Some(stage), guidance: None };
            }
            module_px = module_px.or(look.module_px.map(|px| px / stage.scale()));
        }
        Reading { guidance: guidance::of(views.half(), module_px), ..Reading::default() }
    }

    /// Transforms are prepared anew only where the camera's resolution changes.
    fn keep_lens(&mut self, luma: &Luma) {
        if self.lens.get().is_some_and(|lens| !lens.fits_half_of(luma)) {
            self.lens = OnceCell::new();
        }
    }
}

#[cfg(test)]
mod tests;
