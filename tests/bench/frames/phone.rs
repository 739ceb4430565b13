//! The front of a phone that shows a wallet's page: 70 by 150 millimetres, as tones from 0 to 255.
//!
//! What surrounds the code is drawn once in small squares; the code itself is worked out for each point asked
//! for, so that its edges are as sharp as a screen's, however near the camera is.

use super::dice::Dice;
use super::levels::{Kind, Scene};
use super::symbol;
use anyhow::Result;

/// Width and height, millimetres.
pub const SIZE_MM: (f32, f32) = (70.0, 150.0);
/// Squares of the page along a millimetre.
const FINE: f32 = 8.0;
/// Rim around the screen, millimetres.
const RIM_MM: f32 = 3.0;
/// Tone of the rim.
const RIM: u8 = 12;
/// Where the code's card lies, from the top left.
const CARD_MM: (f32, f32) = (35.0, 78.0);

/// A square of modules or a row of bars, and where it lies.
struct Code {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    across: usize,
    down: usize,
    dark: Vec<bool>,
}

/// The phone's front.
pub struct Front {
    page: Vec<u8>,
    wide: usize,
    codes: Vec<Code>,
    scene: Scene,
    logo_tone: f32,
    /// What the code says; nothing where there is none.
    pub text: String,
    /// The middle of what the camera looks at.
    pub middle_mm: (f32, f32),
    /// Its side, millimetres.
    pub side_mm: f32,
    /// Modules of that side.
    pub modules: usize,
}

impl Front {
    /// As `scene` describes it.
    pub fn draw(scene: &Scene, dice: &mut Dice) -> Result<Self> {
        let side_mm = dice.between(38.0, 46.0);
        let wide = (SIZE_MM.0 * FINE) as usize;
        let mut front = Self {
            page: vec![if scene.dark_page { 28 } else { 236 }; wide * (SIZE_MM.1 * FINE) as usize],
            wide,
            codes: Vec::new(),
            scene: scene.clone(),
            logo_tone: dice.between(60.0, 170.0),
            text: String::new(),
            middle_mm: CARD_MM,
            side_mm,
            modules: 25,
        };
        front.surroundings(dice);
        match scene.kind {
            Kind::Nothing => front.decoys(dice),
            Kind::Bars => front.bars_alone(dice)?,
            Kind::Qr | Kind::Both | Kind::Emv => front.code(dice)?,
        }
        let (width, height) = SIZE_MM;
        for (left, top, wide, tall) in [
            (0.0, 0.0, width, RIM_MM),
            (0.0, height - RIM_MM, width, RIM_MM),
            (0.0, 0.0, RIM_MM, height),
            (width - RIM_MM, 0.0, RIM_MM, height),
        ] {
            front.fill(left, top, wide, tall, RIM);
        }
        Ok(front)
    }

    /// The tone at a point, millimetres from the top left; `None` beside the phone.
    pub fn tone(&self, x: f32, y: f32) -> Option<f32> {
        if !(x >= 0.0 && y >= 0.0 && x < SIZE_MM.0 && y < SIZE_MM.1) {
            return None;
        }
        let (is_rim, code) = (x.min(y).min(SIZE_MM.0 - x).min(SIZE_MM.1 - y) < RIM_MM, self.code_at(x, y));
        if let Some(tone) = code.filter(|_| !is_rim) {
            return Some(tone);
        }
        let at = (y * FINE) as usize * self.wide + (x * FINE) as usize;
        self.page.get(at).map(|tone| f32::from(*tone))
    }

    fn code_at(&self, x: f32, y: f32) -> Option<f32> {
        let code = self.codes.iter().find(|code| {
            x >= code.left && y >= code.top && x < code.left + code.width && y < code.top + code.height
        })?;
        let (along, below) = ((x - code.left) / code.width, (y - code.top) / code.height);
        if code.down > 1 {
            let (off, far) = ((along - 0.5, below - 0.5), (along - 1.0).hypot(below - 1.0));
            if far < self.scene.thumb {
                return Some(130.0);
            }
            if off.0.abs().max(off.1.abs()) < self.scene.logo / 2.0 {
                let is_sign = off.0.hypot(off.1) < self.scene.logo * 0.42;
                return Some(if is_sign { self.logo_tone } else { 255.0 });
            }
        }
        let column = ((along * code.across as f32) as usize).min(code.across - 1);
        let row = ((below * code.down as f32) as usize).min(code.down - 1);
        let is_dark = code.dark.get(row * code.across + column).copied().unwrap_or_default();
        Some(if is_dark == self.scene.inverted { 255.0 } else { 0.0 })
    }

