//! A till that does not run yet: first settings, and why it cannot start.

use super::{DriverForm, Problem, TerminalForm};
use serde::{Deserialize, Serialize};

/// First settings.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    /// A folder to practise in: no real money, ever.
    pub practice: bool,
    /// The shop's name.
    pub shop: String,
    /// ISO 4217 code.
    pub currency: String,
    /// As IANA names it.
    pub time_zone: String,
    /// The first terminal; others can follow.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<TerminalForm>,
}

/// How the till behind an interface stands.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Standing {
    /// It is being started.
    Starting,
    /// It runs: there is a view.
    Running,
    /// The folder holds nothing yet: somebody sets it up, or practises.
    Empty {
        /// The data folder.
        folder: String,
        /// The drivers for a first terminal.
        drivers: Vec<DriverForm>,
        /// ISO 4217 codes to choose from.
        currencies: Vec<String>,
    },
    /// It cannot start.
    Broken {
        /// The data folder.
        folder: String,
        /// Why.
        problem: Problem,
    },
}
