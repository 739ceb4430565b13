//! What happened since the last Z, folded from facts with the states before and after them.

use super::{NoReport, Report, Totals};
use crate::ids::{OperationId, SaleId, ShiftId, StaffId, TerminalId};
use crate::journal::Fact;
use crate::money::{Currency, Money};
use crate::operation::Kind;
use crate::outcome::Outcome;
use crate::payment::Payment;
use crate::sale::{Sale, SaleFact, SaleStage};
use crate::shift::{Shift, ShiftFact};
use crate::staff::{Act, Acted};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A payment that is not settled, or waits for a person.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPayment {
    /// Which.
    pub operation: OperationId,
    /// Sale, refund or reversal.
    pub kind: Kind,
    /// Where.
    pub terminal: TerminalId,
    /// What was asked.
    pub requested: Money,
    /// When.
    pub at: Timestamp,
    /// The stable word for where it stands.
    pub state: String,
}

/// An approval that belongs to no operation of ours.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnclaimedPayment {
    /// Where.
    pub terminal: TerminalId,
    /// How much, where the provider said it.
    pub amount: Option<Money>,
    /// When it came to light.
    pub at: Timestamp,
}

/// The business day so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The number of the Z that will close it.
    pub number: u32,
    /// When its first fact happened.
    pub from: Option<Timestamp>,
    /// Sums, by currency.
    pub totals: BTreeMap<Currency, Totals>,
    /// Payments that are not settled, or wait for a person; also those of earlier days.
    pub open: BTreeMap<OperationId, OpenPayment>,
    /// Approvals that belong to no operation.
    pub unclaimed: Vec<UnclaimedPayment>,
    /// Sales that are neither paid nor given up; also those of earlier days.
    pub open_sales: BTreeSet<SaleId>,
    /// How often the drawer was opened without a sale.
    pub drawer_openings: u32,
    /// Copies of receipts.
    pub copies: u32,
    /// The shifts of the day, the newest last; one that was closed before the day stays away.
    pub shifts: Vec<Shift>,
}

impl Default for Day {
    fn default() -> Self {
        Self {
            number: 1,
            from: None,
            totals: BTreeMap::new(),
            open: BTreeMap::new(),
            unclaimed: Vec::new(),
            open_sales: BTreeSet::new(),
            drawer_openings: 0,
            copies: 0,
            shifts: Vec::new(),
        }
    }
}

