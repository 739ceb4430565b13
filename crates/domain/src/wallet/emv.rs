//! EMV's codes: the customer's, a base64 template of tags, lengths and values; and the shop's, plain text.
//!
//! Invariant: a code for customers is one only if all of it parses and it names an application. A prefix
//! alone is not enough.

use crate::limits;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// How every customer's code begins: tag 85, five bytes, `CPV01`.
pub const PREFIX: &str = "hQVDUFYwMW";
/// UnionPay's part of an application's identifier.
pub const UNION_PAY: [u8; 5] = [0xa0, 0x00, 0x00, 0x03, 0x33];

/// The tag of the format's name and version.
const VERSION: u32 = 0x85;
/// The one version there is.
const VERSION_1: &[u8] = b"CPV01";
/// An application's template.
const APPLICATION: u32 = 0x61;
/// Within it, the application's identifier.
const AID: u32 = 0x4f;
/// What the template of the dossier's own example announces (section 10), in bytes. It holds nine.
const EXAMPLE_ANNOUNCES: usize = 26;

/// Some wallets leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The first application's identifier in a customer's code.
///
/// The dossier's own example announces a longer template than it holds and ends behind the identifier. Any
/// other code that ends so was cut between two fields: only a last template that announces as much as the
/// example and holds an identifier alone may be short.
pub fn aid(text: &str) -> Option<Vec<u8>> {
    let bytes = BASE64.decode(text).ok()?;
    let mut fields = Fields { may_be_the_example: true, ..Fields::of(&bytes) };
    let (tag, version) = fields.next()??;
    if tag != VERSION || version != VERSION_1 {
        return None;
    }
    let mut first = None;
    for field in fields {
        let (tag, value) = field?;
        if tag == APPLICATION {
            first = first.or(Some(application(value)?));
        }
    }
    first.map(<[u8]>::to_vec)
}

/// Whether a text is a shop's code: its first field is `00`, two characters, `01`.
pub fn merchant(text: &str) -> bool {
    text.starts_with("000201")
}

fn application(template: &[u8]) -> Option<&[u8]> {
    let mut aid = None;
    for field in Fields::of(template) {
        let (tag, value) = field?;
        if tag == AID {
            aid = aid.or(Some(value));
        }
    }
    aid.filter(|aid| (5..=16).contains(&aid.len()))
}

fn is_identifier_alone(template: &[u8]) -> bool {
    let mut fields = Fields::of(template);
    matches!((fields.next(), fields.next()), (Some(Some((AID, _))), None))
}

/// Tag, length and value after one another, as BER writes them: `None` where they do not add up, and then
/// nothing more.
struct Fields<'a> {
    rest: &'a [u8],
    left: usize,
    /// An application's template may be short as the example's is.
    may_be_the_example: bool,
}

impl<'a> Fields<'a> {
    const fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, left: limits::CODE_FIELDS, may_be_the_example: false }
    }

    fn field(&mut self) -> Option<(u32, &'a [u8])> {
        self.left = self.left.checked_sub(1)?;
        let tag = self.tag()?;
        let length = self.length()?;
        let is_short = self.may_be_the_example
            && (tag, length) == (APPLICATION, EXAMPLE_ANNOUNCES)
            && is_identifier_alone(self.rest);
        let length = if is_short { self.rest.len() } else { length };
        let (value, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some((tag, value))
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Of one to three bytes.
    fn tag(&mut self) -> Option<u32> {
        let first = self.byte()?;
        let mut tag = u32::from(first);
        if first & 0x1f != 0x1f {
            return Some(tag);
        }
        for _ in 0..2 {
            let next = self.byte()?;
            tag = (tag << 8) | u32::from(next);
            if next & 0x80 == 0 {
                return Some(tag);
            }
        }
        None
    }

    /// Of one to three bytes.
    fn length(&mut self) -> Option<usize> {
        let first = self.byte()?;
        match first {
            0..=0x7f => Some(usize::from(first)),
            0x81 => self.byte().map(usize::from),
            0x82 => Some((usize::from(self.byte()?) << 8) | usize::from(self.byte()?)),
            _ => None,
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u32, &'a [u8])>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.rest = &[];
        }
        Some(field)
    }
}
