//! Pictures of a folder as frames, in the order of their names.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Fault, FrameSource, jpeg};
use crate::code::Luma;
use crate::limits::{FOLDER_PICTURES, FRAME_BYTES};

/// A folder of JPEG pictures, one a call. It ends with the last.
#[derive(Debug)]
pub struct Folder {
    files: std::vec::IntoIter<PathBuf>,
}

impl Folder {
    /// All pictures in it by name, up to [`FOLDER_PICTURES`].
    ///
    /// # Errors
    /// [`Fault::Away`] where it cannot be read.
    pub fn of(path: &Path) -> Result<Self, Fault> {
        Ok(Self { files: pictures(path)?.into_iter() })
    }
}

impl FrameSource for Folder {
    fn frame(&mut self, _now: Duration) -> Result<Option<Luma>, Fault> {
        picture(&self.files.next().ok_or(Fault::Ended)?).map(Some)
    }
}

/// The JPEG pictures of a folder by name, up to [`FOLDER_PICTURES`].
///
/// # Errors
/// [`Fault::Away`] where it cannot be read.
pub fn pictures(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let away = |error: std::io::Error| Fault::Away { detail: error.to_string() };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(away)?.take(FOLDER_PICTURES) {
        let path = entry.map_err(away)?.path();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if ["jpg", "jpeg"].contains(&extension.to_ascii_lowercase().as_str()) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// One JPEG picture.
///
/// # Errors
/// [`Fault::Corrupt`] where it cannot be read, is none, or is too long.
pub fn picture(file: &Path) -> Result<Luma, Fault> {
    let corrupt = |detail: String| Fault::Corrupt { detail };
    let length = std::fs::metadata(file).map_err(|error| corrupt(error.to_string()))?.len();
    if usize::try_from(length).is_ok_and(|length| length <= FRAME_BYTES) {
        let bytes = std::fs::read(file).map_err(|error| corrupt(error.to_string()))?;
        return jpeg::luma(&bytes);
    }
    Err(corrupt("too long".to_owned()))
}
