//! The store from outside, one module per promise. One binary, because linking SQLite takes longest.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "store/samples.rs"]
mod samples;
#[path = "store/support.rs"]
mod support;

#[path = "store/chain.rs"]
mod chain;
#[path = "store/crash.rs"]
mod crash;
#[path = "store/daybook.rs"]
mod daybook;
#[path = "store/disk.rs"]
mod disk;
#[path = "store/frozen.rs"]
mod frozen;
#[path = "store/intents.rs"]
mod intents;
#[path = "store/journal.rs"]
mod journal;
#[path = "store/queries.rs"]
mod queries;
