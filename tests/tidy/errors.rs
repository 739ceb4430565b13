//! Errors are decisions for the caller: each module of a library refuses in one way, with one enum of causes
//! that its callers match. A second one in the same file is a second module, or a cause too many.

use super::finding::Finding;
use super::source::Dialect;
use super::tree::TextFile;

/// Files with more than one error enum.
pub fn errors(file: &TextFile) -> Vec<Finding> {
    if file.dialect != Dialect::Rust || !file.path.starts_with("crates/") {
        return Vec::new();
    }
    let mut awaited = false;
    let mut enums = Vec::new();
    for (index, line) in file.source.code.iter().enumerate() {
        awaited |= line.contains("thiserror::Error");
        if awaited && [" enum ", " struct "].iter().any(|keyword| line.contains(keyword)) {
            awaited = false;
            enums.extend(line.contains(" enum ").then_some(index));
        }
    }
    let more = enums.into_iter().skip(1);
    more.map(|index| Finding::at(&file.path, index, "errors", "a second error enum in one file")).collect()
}

#[test]
fn a_second_error_enum_is_found() {
    let one = "#[derive(Debug, thiserror::Error)]\npub enum A { #[error(\"a\")] B }\n";
    let found = |text: &str| errors(&TextFile::new("crates/till/src/a.rs", text)).len();
    assert_eq!(found(one), 0);
    assert_eq!(found(&format!("{one}pub enum Plain {{ B }}\n")), 0);
    assert_eq!(found(&format!("{one}#[derive(thiserror::Error)]\npub struct Other;\n")), 0);
    assert_eq!(found(&[one, one].concat()), 1);
}
