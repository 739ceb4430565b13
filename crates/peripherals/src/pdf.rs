//! A slip as a PDF of the width of receipt paper, to keep or to send.
//!
//! One page per slip, as high as it needs to be. The font is in the file, so that it looks the same
//! everywhere; where it comes from and its licence are in `fonts/README.md`. Invariant: the same slips give
//! the same bytes, whatever the day; the text can be searched and copied.

use krilla::Document;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use crate::slip::{Align, Row, Size, Slip};

const REGULAR: &[u8] = include_bytes!("../fonts/DejaVuSansMono.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/DejaVuSansMono-Bold.ttf");
/// Points of a millimetre.
const MM: f32 = 72.0 / 25.4;
/// Width of the paper.
const WIDTH: f32 = 80.0 * MM;
/// Left, right, above and below.
const MARGIN: f32 = 4.0 * MM;
/// Advance of every letter of the font, in parts of its size.
const ADVANCE: f32 = 1233.0 / 2048.0;
/// Row to row, in parts of the size.
const LEADING: f32 = 1.25;
/// From the top of a row to the line its letters stand on, in parts of the size.
const ASCENT: f32 = 0.95;
/// A page higher than this is none for most programs.
const HIGHEST: f32 = 14_400.0;

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmade {
    /// More rows than a page can have.
    #[error("the receipt is too long for a page")]
    TooLong,
    /// The library's words.
    #[error("the PDF cannot be made: {0}")]
    Library(String),
}

/// A file with one page per slip.
///
/// # Errors
/// See [`Unmade`].
pub fn document(slips: &[Slip], title: &str) -> Result<Vec<u8>, Unmade> {
    let letters = Letters { regular: Letter::of(REGULAR)?, bold: Letter::of(BOLD)? };
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).creator("Paydesk".to_owned()));
    for slip in slips {
        let size = size_of(slip);
        let height = slip.rows.iter().map(|row| height_of(row, size)).sum::<f32>() + 2.0 * MARGIN;
        let page = PageSettings::from_wh(WIDTH, height).filter(|_| height <= HIGHEST);
        let mut page = document.start_page_with(page.ok_or(Unmade::TooLong)?);
        let mut surface = page.surface();
        let mut top = MARGIN;
        for row in &slip.rows {
            draw(&mut surface, &letters, row, size, top);
            top += height_of(row, size);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| Unmade::Library(format!("{error:?}")))
}

struct Letters {
    regular: Letter,
    bold: Letter,
}

/// One font: to draw with, and to ask which signs it has.
struct Letter {
    font: Font,
    face: ttf_parser::Face<'static>,
}

impl Letter {
    fn of(bytes: &'static [u8]) -> Result<Self, Unmade> {
        let face = ttf_parser::Face::parse(bytes, 0).map_err(|error| Unmade::Library(error.to_string()))?;
        let font = Font::new(bytes.into(), 0);
        let font = font.ok_or_else(|| Unmade::Library("the font cannot be read".to_owned()))?;
        Ok(Self { font, face })
    }

    /// What the font lacks is a question mark, as on paper.
    fn known(&self, text: &str) -> String {
        text.chars().map(|sign| if self.face.glyph_index(sign).is_some() { sign } else { '?' }).collect()
    }
}

/// The size at which the slip's columns fill the width.
fn size_of(slip: &Slip) -> f32 {
    (WIDTH - 2.0 * MARGIN) / (columns(slip.columns) * ADVANCE)
}

fn height_of(row: &Row, size: f32) -> f32 {
    columns(row.style.size.columns()) * size * LEADING
}

fn columns(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

fn draw(surface: &mut Surface<'_>, letters: &Letters, row: &Row, size: f32, top: f32) {
    if row.text.trim().is_empty() {
        return;
    }
    let letter = if row.style.bold { &letters.bold } else { &letters.regular };
    let size = match row.style.size {
        Size::Normal => size,
        Size::Double => 2.0 * size,
    };
    let text = letter.known(&row.text);
    let free = (WIDTH - 2.0 * MARGIN - columns(text.chars().count()) * size * ADVANCE).max(0.0);
    let left = match row.style.align {
        Align::Left => 0.0,
        Align::Centre => free / 2.0,
        Align::Right => free,
    };
    let start = Point::from_xy(MARGIN + left, top + size * ASCENT);
    surface.draw_text(start, letter.font.clone(), size, &text, false, TextDirection::LeftToRight);
}
