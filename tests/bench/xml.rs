//! XML: decoding and encoding an approved payment with both receipts, against what no program can do without.
//!
//! The floor of decoding is a walk over the events that looks at every attribute; of encoding, a writer that
//! is handed the same names and values one after another.

use crate::limits::{self, Scale};
use crate::stand_in;
use crate::table::Row;
use crate::timing::{Round, Rounds, timed};
use anyhow::{Result, ensure};
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use std::hint::black_box;
use wire::nexo::{Limits, Message, decode, encode};

/// Both rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let message = stand_in::approved()?;
    let xml = encode(&message);
    let parts = parts(&xml)?;
    ensure!(write(&parts)? == xml.as_bytes(), "the floor writes another message");
    ensure!(decode(xml.as_bytes(), &Limits::REPLY)? == message, "the message is not read as it is written");
    let (mut decoding, mut encoding) = (Rounds::default(), Rounds::default());
    for _ in 0..scale.rounds {
        let (mut reads, mut writes) = (Round::default(), Round::default());
        for index in 0..scale.messages + scale.messages / limits::WARM_UP {
            let one = Turn::take(&xml, &message, &parts)?;
            if index >= scale.messages / limits::WARM_UP {
                reads.measured.push(one.decode);
                reads.baseline.push(one.walk);
                writes.measured.push(one.encode);
                writes.baseline.push(one.write);
            }
        }
        decoding.take(reads);
        encoding.take(writes);
    }
    let bytes = xml.len();
    let decode =
        format!("PaymentResponse of {bytes} bytes to a checked message; against a bare event walk");
    let encode = format!("the same message to {bytes} bytes; against a bare writer of the same events");
    Ok(vec![
        Row::of("xml decode", decode, &decoding, limits::XML),
        Row::of("xml encode", encode, &encoding, limits::XML),
    ])
}

struct Turn {
    decode: std::time::Duration,
    walk: std::time::Duration,
    encode: std::time::Duration,
    write: std::time::Duration,
}

impl Turn {
    fn take(xml: &str, message: &Message, parts: &[Part]) -> Result<Self> {
        let (walked, walk) = timed(|| walk(black_box(xml)));
        let (decoded, decode) = timed(|| decode(black_box(xml.as_bytes()), &Limits::REPLY));
        let (written, write) = timed(|| write(black_box(parts)));
        let (_, encode) = timed(|| encode(black_box(message)));
        walked?;
        decoded?;
        written?;
        Ok(Self { decode, walk, encode, write })
    }
}

/// Reads every event and attribute, and keeps nothing.
fn walk(xml: &str) -> Result<usize> {
    let mut reader = Reader::from_str(xml);
    let mut seen = 0;
    loop {
        match reader.read_event()? {
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    seen += attribute?.value.len();
                }
            }
            Event::Eof => return Ok(seen),
            event => seen += event.len(),
        }
    }
}

/// A piece of the message as whoever writes it has it: not escaped.
enum Part {
    Start(String, Vec<(String, String)>),
    Empty(String, Vec<(String, String)>),
    Text(String),
    End(String),
}

fn parts(xml: &str) -> Result<Vec<Part>> {
    let mut reader = Reader::from_str(xml);
    let mut parts = Vec::new();
    loop {
        parts.push(match reader.read_event()? {
            Event::Start(tag) => Part::Start(tag.name().into_inner().to_owned(), attributes(&tag)?),
            Event::Empty(tag) => Part::Empty(tag.name().into_inner().to_owned(), attributes(&tag)?),
            Event::Text(text) => Part::Text(text.xml10_content().into_owned()),
            Event::End(tag) => Part::End(tag.name().into_inner().to_owned()),
            Event::Eof => return Ok(parts),
            other => anyhow::bail!("the message has an event of another kind: {other:?}"),
        });
    }
}

fn attributes(tag: &BytesStart<'_>) -> Result<Vec<(String, String)>> {
    let read = tag.attributes().map(|attribute| {
        let attribute = attribute?;
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0)?.into_owned();
        Ok((attribute.key.into_inner().to_owned(), value))
    });
    read.collect()
}

fn write(parts: &[Part]) -> Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    for part in parts {
        writer.write_event(match part {
            Part::Start(name, attributes) => Event::Start(start(name, attributes)),
            Part::Empty(name, attributes) => Event::Empty(start(name, attributes)),
            Part::Text(text) => Event::Text(BytesText::new(text)),
            Part::End(name) => Event::End(BytesEnd::new(name.as_str())),
        })?;
    }
    Ok(writer.into_inner())
}

fn start<'a>(name: &'a str, attributes: &'a [(String, String)]) -> BytesStart<'a> {
    let attributes = attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    BytesStart::new(name).with_attributes(attributes)
}
