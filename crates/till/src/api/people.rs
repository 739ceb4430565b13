//! The people at the till: signing in, approving in place, keeping the list.

use domain::ids::StaffId;
use domain::staff::Role;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A typed PIN. Never shown, logged or stored.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pin(pub String);

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// Somebody approves one command in place.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub person: StaffId,
    /// Their PIN.
    pub pin: Pin,
}

/// What is wanted of the people at the till.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "want", rename_all = "snake_case")]
pub enum PeopleWanted {
    /// Sign in, or unlock.
    SignIn {
        /// Who.
        person: StaffId,
        /// Their PIN.
        pin: Pin,
    },
    /// Sign out.
    SignOut,
    /// Nobody has touched the till for a while.
    Lock,
    /// Enrol somebody. The first person is a manager, and nobody needs to be signed in for it.
    Enrol {
        /// Their name.
        name: String,
        /// What they are.
        role: Role,
        /// Their PIN.
        pin: Pin,
    },
    /// Another name.
    Rename {
        /// Whose.
        person: StaffId,
        /// Their name.
        name: String,
    },
    /// Another PIN; everybody may change their own.
    SetPin {
        /// Whose.
        person: StaffId,
        /// The PIN.
        pin: Pin,
    },
    /// Another role.
    GiveRole {
        /// Whose.
        person: StaffId,
        /// What they are to be.
        role: Role,
    },
    /// Works here no more.
    Dismiss {
        /// Who.
        person: StaffId,
    },
    /// Came back.
    Readmit {
        /// Who.
        person: StaffId,
    },
}

/// One person.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// Their id.
    pub person: StaffId,
    /// Their name; empty once it was erased.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Works here.
    pub active: bool,
}

/// Who works here, and who is at the till.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleView {
    /// In the order of enrolment. Empty: nobody needs to sign in.
    pub people: Vec<PersonView>,
    /// Who is at the till.
    pub signed_in: Option<StaffId>,
    /// Who was, until the till locked itself.
    pub locked: Option<StaffId>,
}
