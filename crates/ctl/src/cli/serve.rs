//! Options of the till in a browser.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen: an address of this computer alone; port 0 takes any free one
    #[arg(long, value_name = "127.0.0.1:PORT", default_value = "127.0.0.1:0")]
    pub listen: String,
    /// Serve also where the till cannot start: the page says why and tries again
    #[arg(long)]
    pub keep_serving: bool,
    /// Show the newest JPEG picture of this folder in place of a camera, for demonstrations and tests
    #[arg(long, value_name = "DIR")]
    pub camera_from: Option<PathBuf>,
    /// Serve the interface from this folder [default: as it was built into the program]
    #[arg(long, value_name = "DIR")]
    pub ui: Option<PathBuf>,
}
