//! A folder that stands in for a camera, for demonstrations and tests without one: what its newest picture
//! shows is before the camera. A picture that is put there is seen a moment later; when the last one is
//! taken away, so is the camera.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::SystemTime;

use super::device::{Cameras, Coding, Device, Offer, Plugged, Raw};
use super::{Fault, pictures};
use crate::limits::{FOLDER_AGAIN, FRAME_BYTES};

/// The folder as a computer with one camera.
#[derive(Clone, Debug)]
pub struct FolderCamera {
    folder: PathBuf,
}

impl FolderCamera {
    /// Shows the newest JPEG picture of this folder.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }
}

impl Cameras for FolderCamera {
    fn plugged(&mut self) -> Result<Vec<Plugged>, Fault> {
        let name = self.folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        Ok(vec![Plugged { number: 0, name }])
    }

    fn open(
        &mut self,
        _number: u32,
        _choose: &dyn Fn(&[Offer]) -> Option<Offer>,
    ) -> Result<Box<dyn Device>, Fault> {
        newest(&self.folder)?;
        Ok(Box::new(Newest { folder: self.folder.clone(), is_first: true }))
    }
}

struct Newest {
    folder: PathBuf,
    is_first: bool,
}

impl Device for Newest {
    fn next(&mut self) -> Result<Raw<'_>, Fault> {
        if !std::mem::replace(&mut self.is_first, false) {
            thread::sleep(FOLDER_AGAIN);
        }
        let corrupt = |detail: String| Fault::Corrupt { detail };
        let file = newest(&self.folder)?;
        let length = std::fs::metadata(&file).map_err(|error| corrupt(error.to_string()))?.len();
        if !usize::try_from(length).is_ok_and(|length| length <= FRAME_BYTES) {
            return Err(corrupt("too long".to_owned()));
        }
        let bytes = std::fs::read(&file).map_err(|error| corrupt(error.to_string()))?;
        Ok(Raw { coding: Coding::Jpeg, width: 0, height: 0, bytes: Cow::Owned(bytes) })
    }
}

/// The picture that was written last; of two at once, the last by name.
fn newest(folder: &Path) -> Result<PathBuf, Fault> {
    // A file that goes away meanwhile is as old as can be.
    let written = |file: &PathBuf| {
        let told = std::fs::metadata(file).and_then(|told| told.modified());
        told.unwrap_or(SystemTime::UNIX_EPOCH)
    };
    let none = || Fault::Away { detail: "the folder holds no JPEG picture".to_owned() };
    pictures(folder)?.into_iter().max_by_key(written).ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::{Cameras, Device, Fault, FolderCamera};
    use std::time::{Duration, SystemTime};

    fn put(folder: &std::path::Path, name: &str, bytes: &[u8], age_s: u64) {
        let file = std::fs::File::create(folder.join(name)).unwrap();
        std::io::Write::write_all(&mut &file, bytes).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(10_000 - age_s)).unwrap();
    }

    fn shown(camera: &mut Box<dyn Device>) -> Vec<u8> {
        camera.next().unwrap().bytes.into_owned()
    }

    #[test]
    fn the_newest_picture_is_shown_and_an_empty_folder_is_a_camera_that_is_away() {
        let folder = tempfile::tempdir().unwrap();
        let mut cameras = FolderCamera::of(folder.path());
        assert_eq!(cameras.plugged().unwrap().len(), 1);
        assert!(matches!(cameras.open(0, &|_| None), Err(Fault::Away { .. })));
        put(folder.path(), "b.jpg", b"first", 20);
        let mut camera = cameras.open(0, &|_| None).unwrap();
        assert_eq!(shown(&mut camera), b"first");
        assert_eq!(shown(&mut camera), b"first", "it goes on sending it");
        put(folder.path(), "a.jpg", b"second", 10);
        put(folder.path(), "c.txt", b"no picture", 0);
        assert_eq!(shown(&mut camera), b"second");
        put(folder.path(), "c.jpg", b"third", 10);
        assert_eq!(shown(&mut camera), b"third", "the last by name");
        for name in ["a.jpg", "b.jpg", "c.jpg"] {
            std::fs::remove_file(folder.path().join(name)).unwrap();
        }
        assert!(matches!(camera.next(), Err(Fault::Away { .. })));
    }
}
