//! One payment with the training terminal in a practice folder: Paydesk, shown in a second without a
//! device.

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

/// Takes 12.50 on the training terminal. Settings that are already there are left as they are.
///
/// # Errors
/// The folder cannot be written, or the payment is not approved.
pub fn demonstrate(workspace: &Workspace) -> Result<()> {
    let folder = folder(workspace);
    let settings = folder.join("settings.toml");
    if !settings.exists() {
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        fs::write(&settings, SETTINGS)
            .with_context(|| format!("{} cannot be written", settings.display()))?;
    }
    let mut pay = Command::new(program(workspace));
    pay.arg("--data").arg(&folder);
    pay.args(["pay", "--terminal", "training", "--amount", "12.50", "--answer", "yes"]);
    succeed(pay.current_dir(&workspace.root).stdin(Stdio::null()))
}

/// Prints how to see the receipt and pay again.
pub fn explain(workspace: &Workspace) {
    let start =
        format!("{} --data {}", workspace.shown(&program(workspace)), workspace.shown(&folder(workspace)));
    println!();
    println!("The practice till is kept. From the root folder:");
    println!("  receipts   {start} receipts");
    println!("  pay again  {start} pay --terminal training --amount 12.50 --answer yes");
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("practice")
}

fn program(workspace: &Workspace) -> PathBuf {
    workspace.programs.join("paydeskctl").with_extension(std::env::consts::EXE_EXTENSION)
}
