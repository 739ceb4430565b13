//! The rules of the trade as pure functions over plain data.
//!
//! Nothing here reads a clock, draws a random number, does I/O or waits: points in time, ids and
//! randomness come in as arguments, so that every rule is replayed from the journal exactly as it
//! was lived. The centre is [`payment`]: `decide` (state, event → facts), `evolve` (state, fact →
//! state), `next` (state, now → what should be happening).

pub mod admission;
pub mod basket;
pub mod card;
pub mod catalogue;
pub mod ids;
pub mod journal;
pub mod ledger;
pub mod limits;
pub mod money;
pub mod operation;
pub mod outcome;
pub mod paper;
pub mod payment;
pub mod prompt;
pub mod receipt;
pub mod refund;
pub mod report;
pub mod rounding;
pub mod sale;
pub mod session;
pub mod shift;
pub mod staff;
pub mod tax;
pub mod tender;
pub mod wallet;
