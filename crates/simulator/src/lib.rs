//! The far side of every protocol, for practice and tests.
//!
//! | looking for | see |
//! | --- | --- |
//! | what really happened to the money | [`bank`] |
//! | what a request is answered with | [`script`], seeded faults: [`faults`] |
//! | a nexo terminal | [`nexo`] |
//! | the simulator over real sockets | [`serve`] |
//!
//! Simulators speak only `wire`: they know nothing of the till, so a wrong mapping there cannot agree
//! with itself. Invariant: randomness comes from a seed, time from a clock given in and tokio's timers;
//! so everything also runs in memory under virtual time, and the same seed gives the same run.

pub mod bank;
pub mod clock;
pub mod faults;
pub mod nexo;
pub mod rng;
pub mod script;
pub mod serve;
