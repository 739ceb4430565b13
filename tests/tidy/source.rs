//! Splits a source text into code and comments, line by line, and marks what is test code.
//!
//! Rules look for words. A word in a string is not a call and a word in a comment is not code, so both
//! are blanked in `code`. This is no parser: it knows strings, characters, comments and braces, which is
//! all the rules need.

/// How comments and strings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Nested block comments, raw strings, characters beside lifetimes.
    Rust,
    /// TypeScript, JavaScript, CSS.
    Script,
    /// `#` to the end of the line: TOML, shell.
    Hash,
    /// `--` to the end of the line: SQL.
    Dashes,
    /// No comments: prose and plain values.
    Plain,
}

/// A text, split. All vectors have one element a line.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The text without comments and without what is inside strings; every column stays where it is.
    pub code: Vec<String>,
    /// The text of comments only.
    pub comments: Vec<String>,
    /// True inside items marked `#[cfg(test)]` or `#[test]`.
    pub test: Vec<bool>,
}

/// Splits `text`.
pub fn split(text: &str, dialect: Dialect) -> Source {
    let mut splitter = Splitter { left: text.chars().collect(), at: 0, code: vec![], comments: vec![] };
    while let Some(c) = splitter.left.get(splitter.at) {
        // Most characters open nothing: asking about each of them what it opens would cost seconds.
        if matches!(c, '/' | '#' | '-' | '"' | '\'' | '`' | 'r' | 'b' | 'c') {
            splitter.step(dialect);
        } else {
            splitter.take(Part::Code);
        }
    }
    let code = lines(&splitter.code);
    let comments = lines(&splitter.comments);
    let test = if dialect == Dialect::Rust { test_lines(&code) } else { vec![false; code.len()] };
    Source { code, comments, test }
}

fn lines(text: &[char]) -> Vec<String> {
    text.split(|c| *c == '\n').map(|line| line.iter().collect()).collect()
}

struct Splitter {
    left: Vec<char>,
    at: usize,
    code: Vec<char>,
    comments: Vec<char>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Code,
    Comment,
    Inside,
}

impl Splitter {
    fn step(&mut self, dialect: Dialect) {
        match dialect {
            Dialect::Rust | Dialect::Script if self.sees("//") => self.line_comment(),
            Dialect::Rust | Dialect::Script if self.sees("/*") => self.block_comment(dialect),
            Dialect::Hash if self.sees("#") => self.line_comment(),
            Dialect::Dashes if self.sees("--") => self.line_comment(),
            Dialect::Rust if self.raw_string_hashes().is_some() => self.raw_string(),
            Dialect::Rust if self.sees("'") => self.character_or_lifetime(),
            Dialect::Rust if self.sees("\"") => self.string('"', true),
            Dialect::Script if self.sees("`") => self.string('`', true),
            Dialect::Script if self.sees("\"") => self.string('"', false),
            Dialect::Script if self.sees("'") => self.string('\'', false),
            Dialect::Hash if self.sees("\"") => self.string('"', false),
            Dialect::Hash | Dialect::Dashes if self.sees("'") => self.string('\'', false),
            Dialect::Rust | Dialect::Script | Dialect::Hash | Dialect::Dashes | Dialect::Plain => {
                self.take(Part::Code);
            }
        }
    }

    fn sees(&self, word: &str) -> bool {
        word.chars().enumerate().all(|(n, c)| self.left.get(self.at + n) == Some(&c))
    }

    fn take(&mut self, part: Part) {
        let Some(&c) = self.left.get(self.at) else { return };
        self.at += 1;
        let blank = if c == '\n' { '\n' } else { ' ' };
        self.code.push(if part == Part::Code { c } else { blank });
        self.comments.push(if part == Part::Comment { c } else { blank });
    }

    fn line_comment(&mut self) {
        while self.at < self.left.len() && !self.sees("\n") {
            self.take(Part::Comment);
        }
    }

    fn block_comment(&mut self, dialect: Dialect) {
        let mut depth = 0;
        while self.at < self.left.len() {
            if self.sees("/*") && (depth == 0 || dialect == Dialect::Rust) {
                depth += 1;
                self.take(Part::Comment);
            } else if self.sees("*/") {
                depth -= 1;
                self.take(Part::Comment);
            }
            self.take(Part::Comment);
            if depth == 0 {
                return;
            }
        }
    }

    /// A string; without `many_lines` an end that is forgotten costs one line only.
    fn string(&mut self, end: char, many_lines: bool) {
        self.take(Part::Code);
        while let Some(&c) = self.left.get(self.at) {
            if c == '\\' {
                self.take(Part::Inside);
                self.take(Part::Inside);
            } else if c == end {
                self.take(Part::Code);
                return;
            } else if c == '\n' && !many_lines {
                return;
            } else {
                self.take(Part::Inside);
            }
        }
    }

