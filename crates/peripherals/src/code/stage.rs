//! The ways to look at one picture, each with its own strength.
//!
//! The half-size picture comes first: a quarter of the work, and noise and moire are averaged away. What it
//! does not show is looked for in a picture that is sharpened, smoothed, levelled or deblurred, for one of
//! them at a time. Invariant: a stage adds nothing but what error correction vouches for.

use std::cell::OnceCell;

use super::blur::{Lens, Spectrum};
use super::effort::Effort;
use super::engine::{self, Found, Text};
use super::frame::Luma;
use super::{Format, Symbol, filter, threshold};
use crate::limits::{EVEN_WINDOW_PX, FLAT, SECOND_OPINION_PX};
use rqrr::PreparedImage;

/// One way to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Half size, the only one that each frame gets.
    Half,
    /// Half size, light on dark only: what lies beside a code that is dark on light.
    HalfLight,
    /// Half size smoothed, grids fitted: noise, moire, distortion.
    Smooth,
    /// Half size sharpened: motion, slight defocus.
    Sharp,
    /// Full size: codes far away.
    Full,
    /// Full size, light on dark.
    FullLight,
    /// Full size sharpened, for pictures of which there is only one.
    FullSharp,
    /// A third of the size: noise in large pictures.
    Third,
    /// Local contrast made even: a dim or washed-out screen.
    Level,
    /// The same on the smoothed picture: a dim screen in a noisy picture.
    SmoothLevel,
    /// A blur of one and a half pixels of the half-size picture taken back.
    BlurNear,
    /// A blur of two and a half pixels.
    Blur,
    /// A blur of three and a half pixels.
    BlurFar,
    /// Code 128.
    Bars,
    /// The crate `rqrr`, another family of readers: it reads some codes that are cut at the picture's border.
    SecondOpinion,
}

impl Stage {
    /// All of them but [`Self::HalfLight`], in the order in which they are worth trying.
    pub const ALL: [Self; 14] = [
        Self::Half,
        Self::Full,
        Self::Smooth,
        Self::Sharp,
        Self::FullLight,
        Self::Third,
        Self::Level,
        Self::Blur,
        Self::BlurFar,
        Self::SmoothLevel,
        Self::BlurNear,
        Self::FullSharp,
        Self::Bars,
        Self::SecondOpinion,
    ];

    /// Whether it fits into a frame's time beside the first look.
    pub fn is_rescue(self) -> bool {
        !matches!(self, Self::Half | Self::HalfLight | Self::FullSharp)
    }

    /// Pixels of the picture that is looked at for one of the half-size picture.
    pub fn scale(self) -> f32 {
        match self {
            Self::Full | Self::FullLight | Self::FullSharp | Self::Bars => 2.0,
            Self::Third => 2.0 / 3.0,
            Self::Half
            | Self::HalfLight
            | Self::Smooth
            | Self::Sharp
            | Self::Level
            | Self::SmoothLevel
            | Self::BlurNear
            | Self::Blur
            | Self::BlurFar
            | Self::SecondOpinion => 1.0,
        }
    }

    /// The codes seen this way, with no more effort than this.
    pub fn look(self, views: &Views<'_>, effort: Effort) -> Look {
        let half = views.half();
        let fits = &mut { effort };
        match self {
            Self::Half => both_ways(half, half, fits),
            Self::HalfLight => one_way(half, true, fits),
            Self::Full => one_way(views.full, false, fits),
            Self::FullLight => one_way(views.full, true, fits),
            Self::Smooth => both_ways(views.smooth(), views.smooth(), fits),
            Self::Sharp => both_ways(&filter::sharpened(half, 3.0, 3.0), half, fits),
            Self::FullSharp => both_ways(&filter::sharpened(views.full, 2.0, 2.0), views.full, fits),
            Self::Third => {
                views.full.third().map(|third| both_ways(&third, &third, fits)).unwrap_or_default()
            }
            Self::Level => {
                let level = filter::levelled(half, EVEN_WINDOW_PX);
                both_ways(&level, &level, fits)
            }
            Self::SmoothLevel => {
                let level = filter::levelled(&filter::smoothed(half, 1.6), EVEN_WINDOW_PX);
                both_ways(&level, &level, fits)
            }
            Self::BlurNear => deblurred(views, 1.5, fits),
            Self::Blur => deblurred(views, 2.5, fits),
            Self::BlurFar => deblurred(views, 3.5, fits),
            Self::Bars => {
                let bits = threshold::bits(views.full, FLAT);
                let texts = bits.map(|bits| engine::bars(&bits)).unwrap_or_default();
                Look::of(Format::Code128, texts)
            }
            Self::SecondOpinion => {
                Look::of(Format::Qr, if effort.may_ask_twice() { second_opinion(half) } else { Vec::new() })
            }
        }
    }
}

