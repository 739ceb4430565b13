//! Who is at the till: signing in and out, approving in place, keeping the list of people.
//!
//! Invariants: a PIN is compared away from the loop, one at a time per person, and only when the rules let
//! one be typed; what a command needs of a role is looked at when it is carried out, not when it came in.

use super::acts::{act_of, names_its_person};
use super::{Actor, Message};
use crate::api::{
    Accepted, Approval, Command, Dispatch, PeopleView, PeopleWanted, PersonView, Pin, Problem, ProblemCode,
};
use domain::ids::{OperationId, SaleId, StaffId, TextId};
use domain::journal::Fact;
use domain::money::Money;
use domain::receipt::TextRef;
use domain::staff::{Act, Acted, NotAllowed, Role, StaffChange, StaffFact, check_pin};
use std::sync::Arc;
use store::{Daybook, Record};
use tokio::sync::oneshot;

/// Who sends a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A person at a screen: must be signed in where anybody is enrolled.
    Person,
    /// A program of the folder's owner.
    Program,
}

/// Who does something, and who approved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub by: StaffId,
    pub approved_by: Option<StaffId>,
}

impl Who {
    /// Nobody in particular.
    pub const NOBODY: Self = Self { by: StaffId::NOBODY, approved_by: None };
}

/// A command whose PIN is being compared.
#[derive(Debug)]
pub(crate) struct Checked {
    pub dispatch: Dispatch,
    pub reply: oneshot::Sender<Result<Accepted, Problem>>,
    pub person: StaffId,
    pub fits: bool,
}

impl Actor {
    pub(super) fn daybook(&self) -> Arc<Daybook> {
        self.store.daybook().unwrap_or_default()
    }

    /// The same for pictures.
    pub(super) fn glance(&self) -> Arc<Daybook> {
        self.store.glance().unwrap_or_default()
    }

    /// The PIN that comes with a command: to sign in, or to approve it.
    pub(super) fn pin_of(dispatch: &Dispatch) -> Option<(StaffId, Pin)> {
        if let Command::People { wanted: PeopleWanted::SignIn { person, pin } } = &dispatch.command {
            return Some((*person, pin.clone()));
        }
        dispatch.approval.as_ref().map(|Approval { person, pin }| (*person, pin.clone()))
    }

    /// Has a PIN compared; the command goes on when that is done.
    pub(super) async fn check_pin(
        &mut self,
        dispatch: Dispatch,
        person: StaffId,
        pin: Pin,
        reply: oneshot::Sender<Result<Accepted, Problem>>,
    ) {
        let hash = match self.hash_to_compare(person).await {
            Ok(hash) => hash,
            Err(problem) => {
                let _ = reply.send(Err(problem));
                return;
            }
        };
        self.checking_pin.insert(person);
        self.waiting_for_pin.insert(dispatch.id, Vec::new());
        let (inbox, work) = (self.inbox.clone(), self.work);
        tokio::spawn(async move {
            let compare = tokio::task::spawn_blocking(move || work.fits(&pin, &hash));
            let fits = compare.await.unwrap_or(false);
            let checked = Checked { dispatch, reply, person, fits };
            let _ = inbox.send(Message::PinChecked(Box::new(checked))).await;
        });
    }

    async fn hash_to_compare(&self, person: StaffId) -> Result<String, Problem> {
        let now = self.clock.now();
        if self.checking_pin.contains(&person) {
            return Err(Problem::new(ProblemCode::PinWait).with("until", now));
        }
        let daybook = self.daybook();
        let hash = daybook.roster.may_try(person, now).map_err(|error| refused(&error))?.clone();
        let text = self.store.read(move |reader| reader.text(&hash)).await;
        let text = text.map_err(|error| crate::folder::problem(&error))?;
        text.ok_or_else(|| refused(&NotAllowed::NoPin))
    }

