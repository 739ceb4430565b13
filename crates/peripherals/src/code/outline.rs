//! A code to be scanned from a screen: its dark modules as one path.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// A QR code without its light margin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Modules on a side, 21 to 177.
    pub side: u16,
    /// An SVG path: a rectangle for each run of dark modules in a row, one unit a module.
    pub path: String,
}

/// The QR code of a text, with the medium of the four levels of correction as wallets print theirs; nothing
/// where no code holds so much.
pub fn outline(text: &str) -> Option<Outline> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let (side, modules) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in modules.chunks(side.max(1)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                // Writing into a text cannot fail.
                let _ = write!(path, "M{x} {y}h{0}v1h-{0}z", run.len());
            }
            x += run.len();
        }
    }
    Some(Outline { side: u16::try_from(side).ok()?, path })
}

#[cfg(test)]
mod tests {
    use super::outline;
    use crate::code::{Luma, Reader};

    /// Dark where the path says so, four pixels a module, with the margin.
    fn painted(text: &str) -> Luma {
        let drawn = outline(text).unwrap();
        let width = (usize::from(drawn.side) + 8) * 4;
        let mut grey = vec![255; width * width];
        for run in drawn.path.split('M').filter(|run| !run.is_empty()) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (long, _) = rest.split_once('v').unwrap();
            let [x, y, long] = [x, y, long].map(|number| number.parse::<usize>().unwrap());
            for at in (y + 4) * 4..(y + 5) * 4 {
                grey[at * width + (x + 4) * 4..at * width + (x + 4 + long) * 4].fill(0);
            }
        }
        Luma::new(width, width, grey).unwrap()
    }

    #[test]
    fn what_is_drawn_is_read() {
        for text in ["https://wallet.example/pay/282171", "short", &"long ".repeat(60)] {
            let found = Reader::default().read_picture(&painted(text)).symbols;
            assert!(found.iter().any(|symbol| symbol.text == text), "{found:?}");
        }
    }

    #[test]
    fn more_than_a_code_holds_is_not_drawn() {
        assert_eq!(outline(&"x".repeat(3000)), None);
    }
}
