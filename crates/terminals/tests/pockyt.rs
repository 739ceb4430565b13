//! The Pockyt driver against canned answers: every row of its map, and what the gateway does wrong.
//! Waits run on virtual time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

#[path = "pockyt/back.rs"]
mod back;
#[path = "pockyt/echo.rs"]
mod echo;
#[path = "pockyt/inbox.rs"]
mod inbox;
#[path = "pockyt/profile.rs"]
mod profile;
#[path = "pockyt/recovery.rs"]
mod recovery;
#[path = "pockyt/sales.rs"]
mod sales;
#[path = "pockyt/stage.rs"]
mod stage;
#[path = "pockyt/waiting.rs"]
mod waiting;
