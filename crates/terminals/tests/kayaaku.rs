//! The Kayaaku driver over HTTP against canned answers: every class of codes by call, both generations, and
//! what a host does wrong. Waits run on virtual time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

#[path = "kayaaku/back.rs"]
mod back;
#[path = "kayaaku/codes.rs"]
mod codes;
#[path = "kayaaku/hostile.rs"]
mod hostile;
#[path = "kayaaku/profile.rs"]
mod profile;
#[path = "kayaaku/recovery.rs"]
mod recovery;
#[path = "kayaaku/sales.rs"]
mod sales;
#[path = "kayaaku/sealed.rs"]
mod sealed;
#[path = "kayaaku/stage.rs"]
mod stage;
