//! The project as a whole: the two commands of the README, the one of CI, nothing built under version
//! control.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::finding::Finding;
use super::tree::Tree;

const COMMANDS: &[&str] = &["cargo xtask test", "cargo xtask run"];
/// What builds make beside the target folder.
const MADE: &[&str] = &["ui/dist", "ui/node_modules", "gen", "permissions", "target"];

/// The README names the commands, and CI runs the one for tests.
pub fn commands(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for command in COMMANDS {
        findings.extend(must_say(tree, "README.md", command));
    }
    findings.extend(must_say(tree, ".ci/run", COMMANDS[0]));
    if !is_executable(&tree.root.join(".ci/run")) {
        findings.push(Finding::of(".ci/run", "commands", "must be executable"));
    }
    findings
}

fn must_say(tree: &Tree, path: &str, command: &str) -> Option<Finding> {
    let said = tree.files.iter().any(|file| file.path == path && file.text.contains(command));
    (!said).then(|| Finding::of(path, "commands", format!("must say `{command}`")))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

/// What a build makes must not be under version control. A tree without git has nothing to check.
pub fn nothing_made(tree: &Tree) -> Vec<Finding> {
    let listed = Command::new("git").arg("ls-files").arg("--").args(MADE).current_dir(&tree.root).output();
    let listed =
        listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    listed.lines().map(|path| Finding::of(path, "made", "is made by a build: remove it from git")).collect()
}

/// The packages of the workspace, without what they depend on.
///
/// # Errors
/// Cargo's own words.
pub fn own_packages(tree: &Tree) -> Result<Value, String> {
    metadata(tree, &["--no-deps", "--offline"])
}

/// Every package that this machine's kind of build uses, the shell's included.
///
/// # Errors
/// Cargo's own words, when packages are neither on this machine nor to be had.
pub fn all_packages(tree: &Tree) -> Result<Value, String> {
    let host = host()?;
    // A headless build downloads none of the shell's packages, so a first run may have to fetch their
    // manifests.
    metadata(tree, &["--filter-platform", &host, "--offline"])
        .or_else(|_| metadata(tree, &["--filter-platform", &host]))
}

fn host() -> Result<String, String> {
    let version = output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc names no host".to_owned())
}

fn metadata(tree: &Tree, arguments: &[&str]) -> Result<Value, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1"]).args(arguments).current_dir(&tree.root);
    serde_json::from_str(&output(&mut command)?).map_err(|error| error.to_string())
}

fn output(command: &mut Command) -> Result<String, String> {
    let done = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !done.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr)));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

#[test]
fn a_missing_command_is_found() {
    let tree = Tree { root: Tree::here().root.clone(), files: vec![] };
    let details: Vec<String> = commands(&tree).into_iter().map(|found| found.detail).collect();
    assert!(details.contains(&"must say `cargo xtask run`".to_owned()), "{details:?}");
}
