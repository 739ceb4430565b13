//! The nexo driver against a scripted terminal under virtual time. Every message it sends is checked
//! against the grammar of the protocol.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod nexo {
    pub mod desk;
    pub mod stage;

    mod abort;
    mod busy;
    mod dialogue;
    mod inbox;
    mod outcomes;
    mod profile;
    mod recovery;
    mod requests;
    mod services;
    mod sessions;
    mod transport;
}