    /// A PIN was compared: what is written down, and the command it came with.
    pub(super) async fn pin_checked(&mut self, checked: Checked) {
        let Checked { dispatch, reply, person, fits } = checked;
        self.checking_pin.remove(&person);
        let signs_in = matches!(&dispatch.command, Command::People { wanted: PeopleWanted::SignIn { .. } });
        let fact = match (fits, signs_in) {
            (false, _) => StaffFact::PinRefused,
            (true, true) => StaffFact::SignedIn,
            (true, false) => StaffFact::PinAccepted,
        };
        let written = self.commit(vec![self.record(Fact::Staff { staff: person, fact })]).await;
        let answer = match (written, fits) {
            (Err(problem), _) => Err(problem),
            (Ok(()), false) => Err(Problem::new(ProblemCode::PinWrong)),
            (Ok(()), true) if signs_in => {
                self.locked = None;
                Ok(Accepted::default())
            }
            (Ok(()), true) => return self.carry_out(dispatch, Sender::Person, Some(person), reply).await,
        };
        self.answered(dispatch.id, answer, reply);
    }

    /// Who does this command, where they may.
    pub(super) fn authorised(
        &self,
        command: &Command,
        sender: Sender,
        approver: Option<StaffId>,
    ) -> Result<(Who, Option<Act>), Problem> {
        // Who works here is in no intent: the look is enough, and holds up no request.
        let daybook = self.glance();
        let roster = &daybook.roster;
        let act = act_of(command, self.settings.shop.largest_discount);
        if sender == Sender::Program || roster.people.is_empty() {
            return Ok((Who::NOBODY, None));
        }
        let Some(act) = act else {
            return Ok((Who { by: roster.signed_in.unwrap_or(StaffId::NOBODY), approved_by: None }, None));
        };
        let by = roster.signed_in.ok_or_else(|| Problem::new(ProblemCode::SignInNeeded))?;
        let approved_by = self.allowed(by, act, approver)?;
        Ok((Who { by, approved_by }, Some(act)))
    }

    /// Whether this person may, with this approver; tells who approved.
    pub(super) fn allowed(
        &self,
        by: StaffId,
        act: Act,
        approver: Option<StaffId>,
    ) -> Result<Option<StaffId>, Problem> {
        match self.daybook().roster.authorise(by, act, approver) {
            Ok(approved_by) => Ok(approved_by),
            Err(NotAllowed::Needs(roles)) => {
                let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
                let needed = Problem::new(ProblemCode::ApprovalNeeded).with("act", act.code());
                Err(needed.with("roles", roles.join(",")))
            }
            Err(error) => Err(refused(&error)),
        }
    }

    /// The record of who did this, where no other fact says so.
    pub(super) fn acted(&self, who: Who, act: Option<Act>, about: About) -> Option<Record> {
        let act = act.filter(|act| !names_its_person(*act) || who.approved_by.is_some())?;
        let About { sale, operation, amount, reason } = about;
        let acted = Acted {
            approved_by: who.approved_by,
            sale,
            operation,
            amount,
            reason,
            ..Acted::bare(act, who.by)
        };
        Some(self.record(Fact::Acted { acted }))
    }

    pub(super) async fn people(&mut self, who: Who, wanted: PeopleWanted) -> Result<(), Problem> {
        let daybook = self.daybook();
        let signed_in = daybook.roster.signed_in;
        let leaves = |fact| signed_in.map(|staff| Fact::Staff { staff, fact });
        match wanted {
            PeopleWanted::SignIn { .. } => Ok(()),
            PeopleWanted::SignOut => {
                self.locked = None;
                self.commit(
                    leaves(StaffFact::SignedOut).map(|fact| self.record(fact)).into_iter().collect(),
                )
                .await
            }
            PeopleWanted::Lock => {
                self.locked = signed_in.or(self.locked);
                self.commit(leaves(StaffFact::Locked).map(|fact| self.record(fact)).into_iter().collect())
                    .await
            }
            PeopleWanted::Enrol { name, role, pin } => self.enrol(who, name, role, pin).await,
            PeopleWanted::Rename { person, name } => {
                let (name, text) = self.named(&name)?;
                self.change_person(
                    who,
                    person,
                    StaffChange::Rename { name: name.clone() },
                    vec![(name, text)],
                )
                .await
            }
            PeopleWanted::SetPin { person, pin } => {
                let texts = self.hashed(pin).await?;
                let pin = texts.0.clone();
                self.change_person(who, person, StaffChange::SetPin { pin }, vec![texts]).await
            }
            PeopleWanted::GiveRole { person, role } => {
                self.change_person(who, person, StaffChange::GiveRole { role }, Vec::new()).await
            }
            PeopleWanted::Dismiss { person } => {
                self.change_person(who, person, StaffChange::Dismiss, Vec::new()).await
            }
            PeopleWanted::Readmit { person } => {
                self.change_person(who, person, StaffChange::Readmit, Vec::new()).await
            }
        }
    }

