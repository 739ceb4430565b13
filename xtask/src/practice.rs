//! A practice till with the training terminal and its screens: Paydesk, shown without a device.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::machine::Workspace;
use crate::steps::succeed;

const SETTINGS: &str = r#"[till]
id = "T1"
currency = "SEK"
practice = true
[shop]
name = "Corner Shop"
lines = ["1 High Street"]
time_zone = "Europe/Stockholm"
day_starts = "05:00"
[[terminal]]
id = "training"
driver = "training"
name = "Training terminal"
[terminal.settings]
delay_ms = 300
"#;

/// Ends the window's program when there is no screen to open it on.
const NO_SCREEN: i32 = 3;

/// Opens the practice till in its window and waits until it is closed; false where it found no screen to open
/// on. Settings that are already there are left as they are.
///
/// # Errors
/// The folder cannot be written, or the window's program fails.
pub fn open(workspace: &Workspace) -> Result<bool> {
    let mut window = Command::new(program(workspace, "paydesk"));
    window.arg("--data").arg(made(workspace)?).current_dir(&workspace.root).stdin(Stdio::null());
    let status = window.status().context("the window's program cannot be started")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(NO_SCREEN) => Ok(false),
        Some(_) | None => bail!("the window's program ended with {status}"),
    }
}

/// Serves the practice till and its screens to a browser of this computer, until Ctrl-C.
///
/// # Errors
/// The folder cannot be written, or the till does not start on it.
pub fn serve(workspace: &Workspace) -> Result<()> {
    let mut serve = Command::new(program(workspace, "paydeskctl"));
    serve.arg("--data").arg(made(workspace)?).arg("serve");
    succeed(serve.current_dir(&workspace.root).stdin(Stdio::null()))
}

/// Whether this session has a screen that a window can be opened on.
pub fn has_screen() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

/// The folder of the practice till, with settings.
fn made(workspace: &Workspace) -> Result<PathBuf> {
    let folder = folder(workspace);
    let settings = folder.join("settings.toml");
    if !settings.exists() {
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        fs::write(&settings, SETTINGS)
            .with_context(|| format!("{} cannot be written", settings.display()))?;
    }
    Ok(folder)
}

/// Prints what else can be done with the practice till.
pub fn explain(workspace: &Workspace) {
    let start = format!(
        "{} --data {}",
        workspace.shown(&program(workspace, "paydeskctl")),
        workspace.shown(&folder(workspace))
    );
    println!();
    println!("The practice till is kept. From the root folder, once this one has ended:");
    println!("  receipts      {start} receipts");
    println!("  one payment   {start} pay --terminal training --amount 12.50 --answer yes");
    println!();
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("practice")
}

fn program(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.programs.join(name).with_extension(std::env::consts::EXE_EXTENSION)
}
