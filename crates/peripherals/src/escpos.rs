//! A slip as the bytes that a receipt printer understands, and what else a till asks of one.
//!
//! Written here rather than taken from the crate `escpos`: that one owns the connection it writes to, brings
//! its own blocking drivers and offers code pages by name; what a receipt needs are ten commands that each
//! printer of this kind knows, and [`crate::paper`] has to read exactly these back.
//! Invariant: text never becomes a command ([`crate::code_page`]); every slip sets what it relies on,
//! whatever was printed before, and ends with a cut.

use crate::code_page;
use crate::slip::{Align, Row, Size, Slip, Style};

pub(crate) const LF: u8 = 0x0a;
pub(crate) const DLE: u8 = 0x10;
pub(crate) const EOT: u8 = 0x04;
pub(crate) const ESC: u8 = 0x1b;
pub(crate) const FS: u8 = 0x1c;
pub(crate) const GS: u8 = 0x1d;
/// Feed to the knife and cut, but for one point.
const CUT: [u8; 4] = [GS, b'V', 66, 0];
/// Pin 2 of the drawer's plug for 50 ms, then at least 500 ms of rest, in units of 2 ms.
const KICK: [u8; 5] = [ESC, b'p', 0, 25, 250];
/// Asks for the state of the paper; answered while printing, by printers that answer at all.
pub const ASK_PAPER: [u8; 3] = [DLE, EOT, 4];
/// Asks why it would not print, for example because its cover is open; answered like [`ASK_PAPER`].
pub const ASK_OFFLINE: [u8; 3] = [DLE, EOT, 2];

/// The slip, ready to send.
pub fn slip(slip: &Slip) -> Vec<u8> {
    let mut bytes = vec![ESC, b'@'];
    // Many printers start out reading pairs of upper bytes as Chinese signs.
    bytes.extend([FS, b'.']);
    // Other national sets put letters in the place of brackets and the number sign.
    bytes.extend([ESC, b'R', 0]);
    bytes.extend([ESC, b't', code_page::PAGE]);
    let mut style = Style::default();
    for row in &slip.rows {
        turn(&mut bytes, style, row.style);
        style = row.style;
        text(&mut bytes, row);
    }
    turn(&mut bytes, style, Style::default());
    bytes.extend(CUT);
    bytes
}

/// Opens the cash drawer that is plugged into the printer.
pub fn open_drawer() -> Vec<u8> {
    KICK.to_vec()
}

/// Only what differs is sent.
fn turn(bytes: &mut Vec<u8>, from: Style, to: Style) {
    if from.align != to.align {
        bytes.extend([ESC, b'a', align(to.align)]);
    }
    if from.bold != to.bold {
        bytes.extend([ESC, b'E', u8::from(to.bold)]);
    }
    if from.size != to.size {
        bytes.extend([GS, b'!', size(to.size)]);
    }
}

fn text(bytes: &mut Vec<u8>, row: &Row) {
    bytes.extend(row.text.chars().map(code_page::byte));
    bytes.push(LF);
}

const fn align(align: Align) -> u8 {
    match align {
        Align::Left => 0,
        Align::Centre => 1,
        Align::Right => 2,
    }
}

const fn size(size: Size) -> u8 {
    match size {
        Size::Normal => 0x00,
        Size::Double => 0x11,
    }
}
