//! A practice till with the training terminal and its screens: Paydesk, shown without a device.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

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

/// Serves the practice till and its screens to a browser of this computer, until Ctrl-C. Settings that are
/// already there are left as they are.
///
/// # Errors
/// The folder cannot be written, or the till does not start on it.
pub fn serve(workspace: &Workspace) -> Result<()> {
    let folder = folder(workspace);
    let settings = folder.join("settings.toml");
    if !settings.exists() {
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        fs::write(&settings, SETTINGS)
            .with_context(|| format!("{} cannot be written", settings.display()))?;
    }
    let mut serve = Command::new(program(workspace));
    serve.arg("--data").arg(&folder).arg("serve");
    succeed(serve.current_dir(&workspace.root).stdin(Stdio::null()))
}

/// Prints what else can be done with the practice till.
pub fn explain(workspace: &Workspace) {
    let start =
        format!("{} --data {}", workspace.shown(&program(workspace)), workspace.shown(&folder(workspace)));
    println!();
    println!("The practice till is kept. From the root folder, once this one has ended:");
    println!("  receipts      {start} receipts");
    println!("  one payment   {start} pay --terminal training --amount 12.50 --answer yes");
    println!();
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("practice")
}

fn program(workspace: &Workspace) -> PathBuf {
    workspace.programs.join("paydeskctl").with_extension(std::env::consts::EXE_EXTENSION)
}
