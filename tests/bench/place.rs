//! Where the bench keeps its folders: on the disk that holds the build, and in memory where syncing is free.

use anyhow::{Context, Result};
use std::fs::File;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Linux's file system in memory.
const MEMORY: &str = "/dev/shm";
const PREFIX: &str = "paydesk-bench-";

/// The build's target folder: a real disk, and swept with the build.
pub fn target() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    // TARGET/release/bench
    let target = program.ancestors().nth(2).context("the program lies in no target folder")?;
    Ok(target.to_owned())
}

/// Where the programs of the same build lie.
pub fn programs() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.parent().context("the program lies in no folder")?.to_owned())
}

/// An empty folder on the real disk.
pub fn on_disk() -> Result<TempDir> {
    folder(&target()?)
}

/// An empty folder in memory; on the real disk where the system has none.
pub fn in_memory() -> Result<TempDir> {
    folder(Path::new(MEMORY)).or_else(|_| on_disk())
}

fn folder(place: &Path) -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix(PREFIX).tempdir_in(place)?)
}

/// Resident memory of this process, megabytes; from the kernel's own table.
pub fn resident() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status").context("this system has no /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib =
        line.and_then(|line| line.trim().strip_suffix(" kB")).context("no VmRSS in /proc/self/status")?;
    Ok(kib.trim().parse::<f64>()? * 1024.0 / 1e6)
}

/// Has the file system write down all that it still owes, as it does every few seconds by itself. The
/// files' own making would go into every sync until then, for the till's log as for the bare one; a shop's
/// log is old.
pub fn settle(place: &Path) -> Result<()> {
    Ok(nix::unistd::syncfs(File::open(place)?)?)
}
