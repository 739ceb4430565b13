//! The application: one loop (the till actor) that joins the rules, the store and the terminals, behind a
//! contract that any interface can use ([`api`]).
//!
//! For every event the actor does the same four steps in one place: decide → append to the journal →
//! evolve → publish the view; then it compares what `domain::payment::next` says with what is running and
//! starts or stops effects. There is no other way to change state.

mod actor;
mod actor_words;
pub mod api;
pub mod books;
pub mod case_file;
mod checks;
pub mod clock;
mod desk;
pub mod doctor;
mod ear;
mod effects;
mod fleet;
mod folder;
mod forms;
pub mod host;
mod import;
pub mod limits;
mod lock;
mod pairing;
pub mod pins;
mod ports;
mod printers;
mod printing;
pub mod random;
mod sale_shown;
pub mod secrets;
pub mod settings;
pub mod sight;
mod start;

pub use actor::{Parts, Till};
pub use ear::Ear;
pub use folder::default_folder;
pub use lock::FolderLock;
pub use printers::{FolderPrinters, Printers};
pub use start::{Options, Started, start};

/// Seams that a test, a program or a shell hands to the till.
pub mod seams {
    pub use domain;
    pub use peripherals;
    pub use store;
    pub use terminals;
}
