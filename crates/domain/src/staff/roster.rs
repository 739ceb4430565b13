//! Everybody at the till, folded from facts, and what may change about them.

use super::{Act, Role, StaffFact, Tries, Wait};
use crate::ids::StaffId;
use crate::receipt::TextRef;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their name, as a reference to erasable text.
    pub name: TextRef,
    /// What they are.
    pub role: Role,
    /// The hash of their PIN, as a reference to erasable text; without one they cannot sign in.
    pub pin: Option<TextRef>,
    /// Whether they work here.
    pub active: bool,
    /// Wrong PINs in a row.
    pub tries: Tries,
}

/// Everybody, and who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// By id, in the order of enrolment.
    pub people: BTreeMap<StaffId, Person>,
    /// Who is at the till.
    pub signed_in: Option<StaffId>,
}

/// What is to change about one person. Texts are stored beside the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffChange {
    /// Enrol.
    Enrol {
        /// Their name.
        name: TextRef,
        /// What they are.
        role: Role,
        /// The hash of their PIN.
        pin: TextRef,
    },
    /// Another name.
    Rename {
        /// Their name.
        name: TextRef,
    },
    /// Another PIN. Everybody may change their own.
    SetPin {
        /// The hash of it.
        pin: TextRef,
    },
    /// Another role.
    GiveRole {
        /// What they are to be.
        role: Role,
    },
    /// Works here no more.
    Dismiss,
    /// Came back.
    Readmit,
}

/// Why somebody may not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// Nobody of that name works here.
    #[error("this person does not work here")]
    Nobody,
    /// Another role is needed; one of these may approve it in place.
    #[error("this needs somebody else's approval")]
    Needs(&'static [Role]),
    /// The person who was asked to approve may not do it either.
    #[error("the person who was asked may not approve this")]
    NotApprover,
    /// The person is enrolled already.
    #[error("this person is enrolled already")]
    Known,
    /// Nobody would be left who can enrol people.
    #[error("the last manager stays one")]
    LastManager,
    /// The person has no PIN yet.
    #[error("this person has no PIN")]
    NoPin,
    /// Too many wrong PINs.
    #[error(transparent)]
    Wait(#[from] Wait),
}

impl NotAllowed {
    /// The stable word, for words in any language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Needs(_) => "needs",
            Self::NotApprover => "not_approver",
            Self::Known => "known",
            Self::LastManager => "last_manager",
            Self::NoPin => "no_pin",
            Self::Wait(_) => "wait",
        }
    }
}