    async fn enrol(&mut self, who: Who, name: String, role: Role, pin: Pin) -> Result<(), Problem> {
        let person = StaffId::of(&self.random.seed());
        let (name, text) = self.named(&name)?;
        let (pin, hash) = self.hashed(pin).await?;
        let change = StaffChange::Enrol { name: name.clone(), role, pin: pin.clone() };
        self.change_person(who, person, change, vec![(name, text), (pin, hash)]).await
    }

    /// The hash of a PIN as an erasable text. Rare, and worth the loop's tens of milliseconds.
    async fn hashed(&self, pin: Pin) -> Result<(TextRef, String), Problem> {
        check_pin(&pin.0).map_err(|error| Problem::new(ProblemCode::PinUnfit).with("why", error.code()))?;
        let (work, random) = (self.work, self.random.clone());
        let made = tokio::task::spawn_blocking(move || work.hash(&pin, &random)).await;
        let hash = made.map_err(|_| Problem::new(ProblemCode::Stopping))??;
        Ok((TextRef::of(TextId::of(&self.random.seed()), &hash), hash))
    }

    async fn change_person(
        &mut self,
        who: Who,
        person: StaffId,
        change: StaffChange,
        texts: Vec<(TextRef, String)>,
    ) -> Result<(), Problem> {
        let daybook = self.daybook();
        let by = Some(who.approved_by.unwrap_or(who.by)).filter(|by| *by != StaffId::NOBODY);
        // A program of the folder's owner acts for the first manager: the list names somebody.
        let by = by.or_else(|| daybook.roster.first_manager());
        let facts = daybook.roster.decide(person, change, by).map_err(|error| refused(&error))?;
        let mut records: Vec<Record> =
            facts.into_iter().map(|fact| self.record(Fact::Staff { staff: person, fact })).collect();
        if let Some(first) = records.first_mut() {
            first.texts = texts;
        }
        self.commit(records).await
    }

    pub(super) fn people_view(&self) -> PeopleView {
        let daybook = self.glance();
        let person = |(id, person): (&StaffId, &domain::staff::Person)| PersonView {
            person: *id,
            name: self.name_of(*id),
            role: person.role,
            active: person.active,
        };
        PeopleView {
            people: daybook.roster.people.iter().map(person).collect(),
            signed_in: daybook.roster.signed_in,
            locked: self.locked,
        }
    }

    /// A person's name; empty for nobody, and once it was erased.
    pub(super) fn name_of(&self, id: StaffId) -> String {
        self.names.get(&id).cloned().unwrap_or_default()
    }

    /// Reads everybody's name once, at the start.
    pub(super) async fn load_names(&mut self) -> Result<(), Problem> {
        let people = self.glance().roster.people.clone();
        let read = self.store.read(move |reader| {
            people.into_iter().map(|(id, person)| Ok((id, reader.text(&person.name)?))).collect()
        });
        let found: Result<Vec<(StaffId, Option<String>)>, store::StoreError> = read.await;
        let found = found.map_err(|error| crate::folder::problem(&error))?;
        self.names = found.into_iter().filter_map(|(id, name)| Some((id, name?))).collect();
        Ok(())
    }

    /// A name that was just written down.
    pub(super) fn note_name(&mut self, record: &Record) {
        let Fact::Staff { staff, fact: StaffFact::Enrolled { name, .. } | StaffFact::Renamed { name, .. } } =
            &record.fact
        else {
            return;
        };
        let text = record.texts.iter().find(|(reference, _)| reference == name);
        if let Some((_, text)) = text {
            self.names.insert(*staff, text.clone());
        }
    }
}

/// What an act is about.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub sale: Option<SaleId>,
    pub operation: Option<OperationId>,
    pub amount: Option<Money>,
    pub reason: Option<String>,
}

fn refused(error: &NotAllowed) -> Problem {
    match error {
        NotAllowed::Wait(wait) => Problem::new(ProblemCode::PinWait).with("until", wait.until),
        NotAllowed::Nobody
        | NotAllowed::Needs(_)
        | NotAllowed::NotApprover
        | NotAllowed::Known
        | NotAllowed::LastManager
        | NotAllowed::NoPin => {
            Problem::new(ProblemCode::NotAllowed).with("why", error.code()).with("what", error)
        }
    }
}
