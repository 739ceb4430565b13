//! The screens: built by Node into `ui/dist`, checked, and tried in the system's browser.
//!
//! Packages come from the lock file alone (`npm ci`), and only when it changed: the second run needs no
//! network.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::machine::{Workspace, find_command};
use crate::steps::succeed;

/// Installs what the lock file names, unless exactly that is installed.
///
/// # Errors
/// npm's own words.
pub fn install(workspace: &Workspace) -> Result<()> {
    let ui = workspace.root.join("ui");
    let lock = fs::read(ui.join("package-lock.json")).context("ui/package-lock.json cannot be read")?;
    let installed = ui.join("node_modules").join(".lock-of-this");
    if fs::read(&installed).is_ok_and(|found| found == lock) {
        return Ok(());
    }
    npm(workspace, &["ci"])?;
    fs::write(&installed, lock).with_context(|| format!("{} cannot be written", installed.display()))
}

/// Builds `ui/dist`, which the programs embed.
///
/// # Errors
/// As [`install`].
pub fn build(workspace: &Workspace) -> Result<()> {
    npm(workspace, &["run", "--silent", "build"])
}

/// Types, and screens rendered to text.
///
/// # Errors
/// As [`install`].
pub fn check(workspace: &Workspace) -> Result<()> {
    npm(workspace, &["run", "--silent", "check"])?;
    npm(workspace, &["run", "--silent", "test"])
}

/// The real screens in the system's browser against the real till.
///
/// # Errors
/// As [`install`].
pub fn browse(workspace: &Workspace) -> Result<()> {
    with_programs(workspace, "browser")
}

/// The real window on a screen without a screen, by WebKit's own driver.
///
/// # Errors
/// As [`install`].
pub fn drive_the_window(workspace: &Workspace) -> Result<()> {
    with_programs(workspace, "desktop")
}

/// The pictures of the README.
///
/// # Errors
/// As [`install`].
pub fn take_pictures(workspace: &Workspace) -> Result<()> {
    with_programs(workspace, "pictures")
}

/// A script of the interface that starts the programs built here.
fn with_programs(workspace: &Workspace, script: &str) -> Result<()> {
    let program = |name| workspace.programs.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    let mut npm = command(workspace)?;
    npm.args(["run", "--silent", script]);
    npm.env("PAYDESKCTL", program("paydeskctl")).env("PAYDESK", program("paydesk"));
    succeed(&mut npm)
}

fn npm(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    succeed(command(workspace)?.args(arguments))
}

fn command(workspace: &Workspace) -> Result<Command> {
    let program: PathBuf = find_command("npm").context("npm is not on the search path")?;
    let mut npm = Command::new(program);
    npm.current_dir(workspace.root.join("ui")).stdin(Stdio::null());
    Ok(npm)
}
