//! From an answer to what the till's socket gets: form varied by seed, faults of the way applied.
//!
//! Invariant: variation changes nothing that the dossier lets a reader rely on; only a fault that was
//! asked for makes an answer wrong.

use wire::nexo::{self, Message};

use super::twist;
use super::{Framing, WireReply};
use crate::rng::Rng;
use crate::script::{Behaviour, Delivery, Twist};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// The reply that carries the answer, or what the behaviour makes of it. `None` stands for silence.
pub fn deliver(answer: &Message, behaviour: &Behaviour, (seed, vary): (u64, bool)) -> Option<WireReply> {
    let mut answer = answer.clone();
    twist::apply(&mut answer, &behaviour.twists);
    let mut rng =
        Rng::keyed(seed, &format!("form {:?} {}", answer.header.service_id, answer.body.element()));
    let mut text = form(&nexo::encode(&answer), vary.then_some(&mut rng));
    if behaviour.twists.contains(&Twist::FullPan) {
        text = unmask(&text);
    }
    through(text, behaviour.delivery)
}

/// The body in another form of the same meaning, when a sequence is given.
pub fn form(text: &str, rng: Option<&mut Rng>) -> String {
    let Some(rng) = rng else { return text.to_owned() };
    let mut out = String::new();
    if rng.one_in(2) {
        out.push_str(DECLARATION);
    }
    for piece in text.split_inclusive('>') {
        let (before, tag) = piece.split_once('<').unwrap_or((piece, ""));
        out.push_str(before);
        if !tag.is_empty() {
            out.push('<');
            out.push_str(&reordered(tag, rng));
        }
    }
    if rng.one_in(2) {
        out = out.replace("EntryMode=\"MagStripe\"", "EntryMode=\"Magstripe\"");
    }
    out
}

/// A start tag with its attributes in another order. The writer escapes `<` and `>` everywhere and `"`
/// inside values, so splitting by them is safe.
fn reordered(tag: &str, rng: &mut Rng) -> String {
    let end = tag.len() - if tag.ends_with("/>") { 2 } else { 1 };
    let (inside, close) = tag.split_at(end);
    let Some((name, attributes)) = inside.split_once(' ') else { return tag.to_owned() };
    let mut attributes: Vec<&str> = attributes.split_inclusive("\" ").map(str::trim).collect();
    rng.shuffle(&mut attributes);
    format!("{name} {}{close}", attributes.join(" "))
}

/// Shows the card number that stands masked in the answer: test cards only.
fn unmask(text: &str) -> String {
    super::card::NUMBERS.iter().fold(text.to_owned(), |text, pan| {
        let masked = format!("MaskedPAN=\"{}\"", super::card::masked(pan, 6));
        text.replace(&masked, &format!("MaskedPAN=\"{pan}\""))
    })
}

/// What the way makes of a 204.
pub fn without_body(delivery: Delivery) -> Option<WireReply> {
    match delivery {
        Delivery::Normal | Delivery::Chunked | Delivery::Http10 => Some(WireReply::empty(204)),
        Delivery::Refused
        | Delivery::Cut
        | Delivery::CutMiddle
        | Delivery::Close
        | Delivery::Never
        | Delivery::Empty
        | Delivery::NoContent
        | Delivery::Status(_)
        | Delivery::Garbage
        | Delivery::Truncated
        | Delivery::EntityBomb
        | Delivery::Deep
        | Delivery::Oversize(_)
        | Delivery::Twice => through(String::new(), delivery),
    }
}

/// What the way makes of an answer.
pub fn through(text: String, delivery: Delivery) -> Option<WireReply> {
    let ok = |body: Vec<u8>, framing| WireReply::Answer { status: 200, headers: Vec::new(), body, framing };
    let whole = |body: Vec<u8>| Some(ok(body, Framing::Length));
    match delivery {
        Delivery::Normal => whole(text.into_bytes()),
        Delivery::Chunked => Some(ok(text.into_bytes(), Framing::Chunked)),
        Delivery::Http10 => Some(ok(text.into_bytes(), Framing::Http10)),
        Delivery::Refused => Some(WireReply::Refused),
        Delivery::Cut | Delivery::Close => Some(WireReply::Cut),
        Delivery::Never => None,
        Delivery::CutMiddle => {
            let announced = text.len();
            let part = text.into_bytes().into_iter().take(announced / 2).collect();
            Some(WireReply::CutMiddle { status: 200, announced, part })
        }
        Delivery::Empty => whole(Vec::new()),
        Delivery::NoContent => Some(WireReply::empty(204)),
        Delivery::Status(status) => Some(WireReply::empty(status)),
        Delivery::Garbage => whole(b"\x00\xFF\xFEnonsense{]".to_vec()),
        Delivery::Truncated => {
            whole(text.chars().take(text.chars().count() / 2).collect::<String>().into_bytes())
        }
        Delivery::EntityBomb => whole(bomb(&text).into_bytes()),
        Delivery::Deep => whole(format!("{}{}", "<a>".repeat(1_000), "</a>".repeat(1_000)).into_bytes()),
        Delivery::Oversize(bytes) => {
            let padding = " ".repeat(usize::try_from(bytes).unwrap_or(0));
            whole(format!("{text}{padding}").into_bytes())
        }
        Delivery::Twice => whole(format!("{text}{text}").into_bytes()),
    }
}

/// A document type with growing entities before the proper answer.
fn bomb(text: &str) -> String {
    let body = text.strip_prefix(DECLARATION).unwrap_or(text);
    format!(
        "{DECLARATION}<!DOCTYPE SaleToPOIResponse [<!ENTITY a \"{0}\">\
         <!ENTITY b \"{1}\"><!ENTITY c \"{2}\">]>{body}",
        "x".repeat(100),
        "&a;".repeat(100),
        "&b;".repeat(100),
    )
}
