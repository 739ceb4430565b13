//! Tests of the nexo codec, from single types to hostile input.
//!
//! Golden messages of our own lie in `testdata/nexo`; the dossier and the collected samples are read
//! where they are present. Invariant: no test needs them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod amounts;
mod dossier;
mod golden;
mod hostile;
mod masking;
mod receipts;
mod roundtrip;
pub mod sample;
mod strictness;
mod texts;

use std::path::{Path, PathBuf};

use super::{DecodeError, Limits, Message, decode};

fn read(bytes: &[u8]) -> Result<Message, DecodeError> {
    decode(bytes, &Limits::REPLY)
}

/// Every golden message with its file name, trimmed.
fn golden_messages() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/nexo");
    let messages = xml_files(&folder);
    assert!(messages.len() > 40, "golden messages are missing from {}", folder.display());
    messages
}

fn golden_message(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/nexo").join(format!("{name}.xml"));
    std::fs::read_to_string(path).unwrap().trim().to_owned()
}

fn xml_files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "xml"));
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files
        .iter()
        .map(|path| (name(path), std::fs::read_to_string(path).unwrap().trim().to_owned()))
        .collect()
}

/// Material outside the repository; `None` where it is absent.
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")).join(path);
    if path.exists() {
        return Some(path);
    }
    println!("{} is absent, nothing to check", path.display());
    None
}
