//! The business day as a line of `--json`.

use serde::Serialize;
use till::seams::domain::ids::{OperationId, TerminalId};
use till::seams::domain::money::{Currency, Money};
use till::seams::domain::operation::Kind;
use till::seams::domain::report::{Count, OpenPayment, Report, Totals, UnclaimedPayment};
use till::seams::domain::tender::TenderKind;

use super::Time;

/// See [`super::Line::Report`].
#[derive(Debug, Serialize)]
pub struct ReportLine {
    /// `x` or `z`.
    kind: &'static str,
    /// Of a Z.
    number: Option<u32>,
    from: Option<Time>,
    to: Time,
    totals: Vec<TotalsLine>,
    open: Vec<OpenLine>,
    unclaimed: Vec<UnclaimedLine>,
    open_sales: u32,
    practice: bool,
}

#[derive(Debug, Serialize)]
struct Counted {
    count: i64,
    amount: String,
}

#[derive(Debug, Serialize)]
struct TotalsLine {
    currency: &'static str,
    sales: Counted,
    returns: Counted,
    tenders: Vec<TenderLine>,
    refunds: Counted,
    reversals: Counted,
    tips: String,
    cash_back: String,
    rounding: String,
    /// What customers paid less what they got back.
    net: String,
}

#[derive(Debug, Serialize)]
struct TenderLine {
    kind: TenderKind,
    terminal: Option<TerminalId>,
    taken: Counted,
    back: Counted,
}

#[derive(Debug, Serialize)]
struct OpenLine {
    payment: OperationId,
    terminal: TerminalId,
    kind: Kind,
    state: String,
    requested: String,
    currency: &'static str,
    at: Time,
}

#[derive(Debug, Serialize)]
struct UnclaimedLine {
    terminal: TerminalId,
    amount: Option<String>,
    currency: Option<&'static str>,
    at: Time,
}

impl ReportLine {
    /// Of a report.
    pub fn of(report: &Report, practice: bool) -> Self {
        Self {
            kind: if report.number.is_some() { "z" } else { "x" },
            number: report.number,
            from: report.from.map(Time),
            to: Time(report.to),
            totals: report.totals.iter().map(totals).collect(),
            open: report.open.iter().map(open).collect(),
            unclaimed: report.unclaimed.iter().map(unclaimed).collect(),
            open_sales: report.open_sales,
            practice,
        }
    }
}

fn plain(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).plain()
}

fn totals(totals: &Totals) -> TotalsLine {
    let currency = totals.currency;
    let counted = |count: Count| Counted { count: count.count, amount: plain(count.minor, currency) };
    let tenders = totals.tenders.iter().map(|row| TenderLine {
        kind: row.kind,
        terminal: row.terminal.clone(),
        taken: counted(row.taken),
        back: counted(row.back),
    });
    TotalsLine {
        currency: currency.code(),
        sales: counted(totals.sales),
        returns: counted(totals.returns),
        tenders: tenders.collect(),
        refunds: counted(totals.refunds),
        reversals: counted(totals.reversals),
        tips: plain(totals.tips, currency),
        cash_back: plain(totals.cash_back, currency),
        rounding: plain(totals.rounding, currency),
        net: plain(totals.net_taken(), currency),
    }
}

fn open(payment: &OpenPayment) -> OpenLine {
    OpenLine {
        payment: payment.operation,
        terminal: payment.terminal.clone(),
        kind: payment.kind,
        state: payment.state.clone(),
        requested: payment.requested.plain(),
        currency: payment.requested.currency.code(),
        at: Time(payment.at),
    }
}

fn unclaimed(payment: &UnclaimedPayment) -> UnclaimedLine {
    UnclaimedLine {
        terminal: payment.terminal.clone(),
        amount: payment.amount.map(|amount| amount.plain()),
        currency: payment.amount.map(|amount| amount.currency.code()),
        at: Time(payment.at),
    }
}