/// What one stage saw.
#[derive(Clone, Default)]
pub struct Look {
    /// The codes.
    pub symbols: Vec<Symbol>,
    /// Pixels of a module, where the outline of a code was seen; in the picture that was looked at.
    pub module_px: Option<f32>,
}

impl Look {
    fn of(format: Format, texts: Vec<Text>) -> Self {
        let symbol = |Text { text, is_gs1 }: Text| Symbol { format, text, is_gs1 };
        let symbols = texts.into_iter().map(symbol).collect();
        Self { symbols, module_px: None }
    }
}

/// One picture, and what stages share of it.
pub struct Views<'a> {
    full: &'a Luma,
    half: OnceCell<Luma>,
    smooth: OnceCell<Luma>,
    spectrum: OnceCell<Option<Spectrum>>,
    lens: &'a OnceCell<Lens>,
}

impl<'a> Views<'a> {
    /// `lens` is kept from picture to picture; one of another size is not used.
    pub const fn of(full: &'a Luma, lens: &'a OnceCell<Lens>) -> Self {
        Self { full, half: OnceCell::new(), smooth: OnceCell::new(), spectrum: OnceCell::new(), lens }
    }

    /// Half the size, or the picture itself where that would be too small.
    pub fn half(&self) -> &Luma {
        self.half.get_or_init(|| self.full.half().unwrap_or_else(|| self.full.clone()))
    }

    fn smooth(&self) -> &Luma {
        self.smooth.get_or_init(|| filter::smoothed(self.half(), 1.0))
    }

    fn deblurred(&self, sigma: f32) -> Option<Luma> {
        let lens = self.lens.get_or_init(|| Lens::of(self.half()));
        let spectrum = self.spectrum.get_or_init(|| lens.spectrum(self.half())).as_ref()?;
        lens.restored(self.half(), spectrum, sigma)
    }
}

fn deblurred(views: &Views<'_>, sigma: f32, effort: &mut Effort) -> Look {
    let restored = views.deblurred(sigma);
    restored.map(|restored| both_ways(&restored, views.half(), effort)).unwrap_or_default()
}

/// Dark on light, then light on dark; bits from `sharp`, grids laid over `grey`.
fn both_ways(sharp: &Luma, grey: &Luma, effort: &mut Effort) -> Look {
    let Some(mut bits) = threshold::bits(sharp, FLAT) else { return Look::default() };
    let dark = engine::qr(&bits);
    if !dark.texts.is_empty() {
        return look(dark);
    }
    bits.flip_self();
    let light = engine::qr(&bits);
    if !light.texts.is_empty() {
        return look(light);
    }
    // Where there is time for one grid alone, the kind that shows the more outlines has it.
    let light_first = light.triples.len() > dark.triples.len();
    let kinds = [(&dark, false), (&light, true)];
    let kinds = if light_first { [kinds[1], kinds[0]] } else { kinds };
    let tried = kinds.into_iter().take(effort.kinds()).filter(|(found, _)| !found.triples.is_empty());
    for (found, light_on_dark) in tried {
        let texts = engine::fitted(grey, &found.triples, light_on_dark, effort);
        if !texts.is_empty() {
            return look(Found { texts, triples: found.triples.clone() });
        }
    }
    look(if dark.triples.is_empty() { light } else { dark })
}

/// Dark on light or light on dark, for pictures that are too large for both in one frame's time.
fn one_way(luma: &Luma, light_on_dark: bool, effort: &mut Effort) -> Look {
    let Some(mut bits) = threshold::bits(luma, FLAT) else { return Look::default() };
    if light_on_dark {
        bits.flip_self();
    }
    let mut found = engine::qr(&bits);
    if found.texts.is_empty() {
        found.texts = engine::fitted(luma, &found.triples, light_on_dark, effort);
    }
    look(found)
}

fn look(found: Found) -> Look {
    let module_px = found.module_px();
    Look { module_px, ..Look::of(Format::Qr, found.texts) }
}

fn second_opinion(luma: &Luma) -> Vec<Text> {
    if luma.bytes().len() > SECOND_OPINION_PX {
        return Vec::new();
    }
    engine::guarded(|| {
        let (width, bytes) = (luma.width(), luma.bytes());
        let pixel = |x: usize, y: usize| bytes.get(y * width + x).copied().unwrap_or(u8::MAX);
        let mut image = PreparedImage::prepare_from_greyscale(width, luma.height(), pixel);
        let grids = image.detect_grids();
        let texts = grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text);
        texts.map(|text| Text { text, is_gs1: false }).collect()
    })
}
