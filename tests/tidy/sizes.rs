//! Sizes that a reader can hold in mind, and an opening that says what a file is.

use super::finding::Finding;
use super::source::{Dialect, find_words};
use super::tree::TextFile;

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const LINE_COLUMNS: usize = 110;

/// Too long files, functions and lines. Prose, values and samples may be as long as they are.
pub fn sizes(file: &TextFile) -> Vec<Finding> {
    if file.is_sample() || file.dialect == Dialect::Plain {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let lines = file.text.lines().count();
    if lines > FILE_LINES {
        findings.push(Finding::of(
            &file.path,
            "file length",
            format!("{lines} lines, {FILE_LINES} at most"),
        ));
    }
    for (index, line) in file.text.lines().enumerate() {
        let columns = line.chars().count();
        if columns > LINE_COLUMNS {
            let detail = format!("{columns} columns, {LINE_COLUMNS} at most");
            findings.push(Finding::at(&file.path, index, "line length", detail));
        }
    }
    if file.dialect == Dialect::Rust {
        findings.extend(functions(file));
    }
    findings
}

fn functions(file: &TextFile) -> Vec<Finding> {
    let code = &file.source.code;
    let mut findings = Vec::new();
    for (first, line) in code.iter().enumerate() {
        for at in find_words(line, "fn") {
            let name: String = line[at + 2..].trim_start().chars().take_while(|c| is_name(*c)).collect();
            if name.is_empty() {
                continue;
            }
            let lines = function_end(code, first, at) - first + 1;
            if lines > FUNCTION_LINES {
                let detail = format!("fn {name}: {lines} lines, {FUNCTION_LINES} at most");
                findings.push(Finding::at(&file.path, first, "function length", detail));
            }
        }
    }
    findings
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The line of the closing brace, or of the `;` of a function without body.
fn function_end(code: &[String], first: usize, column: usize) -> usize {
    let (mut nested, mut braces) = (0_i32, 0_i32);
    for (index, line) in code.iter().enumerate().skip(first) {
        let rest = if index == first { &line[column..] } else { line };
        for c in rest.chars() {
            match c {
                '(' | '[' => nested += 1,
                ')' | ']' => nested -= 1,
                '{' => braces += 1,
                '}' => braces -= 1,
                ';' if nested == 0 && braces == 0 => return index,
                _ => {}
            }
            if c == '}' && braces <= 0 {
                return index;
            }
        }
    }
    code.len() - 1
}

/// Every Rust file opens with what it is and why it exists.
pub fn opening(file: &TextFile) -> Vec<Finding> {
    let opens = file
        .text
        .trim_start()
        .lines()
        .next()
        .is_some_and(|line| line.strip_prefix("//!").is_some_and(|words| !words.trim().is_empty()));
    if file.dialect != Dialect::Rust || opens {
        return Vec::new();
    }
    vec![Finding::at(&file.path, 0, "opening", "open the file with `//!`: what it is, why it exists")]
}

#[test]
fn a_long_file_function_or_line_is_found() {
    let long_file = "//! x\n".repeat(FILE_LINES + 1);
    assert_eq!(sizes(&TextFile::new("crates/a/src/b.rs", &long_file))[0].rule, "file length");
    let long_line = format!("//! {}\n", "é".repeat(LINE_COLUMNS));
    assert_eq!(sizes(&TextFile::new("crates/a/src/b.rs", &long_line))[0].rule, "line length");
    let long_function =
        format!("//! x\nfn f() {{\n{}}}\n", "    g('}', \"}\"); // }\n".repeat(FUNCTION_LINES));
    let found = sizes(&TextFile::new("crates/a/src/b.rs", &long_function));
    assert_eq!((found[0].rule, found[0].line), ("function length", 2));
}

#[test]
fn the_longest_allowed_function_and_a_sample_of_any_size_pass() {
    let function = format!("//! x\nfn f() {{\n{}}}\n", "    g();\n".repeat(FUNCTION_LINES - 2));
    assert!(sizes(&TextFile::new("crates/a/src/b.rs", &function)).is_empty());
    let sample = "x\n".repeat(FILE_LINES * 2);
    assert!(sizes(&TextFile::new("crates/wire/testdata/nexo/a.rs", &sample)).is_empty());
    let declared = format!("trait T {{ fn f(&self);\n{} }}", "// words\n".repeat(FUNCTION_LINES + 9));
    assert!(sizes(&TextFile::new("crates/a/src/b.rs", &declared)).is_empty());
}

#[test]
fn a_file_without_opening_words_is_found() {
    assert_eq!(opening(&TextFile::new("crates/a/src/b.rs", "use std::fmt;\n")).len(), 1);
    assert_eq!(opening(&TextFile::new("crates/a/src/b.rs", "//!\nuse std::fmt;\n")).len(), 1);
    assert!(opening(&TextFile::new("crates/a/src/b.rs", "//! Sums.\nuse std::fmt;\n")).is_empty());
    assert!(opening(&TextFile::new("ui/src/a.ts", "import x from 'y';\n")).is_empty());
}
