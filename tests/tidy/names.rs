//! Names are nouns of the trade. A name that fits everything says nothing.

use super::finding::Finding;
use super::source::{Dialect, find_words};
use super::tree::TextFile;

const EMPTY_WORDS: &[&str] = &[
    "Manager",
    "Managers",
    "Helper",
    "Helpers",
    "Util",
    "Utils",
    "Processor",
    "Processors",
    "Handler",
    "Handlers",
    "Data",
    "Info",
    "Infos",
];

/// Elements of the nexo messages: the codec writes them as the protocol does.
const NEXO_ELEMENTS: &[&str] = &[
    "CardData",
    "SaleData",
    "PoiData",
    "POIData",
    "PaymentData",
    "LoyaltyData",
    "InputData",
    "SensitiveCardData",
    "TrackData",
    "PaymentInstrumentData",
    "PaymentAcquirerData",
    "PoiSystemData",
    "POISystemData",
    "PoiTerminalData",
    "POITerminalData",
    "SaleTerminalData",
    "SaleToPoiData",
    "SaleToPOIData",
    "SaleToAcquirerData",
    "SaleToIssuerData",
    "MobileData",
    "CheckData",
    "StoredValueData",
    "OutputData",
    "AllowedProductData",
    "CustomerData",
    "AcquirerData",
    "IssuerData",
];

/// Empty words in names of types, traits, modules and files.
pub fn names(file: &TextFile) -> Vec<Finding> {
    let keywords: &[&str] = match file.dialect {
        Dialect::Rust => &["struct", "enum", "trait", "mod", "type"],
        Dialect::Script => &["class", "interface", "type"],
        Dialect::Hash | Dialect::Dashes | Dialect::Plain => return Vec::new(),
    };
    let mut findings = Vec::from_iter(file_name(file));
    for (index, line) in file.source.code.iter().enumerate() {
        for name in keywords.iter().filter_map(|keyword| declared(line, keyword)) {
            let allowed = is_nexo_codec(&file.path) && NEXO_ELEMENTS.contains(&name.as_str());
            if let Some(word) = empty_word(&name).filter(|_| !allowed) {
                let detail = format!("{name}: `{word}` names nothing, use the trade's noun");
                findings.push(Finding::at(&file.path, index, "name", detail));
            }
        }
    }
    findings
}

/// Units stand last: `timeout_ms`, not `ms_timeout`. A function's name is a sentence and may begin with one.
pub fn units(file: &TextFile) -> Vec<Finding> {
    if file.dialect != Dialect::Rust {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, line) in file.source.code.iter().enumerate() {
        let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        for word in words.filter(|word| leads_with_unit(word) && !line.contains(&format!("fn {word}"))) {
            findings.push(Finding::at(&file.path, index, "name", format!("{word}: the unit stands last")));
        }
    }
    findings
}

fn leads_with_unit(word: &str) -> bool {
    let known = ["ms", "secs", "seconds", "minutes", "bytes", "kib", "mib"];
    word.split_once('_')
        .is_some_and(|(unit, what)| known.contains(&unit) && what.starts_with(|c: char| c.is_lowercase()))
}

fn file_name(file: &TextFile) -> Option<Finding> {
    let path = file.path.rsplit_once('.').map_or(file.path.as_str(), |(stem, _)| stem);
    let word = path.split('/').find_map(empty_word)?;
    Some(Finding::of(&file.path, "name", format!("`{word}` in a path names nothing, use the trade's noun")))
}

/// The name behind `keyword`. An indented `type` belongs to a trait that somebody else may have named.
fn declared(line: &str, keyword: &str) -> Option<String> {
    if keyword == "type" && line.starts_with(char::is_whitespace) {
        return None;
    }
    let at = *find_words(line, keyword).first()?;
    let rest = line[at + keyword.len()..].strip_prefix(' ')?;
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn is_nexo_codec(path: &str) -> bool {
    path.starts_with("crates/wire/") && path.split('/').any(|part| part == "nexo" || part == "nexo.rs")
}

/// The empty word in `name`, which is written in either case.
fn empty_word(name: &str) -> Option<&'static str> {
    let snake = |word: &str| name.split(['_', '-']).any(|part| part == word.to_lowercase());
    let camel = |word: &str| {
        name.match_indices(word)
            .any(|(at, _)| !name[at + word.len()..].starts_with(|c: char| c.is_lowercase()))
    };
    EMPTY_WORDS.iter().copied().find(|word| snake(word) || camel(word))
}

#[test]
fn empty_words_are_found_in_types_modules_and_paths() {
    let found = |path: &str, text: &str| names(&TextFile::new(path, text)).len();
    assert_eq!(found("crates/till/src/a.rs", "pub struct SaleManager;"), 1);
    assert_eq!(found("crates/till/src/a.rs", "pub(crate) enum DataKind {}"), 1);
    assert_eq!(found("crates/till/src/a.rs", "pub trait HandlerOf {}"), 1);
    assert_eq!(found("crates/till/src/a.rs", "mod string_utils;"), 1);
    assert_eq!(found("crates/till/src/utils.rs", "//! x"), 1);
    assert_eq!(found("ui/src/a.ts", "export interface SaleInfo {}"), 1);
}

#[test]
fn units_that_lead_are_found() {
    let found = |text: &str| units(&TextFile::new("crates/till/src/a.rs", text)).len();
    assert_eq!(found("let ms_timeout = 3;"), 1);
    assert_eq!(found("pub struct A { bytes_read: u64, pub secs_left: u64 }"), 2);
    assert_eq!(found("let (timeout_ms, read_bytes) = (3, 4); // ms_timeout"), 0);
    assert_eq!(found("fn bytes_that_nobody_wanted() {}"), 0);
}

#[test]
fn longer_words_and_foreign_types_pass() {
    let found = |text: &str| names(&TextFile::new("crates/till/src/a.rs", text)).len();
    assert_eq!(found("pub struct Database; pub struct Metadata;"), 0);
    assert_eq!(found("impl Body for Bytes {\n    type Data = Bytes;\n}"), 0);
    assert_eq!(found("// struct SaleManager\nlet a = \"struct Data\";"), 0);
    assert_eq!(found("pub enum Role { Manager }"), 0);
}

#[test]
fn nexo_elements_keep_their_names_in_the_nexo_codec_only() {
    let text = "pub struct CardData;";
    assert!(names(&TextFile::new("crates/wire/src/nexo/card.rs", text)).is_empty());
    assert!(names(&TextFile::new("crates/wire/src/nexo.rs", text)).is_empty());
    assert_eq!(names(&TextFile::new("crates/wire/src/pockyt.rs", text)).len(), 1);
    assert_eq!(names(&TextFile::new("crates/terminals/src/nexo/map.rs", text)).len(), 1);
    assert_eq!(names(&TextFile::new("crates/wire/src/nexo.rs", "pub struct SendData;")).len(), 1);
}