    fn code(&mut self, dice: &mut Dice) -> Result<()> {
        let is_emv = self.scene.kind == Kind::Emv;
        self.text = if is_emv { symbol::emv(dice) } else { symbol::digits(dice) };
        let (dark, modules) = symbol::modules(&self.text, dice)?;
        let side = self.side_mm;
        let (left, mut top) = (CARD_MM.0 - side / 2.0, CARD_MM.1 - side / 2.0);
        if self.scene.kind == Kind::Both {
            top += 8.0;
            let bars = symbol::bars(&self.text)?;
            let width = SIZE_MM.0 * 0.88 * 0.86;
            self.codes.push(Code {
                left: CARD_MM.0 - width / 2.0,
                top: top - 15.0,
                width,
                height: 11.0,
                across: bars.len(),
                down: 1,
                dark: bars,
            });
        }
        self.middle_mm = (CARD_MM.0, top + side / 2.0);
        self.modules = modules;
        self.codes.push(Code {
            left,
            top,
            width: side,
            height: side,
            across: modules,
            down: modules,
            dark,
        });
        Ok(())
    }

    fn bars_alone(&mut self, dice: &mut Dice) -> Result<()> {
        self.text = symbol::digits(dice);
        let dark = symbol::bars(&self.text)?;
        let width = SIZE_MM.0 * 0.88 * 0.9;
        (self.side_mm, self.modules) = (width, dark.len());
        let (left, top) = (CARD_MM.0 - width / 2.0, CARD_MM.1 - 7.0);
        self.codes.push(Code { left, top, width, height: 14.0, across: dark.len(), down: 1, dark });
        Ok(())
    }

    /// What a wallet's page has beside its code: icons, lines of text, a card.
    fn surroundings(&mut self, dice: &mut Dice) {
        let ink = if self.scene.dark_page { 195 } else { 85 };
        let (width, height) = (SIZE_MM.0 * 0.88, self.side_mm + 44.0);
        let (left, top) = (CARD_MM.0 - width / 2.0, CARD_MM.1 - height / 2.0);
        self.words(dice, RIM_MM + 2.5, top - 21.0, 5, ink);
        self.words(dice, RIM_MM + 2.5, top + height + 5.0, 6, ink);
        for _ in 0..5 {
            let middle = (dice.between(RIM_MM, 58.0), dice.between(RIM_MM, 21.0));
            let (radius, tone) = (dice.between(1.5, 3.8), dice.whole(20, 220) as u8);
            self.disc(middle, radius, tone);
        }
        self.fill(left, top, width, height, if self.scene.inverted { 0 } else { 255 });
        self.words(dice, left + 3.5, top + height - 3.5, 1, if self.scene.inverted { 190 } else { 70 });
    }

    /// Lines of letters: short strokes with gaps, as far as a webcam can tell.
    fn words(&mut self, dice: &mut Dice, left: f32, top: f32, lines: usize, ink: u8) {
        for line in 0..lines {
            let (y, mut x) = (top + line as f32 * 3.8, left);
            for _ in 0..dice.whole(6, 24) {
                for _ in 0..dice.whole(1, 3) {
                    self.fill(x, y + dice.between(0.0, 0.8), 0.3, dice.between(0.9, 2.0), ink);
                    x += 0.75;
                }
                self.fill(x - 1.2, y + dice.between(0.0, 2.0), dice.between(0.5, 1.2), 0.3, ink);
                x += 0.9;
            }
        }
    }

    /// Squares within squares as finder patterns have them, and a patch of noise like a code.
    fn decoys(&mut self, dice: &mut Dice) {
        for _ in 0..14 {
            let (x, y, side) =
                (dice.between(5.0, 56.0), dice.between(17.0, 130.0), dice.between(2.5, 11.0));
            let tone = dice.whole(0, 255) as u8;
            self.fill(x, y, side, side, tone);
            if dice.chance(0.4) {
                self.fill(x + side * 0.2, y + side * 0.2, side * 0.6, side * 0.6, 255 - tone);
                self.fill(x + side * 0.4, y + side * 0.4, side * 0.2, side * 0.2, tone);
            }
        }
        let cells = dice.whole(20, 40);
        let (cell, left, top) = (33.0 / cells as f32, CARD_MM.0 - 16.5, CARD_MM.1 - 16.5);
        for at in 0..cells * cells {
            let tone = if dice.chance(0.5) { 255 } else { 0 };
            self.fill(
                left + (at % cells) as f32 * cell,
                top + (at / cells) as f32 * cell,
                cell,
                cell,
                tone,
            );
        }
    }

    fn fill(&mut self, left: f32, top: f32, width: f32, height: f32, tone: u8) {
        let (from, to) = ((left * FINE).max(0.0) as usize, ((left + width) * FINE).max(0.0) as usize);
        let rows = (top * FINE).max(0.0) as usize..((top + height) * FINE).max(0.0) as usize;
        for row in self.page.chunks_exact_mut(self.wide).take(rows.end).skip(rows.start) {
            row.iter_mut().take(to).skip(from).for_each(|square| *square = tone);
        }
    }

    fn disc(&mut self, (x, y): (f32, f32), radius: f32, tone: u8) {
        let steps = (radius * FINE) as usize;
        for step in 0..=2 * steps {
            let off = step as f32 / FINE - radius;
            let half = (radius * radius - off * off).max(0.0).sqrt();
            self.fill(x - half, y + off, 2.0 * half, 1.0 / FINE, tone);
        }
    }
}
