//! Who may use whom, and a reason for every dependency.
//!
//! Edges come from `cargo metadata`, which knows every kind of dependency; reasons come from the
//! manifests' own text, because cargo drops comments.

use serde_json::Value;

use super::finding::Finding;
use super::source::{Dialect, find_words};
use super::tree::{TextFile, Tree};

/// The table of the design: each package and the packages of the workspace it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("wire", &[]),
    ("terminals", &["domain", "wire"]),
    ("store", &["domain"]),
    ("peripherals", &["domain"]),
    ("till", &["domain", "store", "terminals", "peripherals"]),
    ("simulator", &["wire"]),
    ("ctl", &["till", "simulator"]),
    ("paydesk", &["till"]),
    ("acceptance", &["domain", "wire", "terminals", "store", "peripherals", "till", "simulator", "ctl"]),
    ("xtask", &[]),
];

const SHELL: &str = "paydesk";
/// What brings a window with it.
const WINDOW_PREFIXES: &[&str] = &["tauri", "wry", "tao", "gtk", "webkit2gtk"];
const PROTOCOLS: &[&str] = &["nexo", "pockyt", "kayaaku", "ecrhub"];

/// Edges that the table does not allow, of every kind of dependency.
pub fn edges(metadata: &Value, tree: &Tree) -> Vec<Finding> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut findings = Vec::new();
    for package in packages {
        let name = text(&package["name"]);
        let manifest = manifest_of(tree, text(&package["manifest_path"]));
        let Some((_, allowed)) = MAY_USE.iter().find(|(user, _)| *user == name) else {
            let detail = format!("package {name} is not in the table of who may use whom");
            findings.push(Finding::of(&manifest.path, "direction", detail));
            continue;
        };
        for used in package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default() {
            findings.extend(edge(&manifest, name, text(&used["name"]), !used["path"].is_null(), allowed));
        }
    }
    findings
}

fn edge(manifest: &TextFile, user: &str, used: &str, own: bool, allowed: &[&str]) -> Option<Finding> {
    let window = |prefix: &&str| used == *prefix || used.starts_with(&format!("{prefix}-"));
    let detail = if own && !allowed.contains(&used) {
        format!("{user} must not use {used}")
    } else if user != SHELL && WINDOW_PREFIXES.iter().any(window) {
        format!("{user} must not use {used}: only the shell opens windows")
    } else {
        return None;
    };
    Some(Finding { line: line_of(manifest, used), ..Finding::of(&manifest.path, "direction", detail) })
}

fn manifest_of(tree: &Tree, path: &str) -> TextFile {
    let root = format!("{}/", tree.root.display());
    let inner = path.strip_prefix(&root).unwrap_or(path);
    let found = tree.files.iter().find(|file| file.path == inner);
    found.cloned().unwrap_or_else(|| TextFile::new(inner, ""))
}

