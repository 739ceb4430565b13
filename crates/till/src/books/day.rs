//! A business day for who keeps the shop: its payments, and what they and the drawer took, by the hour.

use super::{Books, rows};
use crate::api::{CashRow, CashTaken, DayView, HourTaken, PaymentRow, Problem, ProblemCode, QueryReply};
use crate::limits;
use crate::sale_shown::shown;
use domain::ids::{OperationId, SaleId, StaffId};
use domain::money::Money;
use domain::outcome::Instrument;
use domain::rounding::CashRounding;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use store::{CashLine, Day};

/// Hours of a clock.
const HOURS: i8 = 24;

impl Books {
    /// `tells_cash`: the reader may see what the drawer should hold.
    pub(crate) async fn day(&self, day: Option<Date>, tells_cash: bool) -> Result<QueryReply, Problem> {
        let today = self.today();
        let day = day.unwrap_or(today).min(today);
        let most = limits::ROWS_MOST;
        let QueryReply::Payments { rows } = self.payments(Some(day), false, Some(most)).await? else {
            return Err(Problem::new(ProblemCode::StoreBroken));
        };
        let moved = if tells_cash { self.cash(day).await? } else { Vec::new() };
        let cash = if tells_cash { Some(self.all_of(&moved, self.cash_rows(day).await?)) } else { None };
        let (taken, taken_count) = self.sum(rows.iter().filter(|row| row.kind == "sale"));
        let (back, back_count) = self.sum(rows.iter().filter(|row| is_money_back(row, &rows)));
        let (undone, _) = self.sum(rows.iter().filter(|row| undoes_refund(row, &rows)));
        let back = back.minus(undone).unwrap_or(back);
        let (before, after) = (day.yesterday().unwrap_or(day), day.tomorrow().unwrap_or(day));
        Ok(QueryReply::Day {
            day: Box::new(DayView {
                day,
                before,
                after: (day < today).then_some(after),
                more: u32::try_from(rows.len()).is_ok_and(|count| count >= most),
                taken,
                taken_count,
                back,
                back_count,
                cash,
                cards: self.cards(day).await?,
                hours: self.by_hour(&rows, &moved),
                rows,
            }),
        })
    }

    /// A sale with its lines and tenders, as it was; `rule` rounds what is due of one that is open.
    pub(crate) async fn sale(&self, sale: SaleId, rule: CashRounding) -> Result<QueryReply, Problem> {
        let read = self.read(move |reader| {
            let Some(found) = reader.sale(sale)? else { return Ok(None) };
            let person = |id| reader.daybook().map(|book| book.roster.people.get(&id).cloned());
            let person = found.cashier.map(person).transpose()?.flatten();
            let name = person.map(|person| reader.text(&person.name)).transpose()?.flatten();
            Ok(Some((found, reader.all_of_sale(sale)?, name)))
        });
        let none = || Problem::new(ProblemCode::UnknownSale).with("sale", sale);
        let (found, payments, name) = read.await?.ok_or_else(none)?;
        let sale = Box::new(shown(&found, payments.iter(), rule, name));
        Ok(QueryReply::Sale { sale })
    }

    /// The X report, where nobody signs in: elsewhere the till asks who may see totals.
    pub(super) async fn report_x(&self) -> Result<QueryReply, Problem> {
        let daybook = self.read(|reader| reader.daybook()).await?;
        if !daybook.roster.people.is_empty() {
            return Err(Problem::new(ProblemCode::SignInNeeded));
        }
        let report = daybook.day.report_x(StaffId::NOBODY, self.clock.now());
        Ok(QueryReply::Reports { reports: vec![report], next: daybook.day.number })
    }

    fn nothing(&self) -> Money {
        Money::zero(self.currency)
    }

    fn whole(&self, day: Date) -> Result<Day, Problem> {
        Ok(self.hours(Some(day))?.unwrap_or(Day { from: Timestamp::MIN, to: Timestamp::MAX }))
    }

