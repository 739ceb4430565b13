//! Generates any value of the protocol from a string of bytes, so that proptest can shrink it.
//!
//! A byte string used up yields zeros: nothing optional, shortest text. Invariant: what is generated is
//! readable again, that is, only values a reader can produce.

use super::super::element::Text;
use super::super::message::{Body, Message};
use super::super::scalar::{Base64, CardNumber, List, MaskedPan, Stamp};
use super::super::status::RepeatedMessage;
use super::super::{Amount, Header};

/// Where values are drawn from.
pub struct Draw {
    bytes: Vec<u8>,
    at: usize,
    full: bool,
}

impl Draw {
    /// Draws from these bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, at: 0, full: false }
    }

    /// Draws everything there is: every option present, every list with a member.
    pub fn full() -> Self {
        Self { bytes: Vec::new(), at: 0, full: true }
    }

    fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        byte
    }

    fn number(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    fn count(&mut self, most: u8) -> usize {
        if self.full { 1 } else { usize::from(self.byte() % (most + 1)) }
    }

    /// One of these, or `None` for a value outside the list.
    pub fn one_of(&mut self, names: &[&'static str]) -> Option<&'static str> {
        names.get(usize::from(self.byte()) % (names.len() + 1)).copied()
    }

    /// Text with everything XML makes difficult.
    fn text(&mut self) -> String {
        const PIECES: &[&str] = &[
            "0", "7", "A", "z", " ", "å", "☎", "&", "<", ">", "\"", "'", "\t", "\n", "\r", "]]>", "€", "𝄞",
            "&amp;",
        ];
        (0..self.count(9)).map(|_| PIECES[usize::from(self.byte()) % PIECES.len()]).collect()
    }
}

/// A value of a field.
pub trait Sample {
    /// Draws one.
    fn sample(draw: &mut Draw) -> Self;
}

impl<T: Sample> Sample for Option<T> {
    fn sample(draw: &mut Draw) -> Self {
        (draw.count(1) == 1).then(|| T::sample(draw))
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn sample(draw: &mut Draw) -> Self {
        (0..draw.count(2)).map(|_| T::sample(draw)).collect()
    }
}

impl<T: Sample> Sample for List<T> {
    fn sample(draw: &mut Draw) -> Self {
        Self(Vec::sample(draw))
    }
}

impl Sample for String {
    fn sample(draw: &mut Draw) -> Self {
        draw.text()
    }
}

impl Sample for bool {
    fn sample(draw: &mut Draw) -> Self {
        draw.byte() % 2 == 1
    }
}

impl Sample for u32 {
    fn sample(draw: &mut Draw) -> Self {
        draw.number() as u32
    }
}

impl Sample for Amount {
    fn sample(draw: &mut Draw) -> Self {
        let decimals = draw.byte() % 7;
        Amount::from_minor(draw.number() as i64, decimals)
    }
}

impl Sample for Stamp {
    fn sample(draw: &mut Draw) -> Self {
        Stamp::new(draw.text())
    }
}

impl Sample for CardNumber {
    fn sample(draw: &mut Draw) -> Self {
        CardNumber::new(draw.number().to_string())
    }
}

impl Sample for MaskedPan {
    fn sample(draw: &mut Draw) -> Self {
        MaskedPan::new(&draw.number().to_string())
    }
}

impl Sample for Base64 {
    fn sample(draw: &mut Draw) -> Self {
        match draw.byte() {
            1 => Base64::parse("neither base64 nor empty").unwrap(),
            _ => Base64::Decoded((0..draw.count(20)).map(|_| draw.byte()).collect()),
        }
    }
}

impl Sample for RepeatedMessage {
    fn sample(draw: &mut Draw) -> Self {
        let Message { header, body, .. } = message_of(draw, "PaymentResponse");
        Self { header, body: Box::new(body) }
    }
}

/// A message with that body element.
pub fn message_of(draw: &mut Draw, element: &str) -> Message {
    let body = if element == "PaymentResponse" {
        Body::PaymentResponse(Sample::sample(draw))
    } else {
        Body::samples(draw).into_iter().find(|body| body.element() == element).unwrap()
    };
    with_header(draw, body)
}

/// A message whose header names the body.
pub fn with_header(draw: &mut Draw, body: Body) -> Message {
    let element = body.element().to_owned();
    let (category, kind) = ["Request", "Response", "Notification"]
        .iter()
        .find_map(|kind| element.strip_suffix(kind).map(|category| (category, *kind)))
        .unwrap();
    let header = Header { category: category.into(), kind: kind.into(), ..Header::sample(draw) };
    Message::new(header, body)
}
