//! What light, screen, lens and sensor do to a picture.
//!
//! Known gaps: the blur is a bell and not a disc, moire is two bent gratings, there is no rolling shutter and
//! the background is soft patches.

use super::dice::Dice;
use super::levels::Scene;

/// Grey values, row after row.
#[derive(Clone)]
pub struct Plane {
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The values.
    pub values: Vec<f32>,
}

impl Plane {
    /// The same value everywhere.
    pub fn new(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, values: vec![value; width * height] }
    }

    /// One pixel of it.
    pub fn at_mut(&mut self, x: usize, y: usize) -> &mut f32 {
        &mut self.values[y * self.width + x]
    }

    /// Each pixel changed, by where it is.
    fn change(&mut self, to: impl Fn(f32, f32, f32) -> f32) {
        for (y, row) in self.values.chunks_exact_mut(self.width).enumerate() {
            row.iter_mut().enumerate().for_each(|(x, pixel)| *pixel = to(*pixel, x as f32, y as f32));
        }
    }

    /// Blurred by a bell of `sigma` pixels.
    fn blurred(&self, sigma: f32) -> Self {
        let radius = (3.0 * sigma).ceil() as usize;
        let weight = |off: usize| (-((off as f32 - radius as f32) / sigma).powi(2) / 2.0).exp();
        let weights: Vec<f32> = (0..=2 * radius).map(weight).collect();
        let sum: f32 = weights.iter().sum();
        let (mut across, mut down) = (Self::new(self.width, self.height, 0.0), self.clone());
        let mut wide = vec![0.0; self.width + 2 * radius];
        let rows = self.values.chunks_exact(self.width);
        for (row, to) in rows.zip(across.values.chunks_exact_mut(self.width)) {
            for (at, value) in wide.iter_mut().enumerate() {
                *value = row[at.saturating_sub(radius).min(self.width - 1)];
            }
            for (off, weight) in weights.iter().enumerate() {
                to.iter_mut().zip(&wide[off..]).for_each(|(to, from)| *to += from * weight / sum);
            }
        }
        for (y, to) in down.values.chunks_exact_mut(self.width).enumerate() {
            to.fill(0.0);
            for (off, weight) in weights.iter().enumerate() {
                let from = (y + off).saturating_sub(radius).min(self.height - 1) * self.width;
                let row = &across.values[from..from + self.width];
                to.iter_mut().zip(row).for_each(|(to, from)| *to += from * weight / sum);
            }
        }
        down
    }

    /// Smeared along a straight line of `length` pixels.
    fn smeared(&self, length: f32, angle: f32) -> Self {
        let steps = (length.round() as usize).max(3) | 1;
        let mut smeared = Self::new(self.width, self.height, 0.0);
        for step in 0..steps {
            let along = step as f32 - (steps as f32 - 1.0) / 2.0;
            let off = |way: f32| (along * way).round() as isize;
            let (dx, dy) = (off(angle.cos()), off(angle.sin()));
            for (y, to) in smeared.values.chunks_exact_mut(self.width).enumerate() {
                let from = y.saturating_add_signed(dy).min(self.height - 1) * self.width;
                for (x, to) in to.iter_mut().enumerate() {
                    let x = x.saturating_add_signed(dx).min(self.width - 1);
                    *to += self.values[from + x] / steps as f32;
                }
            }
        }
        smeared
    }
}

/// Soft patches, and boxes and frames of one tone.
pub fn background(scene: &Scene, dice: &mut Dice) -> Plane {
    let (width, height) = scene.size;
    let cell = (width / scene.clutter).max(8);
    let (across, down) = (width / cell + 2, height / cell + 2);
    let tones: Vec<f32> = (0..across * down).map(|_| 105.0 + 38.0 * dice.bell()).collect();
    let mut plane = Plane::new(width, height, 0.0);
    let soft = |at: usize| {
        let part = (at % cell) as f32 / cell as f32;
        part * part * (3.0 - 2.0 * part)
    };
    for y in 0..height {
        for x in 0..width {
            let at = y / cell * across + x / cell;
            let row = |at: usize| tones[at] + (tones[at + 1] - tones[at]) * soft(x);
            *plane.at_mut(x, y) = row(at) + (row(at + across) - row(at)) * soft(y);
        }
    }
    for _ in 0..dice.whole(4, 10) {
        let (left, top) = (dice.whole(0, width), dice.whole(0, height));
        let (right, below) = (left + dice.whole(20, width / 3), top + dice.whole(10, height / 3));
        let (tone, edge) = (dice.between(20.0, 220.0), dice.pick(&[usize::MAX, 3, 6]));
        for y in top..below.min(height) {
            for x in left..right.min(width) {
                let inside = (x - left).min(y - top).min(right - 1 - x).min(below - 1 - y);
                if inside < edge {
                    *plane.at_mut(x, y) = tone;
                }
            }
        }
    }
    plane.change(|value, _, _| value.clamp(0.0, 255.0));
    plane
}

