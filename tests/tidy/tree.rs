//! The project's own files, read once: paths, texts, and the kind of each.
//!
//! What a build makes (target folders, `ui/dist`, node packages) is no text of the project and is left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::source::{Dialect, Source, split};

/// One text file of the project.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Path from the root folder, with `/`.
    pub path: String,
    /// As it is on disk.
    pub text: String,
    /// How it is read.
    pub dialect: Dialect,
    /// Split into code and comments.
    pub source: Source,
}

impl TextFile {
    /// A file at `path` that says `text`.
    pub fn new(path: &str, text: &str) -> Self {
        let dialect = dialect_of(path);
        Self { path: path.to_owned(), text: text.to_owned(), dialect, source: split(text, dialect) }
    }

    /// True when the whole file is test code.
    pub fn is_test(&self) -> bool {
        let name = self.name();
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
    }

    /// True when line `index` is test code.
    pub fn is_test_line(&self, index: usize) -> bool {
        self.is_test() || self.source.test.get(index).copied().unwrap_or(false)
    }

    /// True for samples, locks and other texts nobody writes line by line.
    pub fn is_sample(&self) -> bool {
        self.path.contains("/testdata/")
            || self.path.ends_with(".snap")
            || self.path.ends_with("Cargo.lock")
            || self.path.ends_with("package-lock.json")
            || self.path.starts_with("ui/src/api/")
    }

    /// True for a file below one of `folders`, given with a closing `/`, or for exactly one of them.
    pub fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

fn dialect_of(path: &str) -> Dialect {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("rs") => Dialect::Rust,
        Some("ts" | "tsx" | "js" | "mjs" | "css") => Dialect::Script,
        Some("toml" | "sh" | "gitignore") => Dialect::Hash,
        Some("sql") => Dialect::Dashes,
        None if path == ".ci/run" => Dialect::Hash,
        Some(_) | None => Dialect::Plain,
    }
}

/// All text files of the project.
pub struct Tree {
    /// The folder with the root `Cargo.toml`.
    pub root: PathBuf,
    /// Sorted by path.
    pub files: Vec<TextFile>,
}

impl Tree {
    /// The project this test belongs to.
    pub fn here() -> &'static Self {
        static TREE: OnceLock<Tree> = OnceLock::new();
        TREE.get_or_init(|| {
            let root = root();
            let mut files = Vec::new();
            read_folder(&root, &root, &mut files);
            files.sort_by(|a, b| a.path.cmp(&b.path));
            Self { root, files }
        })
    }
}

fn root() -> PathBuf {
    let package =
        std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&package).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<TextFile>) {
    // A file or folder that goes away while the tree is read belongs to a build or an editor.
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let shown = shown(root, &path);
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !is_made(&shown) {
            read_folder(root, &path, files);
        } else if kind.is_file()
            && let Ok(bytes) = fs::read(&path)
            && !bytes.contains(&0)
            && let Ok(text) = String::from_utf8(bytes)
        {
            files.push(TextFile::new(&shown, &text));
        }
    }
}

fn shown(root: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Folders that builds and tools make.
fn is_made(folder: &str) -> bool {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    matches!(name, ".git" | "target" | "node_modules")
        || name.starts_with("target-")
        || matches!(folder, "gen" | "permissions" | "ui/dist")
}

#[test]
fn test_code_is_known_by_its_place() {
    let is_test = |path: &str| TextFile::new(path, "//! x\n").is_test();
    assert!(is_test("tests/storm.rs"));
    assert!(is_test("crates/domain/src/payment/tests.rs"));
    assert!(is_test("crates/domain/src/payment/matching_tests.rs"));
    assert!(is_test("crates/ctl/tests/pay.rs"));
    assert!(!is_test("crates/domain/src/payment.rs"));
    assert!(!is_test("crates/domain/src/latests.rs"));
}

#[test]
fn this_very_file_is_in_the_tree_and_the_target_folder_is_not() {
    let tree = Tree::here();
    assert!(tree.files.iter().any(|file| file.path == "tests/tidy/tree.rs"));
    assert!(!tree.files.iter().any(|file| file.path.starts_with("target/")));
}
