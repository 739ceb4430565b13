//! A device on a cable: the situations of the conformance suite that are told in this protocol's words. In
//! memory under virtual time; after each, bank and journal are compared. The storm is `tests/storm.rs`.

// A test says what it expects by stopping where it is not so; the checks know only #[test] functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// Amounts are written as people say them: 12_50 is twelve and a half.
#![allow(clippy::inconsistent_digit_grouping)]

mod cables {
    pub mod lost;
    pub mod pulled;
    pub mod scene;
}
