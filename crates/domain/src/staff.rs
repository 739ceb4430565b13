//! The people at the till: who they are, what they may do, and what a wrong PIN costs.
//!
//! Invariants: one table says which act needs which role; somebody can always enrol people (the last active
//! manager stays one); names and hashes of PINs are erasable texts, and the hash is opaque to these rules.

mod act;
mod pin;
mod roster;
#[cfg(test)]
mod tests;

pub use act::{Act, Allowed, Role, may};
pub use pin::{PinRule, Tries, Wait, check_pin};
pub use roster::{NotAllowed, Person, Roster, StaffChange};

use crate::ids::{OperationId, SaleId, StaffId};
use crate::money::Money;
use crate::receipt::TextRef;
use serde::{Deserialize, Serialize};

/// One fact about one person. Where `by` is missing there was nobody yet to do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffFact {
    /// Became one of the staff.
    Enrolled {
        /// Their name, as a reference to erasable text.
        name: TextRef,
        /// What they are.
        role: Role,
        /// Who enrolled them.
        by: Option<StaffId>,
    },
    /// Goes by another name.
    Renamed {
        /// Their name, as a reference to erasable text.
        name: TextRef,
        /// Who says so.
        by: StaffId,
    },
    /// Got a PIN, or another one.
    PinSet {
        /// Its hash, as a reference to erasable text.
        pin: TextRef,
        /// Who set it.
        by: Option<StaffId>,
    },
    /// Became something else.
    RoleGiven {
        /// What they are now.
        role: Role,
        /// Who says so.
        by: StaffId,
    },
    /// Works here no more.
    Dismissed {
        /// Who says so.
        by: StaffId,
    },
    /// Came back.
    Readmitted {
        /// Who says so.
        by: StaffId,
    },
    /// Signed in with the right PIN, or unlocked the till.
    SignedIn,
    /// Signed out.
    SignedOut,
    /// The till locked itself because nobody used it.
    Locked,
    /// A wrong PIN was typed for them.
    PinRefused,
    /// The right PIN was typed for them to approve one act in place; it counts for that act alone.
    PinAccepted,
}

/// One act that does not carry its person in a fact of its own: what, who, who approved it, about what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// What was done.
    pub act: Act,
    /// Who did it.
    pub by: StaffId,
    /// Who approved it in place, where the role did not suffice.
    pub approved_by: Option<StaffId>,
    /// The sale it is about.
    pub sale: Option<SaleId>,
    /// The payment it is about.
    pub operation: Option<OperationId>,
    /// The amount it is about.
    pub amount: Option<Money>,
    /// Why, as typed.
    pub reason: Option<String>,
}

impl Acted {
    /// Somebody did this, about nothing in particular.
    pub const fn bare(act: Act, by: StaffId) -> Self {
        Self { act, by, approved_by: None, sale: None, operation: None, amount: None, reason: None }
    }
}
