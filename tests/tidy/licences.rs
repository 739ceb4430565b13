//! Licences of everything that is linked: permissive, or offered under a permissive alternative.
//!
//! `deny.toml` says the same for those who run cargo-deny; this check needs nothing but cargo itself.

use serde_json::Value;

use super::finding::Finding;

const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Packages from a registry whose licence is not permissive, and packages from anywhere else.
pub fn licences(metadata: &Value) -> Vec<Finding> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let foreign = packages.iter().filter(|package| !package["source"].is_null());
    foreign.filter_map(complaint).collect()
}

fn complaint(package: &Value) -> Option<Finding> {
    let text = |field: &str| package[field].as_str().unwrap_or_default();
    let name = format!("{} {}", text("name"), text("version"));
    let licence = text("license");
    let detail = if !text("source").starts_with("registry+") {
        format!("{name} comes from {}, not from the registry", text("source"))
    } else if licence.is_empty() {
        format!("{name} names no licence")
    } else if !is_permissive(licence) {
        format!("{name} is under `{licence}`")
    } else {
        return None;
    };
    Some(Finding::of("Cargo.lock", "licence", detail))
}

/// True when one alternative of an SPDX expression has permissive licences only.
fn is_permissive(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, at: 0 };
    reader.any_of() && reader.at == words.len()
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word
    }

    fn skip(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }

    fn any_of(&mut self) -> bool {
        let mut good = self.all_of();
        while self.skip("OR") {
            good |= self.all_of();
        }
        good
    }

    fn all_of(&mut self) -> bool {
        let mut good = self.one();
        while self.skip("AND") {
            good &= self.one();
        }
        good
    }

    fn one(&mut self) -> bool {
        if self.skip("(") {
            let good = self.any_of();
            return self.skip(")") && good;
        }
        let good = self.next().is_some_and(|name| PERMISSIVE.contains(&name));
        // An exception only ever allows more than the licence it stands behind.
        if self.skip("WITH") {
            self.at += 1;
        }
        good
    }
}

#[test]
fn permissive_expressions_pass() {
    for expression in [
        "MIT",
        "MIT OR Apache-2.0",
        "MIT/Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "LGPL-2.1 OR (MIT AND BSD-3-Clause)",
    ] {
        assert!(is_permissive(expression), "{expression}");
    }
}

#[test]
fn other_expressions_are_found() {
    for expression in ["GPL-3.0-only", "LGPL-2.1-or-later", "MIT AND GPL-2.0", "(MIT", "", "Custom"] {
        assert!(!is_permissive(expression), "{expression}");
    }
}

#[test]
fn a_package_without_licence_or_from_elsewhere_is_found() {
    let metadata = serde_json::json!({ "packages": [
        { "name": "own", "version": "1.0.0", "source": null },
        { "name": "bare", "version": "1.0.0", "source": "registry+x", "license": null },
        { "name": "fork", "version": "1.0.0", "source": "git+https://x", "license": "MIT" },
        { "name": "good", "version": "1.0.0", "source": "registry+x", "license": "MIT" },
    ]});
    let found = licences(&metadata);
    assert_eq!(found.len(), 2);
    assert!(found[0].detail.starts_with("bare 1.0.0") && found[1].detail.starts_with("fork 1.0.0"));
}
