//! The file that the settings are in. The till writes it back when a person changes a form.
//!
//! Invariant: whoever reads the file finds the old text or the new one, whole, also after a power cut.

use super::{FILE, text_of};
use crate::api::{Problem, ProblemCode};
use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where the settings are kept. Both calls block for a moment.
pub trait SettingsFile: Send + Sync + Debug {
    /// The text as it is now.
    fn text(&self) -> Result<String, Problem>;
    /// Puts another text in its place; it is durable when this returns.
    fn keep(&self, text: &str) -> Result<(), Problem>;
    /// How errors name it.
    fn name(&self) -> String;
}

/// `settings.toml` of a data folder.
#[derive(Clone, Debug)]
pub struct FolderFile {
    path: PathBuf,
}

impl FolderFile {
    /// The file of this data folder.
    pub fn of(folder: &Path) -> Self {
        Self { path: folder.join(FILE) }
    }
    /// Whether there is one.
    pub fn is_there(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok()
    }
    fn put(&self, text: &str) -> io::Result<()> {
        // A link stays a link: what it points to is replaced.
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let fresh = path.with_extension("toml.new");
        let mut file = File::create(&fresh)?;
        if let Ok(known) = fs::metadata(&path) {
            file.set_permissions(known.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        drop(file);
        fs::rename(&fresh, &path)?;
        sync_folder(&path)
    }
}

/// A new name is durable once its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

impl SettingsFile for FolderFile {
    fn text(&self) -> Result<String, Problem> {
        text_of(&self.path)
    }
    fn keep(&self, text: &str) -> Result<(), Problem> {
        self.put(text).map_err(|error| not_kept(&error).with("file", self.name()))
    }
    fn name(&self) -> String {
        self.path.display().to_string()
    }
}

#[allow(clippy::wildcard_enum_match_arm)] // the standard library's list is open
fn not_kept(error: &io::Error) -> Problem {
    let code = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ProblemCode::DiskFull,
        _ => ProblemCode::ReadOnly,
    };
    Problem::new(code).with("detail", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_text_is_there_whole_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = FolderFile::of(folder.path());
        assert!(!file.is_there());
        assert_eq!(file.text().unwrap_err().code, ProblemCode::SettingsWrong);
        for text in ["a = 1\n", "b = 2\n"] {
            file.keep(text).unwrap();
            assert_eq!(file.text().unwrap(), text);
        }
        assert!(file.is_there());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_its_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("elsewhere.toml");
        fs::write(&real, "a = 1\n").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, folder.path().join(FILE)).unwrap();
        FolderFile::of(folder.path()).keep("b = 2\n").unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "b = 2\n");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(folder.path().join(FILE)).unwrap().is_symlink());
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let gone = FolderFile::of(&folder.path().join("gone"));
        let problem = gone.keep("a = 1\n").unwrap_err();
        assert_eq!(problem.code, ProblemCode::ReadOnly);
        assert!(problem.parameter("file").contains("gone"));
    }
}
