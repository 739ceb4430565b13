//! `receipt --format pdf|escpos`: stored receipts for a printer or a reader of files.
//!
//! Invariant: what was erased stays erased; there is no paper without the receipt's own text.

use anyhow::Context;
use till::api::ReceiptRow;
use till::seams::domain::receipt::Receipt;
use till::seams::peripherals::limits::COLUMNS;
use till::seams::peripherals::slip::{Language, Marks, Slip};
use till::seams::peripherals::{escpos, pdf};

use super::Call;
use super::receipts::NONE;
use crate::exit::Exit;
use crate::lines::{Line, ReceiptLine};

/// Said where a receipt cannot be made into bytes.
const UNMADE: &str = "The receipt cannot be made in this format; --format text shows it";

/// What the bytes are.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    Pdf,
    Escpos,
}

impl Form {
    const fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Escpos => "escpos",
        }
    }

    fn made(self, slips: &[Slip]) -> Result<Vec<u8>, pdf::Unmade> {
        match self {
            Self::Pdf => pdf::document(slips, "Receipt"),
            Self::Escpos => Ok(slips.iter().flat_map(escpos::slip).collect()),
        }
    }
}

/// Writes all receipts that still have their text: one line each with `--json`, one stream otherwise.
///
/// # Errors
/// A receipt is too long for a page.
pub fn write(
    call: &Call,
    rows: &[ReceiptRow],
    form: Form,
    copy: bool,
    language: Language,
) -> anyhow::Result<Exit> {
    let mut slips = Vec::new();
    for row in rows {
        let Some(text) = &row.text else {
            call.out.say(&format!("The text of receipt {} was erased.", row.receipt));
            continue;
        };
        let slip = Slip::of(&stored(row, text), Marks { copy, practice: row.practice, language }, COLUMNS);
        if call.out.json {
            let bytes = form.made(std::slice::from_ref(&slip)).context(UNMADE)?;
            let line = ReceiptLine::new(row).made(form.code(), &bytes);
            call.out.line(&Line::Receipt(Box::new(line)));
        }
        slips.push(slip);
    }
    if slips.is_empty() {
        if rows.is_empty() {
            call.out.say(NONE);
        }
        return Ok(Exit::Failed);
    }
    if !call.out.json {
        call.out.bytes(&form.made(&slips).context(UNMADE)?);
    }
    Ok(Exit::Done)
}

/// A stored receipt was signed, if it had to be, when it was first printed: no line to sign on again.
fn stored(row: &ReceiptRow, text: &str) -> Receipt {
    let lines = text.lines().map(str::to_owned).collect();
    Receipt { copy: row.copy, lines, to_sign: false, readable: true }
}
