//! Frames of a webcam to which a customer shows a phone, made here or taken from a folder.
//!
//! Made: seeded, so that a figure can be measured again; a seed that nobody has tuned on is a fresh test. A
//! folder holds JPEG frames and `manifest.tsv` with a line each: path, level, kind, what the code says
//! (nothing where there is none), separated by tabs; further columns are not looked at. Invariant: one frame
//! is in memory at a time.

mod dice;
mod jpeg;
mod levels;
mod phone;
mod shot;
mod spoil;
mod symbol;

use crate::limits::Scale;
use anyhow::{Context, Result};
use dice::Dice;
use std::path::{Path, PathBuf};

/// One frame.
pub struct Frame {
    /// What spoils it, and how much.
    pub level: String,
    /// What its code says; empty where it shows none.
    pub text: String,
    /// As the camera sends it.
    pub jpeg: Vec<u8>,
}

/// Calls `each` with every frame: those of `folder`, or made ones of `seed`.
pub fn each(
    folder: Option<&Path>,
    seed: u64,
    scale: &Scale,
    mut each: impl FnMut(Frame) -> Result<()>,
) -> Result<()> {
    match folder {
        Some(folder) => kept(folder)?.into_iter().try_for_each(|(path, level, text)| {
            let jpeg = std::fs::read(&path).with_context(|| path.display().to_string())?;
            each(Frame { level, text, jpeg })
        }),
        None => levels::all().iter().try_for_each(|level| {
            (0..count(&level.name, scale)).try_for_each(|number| each(made(level, seed, number)?))
        }),
    }
}

fn count(level: &str, scale: &Scale) -> usize {
    match level.split('_').next() {
        Some("mix") => scale.frames_mixed,
        Some("neg") => scale.frames_empty,
        Some(_) | None => scale.frames_single,
    }
}

fn made(level: &levels::Level, seed: u64, number: usize) -> Result<Frame> {
    let mut dice = Dice::of(seed, &level.name, number);
    let scene = level.scene(&mut dice);
    let shot = shot::take(&scene, &mut dice)?;
    let jpeg = jpeg::write(&shot.plane, None, scene.quality);
    Ok(Frame { level: level.name.clone(), text: shot.text, jpeg })
}

fn kept(folder: &Path) -> Result<Vec<(PathBuf, String, String)>> {
    let manifest = folder.join("manifest.tsv");
    let text = std::fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?;
    let columns = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let rows = columns.filter_map(|columns| {
        let [path, level, _, text, ..] = columns[..] else { return None };
        Some((folder.join(path), level.to_owned(), text.to_owned()))
    });
    Ok(rows.collect())
}

/// A frame in colour, 1280 by 720, as cameras send most of theirs.
pub fn coloured(seed: u64, number: usize) -> Result<Vec<u8>> {
    let levels = levels::all();
    let level = levels.iter().find(|level| level.name == "mix_medium_720").context("no such level")?;
    let mut dice = Dice::of(seed, "coloured", number);
    let scene = level.scene(&mut dice);
    let shot = shot::take(&scene, &mut dice)?;
    let [blue, red] = [0, 1].map(|_| spoil::background(&scene, &mut dice));
    Ok(jpeg::write(&shot.plane, Some([&blue, &red]), 85))
}
