//! Where things are: the workspace, the programs built in it, and the commands of the system.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders xtask works in.
pub struct Workspace {
    /// The folder with the root `Cargo.toml`.
    pub root: PathBuf,
    /// Where cargo puts programs of the development profile; xtask itself lies there.
    pub programs: PathBuf,
    /// The target folder: logs and the practice till live below it.
    pub target: PathBuf,
}

impl Workspace {
    /// Found from the running program, so that it holds for any target folder.
    ///
    /// # Errors
    /// The program has been moved out of a target folder.
    pub fn here() -> Result<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask has no parent folder")?.to_path_buf();
        let program = env::current_exe().context("the running program's path is not known")?;
        let programs = program.parent().context("the running program lies in no folder")?.to_path_buf();
        let target =
            programs.parent().context("the running program lies in no target folder")?.to_path_buf();
        Ok(Self { root, programs, target })
    }

    /// `path` as a person in the root folder would type it.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// The program `name` on the search path, without starting it.
pub fn find_command(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file() || file.with_extension("exe").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_of_every_system_is_found_and_an_invented_one_is_not() {
        assert!(find_command("cargo").is_some());
        assert!(find_command("no-such-command-anywhere").is_none());
    }

    #[test]
    fn paths_below_the_root_are_shown_without_it() {
        let workspace = Workspace {
            root: "/src/paydesk".into(),
            programs: "/src/paydesk/target/debug".into(),
            target: "/src/paydesk/target".into(),
        };
        assert_eq!(workspace.shown(Path::new("/src/paydesk/target/practice")), "target/practice");
        assert_eq!(workspace.shown(Path::new("/elsewhere/log")), "/elsewhere/log");
    }
}
