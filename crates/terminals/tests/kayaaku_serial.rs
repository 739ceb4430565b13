//! The Kayaaku driver on a cable against canned answers: every class of codes by message, the line's
//! troubles, and what a device does wrong. Waits run on virtual time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

#[path = "kayaaku_serial/back.rs"]
mod back;
#[path = "kayaaku_serial/line.rs"]
mod line;
#[path = "kayaaku_serial/profile.rs"]
mod profile;
#[path = "kayaaku_serial/recovery.rs"]
mod recovery;
#[path = "kayaaku_serial/sales.rs"]
mod sales;
#[path = "kayaaku_serial/stage.rs"]
mod stage;
