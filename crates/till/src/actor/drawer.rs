//! The cash drawer and the end of the day.

use super::Actor;
use super::people::{About, Who};
use crate::api::{CountView, DrawerWanted, Problem, ProblemCode, ShiftView};
use domain::ids::{ShiftId, StaffId};
use domain::journal::Fact;
use domain::report::Report;
use domain::shift::{ShiftChange, ShiftFact, decide};
use domain::staff::Act;

impl Actor {
    pub(super) async fn drawer(&mut self, who: Who, wanted: DrawerWanted) -> Result<(), Problem> {
        let change = match wanted {
            DrawerWanted::OpenShift { float } => ShiftChange::Open { float },
            DrawerWanted::MoveCash { way, amount, reason } => {
                let reason = super::commands::text("reason", &reason)?;
                ShiftChange::MoveCash { way, amount, reason }
            }
            DrawerWanted::Count { counted, coins } => ShiftChange::Count { counted, coins },
            DrawerWanted::CloseShift => ShiftChange::Close,
            DrawerWanted::Open { reason } => return self.open_drawer(reason).await,
        };
        let daybook = self.daybook();
        let current = daybook.day.shift();
        let fact = decide(current, who.by, change).map_err(|error| {
            Problem::new(ProblemCode::DrawerRefuses).with("why", error.code()).with("what", error)
        })?;
        if let ShiftFact::Opened { float, .. } = &fact
            && float.currency != self.settings.currency
        {
            return Err(super::money::field("currency", "is not the currency of this till"));
        }
        let shift = current.map_or_else(|| ShiftId::of(&self.random.seed()), |shift| shift.id);
        let mut records = vec![self.record(Fact::Shift { shift, fact })];
        records.extend(self.take_acted(About::default()));
        self.commit(records).await
    }

    async fn open_drawer(&mut self, reason: String) -> Result<(), Problem> {
        let reason = Some(super::commands::text("reason", &reason)?);
        // Counted in every Z, also where nobody has to sign in.
        let record = self.take_acted(About { reason: reason.clone(), ..About::default() });
        let record = record.unwrap_or_else(|| {
            let bare =
                domain::staff::Acted::bare(domain::staff::Act::OpenDrawer, super::people::Who::NOBODY.by);
            self.record(Fact::Acted { acted: domain::staff::Acted { reason, ..bare } })
        });
        self.commit(vec![record]).await
    }

    /// The Z: closes the day, with whatever is open listed by name.
    pub(super) async fn close_day(&mut self, who: Who, number: u32) -> Result<(), Problem> {
        let daybook = self.daybook();
        let report = daybook.day.report_z(number, who.by, self.clock.now()).map_err(|error| {
            Problem::new(ProblemCode::NoReport).with("why", error.code()).with("what", error)
        })?;
        let mut records = vec![self.record(Fact::DayClosed { report: Box::new(report) })];
        records.extend(self.take_acted(About::default()));
        self.commit(records).await?;
        self.end_day_of_terminals();
        Ok(())
    }

    /// The X report of this moment, and the number of the Z to come: for who may see totals, because a count
    /// of the drawer is blind.
    pub(super) fn asked_for_x(&self) -> Result<(Report, u32), Problem> {
        let daybook = self.daybook();
        let by = match daybook.roster.signed_in {
            _ if daybook.roster.people.is_empty() => StaffId::NOBODY,
            None => return Err(Problem::new(ProblemCode::SignInNeeded)),
            Some(by) => {
                self.allowed(by, Act::ReportX, None)?;
                by
            }
        };
        Ok((self.x_for(by), daybook.day.number))
    }

    /// The X report of this moment, for somebody who was allowed to see it.
    pub(super) fn x_for(&self, by: StaffId) -> Report {
        self.daybook().day.report_x(by, self.clock.now())
    }

    pub(super) fn shift_view(&self) -> Option<ShiftView> {
        let daybook = self.glance();
        let shift = daybook.day.shift()?;
        Some(ShiftView {
            opened_by: self.name_of(shift.opened_by),
            opened_at: shift.opened_at,
            count: shift.count.map(|count| CountView {
                counted: count.counted,
                expected: count.expected,
                difference: count.difference(),
            }),
        })
    }
}