impl Day {
    /// The open shift.
    pub fn shift(&self) -> Option<&Shift> {
        self.shifts.last().filter(|shift| shift.is_open())
    }
    /// A payment changed by one fact. `before`: nothing when that fact intended it.
    pub fn payment(&mut self, before: Option<&Payment>, after: &Payment, at: Timestamp) {
        self.begin(at);
        let currency = after.operation.requested.currency;
        let totals = self.of(currency);
        let undone = before.map_or(0, |before| totals.payment(-1, before));
        let paid_out = totals.payment(1, after) + undone;
        self.drawer(Money::new(-paid_out, currency));
        let waits = after.is_open() || after.attention.is_some();
        if waits {
            let open = OpenPayment {
                operation: after.id(),
                kind: after.operation.kind,
                terminal: after.operation.terminal.clone(),
                requested: after.operation.requested,
                at: after.operation.intended_at,
                state: after.state_code().to_owned(),
            };
            self.open.insert(after.id(), open);
        } else {
            self.open.remove(&after.id());
        }
    }
    /// A sale changed by this fact; `before`: nothing when the fact began it.
    pub fn sale(&mut self, before: Option<&Sale>, fact: &SaleFact, after: &Sale, at: Timestamp) {
        self.begin(at);
        let currency = after.total.currency;
        if after.stage == SaleStage::Open {
            self.open_sales.insert(after.id);
        } else {
            self.open_sales.remove(&after.id);
        }
        match fact {
            SaleFact::Completed => self.of(currency).sale(1, after),
            SaleFact::Reopened => self.of(currency).sale(-1, after),
            SaleFact::Voided => self.of(currency).voided += 1,
            SaleFact::CashTendered { cash, .. } => {
                self.of(currency).cash(1, cash.amount.minor);
                self.drawer(cash.amount);
            }
            SaleFact::CashHandedBack { slot } => {
                let kept = before.and_then(|sale| sale.kept_cash().find(|(kept, _)| kept == slot));
                if let Some((_, cash)) = kept {
                    self.of(currency).cash(-1, cash.amount.minor);
                    self.drawer(Money::new(-cash.amount.minor, currency));
                }
            }
            SaleFact::Changed { fact: crate::basket::BasketFact::LineRemoved { .. } } => {
                self.of(currency).corrections += 1;
            }
            SaleFact::Changed { .. }
            | SaleFact::Opened { .. }
            | SaleFact::Begun { .. }
            | SaleFact::TakenOver { .. }
            | SaleFact::Tendered { .. }
            | SaleFact::Rounded { .. }
            | SaleFact::Parked { .. }
            | SaleFact::Recalled => {}
        }
    }
    /// Any other fact. Payments and sales come with their states: [`Day::payment`], [`Day::sale`].
    pub fn fact(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::Shift { shift, fact } => self.shift_fact(*shift, fact, at),
            Fact::Acted { acted } => self.acted(acted, at),
            Fact::Unclaimed { terminal, outcome } => self.unclaimed(terminal, outcome, at),
            Fact::DayClosed { report } => self.close(report),
            Fact::Payment { .. }
            | Fact::Sale { .. }
            | Fact::Installed { .. }
            | Fact::Started { .. }
            | Fact::Terminal { .. }
            | Fact::Unblocked { .. }
            | Fact::Staff { .. }
            | Fact::Paper { .. }
            | Fact::ReceiptStored { .. } => {}
        }
    }
    fn shift_fact(&mut self, id: ShiftId, fact: &ShiftFact, at: Timestamp) {
        self.begin(at);
        if let Some(shift) = Shift::first(id, fact, at) {
            self.shifts.push(shift);
        } else if let Some(shift) = self.shifts.pop() {
            self.shifts.push(if shift.id == id { shift.evolve(fact, at) } else { shift });
        }
    }
    fn acted(&mut self, acted: &Acted, at: Timestamp) {
        self.begin(at);
        if acted.act == Act::OpenDrawer {
            self.drawer_openings = self.drawer_openings.saturating_add(1);
        } else if acted.act == Act::Reprint {
            self.copies = self.copies.saturating_add(1);
        }
    }
    fn unclaimed(&mut self, terminal: &TerminalId, outcome: &Outcome, at: Timestamp) {
        self.begin(at);
        let terminal = terminal.clone();
        self.unclaimed.push(UnclaimedPayment { terminal, amount: outcome.amount, at });
    }
    fn begin(&mut self, at: Timestamp) {
        self.from = self.from.or(Some(at));
    }
    fn of(&mut self, currency: Currency) -> &mut Totals {
        self.totals.entry(currency).or_insert_with(|| Totals::new(currency))
    }
    fn drawer(&mut self, cash: Money) {
        if let Some(shift) = self.shifts.pop() {
            self.shifts.push(shift.with_cash(cash));
        }
    }
    /// The X report of this moment. It changes nothing.
    pub fn report_x(&self, by: StaffId, at: Timestamp) -> Report {
        Report {
            number: None,
            from: self.from,
            to: at,
            by,
            totals: self.totals.values().cloned().collect(),
            open: self.open.values().cloned().collect(),
            unclaimed: self.unclaimed.clone(),
            open_sales: u32::try_from(self.open_sales.len()).unwrap_or(u32::MAX),
            drawer_openings: self.drawer_openings,
            copies: self.copies,
            shifts: self.shifts.clone(),
        }
    }
    /// The Z report that closes the day, to be written down as [`Fact::DayClosed`]. `number`: the one that
    /// the person saw as the next, so that a second click finds the day closed. Open payments do not hinder
    /// it; an open shift does.
    pub fn report_z(&self, number: u32, by: StaffId, at: Timestamp) -> Result<Report, NoReport> {
        if number != self.number {
            return Err(NoReport::Stale);
        }
        if self.shift().is_some() {
            return Err(NoReport::ShiftOpen);
        }
        Ok(Report { number: Some(number), ..self.report_x(by, at) })
    }
    fn close(&mut self, report: &Report) {
        let Some(number) = report.number else { return };
        let carried = |totals: &Totals| (totals.currency, totals.carried());
        *self = Self {
            number: number.saturating_add(1),
            totals: self.totals.values().map(carried).collect(),
            open: std::mem::take(&mut self.open),
            open_sales: std::mem::take(&mut self.open_sales),
            ..Self::default()
        };
    }
}
