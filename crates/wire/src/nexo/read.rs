//! Bytes to a small tree of elements, under limits, with everything dangerous in XML refused.
//!
//! The listener cannot authenticate a terminal (dossier chapter 2.4), so what arrives may be hostile.
//! Invariant: no document type, no entity but the five predefined ones and character references, no
//! processing instruction, nothing fetched; size is checked before the first byte is looked at, and
//! depth, elements and attributes while reading.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::write::{is_xml_char, is_xml_text};
use super::{DecodeError, Limits};

/// One element: names and values after unescaping, text directly inside joined together. Whatever stands in
/// the document as it is meant is a part of the document, not a copy.
#[derive(Debug, Default)]
pub struct Node<'d> {
    /// Name as written, prefix included.
    pub name: Cow<'d, str>,
    /// Name and normalised value, in the order of the document.
    pub attributes: Vec<(Cow<'d, str>, Cow<'d, str>)>,
    /// Child elements in the order of the document.
    pub children: Vec<Node<'d>>,
    /// Character data directly inside.
    pub text: Cow<'d, str>,
}

impl Node<'_> {
    /// Value of the attribute, if present.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
    }
}

/// Parses a document into its root element.
pub fn parse<'d>(bytes: &'d [u8], limits: &Limits) -> Result<Node<'d>, DecodeError> {
    if bytes.len() > limits.bytes {
        return Err(DecodeError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| not_xml("not UTF-8"))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if !is_xml_text(text) {
        return Err(not_xml("a character that XML forbids"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut tree = Tree { document: text, limits, open: Vec::new(), root: None, elements: 0 };
    let mut at_start = true;
    loop {
        let event = reader.read_event().map_err(|e| not_xml(&e.to_string()))?;
        match event {
            Event::Start(tag) => tree.start(&tag)?,
            Event::Empty(tag) => {
                tree.start(&tag)?;
                tree.end()?;
            }
            Event::End(_) => tree.end()?,
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => tree.cdata(&text.xml10_content())?,
            Event::GeneralRef(reference) => tree.reference(&reference)?,
            Event::Comment(_) => {}
            Event::Decl(declaration) if at_start => check_declaration(&declaration)?,
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) => return Err(DecodeError::Forbidden),
            Event::Eof => break,
        }
        at_start = false;
    }
    if !tree.open.is_empty() {
        return Err(not_xml("the document ends inside an element"));
    }
    tree.root.ok_or_else(|| not_xml("no element"))
}

fn not_xml(what: &str) -> DecodeError {
    DecodeError::NotXml(what.to_owned())
}

fn check_declaration(declaration: &BytesDecl<'_>) -> Result<(), DecodeError> {
    let version = declaration.version().map_err(|e| not_xml(&e.to_string()))?;
    if version != "1.0" {
        return Err(not_xml("XML version other than 1.0"));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(_) => Err(not_xml("encoding other than UTF-8")),
    }
}

struct Tree<'d, 'l> {
    document: &'d str,
    limits: &'l Limits,
    open: Vec<Node<'d>>,
    root: Option<Node<'d>>,
    elements: usize,
}

impl<'d> Tree<'d, '_> {
    /// The part of the document that `part` is; a copy of what the reader had to put together.
    fn part(&self, part: &str) -> Cow<'d, str> {
        let start = (part.as_ptr() as usize).checked_sub(self.document.as_ptr() as usize);
        let found = start.and_then(|start| self.document.get(start..start + part.len()));
        found.map_or_else(|| Cow::Owned(part.to_owned()), Cow::Borrowed)
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), DecodeError> {
        if self.root.is_some() {
            return Err(not_xml("a second root element"));
        }
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(DecodeError::TooLarge);
        }
        if self.open.len() >= self.limits.depth {
            return Err(DecodeError::TooDeep);
        }
        let name = self.part(tag.name().into_inner());
        if !is_name(&name) {
            return Err(not_xml("a tag without a proper name"));
        }
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| not_xml(&e.to_string()))?;
            if attributes.len() >= self.limits.attributes {
                return Err(DecodeError::TooLarge);
            }
            if attribute.value.contains('<') {
                return Err(not_xml("an angle bracket inside an attribute"));
            }
            let key = self.part(attribute.key.into_inner());
            if !is_name(&key) {
                return Err(not_xml("an attribute without a proper name"));
            }
            let value = match attribute.normalized_value(XmlVersion::Implicit1_0).map_err(bad_reference)? {
                Cow::Borrowed(value) => self.part(value),
                Cow::Owned(value) => Cow::Owned(value),
            };
            if !is_xml_text(&value) {
                return Err(not_xml("a reference to a character that XML forbids"));
            }
            attributes.push((key, value));
        }
        self.open.push(Node { name, attributes, ..Node::default() });
        Ok(())
    }

    fn end(&mut self) -> Result<(), DecodeError> {
        let Some(node) = self.open.pop() else { return Err(not_xml("an end tag too many")) };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), DecodeError> {
        let part = self.part(text);
        match self.open.last_mut() {
            Some(node) if text.contains("]]>") => {
                Err(not_xml(&format!("the end of a CDATA section in the text of {}", node.name)))
            }
            Some(node) => {
                // The rule is one piece of text; only references and CDATA sections make more of it.
                node.text += part;
                Ok(())
            }
            None if text.chars().all(is_blank) => Ok(()),
            None => Err(not_xml("text outside the root element")),
        }
    }

    fn cdata(&mut self, text: &str) -> Result<(), DecodeError> {
        let Some(node) = self.open.last_mut() else {
            return Err(not_xml("a CDATA section outside the root element"));
        };
        node.text.to_mut().push_str(text);
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), DecodeError> {
        let Some(node) = self.open.last_mut() else {
            return Err(not_xml("a reference outside the root element"));
        };
        match reference.resolve_char_ref().map_err(|e| not_xml(&e.to_string()))? {
            Some(c) if is_xml_char(c) => node.text.to_mut().push(c),
            Some(_) => return Err(not_xml("a reference to a character that XML forbids")),
            None => match resolve_predefined_entity(reference) {
                Some(text) => node.text.to_mut().push_str(text),
                None => return Err(DecodeError::Forbidden),
            },
        }
        Ok(())
    }
}

/// An entity that is not predefined can only come from a document type, so it is forbidden, not merely
/// malformed.
fn bad_reference(error: quick_xml::Error) -> DecodeError {
    use quick_xml::escape::EscapeError;
    if let quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(..)) = error {
        return DecodeError::Forbidden;
    }
    not_xml(&error.to_string())
}

/// Names of nexo are ASCII letters; the wider XML name is accepted so that unknown elements are skipped.
fn is_name(name: &str) -> bool {
    let starts = |c: char| c.is_alphabetic() || c == '_' || c == ':';
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.');
    if name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return !name.is_empty();
    }
    name.chars().next().is_some_and(starts) && name.chars().all(goes_on)
}

/// White space of XML.
pub fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
