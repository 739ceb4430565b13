//! One picture of a phone before a webcam of sixty degrees.
//!
//! Each pixel asks the phone's front what it sees, so the way from millimetres to pixels is one matrix and
//! its inverse. Then comes what light, screen, lens and sensor do to it, in that order.

use super::dice::Dice;
use super::levels::{Kind, Scene};
use super::phone::Front;
use super::spoil::{self, Plane};
use anyhow::Result;

/// Half of the picture's width, seen from one unit away.
const HALF_WIDTH: f32 = 0.577_35;

/// A finished picture.
pub struct Shot {
    /// Luma.
    pub plane: Plane,
    /// What the code says; nothing where there is none.
    pub text: String,
}

/// From a point of the phone's front, counted from the code's middle, to pixels.
type Matrix = [[f32; 3]; 3];

/// Takes the picture.
pub fn take(scene: &Scene, dice: &mut Dice) -> Result<Shot> {
    let front = Front::draw(scene, dice)?;
    let (width, height) = (scene.size.0 as f32, scene.size.1 as f32);
    let focal = width / 2.0 / HALF_WIDTH;
    let (far, module_px) = distance(scene, &front, focal, dice);
    let code_px = module_px * front.modules as f32;
    let turn = angle(scene.turned, -scene.turned.0, dice);
    let tilt = angle(scene.tilted, 0.0, dice);
    let middle = place(scene, code_px, (width, height), dice);
    let matrix = project(turn, tilt, dice.between(0.0, std::f32::consts::TAU), far, focal, middle);
    let seen = look(scene, &front, &matrix, module_px, dice);
    let plane = spoil::spoil(scene, seen, module_px, (middle, code_px), dice);
    Ok(Shot { plane, text: front.text })
}

/// How far the phone is away and how large a module becomes; never so near that the code does not fit.
fn distance(scene: &Scene, front: &Front, focal: f32, dice: &mut Dice) -> (f32, f32) {
    let modules = front.modules as f32;
    if let Some(module_px) = scene.module_px {
        return (focal * front.side_mm / (module_px * modules), module_px);
    }
    let (least, most) = scene.distance_mm;
    let room = match scene.kind {
        Kind::Bars => focal * (front.side_mm + 8.0) / (scene.size.0 as f32 * 0.92),
        Kind::Qr | Kind::Both | Kind::Emv | Kind::Nothing => {
            focal * (front.side_mm + 12.0) / (scene.size.1 as f32 * 0.92)
        }
    };
    let far = dice.between(least, most).max(room);
    (far, focal * front.side_mm / far / modules)
}

fn angle((degrees, exactly): (f32, bool), least: f32, dice: &mut Dice) -> f32 {
    if exactly { degrees.to_radians() } else { dice.between(least, degrees).to_radians() }
}

/// Where the code's middle lands.
fn place(scene: &Scene, code_px: f32, (width, height): (f32, f32), dice: &mut Dice) -> (f32, f32) {
    let room = |side: f32| 0.8 * (side / 2.0 - code_px * 0.72 - 8.0).max(0.0);
    let (across, down) = match scene.kind {
        Kind::Bars => (0.0, height * 0.2),
        Kind::Qr | Kind::Both | Kind::Emv | Kind::Nothing => (room(width), room(height)),
    };
    let (x, y) = (dice.between(-across, across), dice.between(-down, down));
    let x = if scene.beyond == 0.0 { x } else { code_px * (0.5 - scene.beyond) - width / 2.0 };
    (width / 2.0 + x, height / 2.0 + y)
}

/// Turned in its plane, tilted about an axis in that plane, moved away, seen by the camera.
fn project(turn: f32, tilt: f32, axis: f32, far: f32, focal: f32, middle: (f32, f32)) -> Matrix {
    let (ax, ay) = (axis.cos(), axis.sin());
    let (sin, cos) = (tilt.sin(), 1.0 - tilt.cos());
    let tilted =
        [[1.0 - cos * ay * ay, cos * ax * ay], [cos * ax * ay, 1.0 - cos * ax * ax], [-sin * ay, sin * ax]];
    let turned = |row: [f32; 2]| {
        [row[0] * turn.cos() + row[1] * turn.sin(), row[1] * turn.cos() - row[0] * turn.sin()]
    };
    let [right, down, ahead] = tilted.map(turned);
    let row =
        |of: [f32; 2], at: f32| [focal * of[0] + at * ahead[0], focal * of[1] + at * ahead[1], at * far];
    [row(right, middle.0), row(down, middle.1), [ahead[0], ahead[1], far]]
}

fn inverse(m: &Matrix) -> Matrix {
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a][c] * m[b][d] - m[a][d] * m[b][c];
    let scale = m[0][0] * minor(1, 2, 1, 2) - m[0][1] * minor(1, 2, 0, 2) + m[0][2] * minor(1, 2, 0, 1);
    [
        [minor(1, 2, 1, 2), -minor(0, 2, 1, 2), minor(0, 1, 1, 2)],
        [-minor(1, 2, 0, 2), minor(0, 2, 0, 2), -minor(0, 1, 0, 2)],
        [minor(1, 2, 0, 1), -minor(0, 2, 0, 1), minor(0, 1, 0, 1)],
    ]
    .map(|row| row.map(|value| value / scale))
}

/// The scene as light: background, and the screen where it covers it. The second plane says how much of each
/// pixel the screen covers.
fn look(scene: &Scene, front: &Front, matrix: &Matrix, module_px: f32, dice: &mut Dice) -> (Plane, Plane) {
    let (width, height) = scene.size;
    let back = inverse(matrix);
    let mut light = spoil::background(scene, dice);
    let mut cover = Plane::new(width, height, 0.0);
    let beat = spoil::Moire::of(scene, module_px, dice);
    let (black, span) = (scene.tones.1, scene.tones.0 - scene.tones.1);
    // Small modules need more looks at each pixel.
    let looks = if module_px < 4.0 { 3 } else { 2 };
    for y in 0..height {
        for x in 0..width {
            let (mut sum, mut count) = (0.0, 0.0_f32);
            for look in 0..looks * looks {
                let part = |n: usize| (n as f32 + 0.5) / looks as f32;
                let (px, py) = (x as f32 + part(look % looks), y as f32 + part(look / looks));
                let [u, v, w] = back.map(|row| row[0] * px + row[1] * py + row[2]);
                let tone = front.tone(u / w + front.middle_mm.0, v / w + front.middle_mm.1);
                if let Some(tone) = tone {
                    (sum, count) = (sum + tone, count + 1.0);
                }
            }
            if count == 0.0 {
                continue;
            }
            let share = count / (looks * looks) as f32;
            let screen = beat.on(black + sum / count / 255.0 * span, x as f32, y as f32);
            let pixel = light.at_mut(x, y);
            *pixel = *pixel * (1.0 - share) + screen * share;
            *cover.at_mut(x, y) = share;
        }
    }
    (light, cover)
}
