//! A receipt laid out for paper: rows of a fixed number of columns, each in one style.
//!
//! The terminal's text is taken as it is; what the shop must add (a copy, practice, a line to sign on) are
//! rows of our own. Marks are twice the size of everything else, as Swedish rules for copies and training
//! receipts ask. Invariant: no row is wider than the paper, and no word of the receipt is left out.

use domain::receipt::{PRACTICE_MARK, Receipt};

use crate::limits::COLUMNS_LEAST;

/// Where a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left edge, as terminals lay out their text.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// How large the letters are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// As the paper's columns count.
    #[default]
    Normal,
    /// Twice as wide and twice as high.
    Double,
}

impl Size {
    /// Columns that one letter takes.
    pub const fn columns(self) -> usize {
        match self {
            Self::Normal => 1,
            Self::Double => 2,
        }
    }
}

/// How a row looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Where it stands.
    pub align: Align,
    /// In bold.
    pub bold: bool,
    /// Its size.
    pub size: Size,
}

impl Style {
    /// Rows nobody may overlook.
    const MARK: Self = Self { align: Align::Centre, bold: true, size: Size::Double };
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What it says; empty for a blank row.
    pub text: String,
    /// How it looks.
    pub style: Style,
}

/// The language of our own rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Swedish.
    Swedish,
}

/// Our own words.
struct Words {
    copy: &'static str,
    practice: [&'static str; 2],
    signature: &'static str,
}

impl Language {
    const fn words(self) -> Words {
        match self {
            Self::English => {
                Words { copy: "COPY", practice: ["PRACTICE", "NOT A RECEIPT"], signature: "Signature" }
            }
            Self::Swedish => {
                Words { copy: "KOPIA", practice: ["ÖVNING", "EJ KVITTO"], signature: "Underskrift" }
            }
        }
    }
}

/// What must stand on the paper beside the receipt's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// It was printed before.
    pub copy: bool,
    /// Made in practice. A receipt whose text says so is marked in any case.
    pub practice: bool,
    /// The language of the marks.
    pub language: Language,
}

/// A receipt laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// From top to bottom.
    pub rows: Vec<Row>,
    /// Columns of the paper.
    pub columns: usize,
}

impl Slip {
    /// The receipt with its marks on paper of so many columns.
    pub fn of(receipt: &Receipt, marks: Marks, columns: usize) -> Self {
        let words = marks.language.words();
        let practice = marks.practice || receipt.lines.iter().any(|line| line.trim() == PRACTICE_MARK);
        let mut slip = Self { rows: Vec::new(), columns: columns.max(COLUMNS_LEAST) };
        if practice {
            slip.marks(&words.practice);
        }
        if marks.copy {
            slip.marks(&[words.copy]);
        }
        for line in receipt.lines.iter().filter(|line| line.trim() != PRACTICE_MARK) {
            slip.text(line);
        }
        if receipt.to_sign {
            slip.line_to_sign(words.signature);
        }
        if practice {
            slip.rows.push(Row::default());
            slip.marks(&words.practice);
        }
        slip
    }

    fn marks(&mut self, marks: &[&str]) {
        for mark in marks {
            self.wrapped(mark, Style::MARK);
        }
        self.rows.push(Row::default());
    }

    /// A line of the terminal, which may hold line breaks of its own.
    fn text(&mut self, line: &str) {
        for part in line.replace("\r\n", "\n").split(['\n', '\r']) {
            self.wrapped(part, Style::default());
        }
    }

    /// Room for a pen above the line.
    fn line_to_sign(&mut self, word: &str) {
        self.rows.extend([Row::default(), Row::default(), Row::default()]);
        self.wrapped(&"_".repeat(self.columns), Style::default());
        self.wrapped(word, Style::default());
    }

    fn wrapped(&mut self, text: &str, style: Style) {
        let width = self.columns / style.size.columns();
        self.rows.extend(wrap(&text.replace('\t', " "), width).map(|text| Row { text, style }));
    }
}

/// Breaks at the last space that fits, and within a word where there is none. Spaces at the beginning of the
/// text are the terminal's layout and stay.
fn wrap(text: &str, width: usize) -> impl Iterator<Item = String> {
    let mut rest: Vec<char> = text.trim_end().chars().collect();
    let mut rows = Vec::new();
    while rest.len() > width {
        let indent = rest.iter().take_while(|sign| **sign == ' ').count();
        let space = (indent + 1..=width).rev().find(|at| rest.get(*at) == Some(&' '));
        let tail = rest.split_off(space.unwrap_or(width));
        rows.push(rest.iter().collect::<String>().trim_end().to_owned());
        rest = tail.into_iter().skip_while(|sign| *sign == ' ').collect();
    }
    rows.push(rest.into_iter().collect());
    rows.into_iter()
}
