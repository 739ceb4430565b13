//! The package that a shop installs: built by Tauri's own tool, then looked into. A package that lacks what a
//! desktop needs, or holds the page that stands in for an interface, is not handed on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::machine::{Workspace, find_command};
use crate::steps::succeed;

/// What stands for an interface that was not built; see `src-tauri/build.rs`.
const PLACEHOLDER_MARK: &str = "name=\"paydesk-interface\" content=\"placeholder\"";
/// Tauri's own tool for packages, as npm names it.
const TOOL: &str = "@tauri-apps/cli@2";
/// What must be in it.
const CONTENTS: &[&str] = &[
    "usr/bin/paydesk",
    "usr/share/applications/Paydesk.desktop",
    "usr/share/icons/hicolor/32x32/apps/paydesk.png",
    "usr/share/icons/hicolor/128x128/apps/paydesk.png",
];
/// What it must ask the system for.
const DEPENDS: &[&str] = &["libwebkit2gtk-4.1-0", "libgtk-3-0"];

/// Builds the Debian package of the release profile.
///
/// # Errors
/// The interface has not been built, or the tool's own words.
pub fn build(workspace: &Workspace) -> Result<()> {
    let page = workspace.root.join("ui/dist/index.html");
    let text = fs::read_to_string(&page).context("ui/dist/index.html cannot be read")?;
    if text.contains(PLACEHOLDER_MARK) {
        bail!("the interface has not been built: a package would show nothing but a notice");
    }
    // Only who makes a package needs the tool, so it is not among the packages of the interface.
    let mut tool = Command::new(find_command("npx").context("npx is not on the search path")?);
    tool.args(["--yes", "--package", TOOL, "tauri"]).args([
        "build",
        "--bundles",
        "deb",
        "--ci",
        "--",
        "-p",
        "paydesk",
        "--bin",
        "paydesk",
    ]);
    tool.env("CARGO_TARGET_DIR", &workspace.target);
    succeed(tool.current_dir(&workspace.root).stdin(Stdio::null()))
}

/// Looks into the package and prints where it is and how large.
///
/// # Errors
/// Something is missing in it, named.
pub fn inspect(workspace: &Workspace) -> Result<()> {
    let package = newest(&workspace.target.join("release/bundle/deb"))?;
    let contents = told(&["--contents"], &package)?;
    let depends = told(&["--field"], &package)?;
    let lacking = lacking(&contents, &depends);
    if !lacking.is_empty() {
        bail!("{} lacks {}", workspace.shown(&package), lacking.join(", "));
    }
    let bytes = package.metadata().context("the package cannot be looked at")?.len();
    println!("{}: {}.{} MB", workspace.shown(&package), bytes / 1_000_000, bytes % 1_000_000 / 100_000);
    println!("install it with: sudo apt-get install {}", package.display());
    Ok(())
}

fn newest(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let packages = entries.flatten().map(|entry| entry.path());
    let packages = packages.filter(|path| path.extension().is_some_and(|extension| extension == "deb"));
    let aged = packages.filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)));
    aged.max().map(|(_, path)| path).context("no package was made")
}

fn told(question: &[&str], package: &Path) -> Result<String> {
    let mut command = Command::new("dpkg-deb");
    let output = command.args(question).arg(package).output().context("dpkg-deb cannot be started")?;
    if !output.status.success() {
        bail!("{}: {}", package.display(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn lacking(contents: &str, fields: &str) -> Vec<&'static str> {
    let depends = fields.lines().find(|line| line.starts_with("Depends:")).unwrap_or_default();
    let named = |line: &str, path: &str| {
        line.rsplit(' ').next().is_some_and(|found| found.trim_start_matches("./") == path)
    };
    let files = CONTENTS.iter().filter(|path| !contents.lines().any(|line| named(line, path)));
    let asked = DEPENDS.iter().filter(|name| !depends.contains(**name));
    files.chain(asked).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
-rwxr-xr-x 0/0 1 2026-01-01 00:00 ./usr/bin/paydesk
-rw-r--r-- 0/0 1 2026-01-01 00:00 usr/share/applications/Paydesk.desktop
-rw-r--r-- 0/0 1 2026-01-01 00:00 ./usr/share/icons/hicolor/32x32/apps/paydesk.png
-rw-r--r-- 0/0 1 2026-01-01 00:00 ./usr/share/icons/hicolor/128x128/apps/paydesk.png
";

    #[test]
    fn a_whole_package_lacks_nothing() {
        assert!(lacking(LIST, "Package: paydesk\nDepends: libgtk-3-0, libwebkit2gtk-4.1-0\n").is_empty());
    }

    #[test]
    fn what_a_package_lacks_is_named() {
        let list = LIST.replace("usr/bin/paydesk", "usr/bin/other");
        let found = lacking(&list, "Depends: libgtk-3-0\nDescription: libwebkit2gtk-4.1-0\n");
        assert_eq!(found, ["usr/bin/paydesk", "libwebkit2gtk-4.1-0"]);
    }
}
