//! The ECR Hub driver over the cloud against canned replies: how an order is followed, what counts for
//! nothing, and what goes back. Waits run on virtual time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

#[path = "ecrhub_cloud/back.rs"]
mod back;
#[path = "ecrhub_cloud/hostile.rs"]
mod hostile;
#[path = "ecrhub_cloud/inbox.rs"]
mod inbox;
#[path = "ecrhub_cloud/profile.rs"]
mod profile;
#[path = "ecrhub_cloud/recovery.rs"]
mod recovery;
#[path = "ecrhub_cloud/refused.rs"]
mod refused;
#[path = "ecrhub_cloud/sales.rs"]
mod sales;
#[path = "ecrhub_cloud/stage.rs"]
mod stage;
#[path = "ecrhub_cloud/wishes.rs"]
mod wishes;
