//! What is drawn: each level is a way in which a customer, a screen and a webcam spoil a code.
//!
//! The levels and their strengths are those that the targets were set on: one distortion at a time in several
//! strengths, mixes of all of them for a friendly counter, an ordinary shop and a hard case in three camera
//! resolutions, and scenes without any code.

use super::dice::Dice;

/// What the screen shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A QR code of a wallet.
    Qr,
    /// The same with bars of the same digits above it.
    Both,
    /// Bars alone.
    Bars,
    /// A card network's code for customers.
    Emv,
    /// Pictures, stripes and squares, but no code.
    Nothing,
}

/// Everything that shapes one frame.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Pixels of the camera.
    pub size: (usize, usize),
    /// What the screen shows.
    pub kind: Kind,
    /// Pixels of a module; where it is not given, the distance decides.
    pub module_px: Option<f32>,
    /// From the camera to the screen, millimetres.
    pub distance_mm: (f32, f32),
    /// Turned in the plane of the picture by up to this, degrees; exactly this where it says so.
    pub turned: (f32, bool),
    /// Tilted away likewise.
    pub tilted: (f32, bool),
    /// Gaussian blur, modules.
    pub blur: f32,
    /// Movement while the picture is taken, modules.
    pub motion: f32,
    /// Noise, grey levels.
    pub noise: f32,
    /// The screen's white and black, grey levels.
    pub tones: (f32, f32),
    /// Light mirrored by the screen.
    pub glare: f32,
    /// Beat of the screen's pixels with the camera's.
    pub moire: f32,
    /// Of JPEG.
    pub quality: usize,
    /// Light on dark.
    pub inverted: bool,
    /// A dark page around the code.
    pub dark_page: bool,
    /// How much lighter one side of the picture is.
    pub slope: f32,
    /// A screen so bright that its light spills.
    pub bloom: f32,
    /// Patches of the background across the picture.
    pub clutter: usize,
    /// Part of the code's side beyond the picture's left border.
    pub beyond: f32,
    /// Side of a picture in the middle, of the code's side.
    pub logo: f32,
    /// Radius of a thumb over the lower right corner, of the code's side.
    pub thumb: f32,
}

/// One level.
#[derive(Clone, Debug)]
pub struct Level {
    /// Its name, as in manifests of folders.
    pub name: String,
    scene: Scene,
    /// 0 to 2: everything at once, how badly.
    mixed: Option<usize>,
}

const MIXES: [&str; 3] = ["easy", "medium", "hard"];
const SIZES: [(usize, usize); 3] = [(640, 480), (1280, 720), (1920, 1080)];

impl Level {
    /// The frame that `dice` makes of it.
    pub fn scene(&self, dice: &mut Dice) -> Scene {
        self.mixed.map_or_else(|| self.scene.clone(), |hardness| mixed(&self.scene, hardness, dice))
    }
}

fn plain() -> Scene {
    Scene {
        size: (1280, 720),
        kind: Kind::Qr,
        module_px: None,
        distance_mm: (120.0, 260.0),
        turned: (8.0, false),
        tilted: (6.0, false),
        blur: 0.25,
        motion: 0.0,
        noise: 3.0,
        tones: (215.0, 25.0),
        glare: 0.0,
        moire: 0.02,
        quality: 88,
        inverted: false,
        dark_page: false,
        slope: 0.15,
        bloom: 0.0,
        clutter: 9,
        beyond: 0.0,
        logo: 0.0,
        thumb: 0.0,
    }
}

/// Everything at once, drawn for each frame anew.
fn mixed(base: &Scene, hardness: usize, dice: &mut Dice) -> Scene {
    let of = |values: [f32; 3]| values[hardness.min(2)];
    let mut scene = Scene {
        distance_mm: (of([110.0, 110.0, 120.0]), of([200.0, 260.0, 320.0])),
        turned: (of([15.0, 40.0, 180.0]), false),
        tilted: (of([12.0, 25.0, 40.0]), false),
        blur: dice.between(0.15, of([0.3, 0.5, 0.7])),
        noise: dice.between(2.0, of([6.0, 12.0, 22.0])),
        moire: dice.between(0.0, of([0.06, 0.15, 0.3])),
        quality: dice.whole([80, 60, 40][hardness.min(2)], 93),
        slope: dice.between(0.0, of([0.2, 0.4, 0.6])),
        tones: (dice.between(of([190.0, 140.0, 100.0]), 235.0), dice.between(10.0, of([40.0, 60.0, 70.0]))),
        logo: dice.pick(&[0.0, 0.18]),
        dark_page: dice.chance(0.3),
        kind: dice.pick(&[Kind::Qr, Kind::Both]),
        ..base.clone()
    };
    if dice.chance(of([0.0, 0.25, 0.4])) {
        scene.glare = dice.between(0.15, of([0.2, 0.4, 0.7]));
    }
    if dice.chance(of([0.0, 0.2, 0.4])) {
        scene.motion = dice.between(0.4, of([0.5, 1.0, 1.6]));
    }
    if dice.chance(of([0.0, 0.15, 0.3])) {
        scene.bloom = dice.between(0.2, of([0.3, 0.6, 1.0]));
    }
    if dice.chance(of([0.0, 0.08, 0.15])) {
        (scene.inverted, scene.logo) = (true, 0.0);
    }
    scene
}