impl Roster {
    /// A person who works here.
    pub fn person(&self, id: StaffId) -> Option<&Person> {
        self.people.get(&id).filter(|person| person.active)
    }
    /// Whether this person may do this, with this approver in place where it needs one. The approver's PIN
    /// was checked for this act alone.
    pub fn authorise(
        &self,
        by: StaffId,
        act: Act,
        approver: Option<StaffId>,
    ) -> Result<Option<StaffId>, NotAllowed> {
        let person = self.person(by).ok_or(NotAllowed::Nobody)?;
        if act.roles().contains(&person.role) {
            return Ok(None);
        }
        let approver = approver.ok_or(NotAllowed::Needs(act.roles()))?;
        let other = self.person(approver).ok_or(NotAllowed::NotApprover)?;
        let fits = act.roles().contains(&other.role);
        if fits { Ok(Some(approver)) } else { Err(NotAllowed::NotApprover) }
    }
    /// The hash to compare a typed PIN with, when one may be typed now.
    pub fn may_try(&self, id: StaffId, now: Timestamp) -> Result<&TextRef, NotAllowed> {
        let person = self.person(id).ok_or(NotAllowed::Nobody)?;
        person.tries.may_try(now)?;
        person.pin.as_ref().ok_or(NotAllowed::NoPin)
    }
    /// What is written down for this change. `by` is nobody only for the first person, who is a manager.
    /// The caller has authorised [`Act::KeepStaff`] where `by` changes somebody else.
    pub fn decide(
        &self,
        id: StaffId,
        change: StaffChange,
        by: Option<StaffId>,
    ) -> Result<Vec<StaffFact>, NotAllowed> {
        let actor = match by {
            Some(by) => Some((by, self.person(by).ok_or(NotAllowed::Nobody)?)),
            None if self.people.is_empty() => None,
            None => return Err(NotAllowed::Nobody),
        };
        let keeps = actor.is_none_or(|(_, person)| Act::KeepStaff.roles().contains(&person.role));
        let is_own_pin = by == Some(id) && matches!(change, StaffChange::SetPin { .. });
        if !keeps && !is_own_pin {
            return Err(NotAllowed::Needs(Act::KeepStaff.roles()));
        }
        match (change, by) {
            (StaffChange::Enrol { name, role, pin }, _) => {
                if self.people.contains_key(&id) {
                    return Err(NotAllowed::Known);
                }
                if by.is_none() && role != Role::Manager {
                    return Err(NotAllowed::LastManager);
                }
                Ok(vec![StaffFact::Enrolled { name, role, by }, StaffFact::PinSet { pin, by }])
            }
            (_, None) => Err(NotAllowed::Nobody),
            (change, Some(by)) => self.decide_known(id, change, by),
        }
    }
    fn decide_known(
        &self,
        id: StaffId,
        change: StaffChange,
        by: StaffId,
    ) -> Result<Vec<StaffFact>, NotAllowed> {
        let person = self.people.get(&id).ok_or(NotAllowed::Nobody)?;
        let is_last = person.active && person.role == Role::Manager && self.managers() == 1;
        match change {
            StaffChange::Enrol { .. } => Err(NotAllowed::Known),
            StaffChange::Rename { name } => Ok(vec![StaffFact::Renamed { name, by }]),
            StaffChange::SetPin { pin } => Ok(vec![StaffFact::PinSet { pin, by: Some(by) }]),
            StaffChange::GiveRole { role } if is_last && role != Role::Manager => {
                Err(NotAllowed::LastManager)
            }
            StaffChange::GiveRole { role } => Ok(vec![StaffFact::RoleGiven { role, by }]),
            StaffChange::Dismiss if is_last => Err(NotAllowed::LastManager),
            StaffChange::Dismiss if !person.active => Err(NotAllowed::Nobody),
            StaffChange::Dismiss => Ok(vec![StaffFact::Dismissed { by }]),
            StaffChange::Readmit if person.active => Err(NotAllowed::Known),
            StaffChange::Readmit => Ok(vec![StaffFact::Readmitted { by }]),
        }
    }
    /// Whom a program of the folder's owner acts for: the first manager of the list.
    pub fn first_manager(&self) -> Option<StaffId> {
        let manages = |(_, person): &(&StaffId, &Person)| person.active && person.role == Role::Manager;
        self.people.iter().find(manages).map(|(id, _)| *id)
    }
    fn managers(&self) -> usize {
        self.people.values().filter(|person| person.active && person.role == Role::Manager).count()
    }
    /// Applies one fact. A fact about somebody who was never enrolled changes nothing.
    #[must_use]
    pub fn evolve(mut self, id: StaffId, fact: &StaffFact, at: Timestamp) -> Self {
        if let StaffFact::Enrolled { name, role, .. } = fact {
            let tries = Tries::default();
            let person = Person { name: name.clone(), role: *role, pin: None, active: true, tries };
            self.people.insert(id, person);
            return self;
        }
        let Some(person) = self.people.get_mut(&id) else { return self };
        match fact {
            StaffFact::Enrolled { .. } => {}
            StaffFact::Renamed { name, .. } => person.name = name.clone(),
            StaffFact::PinSet { pin, .. } => {
                person.pin = Some(pin.clone());
                person.tries = Tries::default();
            }
            StaffFact::RoleGiven { role, .. } => person.role = *role,
            StaffFact::Dismissed { .. } => {
                person.active = false;
                self.signed_in = self.signed_in.filter(|signed_in| *signed_in != id);
            }
            StaffFact::Readmitted { .. } => person.active = true,
            StaffFact::SignedIn => {
                person.tries = Tries::default();
                self.signed_in = Some(id);
            }
            StaffFact::SignedOut | StaffFact::Locked => {
                self.signed_in = self.signed_in.filter(|signed_in| *signed_in != id);
            }
            StaffFact::PinRefused => person.tries = person.tries.refused(at),
            StaffFact::PinAccepted => person.tries = Tries::default(),
        }
        self
    }
}
