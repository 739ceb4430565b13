//! Options of a simulated terminal with an ECR Hub.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct SimulateHub {
    /// Where it listens [default: the address of the settings' terminal, or 127.0.0.1:35779]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// The till's settings.toml, so that names agree
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Ask the till's room at this address to be paired first, as `paydeskctl pair` tells it
    #[arg(long, value_name = "ADDR")]
    pub pair: Option<String>,
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