/// All levels, the mixes last but for the scenes without a code.
pub fn all() -> Vec<Level> {
    let mut levels = singles();
    for (hardness, name) in MIXES.iter().enumerate() {
        for size in SIZES {
            let scene = Scene { size, ..plain() };
            levels.push(Level { name: format!("mix_{name}_{}", size.1), scene, mixed: Some(hardness) });
        }
    }
    for size in SIZES {
        let scene = Scene { size, kind: Kind::Nothing, noise: 8.0, ..plain() };
        levels.push(Level { name: format!("neg_{}", size.1), scene, mixed: None });
    }
    levels
}

/// One distortion at a time.
fn singles() -> Vec<Level> {
    let mut levels = Vec::new();
    let mut level = |name: String, change: &dyn Fn(&mut Scene)| {
        let mut scene = plain();
        change(&mut scene);
        levels.push(Level { name, scene, mixed: None });
    };
    /// A setter for each strength.
    type Spoil = fn(&mut Scene, f32);
    let rows: [(&str, &[f32], Spoil); 17] = [
        ("scale", &[8.0, 5.0, 3.5, 2.5, 2.0, 1.6], |scene, v| scene.module_px = Some(v)),
        ("rot", &[20.0, 45.0, 90.0], |scene, v| scene.turned = (v, true)),
        ("tilt", &[20.0, 35.0, 50.0, 60.0], |scene, v| {
            (scene.tilted, scene.turned) = ((v, true), (30.0, false));
        }),
        ("blur", &[0.35, 0.5, 0.6, 0.7, 0.9, 1.1], |scene, v| scene.blur = v),
        ("motion", &[0.8, 1.4, 2.0], |scene, v| scene.motion = v),
        ("noise", &[12.0, 24.0, 40.0], |scene, v| scene.noise = v),
        ("contrast", &[60.0, 30.0, 15.0], |scene, v| scene.tones = (100.0 + v / 2.0, 100.0 - v / 2.0)),
        ("glare", &[0.3, 0.6, 1.0], |scene, v| scene.glare = v),
        ("moire", &[0.15, 0.35, 0.6], |scene, v| scene.moire = v),
        ("jpeg", &[50.0, 25.0, 12.0], |scene, v| scene.quality = v as usize),
        ("uneven", &[0.4, 0.7, 0.95], |scene, v| scene.slope = v),
        ("bloom", &[0.4, 0.8, 1.4], |scene, v| (scene.bloom, scene.tones.0) = (v, 235.0)),
        ("logo", &[0.15, 0.22, 0.28], |scene, v| scene.logo = v),
        ("crop", &[-0.03, 0.02], |scene, v| scene.beyond = v),
        ("thumb", &[0.15, 0.3], |scene, v| scene.thumb = v),
        ("clutter", &[24.0], |scene, v| scene.clutter = v as usize),
        ("emv", &[5.0, 3.5, 2.5], |scene, v| (scene.kind, scene.module_px) = (Kind::Emv, Some(v))),
    ];
    level("clean".to_owned(), &|_| {});
    for (name, strengths, spoil) in rows {
        for strength in strengths {
            level(format!("{name}_{strength}"), &|scene| spoil(scene, *strength));
        }
    }
    level("rot_any".to_owned(), &|scene| scene.turned = (180.0, false));
    level("invert_plain".to_owned(), &|scene| (scene.inverted, scene.dark_page) = (true, true));
    level("invert_dim".to_owned(), &|scene| {
        (scene.inverted, scene.dark_page, scene.tones) = (true, true, (120.0, 30.0));
        (scene.noise, scene.blur) = (8.0, 0.4);
    });
    level("dim_screen".to_owned(), &|scene| {
        (scene.tones, scene.noise, scene.slope) = ((70.0, 18.0), 10.0, 0.3);
    });
    level("both".to_owned(), &|scene| scene.kind = Kind::Both);
    level("c128".to_owned(), &|scene| (scene.kind, scene.distance_mm) = (Kind::Bars, (140.0, 220.0)));
    levels
}
