//! What the acceptance tests share: a world in memory under virtual time, with a till on one side, simulated
//! terminals and their bank on the other, and faults in between.

// Part of tests: what does not hold stops the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod alarms;
pub mod audit;
pub mod cable;
#[cfg(unix)]
pub mod cable_shop;
pub mod cashier;
pub mod desk;
pub mod entry;
pub mod file;
pub mod goods;
pub mod host_shop;
pub mod hub_shop;
pub mod liar;
pub mod line;
pub mod printer;
pub mod program;
pub mod rival;
pub mod rng;
pub mod signs;
pub mod wallet_shop;
pub mod world;
