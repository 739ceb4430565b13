//! The options of `code`.

use clap::Args;
use std::path::PathBuf;

use crate::limits;

/// Where to look: at files, through a camera or at what a scanner sends.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("source").required(true).multiple(false)))]
pub struct Code {
    /// JPEG pictures, and folders of them
    #[arg(value_name = "FILE", group = "source")]
    pub files: Vec<PathBuf>,
    /// The camera with this number; the first that works where it is left out
    #[arg(long, value_name = "N", num_args = 0..=1, group = "source")]
    pub camera: Option<Option<u32>>,
    /// What is typed or scanned on standard input, a line a code
    #[arg(long, group = "source")]
    pub text: bool,
    /// Write out what a picture's code says as well, as `--json` always does
    #[arg(long, conflicts_with_all = ["camera", "text"])]
    pub reveal: bool,
    /// How long the camera is looked at, seconds
    #[arg(long = "for", value_name = "SECONDS", default_value_t = limits::CAMERA_S,
        value_parser = clap::value_parser!(u64).range(1..=limits::CAMERA_MOST_S))]
    pub seconds: u64,
    /// Width and height that the camera is asked for
    #[arg(long, value_name = "1280x720", value_parser = size)]
    pub size: Option<(u32, u32)>,
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once('x').map(|(width, height)| (width.parse(), height.parse()));
    match sides {
        Some((Ok(width), Ok(height))) if width > 0 && height > 0 => Ok((width, height)),
        Some(_) | None => Err("must be a width and a height, for example 1280x720".to_owned()),
    }
}
