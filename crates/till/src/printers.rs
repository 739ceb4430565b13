//! The printer in use, and how settings become another one.
//!
//! Invariant: whoever asks the printer how it is asks the one that the next slip goes to.

use crate::api::{Problem, ProblemCode};
use crate::settings::Printer as Wanted;
use peripherals::printer::{Printer, Prints};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// Makes printers of settings.
pub trait Printers: Debug + Send + Sync {
    /// The printer that these settings name. Nothing is asked of it yet.
    fn of(&self, wanted: &Wanted) -> Result<Arc<dyn Prints>, Problem>;
}

/// The printers of a data folder: a file lies in it unless its whole path is told.
#[derive(Clone, Debug)]
pub struct FolderPrinters {
    folder: PathBuf,
}

impl FolderPrinters {
    /// Those of this folder.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }
}

impl Printers for FolderPrinters {
    fn of(&self, wanted: &Wanted) -> Result<Arc<dyn Prints>, Problem> {
        let Wanted { driver, target, .. } = wanted;
        let place = self.folder.join(target).display().to_string();
        let target = if driver == "file" && !target.is_empty() { &place } else { target };
        let printer = Printer::of(driver, target).map_err(|fault| {
            Problem::new(ProblemCode::SettingsWrong).with("key", "printer.target").with("what", fault)
        })?;
        Ok(Arc::new(printer))
    }
}

/// The printer in use. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct InUse {
    printers: Arc<dyn Printers>,
    now: watch::Sender<Arc<dyn Prints>>,
}

impl InUse {
    /// The printer of these settings, from now on.
    pub(crate) fn of(printers: Arc<dyn Printers>, wanted: &Wanted) -> Result<Self, Problem> {
        let now = watch::Sender::new(printers.of(wanted)?);
        Ok(Self { printers, now })
    }
    pub(crate) fn now(&self) -> Arc<dyn Prints> {
        Arc::clone(&self.now.borrow())
    }
    /// The printer of other settings: the one in use where they drive the same, which may be busy.
    pub(crate) fn other(&self, known: &Wanted, wanted: &Wanted) -> Result<Arc<dyn Prints>, Problem> {
        let same = (&known.driver, &known.target) == (&wanted.driver, &wanted.target);
        if same { Ok(self.now()) } else { self.printers.of(wanted) }
    }
    pub(crate) fn put(&self, printer: Arc<dyn Prints>) {
        self.now.send_replace(printer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use peripherals::limits::Limits;
    use peripherals::slip::Language;

    #[tokio::test]
    async fn a_file_lies_in_the_data_folder_unless_its_whole_path_is_told() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let whole = elsewhere.path().join("slips.bin");
        for target in ["slips.bin", &whole.display().to_string()] {
            let (driver, target, language) = ("file".to_owned(), target.to_owned(), Language::English);
            let wanted = Wanted { driver, target, columns: 42, language };
            let printer = FolderPrinters::of(folder.path()).of(&wanted).unwrap();
            printer.print(b"slip", &Limits::SHOP).await.unwrap();
        }
        assert_eq!(std::fs::read(folder.path().join("slips.bin")).unwrap(), b"slip");
        assert_eq!(std::fs::read(whole).unwrap(), b"slip");
    }
}
