//! The printer of the tests: reads the bytes that a printer would get and says what would be on the paper.
//!
//! It knows the commands that [`crate::escpos`] writes and no other, so that a byte nobody meant is an error
//! with its place instead of a smudge. Invariant: what was written is what is read, but for signs that the
//! code page lacks.

use crate::code_page;
use crate::escpos::{DLE, EOT, ESC, FS, GS, LF};
use crate::slip::{Align, Row, Size, Style};

/// One thing that happens to the paper, or to the drawer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A row is printed.
    Row(Row),
    /// The paper is cut.
    Cut,
    /// The drawer opens.
    Drawer,
}

/// Bytes that are no receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// A byte or command that the till does not write.
    #[error("byte {at} begins nothing that the till writes: {byte:#04x}")]
    Foreign {
        /// Counted from 0.
        at: usize,
        /// Which.
        byte: u8,
    },
    /// The stream stops within a command or a row.
    #[error("the stream stops within a command or a row")]
    Cut,
}

/// What a stream puts on paper.
///
/// # Errors
/// It holds something that the till does not write, or stops in the middle.
pub fn read(bytes: &[u8]) -> Result<Vec<Event>, Unread> {
    let mut reader = Reader { style: Style::default(), text: String::new(), events: Vec::new() };
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let used = reader.step(rest).map_err(|fault| match fault {
            Unread::Foreign { byte, .. } => Unread::Foreign { at, byte },
            Unread::Cut => Unread::Cut,
        })?;
        at += used;
    }
    if reader.text.is_empty() { Ok(reader.events) } else { Err(Unread::Cut) }
}

/// The paper as plain text, for comparing and for looking at: letters of double size stand apart, a cut is a
/// dashed line.
pub fn text(events: &[Event], columns: usize) -> String {
    let mut out = String::new();
    for event in events {
        match event {
            Event::Row(row) => out.push_str(&shown(row, columns)),
            Event::Cut => out.push_str(&"- ".repeat(columns / 2)),
            Event::Drawer => out.push_str("[drawer opens]"),
        }
        out.truncate(out.trim_end().len().max(out.rfind('\n').map_or(0, |at| at + 1)));
        out.push('\n');
    }
    out
}

fn shown(row: &Row, columns: usize) -> String {
    let text = match row.style.size {
        Size::Normal => row.text.clone(),
        Size::Double => row.text.chars().flat_map(|sign| [sign, ' ']).collect(),
    };
    match row.style.align {
        Align::Left => text,
        Align::Centre => format!("{text:^columns$}"),
        Align::Right => format!("{text:>columns$}"),
    }
}

struct Reader {
    style: Style,
    text: String,
    events: Vec<Event>,
}

impl Reader {
    /// Takes one command or sign and says how many bytes it has.
    fn step(&mut self, rest: &[u8]) -> Result<usize, Unread> {
        let used = match *rest {
            [LF, ..] => {
                let text = std::mem::take(&mut self.text);
                self.events.push(Event::Row(Row { text, style: self.style }));
                1
            }
            [ESC, b'@', ..] => {
                self.style = Style::default();
                2
            }
            [FS, b'.', ..] => 2,
            [ESC, b'R', 0, ..] | [ESC, b't', code_page::PAGE, ..] | [DLE, EOT, 4, ..] => 3,
            [ESC, b'a', align @ 0..=2, ..] => {
                self.style.align = match align {
                    0 => Align::Left,
                    1 => Align::Centre,
                    _ => Align::Right,
                };
                3
            }
            [ESC, b'E', bold @ 0..=1, ..] => {
                self.style.bold = bold == 1;
                3
            }
            [GS, b'!', size @ (0x00 | 0x11), ..] => {
                self.style.size = if size == 0 { Size::Normal } else { Size::Double };
                3
            }
            [GS, b'V', 66, _, ..] => {
                self.events.push(Event::Cut);
                4
            }
            [ESC, b'p', 0 | 1, _, _, ..] => {
                self.events.push(Event::Drawer);
                5
            }
            [byte, ..] => self.sign(byte, rest.len())?,
            [] => return Err(Unread::Cut),
        };
        Ok(used)
    }

    fn sign(&mut self, byte: u8, left: usize) -> Result<usize, Unread> {
        if let Some(sign) = code_page::sign(byte) {
            self.text.push(sign);
            return Ok(1);
        }
        // The longest command has five bytes.
        let is_command = matches!(byte, ESC | GS | FS | DLE);
        Err(if is_command && left < 5 { Unread::Cut } else { Unread::Foreign { at: 0, byte } })
    }
}
