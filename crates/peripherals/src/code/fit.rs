//! A code's grid laid over the grey picture, where bits alone were not enough.
//!
//! Three finder patterns say roughly where the modules lie. The rest of what every QR code shows (separators,
//! timing rows, alignment pattern, quiet zone) is known beforehand, so the four corners are moved until the
//! picture agrees best with it. Then each module is one grey number, and blur is a small matter between
//! neighbours: the modules are chosen whose blurred picture is the one seen. Error correction has the last
//! word, as always.
//! Invariant: the work is bounded by the largest symbol and a fixed number of steps.

mod known;
mod perspective;

use super::effort::Effort;
use super::frame::Luma;
use super::modules::Modules;
use rxing::qrcode::cpp_port::detector::FinderPatternSet;
use rxing::{Point, point};

pub use known::Known;
use perspective::Perspective;

/// Agreement with the known modules below which there is no code; 1 is a perfect print.
const PLAUSIBLE: f32 = 0.45;
/// Agreement after the first steps below which the others are not worth taking.
const PROMISING: f32 = 0.25;
/// Sizes whose agreement at first sight is behind the best by more than this are not tried.
const LIKELY: f32 = 0.15;
/// Agreement after the first steps above which no other size is tried.
const CERTAIN: f32 = 0.75;
/// Steps by which corners move, in modules: those that find the size, and those that find the place.
const COARSE: [f32; 2] = [1.0, 0.5];
const FINE: [f32; 3] = [0.25, 0.12, 0.06];
/// Samples around a module's middle, in modules.
const SPOTS: [f32; 3] = [-0.2, 0.0, 0.2];

/// Where a code lies.
#[derive(Clone, Copy)]
struct Grid {
    side: usize,
    corners: [Point; 4],
    module: f32,
}

/// The symbol that the three patterns belong to, as grey modules: the size that agrees best.
pub fn modules(
    luma: &Luma,
    set: &FinderPatternSet,
    light_on_dark: bool,
    effort: &mut Effort,
) -> Option<Modules> {
    let picture = Picture { luma, light_on_dark };
    let mut best: Option<(f32, Grid, Known)> = None;
    let mut guesses: Vec<(f32, Grid, Known)> = sides(set)
        .map(|side| {
            let (known, grid) = (Known::of(side), Grid::of(set, side));
            (grid.agreement(&picture, &known, effort), grid, known)
        })
        .collect();
    guesses.sort_by(|a, b| b.0.total_cmp(&a.0));
    let first = guesses.first().map_or(0.0, |(score, _, _)| *score);
    for (score, mut grid, known) in guesses {
        if score + LIKELY < first {
            break;
        }
        let score = grid.settle(&picture, &known, &COARSE, effort);
        if best.as_ref().is_none_or(|(most, _, _)| score > *most) {
            best = Some((score, grid, known));
        }
        if score > CERTAIN {
            break;
        }
    }
    let (score, mut grid, known) = best?;
    if score < PROMISING || grid.settle(&picture, &known, &FINE, effort) < PLAUSIBLE {
        return None;
    }
    let seen = grid.darkness(&picture)?;
    Some(Modules::new(known, seen))
}

/// The symbol sizes that the distance between the patterns allows: the nearest and its neighbours.
fn sides(set: &FinderPatternSet) -> impl Iterator<Item = usize> {
    let module = (set.bl.size + set.tl.size + set.tr.size) as f32 / 21.0;
    let apart = (Point::distance(set.tl.p, set.tr.p) + Point::distance(set.tl.p, set.bl.p)) / 2.0;
    let modules = apart / module.max(0.5) + 7.0;
    let nearest = ((modules - 17.0) / 4.0).round();
    [0.0, -1.0, 1.0].into_iter().map(move |off| nearest + off).filter_map(|version| {
        let version = (1.0..=10.0).contains(&version).then_some(version as usize)?;
        Some(17 + 4 * version)
    })
}

impl Grid {
    fn of(set: &FinderPatternSet, side: usize) -> Self {
        let fourth = set.tr.p - set.tl.p + set.bl.p;
        let apart = Point::distance(set.tl.p, set.tr.p) + Point::distance(set.tl.p, set.bl.p);
        let module = apart / 2.0 / (side as f32 - 7.0);
        Self { side, corners: [set.tl.p, set.tr.p, fourth, set.bl.p], module }
    }

    fn perspective(&self) -> Option<Perspective> {
        let corners = self.corners.map(|corner| (corner.x, corner.y));
        Perspective::of(corners, 3.5, self.side as f32 - 3.5)
    }

