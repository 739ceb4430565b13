//! What a rule reports: where, which rule, what is wrong.
//!
//! Rules never stop at the first finding: whoever cleans up wants the whole list.

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path from the root folder.
    pub path: String,
    /// Counted from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The rule's short name.
    pub rule: &'static str,
    /// What is wrong and what to do instead.
    pub detail: String,
}

impl Finding {
    /// A violation in `path`; `index` is the line counted from 0.
    pub fn at(path: &str, index: usize, rule: &'static str, detail: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: index + 1, rule, detail: detail.into() }
    }

    /// A violation of the file as a whole.
    pub fn of(path: &str, rule: &'static str, detail: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: 0, rule, detail: detail.into() }
    }
}

/// Passes when there is nothing to report; fails with every finding, one a line.
pub fn assert_none(mut findings: Vec<Finding>) {
    findings.sort();
    findings.dedup();
    let lines: Vec<String> = findings
        .iter()
        .map(|found| format!("{}:{}: [{}] {}", found.path, found.line, found.rule, found.detail))
        .collect();
    assert!(lines.is_empty(), "{} violations\n{}\n", lines.len(), lines.join("\n"));
}
