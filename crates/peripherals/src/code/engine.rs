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
use rxing::common::{BitArray, BitMatrix, DetectorRXingResult};
use rxing::oned::{Code128Reader, OneDReader};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{
    FindFinderPatterns, FinderPatternSet, GenerateFinderPatternSets, SampleQR,
};
use rxing::{RXingResult, RXingResultMetadataType, RXingResultMetadataValue};

/// Rows of a picture that are searched for bars.
const BAR_ROWS: usize = 40;
/// More codes beside each other are not looked for.
const BARS_OF_ROW: usize = 3;

/// What one code holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    /// What it says.
    pub text: String,
    /// It begins with the sign FNC1: by that it says that it holds GS1 data, which labels on goods do.
    pub is_gs1: bool,
}

/// What one look at a picture finds.
#[derive(Clone, Default)]
pub struct Found {
    /// The texts of the codes, none twice.
    pub texts: Vec<Text>,
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
) -> Vec<Text> {
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

/// Codes 128 that lie level, in either direction, one above or beside the other. Two rows have to agree.
pub fn bars(bits: &BitMatrix) -> Vec<Text> {
    guarded(|| {
        let step = (bits.height() as usize / BAR_ROWS).max(1);
        let (mut once, mut twice): (Vec<Text>, Vec<Text>) = (Vec::new(), Vec::new());
        for y in (0..bits.height()).step_by(step) {
            for text in bars_of_row(y, bits.getRow(y)) {
                let known = if once.contains(&text) { &mut twice } else { &mut once };
                if !known.contains(&text) {
                    known.push(text);
                }
            }
        }
        twice
    })
}

/// The codes of one row: each that is read is covered, and what is left of the row is looked at again.
fn bars_of_row(y: u32, mut row: BitArray) -> Vec<Text> {
    let (mut reader, hints) = (Code128Reader, rxing::DecodeHints::default());
    let mut texts = Vec::new();
    for _ in 0..2 {
        while texts.len() < BARS_OF_ROW
            && let Ok(result) = reader.decode_row(y, &row, &hints)
        {
            let ends = result.getPoints().iter().map(|point| point.x.max(0.0) as usize);
            let (from, to) = ends.fold((row.get_size(), 0), |(from, to), x| (from.min(x), to.max(x)));
            if from >= to {
                break;
            }
            for x in (from..to.min(row.get_size())).filter(|x| row.get(*x)).collect::<Vec<_>>() {
                row.flip(x);
            }
            texts.push(Text { text: result.getText().to_owned(), is_gs1: is_gs1(&result) });
        }
        row.reverse();
    }
    texts
}

/// The library's own words for what it cannot do are panics here and there.
pub fn guarded<T: Default>(look: impl FnOnce() -> T) -> T {
    quietly(look).unwrap_or_default()
}

fn read(bits: &BitMatrix, triples: &[FinderPatternSet]) -> Vec<Text> {
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

fn text(symbol: &BitMatrix) -> Option<Text> {
    let decoded = Decode(symbol).ok()?;
    let is_gs1 = GS1.contains(&decoded.symbologyIdentifier().as_str());
    decoded.isValid().then(|| Text { text: decoded.text(), is_gs1 })
}

/// Identifiers of ISO/IEC 15424 for Code 128, and for QR codes without and with a character set, that begin
/// with FNC1.
const GS1: [&str; 3] = ["]C1", "]Q3", "]Q4"];

fn is_gs1(result: &RXingResult) -> bool {
    let told = result.getRXingResultMetadata().get(&RXingResultMetadataType::SYMBOLOGY_IDENTIFIER);
    matches!(told, Some(RXingResultMetadataValue::SymbologyIdentifier(id)) if GS1.contains(&id.as_str()))
}