    /// Moves the corners to where the known modules agree best, the one that was only guessed first.
    fn settle(&mut self, picture: &Picture<'_>, known: &Known, steps: &[f32], effort: &mut Effort) -> f32 {
        let mut best = self.agreement(picture, known, effort);
        for step in steps.iter().copied() {
            for _ in 0..2 {
                let before = best;
                for corner in [2, 0, 1, 3] {
                    if corner != 2 && step > 0.5 {
                        continue;
                    }
                    let reach = step * self.module * if corner == 2 { 2.0 } else { 1.0 };
                    for (x, y) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
                        let mut moved = *self;
                        moved.corners[corner] = self.corners[corner] + point(x * reach, y * reach);
                        let score = moved.agreement(picture, known, effort);
                        if score > best {
                            (best, *self) = (score, moved);
                        }
                    }
                }
                if best <= before {
                    break;
                }
            }
        }
        best
    }

    /// How well the picture under the grid shows what is known, and how clearly each module is either dark or
    /// light. Nothing where the effort is at its end.
    fn agreement(&self, picture: &Picture<'_>, known: &Known, effort: &mut Effort) -> f32 {
        let Some(view) = self.perspective().filter(|_| effort.look_at(known.spots())) else { return 0.0 };
        let inner = picture.holds(&view, self.side as f32);
        let sum = |of: &[(f32, f32)], middle: f32| {
            let mut sum = Sum::default();
            for (x, y) in of {
                let at = view.at(*x, *y);
                let value = if inner { Some(picture.within(at)) } else { picture.darkness(at) };
                if let Some(value) = value {
                    sum.add(value, middle);
                }
            }
            sum
        };
        let (dark, light) = (sum(known.dark(), 0.0), sum(known.light(), 0.0));
        if dark.count < 1.0 || light.count < 1.0 {
            return 0.0;
        }
        let (black, white) = (dark.values / dark.count, light.values / light.count);
        let open = sum(known.open(), (black + white) / 2.0);
        let all = dark.count + light.count + open.count;
        if all < 0.8 * known.spots() as f32 {
            return 0.0;
        }
        let mean = (dark.values + light.values + open.values) / all;
        let squares = (dark.squares + light.squares + open.squares) / all;
        let spread = (squares - mean * mean).max(1.0).sqrt();
        let clear = open.off / open.count.max(1.0);
        (black - white) / (2.0 * spread) + 0.3 * (clear / spread).min(1.0) - 0.2
    }

    /// The darkness of each module, a ring of quiet zone included.
    fn darkness(&self, picture: &Picture<'_>) -> Option<Vec<f32>> {
        let view = self.perspective()?;
        let side = self.side + 2;
        let mut seen = Vec::with_capacity(side * side);
        for y in 0..side {
            for x in 0..side {
                let (mut sum, mut count) = (0.0, 0.0);
                for dy in SPOTS {
                    for dx in SPOTS {
                        let at = view.at(x as f32 - 0.5 + dx, y as f32 - 0.5 + dy);
                        if let Some(value) = picture.darkness(at) {
                            (sum, count) = (sum + value, count + 1.0);
                        }
                    }
                }
                seen.push(if count > 0.0 { sum / count } else { f32::NAN });
            }
        }
        Some(seen)
    }
}

/// What is summed up over spots.
#[derive(Default)]
struct Sum {
    count: f32,
    values: f32,
    squares: f32,
    off: f32,
}

impl Sum {
    fn add(&mut self, value: f32, middle: f32) {
        self.count += 1.0;
        self.values += value;
        self.squares += value * value;
        self.off += (value - middle).abs();
    }
}

/// A picture as darkness, whichever way round the code is.
struct Picture<'a> {
    luma: &'a Luma,
    light_on_dark: bool,
}

impl Picture<'_> {
    /// Whether the whole grid with its ring lies well within it.
    fn holds(&self, view: &Perspective, side: f32) -> bool {
        let (right, bottom) = (self.luma.width() as f32 - 1.6, self.luma.height() as f32 - 1.6);
        let inside = |x: f32, y: f32| x > 0.6 && y > 0.6 && x < right && y < bottom;
        let (least, most) = (-0.5, side + 0.5);
        let corners = [(least, least), (most, least), (most, most), (least, most)];
        view.is_before(least, most)
            && corners.into_iter().map(|(x, y)| view.at(x, y)).all(|(x, y)| inside(x, y))
    }

    /// Between the four pixels around a point that lies well within the picture.
    fn within(&self, (x, y): (f32, f32)) -> f32 {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x as usize, y as usize);
        let (fx, fy) = (x - left as f32, y - top as f32);
        let at = top * self.luma.width() + left;
        let below = at + self.luma.width();
        let pair = |at: usize| match self.luma.bytes().get(at..at + 2) {
            Some([left, right]) => (f32::from(*left), f32::from(*right)),
            Some(_) | None => (0.0, 0.0),
        };
        let ((a, b), (c, d)) = (pair(at), pair(below));
        let (upper, lower) = (a + (b - a) * fx, c + (d - c) * fx);
        self.as_darkness(upper + (lower - upper) * fy)
    }

    /// Between the four pixels around a point; nothing outside the picture.
    fn darkness(&self, (x, y): (f32, f32)) -> Option<f32> {
        let (x, y) = (x - 0.5, y - 0.5);
        let (width, height) = (self.luma.width(), self.luma.height());
        if !(x > -1.0 && y > -1.0 && x < width as f32 && y < height as f32) {
            return None;
        }
        let (left, top) = ((x.max(0.0) as usize).min(width - 1), (y.max(0.0) as usize).min(height - 1));
        let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
        let (fx, fy) = ((x - left as f32).clamp(0.0, 1.0), (y - top as f32).clamp(0.0, 1.0));
        let pixel = |x: usize, y: usize| f32::from(self.luma.bytes()[y * width + x]);
        let upper = pixel(left, top) * (1.0 - fx) + pixel(right, top) * fx;
        let lower = pixel(left, below) * (1.0 - fx) + pixel(right, below) * fx;
        Some(self.as_darkness(upper * (1.0 - fy) + lower * fy))
    }

    fn as_darkness(&self, value: f32) -> f32 {
        if self.light_on_dark { value } else { 255.0 - value }
    }
}