fn line_of(manifest: &TextFile, dependency: &str) -> usize {
    let names =
        |line: &str| line.strip_prefix(dependency).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    manifest.text.lines().position(names).map_or(0, |index| index + 1)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Dependencies without a comment that says what they are for.
pub fn reasons(file: &TextFile) -> Vec<Finding> {
    if file.name() != "Cargo.toml" {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut section = String::new();
    let mut open: Option<Entry> = None;
    for (index, line) in file.source.code.iter().enumerate() {
        let reason = file.source.comments[index].trim().len() > 2;
        let trimmed = line.trim();
        if let Some(entry) = &mut open {
            entry.depth += depth(trimmed);
            entry.reason |= reason;
        } else if let Some(header) = trimmed.strip_prefix('[') {
            section = header.trim_end_matches(']').trim().to_owned();
            open = section_entry(&section).map(|name| Entry { name, index, reason, depth: 0 });
        } else if is_dependencies(&section)
            && let Some((name, _)) = trimmed.split_once('=')
        {
            let own = section == "workspace.dependencies" && trimmed.contains("path =");
            let name = name.trim().trim_end_matches(".workspace").to_owned();
            open = Some(Entry { name, index, reason: reason || own, depth: depth(trimmed) });
        }
        if let Some(entry) = open.take_if(|entry| entry.depth <= 0)
            && !entry.reason
        {
            let detail = format!("{}: say in a comment on the same line what it is for", entry.name);
            findings.push(Finding::at(&file.path, entry.index, "reason", detail));
        }
    }
    findings
}

/// A dependency that may go on over several lines.
struct Entry {
    name: String,
    index: usize,
    reason: bool,
    depth: i32,
}

fn depth(line: &str) -> i32 {
    line.chars().map(|c| i32::from(matches!(c, '{' | '[')) - i32::from(matches!(c, '}' | ']'))).sum()
}

fn is_dependencies(section: &str) -> bool {
    let last = section.rsplit('.').next().unwrap_or(section);
    matches!(last, "dependencies" | "dev-dependencies" | "build-dependencies")
}

/// The name of `[dependencies.name]`.
fn section_entry(section: &str) -> Option<String> {
    let (before, name) = section.rsplit_once('.')?;
    is_dependencies(before).then(|| name.to_owned())
}

/// Protocol names where only the seam is known, and the window's JavaScript outside its one file.
pub fn secrets_of_layers(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let neutral = file.is_below(&["crates/till/src/", "src-tauri/"]) && file.dialect == Dialect::Rust;
    let interface =
        file.is_below(&["ui/"]) && file.path != "ui/src/port/tauri.ts" && !file.path.ends_with(".json");
    for (index, line) in file.text.lines().enumerate() {
        if neutral && !file.is_test_line(index) {
            let lower = line.to_lowercase();
            for protocol in PROTOCOLS.iter().filter(|protocol| !find_words(&lower, protocol).is_empty()) {
                let detail =
                    format!("`{protocol}`: this layer knows the seam, not the protocols behind it");
                findings.push(Finding::at(&file.path, index, "layer", detail));
            }
        }
        if interface && line.contains("@tauri-apps/api") {
            let detail = "only ui/src/port/tauri.ts speaks to the shell";
            findings.push(Finding::at(&file.path, index, "layer", detail));
        }
    }
    findings
}

#[test]
fn an_edge_against_the_direction_is_found_with_its_line() {
    let manifest =
        TextFile::new("crates/domain/Cargo.toml", "[dependencies]\nwire.workspace = true # no\n");
    let found = edge(&manifest, "domain", "wire", true, &[]).unwrap();
    assert_eq!((found.line, found.rule), (2, "direction"));
    assert!(edge(&manifest, "terminals", "wire", true, &["domain", "wire"]).is_none());
    assert!(edge(&manifest, "domain", "serde", false, &[]).is_none());
    assert!(edge(&manifest, "till", "tauri-plugin-log", false, &[]).is_some());
    assert!(edge(&manifest, "paydesk", "tauri", false, &["till"]).is_none());
}

#[test]
fn a_package_outside_the_table_is_found() {
    let metadata = serde_json::json!({ "packages": [{ "name": "extras", "dependencies": [] }] });
    let found = edges(&metadata, Tree::here());
    assert!(found[0].detail.contains("extras"));
}

#[test]
fn a_dependency_without_a_reason_is_found() {
    let found = |text: &str| reasons(&TextFile::new("crates/a/Cargo.toml", text)).len();
    assert_eq!(found("[dependencies]\nserde = \"1\"\n"), 1);
    assert_eq!(found("[dependencies]\nserde.workspace = true\njiff.workspace = true # times\n"), 1);
    assert_eq!(found("[target.'cfg(unix)'.dev-dependencies]\nnix = \"1\"\n"), 1);
    assert_eq!(found("[dependencies.serde]\nversion = \"1\"\n"), 1);
    assert_eq!(found("[dependencies]\nserde = { version = \"1\", features = [\n  \"derive\",\n] }\n"), 1);
}

#[test]
fn reasons_on_the_line_and_own_packages_pass() {
    let found = |text: &str| reasons(&TextFile::new("Cargo.toml", text)).len();
    assert_eq!(found("[workspace.dependencies]\ndomain = { path = \"crates/domain\" }\n"), 0);
    assert_eq!(found("[dependencies.serde] # settings\nversion = \"1\"\n"), 0);
    assert_eq!(
        found("[dependencies]\na = { version = \"1\", features = [ # why\n \"x\" ] }\n[package]\nb = 1\n"),
        0
    );
}

#[test]
fn a_protocol_named_in_the_till_or_a_second_port_to_the_shell_is_found() {
    let found = |path: &str, text: &str| secrets_of_layers(&TextFile::new(path, text)).len();
    assert_eq!(found("crates/till/src/fleet.rs", "if driver == \"nexo\" {}"), 1);
    assert_eq!(found("crates/terminals/src/registry.rs", "\"nexo\" => {}"), 0);
    assert_eq!(found("ui/src/app.tsx", "import { invoke } from '@tauri-apps/api/core';"), 1);
    assert_eq!(found("ui/src/port/tauri.ts", "import { invoke } from '@tauri-apps/api/core';"), 0);
}
