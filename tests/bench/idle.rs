//! Resident memory of an idle till without a window, on the big store, in a process of its own.

use crate::archive::Archive;
use crate::limits::{self, Scale};
use crate::table::{Figure, Row};
use crate::{place, runtime};
use anyhow::{Context, Result, anyhow, ensure};
use std::path::Path;
use std::process::Command;
use till::Options;

/// The row.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let archive = Archive::of(scale)?;
    let output = Command::new(std::env::current_exe()?).arg("child-idle").arg(&archive.folder).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let megabytes = String::from_utf8(output.stdout)?.trim().parse().context("no figure came")?;
    Ok(vec![Row {
        id: "idle memory".to_owned(),
        what: format!("resident memory of an idle till on {} receipts", archive.payments * 2),
        measured: Figure::Memory(megabytes),
        baseline: None,
        ratio: None,
        target: limits::IDLE_MEMORY,
    }])
}

/// In a process of its own: starts the till, waits, prints the figure.
pub fn child(folder: &Path) -> Result<()> {
    runtime()?.block_on(async {
        let started = till::start(folder, Options::default()).await;
        let started = started.map_err(|problem| anyhow!("{problem}"))?;
        tokio::time::sleep(limits::IDLE).await;
        println!("{}", place::resident()?);
        started.stop().await;
        Ok(())
    })
}
