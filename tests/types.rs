//! The till's contract as TypeScript: what is committed in `ui/src/api` is what the Rust types say.
//!
//! The test writes the files anew and fails when that changes anything, so a second run passes and the
//! difference is seen in version control.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use till::api::{
    Accepted, CustomerView, Dispatch, Pairing, Problem, Query, QueryReply, Scans, Sight, View,
};
use ts_rs::{Config, TS};

/// First line of every file.
const MARK: &str = "// Made from the till's Rust types by `cargo test -p acceptance --test types`.\n";

#[test]
fn the_interface_has_the_types_of_the_till() {
    let made = tempfile::tempdir().unwrap();
    let config = Config::new().with_large_int("number").with_out_dir(made.path());
    let exported = [
        Dispatch::export_all(&config),
        Accepted::export_all(&config),
        Query::export_all(&config),
        QueryReply::export_all(&config),
        View::export_all(&config),
        CustomerView::export_all(&config),
        Problem::export_all(&config),
        Sight::export_all(&config),
        Scans::export_all(&config),
        Pairing::export_all(&config),
    ];
    exported.into_iter().for_each(|result| result.unwrap());
    let made: BTreeMap<String, String> =
        files(made.path()).into_iter().map(|(name, text)| (name, marked(&text))).collect();
    let folder = committed();
    let found = files(&folder);
    if found == made {
        return;
    }
    fs::create_dir_all(&folder).unwrap();
    for name in found.keys().filter(|name| !made.contains_key(*name)) {
        fs::remove_file(folder.join(name)).unwrap();
    }
    let changed: Vec<&String> =
        made.iter().filter(|(name, text)| found.get(*name) != Some(text)).map(|(name, _)| name).collect();
    made.iter().for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
    panic!("ui/src/api differed from the Rust types and was written anew: {changed:?}. Commit it.");
}

fn marked(text: &str) -> String {
    let body = text.split_once('\n').map_or(text, |(_, body)| body);
    let body: Vec<&str> = body.lines().map(str::trim_end).collect();
    format!("{MARK}{}\n", body.join("\n").trim_end())
}

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/api")
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    let text = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.to_owned();
        Some((name, fs::read_to_string(path).ok()?))
    };
    entries.filter_map(|entry| text(entry.unwrap().path())).collect()
}
