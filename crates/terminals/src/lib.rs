//! The seam to payment terminals: one small driver trait ([`Terminal`]), the [`Desk`] through which a driver
//! reaches the till, the narrow seams to the network ([`http`], [`listener`]) and the drivers themselves.
//!
//! Every driver has the same shape: `<name>.rs` is one exchange after another, top to bottom;
//! `<name>/profile.rs` its typed settings; `<name>/map.rs` the only bridge between protocol and domain.

pub mod capabilities;
pub mod desk;
pub mod ecrhub;
pub mod form;
pub mod http;
pub mod kayaaku;
pub mod limits;
pub mod listener;
pub mod nearby;
pub mod nexo;
pub mod notice;
pub mod pairing;
pub mod pockyt;
pub mod registry;
mod run;
pub mod seams;
pub mod serial;
pub mod service;
mod terminal;
pub mod training;

pub use capabilities::Capabilities;
pub use desk::Desk;
pub use notice::{Notice, Notices};
pub use seams::Seams;
pub use terminal::{Address, Identity, Terminal};
