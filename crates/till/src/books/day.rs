//! A business day for who keeps the shop: its payments, and what they and the drawer took, by the hour.

use super::Books;
use crate::api::{CashTaken, DayView, HourTaken, PaymentRow, Problem, ProblemCode, QueryReply};
use crate::limits;
use domain::ids::StaffId;
use domain::money::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use store::Day;

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
                cash: tells_cash.then(|| self.all_of(&moved)),
                hours: self.by_hour(&rows, &moved),
                rows,
            }),
        })
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

    /// Cash of sales on that day, in the till's own currency.
    async fn cash(&self, day: Date) -> Result<Vec<(Timestamp, Money)>, Problem> {
        let hours = self.hours(Some(day))?.unwrap_or(Day { from: Timestamp::MIN, to: Timestamp::MAX });
        let mut moved = self.read(move |reader| reader.cash(hours)).await?;
        moved.retain(|(_, cash)| cash.currency == self.currency);
        Ok(moved)
    }

    fn all_of(&self, moved: &[(Timestamp, Money)]) -> CashTaken {
        let sum = |sum: Money, (_, cash): &(Timestamp, Money)| sum.plus(*cash).unwrap_or(sum);
        let came_in = moved.iter().filter(|(_, cash)| cash.minor > 0).count();
        CashTaken {
            amount: moved.iter().fold(self.nothing(), sum),
            count: u32::try_from(came_in).unwrap_or(u32::MAX),
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
