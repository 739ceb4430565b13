//! What the customer is told while nothing can be read, from what the picture itself shows.
//!
//! Measured on the half-size picture. Invariant: guidance is about the picture as a whole and says nothing
//! when it has nothing to say; a wrong hint is worse than none.

use super::frame::Luma;

/// Pixels of a module, in the camera's own picture, below which a code cannot be resolved.
const LEAST_MODULE_PX: f32 = 2.5;
/// A pixel this light carries no more difference.
const CLIPPED: u8 = 252;
/// One in this many clipped pixels is a screen that outshines its code.
const CLIPPED_SHARE: usize = 20;
/// Pixels over which an edge is complete, however soft.
const EDGE_PX: usize = 10;
/// Steps that count as an edge, in grey levels.
const EDGE: u8 = 45;
/// The steepest step of a sharp edge is at least this part of it, in hundredths.
const STEEP: usize = 30;
/// Fewer edges than this, in thousandths of all places looked at: nothing is held before the camera.
const EDGES: usize = 4;

/// A hint for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guidance {
    /// Nothing that looks like a phone is in view.
    Nothing,
    /// The code is too small in the picture.
    Closer,
    /// Nothing is in focus: most webcams see sharply from half an arm's length on.
    FurtherAway,
    /// The screen outshines its code: turn it down.
    TooBright,
}

impl Guidance {
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Closer => "closer",
            Self::FurtherAway => "further_away",
            Self::TooBright => "too_bright",
        }
    }
}

/// What to say about a picture in which no code could be read. `half` is the picture at half its size;
/// `module_px` the width of a module in it, where the outline of a code was seen.
pub fn of(half: &Luma, module_px: Option<f32>) -> Option<Guidance> {
    if module_px.is_some_and(|px| 2.0 * px < LEAST_MODULE_PX) {
        return Some(Guidance::Closer);
    }
    let clipped = half.bytes().iter().filter(|pixel| **pixel >= CLIPPED).count();
    if clipped * CLIPPED_SHARE > half.bytes().len() {
        return Some(Guidance::TooBright);
    }
    let (edges, soft, places) = edges(half);
    if edges * 1000 < places * EDGES {
        Some(Guidance::Nothing)
    } else if soft * 10 > edges * 9 {
        Some(Guidance::FurtherAway)
    } else {
        None
    }
}

/// Edges on every fourth row, how many of them are soft, and the places that were looked at.
fn edges(half: &Luma) -> (usize, usize, usize) {
    let (mut edges, mut soft, mut places) = (0, 0, 0);
    for row in half.rows().step_by(4) {
        for window in row.windows(EDGE_PX + 1).step_by(EDGE_PX / 2) {
            places += 1;
            let (least, most) = window.iter().fold((u8::MAX, u8::MIN), |(a, b), p| (a.min(*p), b.max(*p)));
            if most - least < EDGE {
                continue;
            }
            let steps = window.iter().zip(window.iter().skip(1)).map(|(a, b)| a.abs_diff(*b));
            let steepest = usize::from(steps.max().unwrap_or(0));
            edges += 1;
            soft += usize::from(steepest * 100 < usize::from(most - least) * STEEP);
        }
    }
    (edges, soft, places)
}
