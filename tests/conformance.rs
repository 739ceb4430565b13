//! Situations that every driver must stand, in memory under virtual time: one test per situation, run for
//! each form of integration. After each, bank and journal are compared. What is not tried with a wallet
//! gateway: `left_out.rs`.

// A test says what it expects by stopping where it is not so; the checks know only #[test] functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// Amounts are written as people say them: 12_50 is twelve and a half.
#![allow(clippy::inconsistent_digit_grouping)]

mod conformance {
    pub mod aborts;
    pub mod afterwards;
    pub mod backups;
    pub mod counter;
    pub mod crashes;
    pub mod day;
    pub mod disks;
    pub mod editing;
    pub mod everyday;
    pub mod hostile;
    pub mod hosts;
    pub mod left_out;
    pub mod lost;
    pub mod moved;
    pub mod numbers;
    pub mod paper;
    pub mod printers;
    pub mod recovery;
    pub mod rivals;
    pub mod rules;
    pub mod scene;
    pub mod sessions;
    pub mod signature;
    pub mod traffic;
}
