//! What a window may do: each has its own short list of commands, and the page policy lets nothing in.
//!
//! A page of the customer's window stands where anybody can reach it, so its list is the one that matters
//! most: it watches, and nothing else.

use serde_json::Value;

use super::finding::Finding;
use super::tree::Tree;

/// Every capability file, its one window, and the permissions of that window.
const MAY: &[(&str, &str, &[&str])] = &[
    (
        "src-tauri/capabilities/cashier.json",
        "cashier",
        &[
            "allow-dispatch",
            "allow-query",
            "allow-watch-views",
            "allow-customer-window",
            "allow-watch-sight",
            "allow-took-sight",
            "allow-unwatch-sight",
            "allow-watch-scans",
            "allow-unwatch-scans",
            "allow-watch-pairing",
            "allow-unwatch-pairing",
        ],
    ),
    ("src-tauri/capabilities/customer.json", "customer", &["allow-watch-customer"]),
];
const FOLDER: &str = "src-tauri/capabilities/";
const SHELL: &str = "tauri.conf.json";
/// Where a page of the shell may connect to: the program it runs in.
const CONNECT: &str = "ipc: http://ipc.localhost";
/// What a source of the policy may be, beside the one for connections.
const SOURCES: &[&str] = &["'none'", "'self'", "'self' data:"];

/// Capability files that differ from the table, and files that are not in it.
pub fn capabilities(tree: &Tree) -> Vec<Finding> {
    let files = tree.files.iter().filter(|file| file.path.starts_with(FOLDER));
    let mut findings: Vec<Finding> = files
        .clone()
        .flat_map(|file| {
            let details = capability(&file.path, &file.text);
            details.into_iter().map(|detail| Finding::of(&file.path, "window", detail))
        })
        .collect();
    for (path, ..) in MAY {
        if !files.clone().any(|file| file.path == *path) {
            findings.push(Finding::of(path, "window", "is not there"));
        }
    }
    findings
}

fn capability(path: &str, text: &str) -> Vec<String> {
    let Some((_, window, permissions)) = MAY.iter().find(|(known, ..)| *known == path) else {
        return vec!["is not in the table of what windows may do".to_owned()];
    };
    let Ok(found) = serde_json::from_str::<Value>(text) else { return vec!["is not JSON".to_owned()] };
    let keys = ["identifier", "description", "windows", "permissions"];
    let mut details: Vec<String> = names(&found)
        .filter(|key| !keys.contains(key))
        .map(|key| format!("`{key}` widens it: say it in the table first"))
        .collect();
    if found["windows"] != serde_json::json!([window]) {
        details.push(format!("must be for the window {window} alone"));
    }
    if found["permissions"] != serde_json::json!(permissions) {
        details.push(format!("must permit exactly {permissions:?}"));
    }
    details
}

/// Holes in the policy of the shell's pages.
pub fn policy(tree: &Tree) -> Vec<Finding> {
    let file = tree.files.iter().find(|file| file.path == SHELL);
    let details = file.map_or_else(|| vec!["is not there".to_owned()], |file| holes(&file.text));
    details.into_iter().map(|detail| Finding::of(SHELL, "window", detail)).collect()
}

fn holes(text: &str) -> Vec<String> {
    let Ok(found) = serde_json::from_str::<Value>(text) else { return vec!["is not JSON".to_owned()] };
    let mut details = Vec::new();
    if found["app"]["withGlobalTauri"] == true {
        details.push("gives the shell to every script of a page".to_owned());
    }
    let security = &found["app"]["security"];
    details.extend(
        names(security).filter(|key| *key != "csp").map(|key| format!("`{key}` weakens the policy")),
    );
    let policy = &security["csp"];
    for directive in ["default-src", "base-uri", "form-action", "frame-ancestors"] {
        if policy[directive] != "'none'" {
            details.push(format!("{directive} must be 'none'"));
        }
    }
    for directive in names(policy) {
        let sources = policy[directive].as_str().unwrap_or_default();
        let allowed =
            if directive == "connect-src" { sources == CONNECT } else { SOURCES.contains(&sources) };
        if !allowed {
            details.push(format!("{directive} lets in `{sources}`"));
        }
    }
    details
}

fn names(value: &Value) -> impl Iterator<Item = &str> {
    value.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str))
}

#[test]
fn a_wider_capability_is_found() {
    let path = "src-tauri/capabilities/customer.json";
    let good = r#"{"windows":["customer"],"permissions":["allow-watch-customer"]}"#;
    assert!(capability(path, good).is_empty());
    assert_eq!(capability(path, &good.replace("watch-customer", "dispatch")).len(), 1);
    assert_eq!(capability(path, &good.replace("[\"customer\"]", "[\"*\"]")).len(), 1);
    assert_eq!(capability(path, &good.replace("{\"windows", "{\"remote\":{},\"windows")).len(), 1);
    assert_eq!(capability("src-tauri/capabilities/more.json", good).len(), 1);
}

#[test]
fn a_hole_in_the_policy_is_found() {
    let good = r#"{"app":{"security":{"csp":{"default-src":"'none'","script-src":"'self'",
        "connect-src":"ipc: http://ipc.localhost","base-uri":"'none'","form-action":"'none'",
        "frame-ancestors":"'none'"}}}}"#;
    assert!(holes(good).is_empty());
    let holed = |from: &str, to: &str| holes(&good.replace(from, to)).len();
    assert_eq!(holed("\"'self'\"", "\"'self' 'unsafe-inline'\""), 1);
    assert_eq!(holed("ipc: http", "https://example.com ipc: http"), 1);
    assert_eq!(holed("\"default-src\":\"'none'\"", "\"default-src\":\"'self'\""), 1);
    assert_eq!(holed("\"csp\"", "\"dangerousDisableAssetCspModification\":true,\"csp\""), 1);
    assert_eq!(holed("\"security\"", "\"withGlobalTauri\":true,\"security\""), 1);
}
