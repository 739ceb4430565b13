//! A code's grid laid over the grey picture, where bits alone were not enough.
//!
//! Three finder patterns say roughly where the modules lie. The rest of what every QR code shows (separators,
//! timing rows, alignment pattern, quiet zone) is known beforehand, so the four corners are moved until the
//! picture agrees best with it. Then each module is one grey number, and blur is a small matter between
//! neighbours: the modules are chosen whose blurred picture is the one seen. Error correction has the last
//! word, as always.
//! Invariant: the work is bounded by the largest symbol and a fixed number of steps.

mod known;

use super::frame::Luma;
use super::modules::Modules;
use rxing::common::{PerspectiveTransform, Quadrilateral};
use rxing::qrcode::cpp_port::detector::FinderPatternSet;
use rxing::{Point, point};

pub use known::Known;

/// Agreement with the known modules below which there is no code; 1 is a perfect print.
const PLAUSIBLE: f32 = 0.45;
/// Agreement after the first steps below which the others are not worth taking.
const PROMISING: f32 = 0.25;
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
pub fn modules(luma: &Luma, set: &FinderPatternSet, light_on_dark: bool) -> Option<Modules> {
    let mut best: Option<(f32, Grid, Known)> = None;
    for side in sides(set) {
        let known = Known::of(side);
        let mut grid = Grid::of(set, side);
        let score = grid.settle(luma, &known, light_on_dark, &COARSE);
        if best.as_ref().is_none_or(|(most, _, _)| score > *most) {
            best = Some((score, grid, known));
        }
        if score > CERTAIN {
            break;
        }
    }
    let (score, mut grid, known) = best?;
    if score < PROMISING || grid.settle(luma, &known, light_on_dark, &FINE) < PLAUSIBLE {
        return None;
    }
    let seen = grid.darkness(luma, light_on_dark)?;
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

    fn transform(&self) -> Option<PerspectiveTransform> {
        let far = self.side as f32 - 3.5;
        let [a, b, c, d] = self.corners;
        let from = Quadrilateral::new(point(3.5, 3.5), point(far, 3.5), point(far, far), point(3.5, far));
        PerspectiveTransform::quadrilateralToQuadrilateral(from, Quadrilateral::new(a, b, c, d)).ok()
    }

    /// Moves the corners to where the known modules agree best, the one that was only guessed first.
    fn settle(&mut self, luma: &Luma, known: &Known, light_on_dark: bool, steps: &[f32]) -> f32 {
        let mut best = self.agreement(luma, known, light_on_dark);
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
                        let score = moved.agreement(luma, known, light_on_dark);
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
    /// light.
    fn agreement(&self, luma: &Luma, known: &Known, light_on_dark: bool) -> f32 {
        let Some(transform) = self.transform() else { return 0.0 };
        let (mut dark, mut light, mut all) = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0, 0.0));
        let mut values = Vec::with_capacity((self.side + 2) * (self.side + 2));
        for y in 0..self.side + 2 {
            for x in 0..self.side + 2 {
                let at = transform.transform_point(point(x as f32 - 0.5, y as f32 - 0.5));
                let Some(value) = darkness(luma, at, light_on_dark) else { continue };
                all = (all.0 + 1.0, all.1 + value, all.2 + value * value);
                match known.at(x, y) {
                    Some(true) => dark = (dark.0 + 1.0, dark.1 + value),
                    Some(false) => light = (light.0 + 1.0, light.1 + value),
                    None => values.push(value),
                }
            }
        }
        let inside = all.0 / ((self.side + 2) * (self.side + 2)) as f32;
        if inside < 0.8 || dark.0 < 1.0 || light.0 < 1.0 {
            return 0.0;
        }
        let mean = all.1 / all.0;
        let spread = (all.2 / all.0 - mean * mean).max(1.0).sqrt();
        let (dark, light) = (dark.1 / dark.0, light.1 / light.0);
        let middle = (dark + light) / 2.0;
        let clear =
            values.iter().map(|value| (value - middle).abs()).sum::<f32>() / values.len().max(1) as f32;
        (dark - light) / (2.0 * spread) + 0.3 * (clear / spread).min(1.0) - 0.2
    }

    /// The darkness of each module, a ring of quiet zone included.
    fn darkness(&self, luma: &Luma, light_on_dark: bool) -> Option<Vec<f32>> {
        let transform = self.transform()?;
        let side = self.side + 2;
        let mut seen = Vec::with_capacity(side * side);
        for y in 0..side {
            for x in 0..side {
                let (mut sum, mut count) = (0.0, 0.0);
                for dy in SPOTS {
                    for dx in SPOTS {
                        let spot = point(x as f32 - 0.5 + dx, y as f32 - 0.5 + dy);
                        let at = transform.transform_point(spot);
                        if let Some(value) = darkness(luma, at, light_on_dark) {
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

/// Between the four pixels around a point; nothing outside the picture.
fn darkness(luma: &Luma, at: Point, light_on_dark: bool) -> Option<f32> {
    let (x, y) = (at.x - 0.5, at.y - 0.5);
    if !(x > -1.0 && y > -1.0 && x < luma.width() as f32 && y < luma.height() as f32) {
        return None;
    }
    let (left, top) = (x.max(0.0) as usize, y.max(0.0) as usize);
    let (left, top) = (left.min(luma.width() - 1), top.min(luma.height() - 1));
    let (right, below) = ((left + 1).min(luma.width() - 1), (top + 1).min(luma.height() - 1));
    let (fx, fy) = ((x - left as f32).clamp(0.0, 1.0), (y - top as f32).clamp(0.0, 1.0));
    let pixel = |x: usize, y: usize| f32::from(luma.bytes()[y * luma.width() + x]);
    let upper = pixel(left, top) * (1.0 - fx) + pixel(right, top) * fx;
    let lower = pixel(left, below) * (1.0 - fx) + pixel(right, below) * fx;
    let value = upper * (1.0 - fy) + lower * fy;
    Some(if light_on_dark { value } else { 255.0 - value })
}
