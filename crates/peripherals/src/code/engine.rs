//! QR codes in a picture of bits, by the crate `rxing`.
//!
//! Its parts are called one by one rather than through its reader: the bits are made here, Micro QR and its
//! false reads are out of reach, one detection serves decoding, grid fitting and guidance, and the number of
//! tries has a bound. Invariant: a panic inside the library is a picture without a code, never the end of the
//! program.

use super::effort::Effort;
use super::fit;
use super::frame::Luma;
use crate::limits::{FITS_PICTURE, TRIPLES};
use crate::quiet::quietly;
use rxing::common::{BitMatrix, DetectorRXingResult};
use rxing::oned::{Code128Reader, OneDReader};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{
    FindFinderPatterns, FinderPatternSet, GenerateFinderPatternSets, SampleQR,
};

/// Rows of a picture that are searched for bars.
const BAR_ROWS: usize = 40;

/// What one look at a picture finds.
#[derive(Clone, Default)]
pub struct Found {
    /// The texts of the codes, none twice.
    pub texts: Vec<String>,
    /// Triples of finder patterns that may be codes, most plausible first.
    pub triples: Vec<FinderPatternSet>,
}

impl Found {
    /// Pixels of a module of the most plausible code, whether it is read or not.
    pub fn module_px(&self) -> Option<f32> {
        self.triples.first().map(|set| (set.bl.size + set.tl.size + set.tr.size) as f32 / 21.0)
    }
}

/// Looks for QR codes of model 2.
pub fn qr(bits: &BitMatrix) -> Found {
    guarded(|| {
        let mut patterns = FindFinderPatterns(bits, false, 0);
        let mut triples = GenerateFinderPatternSets(&mut patterns);
        triples.truncate(TRIPLES);
        let texts = read(bits, &triples);
        Found { texts, triples }
    })
}

/// Reads the grey picture where the triples say that a code lies, as far as `effort` goes.
pub fn fitted(
    luma: &Luma,
    triples: &[FinderPatternSet],
    light_on_dark: bool,
    effort: &mut Effort,
) -> Vec<String> {
    guarded(|| {
        let read = triples.iter().take(FITS_PICTURE).find_map(|set| {
            let modules = effort.begin_fit().then(|| fit::modules(luma, set, light_on_dark, effort))??;
            modules.ways().find_map(|bits| {
                if !effort.begin_way() {
                    return None;
                }
                let as_seen = modules.symbol(&bits.dark).and_then(|symbol| text(&symbol));
                as_seen.or_else(|| text(&modules.symbol(&modules.mended(&bits, effort)?)?))
            })
        });
        Vec::from_iter(read)
    })
}

/// Code 128 that lies level, in either direction. Two rows have to agree.
pub fn bars(bits: &BitMatrix) -> Vec<String> {
    guarded(|| {
        let mut reader = Code128Reader;
        let step = (bits.height() as usize / BAR_ROWS).max(1);
        let mut once: Vec<String> = Vec::new();
        for y in (0..bits.height()).step_by(step) {
            let mut row = bits.getRow(y);
            for _ in 0..2 {
                let hints = rxing::DecodeHints::default();
                let Ok(result) = reader.decode_row(y, &row, &hints) else {
                    row.reverse();
                    continue;
                };
                let text = result.getText().to_owned();
                if once.contains(&text) {
                    return vec![text];
                }
                once.push(text);
                break;
            }
        }
        Vec::new()
    })
}

/// The library's own words for what it cannot do are panics here and there.
pub fn guarded<T: Default>(look: impl FnOnce() -> T) -> T {
    quietly(look).unwrap_or_default()
}

fn read(bits: &BitMatrix, triples: &[FinderPatternSet]) -> Vec<String> {
    let (mut used, mut texts) = (Vec::new(), Vec::new());
    for set in triples {
        if [set.bl, set.tl, set.tr].iter().any(|pattern| used.contains(pattern)) {
            continue;
        }
        let Ok(sampled) = SampleQR(bits, set) else { continue };
        let Some(text) = text(sampled.getBits()) else { continue };
        used.extend([set.bl, set.tl, set.tr]);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

fn text(symbol: &BitMatrix) -> Option<String> {
    let decoded = Decode(symbol).ok()?;
    decoded.isValid().then(|| decoded.text())
}
