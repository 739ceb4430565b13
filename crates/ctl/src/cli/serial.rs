//! Options of a simulated device on a cable.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct SimulateSerial {
    /// The port that it is at [default: a pseudo-terminal is made and its path printed]
    #[arg(long, value_name = "DEVICE")]
    pub port: Option<PathBuf>,
    /// Keeps a link to that pseudo-terminal here
    #[arg(long, value_name = "FILE", conflicts_with = "port")]
    pub link: Option<PathBuf>,
    /// The till's settings.toml, so that numbers agree
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Which terminal of the settings it is [default: the only one of this protocol]
    #[arg(long, value_name = "ID", requires = "settings")]
    pub terminal: Option<String>,
    /// What it does with requests; see docs/SIMULATORS.md
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Where the bank keeps its entries
    #[arg(long, value_name = "FILE")]
    pub bank: Option<PathBuf>,
    /// Seed of its variations
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}
