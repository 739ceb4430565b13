//! Paths in documents: what a page names in backticks or links to is there.
//!
//! Invariant: a path with a placeholder (`<name>`, `…`, `*`) is a pattern, not a path, and is left alone.

use std::path::Path;

use super::finding::Finding;
use super::source::Dialect;
use super::tree::{TextFile, Tree};

/// Folders of the project that begin a path; `terminals/src/…` is short for the one in `crates`.
const FOLDERS: &[&str] = &["crates/", "docs/", "src-tauri/", "tests/", "ui/", "xtask/", ".ci/"];
/// Packages below `crates/` that pages name without it.
const CRATES: &[&str] =
    &["domain/", "wire/", "terminals/", "store/", "peripherals/", "till/", "simulator/", "ctl/"];
/// What makes a text no path.
const PLACEHOLDERS: &[char] = &['<', '>', '*', '…', '{', ' ', '(', '='];
/// What builds make; it need not be there.
const MADE: &[&str] = &["ui/dist"];

/// Every path that a document names and that is not there.
pub fn paths(file: &TextFile, tree: &Tree) -> Vec<Finding> {
    let is_page = file.dialect == Dialect::Plain && file.path.ends_with(".md");
    if !is_page {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let missing = |path: &&str| !is_there(&tree.root, path);
        for path in named(line).filter(missing).chain(linked(line).filter(|link| {
            let folder = tree.root.join(&file.path);
            folder.parent().is_some_and(|folder| !folder.join(link).exists())
        })) {
            findings.push(Finding::at(&file.path, index, "path", format!("`{path}` is not there")));
        }
    }
    findings
}

/// Texts in backticks that are paths of the project.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|text| {
        let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
        let short = begins(CRATES) && text.contains(".rs");
        (begins(FOLDERS) || short) && !text.contains(PLACEHOLDERS)
    })
}

/// Targets of links that are files.
fn linked(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', '#']).next()?;
        (!target.is_empty() && !target.contains("://")).then_some(target)
    })
}

fn is_there(root: &Path, path: &str) -> bool {
    let plain = path.split("::").next().unwrap_or(path).trim_end_matches('/');
    MADE.contains(&plain) || root.join(plain).exists() || root.join("crates").join(plain).exists()
}

#[test]
fn paths_and_links_are_told_from_other_words() {
    let found: Vec<_> =
        named("see `crates/a.rs`, `cargo run`, `docs/<name>.md` and `till/src/b.rs`").collect();
    assert_eq!(found, ["crates/a.rs", "till/src/b.rs"]);
    let found: Vec<_> = linked("[a](b.md#c) [x](https://example.com) [y](#z)").collect();
    assert_eq!(found, ["b.md"]);
}

#[test]
fn a_path_that_is_not_there_is_found() {
    let tree = Tree::here();
    let page =
        TextFile::new("docs/a.md", "`tests/tidy/paths.rs` `tests/nowhere.rs` [b](GLOSSARY.md) [c](D.md)\n");
    let told: Vec<_> = paths(&page, tree).iter().map(|found| found.rule).collect();
    assert_eq!(told, ["path", "path"]);
}