    /// The number of `#` of a raw string that starts here.
    fn raw_string_hashes(&self) -> Option<usize> {
        let before = self.at.checked_sub(1).and_then(|n| self.left.get(n));
        if before.is_some_and(|c| c.is_alphanumeric() || *c == '_') {
            return None;
        }
        let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
            self.sees(prefix) && matches!(self.left.get(self.at + prefix.len()), Some('"' | '#'))
        })?;
        let start = self.at + prefix.len();
        let hashes = self.left[start..].iter().take_while(|c| **c == '#').count();
        (self.left.get(start + hashes) == Some(&'"')).then_some(hashes)
    }

    fn raw_string(&mut self) {
        let hashes = self.raw_string_hashes().unwrap_or(0);
        while !self.sees("\"") {
            self.take(Part::Code);
        }
        self.take(Part::Code);
        let end = format!("\"{}", "#".repeat(hashes));
        while self.at < self.left.len() && !self.sees(&end) {
            self.take(Part::Inside);
        }
        for _ in 0..end.len() {
            self.take(Part::Code);
        }
    }

    fn character_or_lifetime(&mut self) {
        let escaped = self.left.get(self.at + 1) == Some(&'\\');
        let closed = self.left.get(self.at + 2) == Some(&'\'');
        if escaped || closed {
            self.string('\'', false);
        } else {
            self.take(Part::Code);
        }
    }
}

/// True for every line of an item behind `#[cfg(test)]`, `#[test]` or `#[tokio::test]`.
fn test_lines(code: &[String]) -> Vec<bool> {
    let mut test = vec![false; code.len()];
    for first in 0..code.len() {
        if !test[first] && marks_test(code[first].trim()) {
            let last = item_end(code, first);
            test[first..=last].fill(true);
        }
    }
    if code.iter().any(|line| line.trim() == "#![cfg(test)]") {
        test.fill(true);
    }
    test
}

fn marks_test(line: &str) -> bool {
    let Some(attribute) = line.strip_prefix("#[") else { return false };
    let condition = attribute.strip_prefix("cfg(");
    attribute.starts_with("test]")
        || attribute.starts_with("tokio::test")
        || condition.is_some_and(|c| c.starts_with("test)") || c.starts_with("all(test,"))
}

/// The last line of the item whose first attribute is on line `first`.
fn item_end(code: &[String], first: usize) -> usize {
    let (mut nested, mut braces) = (0_i32, 0_i32);
    for (index, line) in code.iter().enumerate().skip(first) {
        for c in line.chars() {
            match c {
                '(' | '[' => nested += 1,
                ')' | ']' => nested -= 1,
                '{' => braces += 1,
                '}' => {
                    braces -= 1;
                    if braces <= 0 {
                        return index;
                    }
                }
                ';' if nested == 0 && braces == 0 => return index,
                _ => {}
            }
        }
    }
    code.len() - 1
}

/// Where `word` stands in `code`, not as a part of a longer name.
pub fn find_words(code: &str, word: &str) -> Vec<usize> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let starts = word.starts_with(is_name);
    let ends = word.ends_with(is_name);
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(|at| !(starts && code[..*at].ends_with(is_name)))
        .filter(|at| !(ends && code[at + word.len()..].starts_with(is_name)))
        .collect()
}

/// True when `word` stands in `code`, not as a part of a longer name.
pub fn has_word(code: &str, word: &str) -> bool {
    code.contains(word) && !find_words(code, word).is_empty()
}

#[test]
fn strings_characters_and_comments_are_not_code() {
    let text = "let a = \"x.unwrap() // no\"; // .unwrap()\nlet b = '\"'; let c: &'a str = r#\"panic!\"#;";
    let source = split(text, Dialect::Rust);
    assert!(!source.code.concat().contains("unwrap"));
    assert!(!source.code.concat().contains("panic"));
    assert!(source.comments[0].contains(".unwrap()"));
    assert!(source.code[1].contains("&'a str"));
    assert_eq!(source.code[0].chars().count(), text.lines().next().unwrap().chars().count());
}

#[test]
fn block_comments_nest_in_rust_only() {
    let rust = split("/* a /* b */ c */ let d = 1;", Dialect::Rust);
    assert_eq!(rust.code[0].trim(), "let d = 1;");
    let script = split("/* a /* b */ let c = 1;", Dialect::Script);
    assert_eq!(script.code[0].trim(), "let c = 1;");
}

#[test]
fn escaped_quotes_and_lifetimes_do_not_open_strings() {
    let source = split("f('\\'', \"a\\\"b\", b'x'); fn g<'a>(x: &'a u8) { h('y') } // end", Dialect::Rust);
    assert!(source.code[0].contains("fn g<'a>(x: &'a u8)"));
    assert_eq!(source.comments[0].trim(), "// end");
}

#[test]
fn only_the_marked_item_is_test_code() {
    let first = "#[cfg(test)]\nmod tests;\nfn real() {}\n";
    let text = format!("{first}#[cfg(test)]\nmod more {{\n fn a() {{}}\n}}\nfn also_real() {{}}");
    let source = split(&text, Dialect::Rust);
    assert_eq!(source.test, [true, true, false, true, true, true, true, false]);
}

#[test]
fn hashes_in_strings_are_not_comments() {
    let source = split("a = \"#1\" # why\nb = 2", Dialect::Hash);
    assert_eq!(source.comments[0].trim(), "# why");
    assert_eq!(source.comments[1].trim(), "");
}

#[test]
fn words_are_whole_names() {
    assert!(has_word("let x: f64 = y;", "f64"));
    assert!(!has_word("x.as_f64()", "f64"));
    assert!(!has_word("operand::new()", "rand::"));
}