    async fn cards(&self, day: Date) -> Result<BTreeMap<OperationId, Instrument>, Problem> {
        let hours = self.whole(day)?;
        self.read(move |reader| reader.instruments(hours, rows(Some(limits::ROWS_MOST)))).await
    }

    async fn cash_rows(&self, day: Date) -> Result<Vec<CashRow>, Problem> {
        let hours = self.whole(day)?;
        let read = self.read(move |reader| reader.cash_lines(hours, rows(Some(limits::ROWS_MOST))));
        let ours = |line: &CashLine| line.amount.currency == self.currency;
        Ok(read.await?.into_iter().filter(ours).map(cash_row).collect())
    }

    /// Cash of sales on that day, in the till's own currency.
    async fn cash(&self, day: Date) -> Result<Vec<(Timestamp, Money)>, Problem> {
        let hours = self.whole(day)?;
        let mut moved = self.read(move |reader| reader.cash(hours)).await?;
        moved.retain(|(_, cash)| cash.currency == self.currency);
        Ok(moved)
    }

    fn all_of(&self, moved: &[(Timestamp, Money)], rows: Vec<CashRow>) -> CashTaken {
        let sum = |sum: Money, (_, cash): &(Timestamp, Money)| sum.plus(*cash).unwrap_or(sum);
        let came_in = moved.iter().filter(|(_, cash)| cash.minor > 0).count();
        CashTaken {
            amount: moved.iter().fold(self.nothing(), sum),
            count: u32::try_from(came_in).unwrap_or(u32::MAX),
            rows,
        }
    }

    /// What customers paid in each hour, in the order of the business day. Cash that was handed back within
    /// the hour does not count.
    fn by_hour(&self, rows: &[PaymentRow], moved: &[(Timestamp, Money)]) -> Vec<HourTaken> {
        let sales = rows.iter().filter(|row| row.kind == "sale").map(|row| (row.at, row.amount));
        let all: Vec<(i8, Money)> = sales
            .chain(moved.iter().copied())
            .map(|(at, money)| (at.to_zoned(self.clock.zone.clone()).hour(), money))
            .collect();
        let first = self.day_starts.hour();
        (0..HOURS)
            .map(|after| {
                let hour = (first + after) % HOURS;
                let of_hour = all.iter().filter(|(at, _)| *at == hour);
                let taken = of_hour.fold(self.nothing(), |sum, (_, money)| sum.plus(*money).unwrap_or(sum));
                HourTaken { hour: hour.unsigned_abs(), taken }
            })
            .collect()
    }

    /// What these rows moved, and how many of them moved anything.
    fn sum<'a>(&self, rows: impl Iterator<Item = &'a PaymentRow>) -> (Money, u32) {
        rows.filter(|row| !row.amount.is_zero())
            .fold((self.nothing(), 0), |(sum, count), row| (sum.plus(row.amount).unwrap_or(sum), count + 1))
    }
}

fn cash_row(line: CashLine) -> CashRow {
    let CashLine { entry, at, amount, sale, receipt, cashier } = line;
    CashRow { entry, at, amount, sale, receipt, cashier }
}

fn original<'a>(row: &PaymentRow, rows: &'a [PaymentRow]) -> Option<&'a PaymentRow> {
    let id = row.goes_against?;
    rows.iter().find(|it| it.payment == id)
}

/// Undoes money that went back: it stays with the shop.
fn undoes_refund(row: &PaymentRow, rows: &[PaymentRow]) -> bool {
    original(row, rows).is_some_and(|it| it.kind == "refund")
}

/// Gives back what was taken. What undoes an approval that never counted (a refused signature, a late
/// approval that was given back) gives nothing back, as nothing of it is in the takings.
fn is_money_back(row: &PaymentRow, rows: &[PaymentRow]) -> bool {
    let never_counted =
        |it: &PaymentRow| it.kind == "sale" && it.amount.is_zero() && row.kind == "reversal";
    row.kind != "sale" && !undoes_refund(row, rows) && !original(row, rows).is_some_and(never_counted)
}
