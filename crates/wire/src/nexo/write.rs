//! Writes XML text: start tags, attributes, escaped text.
//!
//! A terminal's parser is strict, so the output is as plain as possible: no declaration, no namespace,
//! no blanks between elements (dossier chapter 2.1). Invariant: characters that XML 1.0 forbids never
//! appear, not even escaped; they are replaced by U+FFFD.

/// Collects one message. Tags are closed by the caller in the order they were opened.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    tag_open: bool,
}

impl Writer {
    /// `<name`; attributes may follow.
    pub fn open(&mut self, name: &str) {
        self.end_tag();
        self.out.push('<');
        self.out.push_str(name);
        self.tag_open = true;
    }

    /// ` name="value"`; only directly after [`Writer::open`].
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, &mut self.out);
        self.out.push('"');
    }

    /// Text of the element that is open.
    pub fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.end_tag();
            escape(text, &mut self.out);
        }
    }

    /// `</name>`, or `/>` when nothing was written inside.
    pub fn close(&mut self, name: &str) {
        if self.tag_open {
            self.out.push_str("/>");
            self.tag_open = false;
        } else {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// The text written so far.
    pub fn finish(self) -> String {
        self.out
    }

    fn end_tag(&mut self) {
        if self.tag_open {
            self.out.push('>');
            self.tag_open = false;
        }
    }
}

/// Line ends and tabs are written as references: a parser would turn them into blanks inside attributes
/// and turn CR LF into LF inside text (dossier chapter 13.3 writes the tab so).
fn escape(text: &str, out: &mut String) {
    // Nearly everything needs no escape at all; a text is looked at in one go and copied in one go.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') & !matches!(byte, b'&' | b'<' | b'>' | b'"');
    if text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        return out.push_str(text);
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c if is_xml_char(c) => out.push(c),
            _ => out.push('\u{FFFD}'),
        }
    }
}

/// `Char` of XML 1.0: what may appear in a document at all.
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether every character may appear. Told by the bytes alone, many at a time, unless one can begin
/// U+FFFE or U+FFFF.
pub fn is_xml_text(text: &str) -> bool {
    let is_plain = |byte: u8| (byte >= b' ' && byte != 0xEF) | matches!(byte, b'\t' | b'\n' | b'\r');
    let all_plain = text.bytes().fold(true, |plain, byte| plain & is_plain(byte));
    all_plain || text.chars().all(is_xml_char)
}