/// The beat between the screen's pixels and the camera's: two bent gratings.
pub struct Moire {
    strength: f32,
    waves: [Wave; 2],
}

struct Wave {
    along: (f32, f32),
    per_px: f32,
    bend_per_px: f32,
    phase: f32,
}

impl Moire {
    /// For a screen whose modules are this large.
    pub fn of(scene: &Scene, module_px: f32, dice: &mut Dice) -> Self {
        let mut wave = || {
            let angle = dice.between(0.0, std::f32::consts::PI);
            Wave {
                along: (angle.cos(), angle.sin()),
                per_px: std::f32::consts::TAU / (module_px * dice.between(0.6, 3.0)),
                bend_per_px: 1.0 / (scene.size.0 as f32 * dice.between(0.2, 0.5)),
                phase: dice.between(0.0, 6.0),
            }
        };
        Self { strength: scene.moire, waves: [wave(), wave()] }
    }

    /// The screen's light with it.
    pub fn on(&self, light: f32, x: f32, y: f32) -> f32 {
        if self.strength == 0.0 {
            return light;
        }
        let beat = self.waves.iter().map(|wave| {
            let (along, across) =
                (x * wave.along.0 + y * wave.along.1, x * wave.along.1 + y * wave.along.0);
            let bend = 1.0 + 0.25 * (across * wave.bend_per_px).sin();
            (along * wave.per_px * bend + wave.phase).sin()
        });
        let beat: f32 = beat.sum();
        light * (1.0 + self.strength / 2.0 * beat) + self.strength * 15.0 * beat
    }
}

/// From the light of the scene to what the camera sends. `code` is where the code's middle is, and its side.
pub fn spoil(
    scene: &Scene,
    (mut light, cover): (Plane, Plane),
    module_px: f32,
    code: ((f32, f32), f32),
    dice: &mut Dice,
) -> Plane {
    slope(scene, &mut light, dice);
    if scene.glare > 0.0 {
        glare(scene, &mut light, code, dice);
    }
    if scene.bloom > 0.0 {
        bloom(scene, &mut light, &cover, module_px);
    }
    light.change(|value, _, _| value.clamp(0.0, 255.0));
    if scene.blur > 0.0 {
        light = light.blurred((scene.blur * module_px).max(0.3));
    }
    if scene.motion > 0.0 {
        light = light.smeared(scene.motion * module_px, dice.between(0.0, std::f32::consts::PI));
    }
    if scene.noise > 0.0 {
        let mut grain = Plane::new(light.width, light.height, 0.0);
        grain.values.iter_mut().for_each(|value| *value = dice.bell());
        let coarse = grain.blurred(1.0);
        let both = grain.values.iter().zip(&coarse.values).map(|(fine, coarse)| 0.7 * fine + 0.9 * coarse);
        light.values.iter_mut().zip(both).for_each(|(value, grain)| *value += scene.noise * grain);
    }
    light.change(|value, _, _| value.clamp(0.0, 255.0));
    light
}

/// Light from one side.
fn slope(scene: &Scene, light: &mut Plane, dice: &mut Dice) {
    let angle = dice.between(0.0, std::f32::consts::TAU);
    let (half, middle) = (scene.size.0 as f32 / 2.0, scene.size.1 as f32 / 2.0);
    let (along, up) = (angle.cos() * scene.slope / half, angle.sin() * scene.slope / half);
    light.change(|value, x, y| value * (1.0 + (x - half) * along + (y - middle) * up));
}

/// A veil over everything, and two bright spots near the code.
fn glare(scene: &Scene, light: &mut Plane, ((x, y), side): ((f32, f32), f32), dice: &mut Dice) {
    for _ in 0..2 {
        let (x, y) = (x + 0.35 * side * dice.bell(), y + 0.35 * side * dice.bell());
        let (wide, tall) = (side * dice.between(0.12, 0.35), side * dice.between(0.08, 0.25));
        light.change(|value, px, py| {
            let off = ((px - x) / wide).powi(2) + ((py - y) / tall).powi(2);
            value + scene.glare * 260.0 * (-off / 2.0).exp()
        });
    }
    light.change(|value, _, _| value * (1.0 - 0.2 * scene.glare) + 45.0 * scene.glare);
}

/// More light than the sensor takes: it spills over what is dark.
fn bloom(scene: &Scene, light: &mut Plane, cover: &Plane, module_px: f32) {
    let lit = light.values.iter_mut().zip(&cover.values);
    lit.for_each(|(value, cover)| *value *= 1.0 + scene.bloom * cover);
    let mut spilt = light.clone();
    spilt.change(|value, _, _| (value - 120.0).max(0.0));
    let spilt = spilt.blurred((module_px * 0.7).max(1.0));
    let both = light.values.iter_mut().zip(&spilt.values);
    both.for_each(|(value, spilt)| *value += 0.55 * scene.bloom * spilt);
}
