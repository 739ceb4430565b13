//! A day's payments for other programs: each with what a list leaves out, and with what it adds to the
//! shop's takings.
//!
//! Invariant: `net` summed over a whole journal is what came in less what went back: what undoes an approval
//! that never counted (a refused signature, a late approval) adds nothing, as that approval added nothing.

use super::{Books, line};
use crate::api::{PaymentRow, Problem};
use crate::limits;
use domain::ids::OperationId;
use domain::money::Money;
use domain::operation::Kind;
use domain::payment::Payment;
use jiff::civil::Date;
use store::{PaymentLine, Reader, Show, StoreError};

/// One payment of an export.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRow {
    /// As in a list.
    pub row: PaymentRow,
    /// The tip within the amount.
    pub tip: Money,
    /// The cash paid out within the amount.
    pub cash_back: Money,
    /// What the caller calls it.
    pub reference: Option<String>,
    /// What it adds to the takings; negative where money went back.
    pub net: Money,
}

impl Books {
    /// A business day's payments, oldest first; at most [`limits::ROWS_MOST`].
    ///
    /// # Errors
    /// The day is out of range, or the books cannot be read.
    pub async fn export(&self, day: Date) -> Result<Vec<ExportRow>, Problem> {
        let Some(hours) = self.hours(Some(day))? else { return Ok(Vec::new()) };
        let most = usize::try_from(limits::ROWS_MOST).unwrap_or(usize::MAX);
        self.read(move |reader| {
            let found = reader.payments(hours, Show::All, most)?;
            found.into_iter().rev().map(|line| row(reader, line)).collect()
        })
        .await
    }
}

fn row(reader: &Reader<'_>, found: PaymentLine) -> Result<ExportRow, StoreError> {
    let payment = reader.payment(found.id)?;
    let original = match found.original {
        Some(id) => undone(reader, id)?,
        None => None,
    };
    let (kind, tip, cash_back) = (found.kind, found.tip, found.cash_back);
    let row = line(found);
    let none = Money::zero(row.amount.currency);
    let counts = !row.amount.is_zero();
    Ok(ExportRow {
        tip: if counts { tip } else { none },
        cash_back: if counts { cash_back } else { none },
        reference: payment.and_then(|payment| payment.operation.label),
        net: net(kind, row.amount, original),
        row,
    })
}

/// The kind of what is undone, and what stays approved of it.
fn undone(reader: &Reader<'_>, id: OperationId) -> Result<Option<(Kind, Money)>, StoreError> {
    let found = reader.payment(id)?;
    Ok(found.map(|payment: Payment| (payment.operation.kind, crate::actor_words::amount_of(&payment))))
}

fn net(kind: Kind, amount: Money, original: Option<(Kind, Money)>) -> Money {
    let none = Money::zero(amount.currency);
    let back = none.minus(amount).unwrap_or(none);
    match (kind, original) {
        (Kind::Sale, _) => amount,
        (Kind::Reversal, Some((Kind::Refund, _))) => amount,
        (Kind::Refund | Kind::Reversal, Some((Kind::Sale, stays))) if stays.is_zero() => none,
        (Kind::Refund | Kind::Reversal, _) => back,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::Currency;

    #[test]
    fn what_comes_in_and_goes_back_nets() {
        let sek = |minor| Money::new(minor, Currency::parse("SEK").unwrap());
        let rows = [
            (Kind::Sale, 1250, None, 1250),
            (Kind::Sale, 0, None, 0),
            (Kind::Refund, 500, None, -500),
            (Kind::Refund, 500, Some((Kind::Sale, 1250)), -500),
            (Kind::Reversal, 1250, Some((Kind::Sale, 1250)), -1250),
            (Kind::Reversal, 1250, Some((Kind::Sale, 0)), 0),
            (Kind::Refund, 1250, Some((Kind::Sale, 0)), 0),
            (Kind::Reversal, 500, Some((Kind::Refund, 500)), 500),
            (Kind::Reversal, 0, Some((Kind::Sale, 1250)), 0),
        ];
        for (kind, amount, original, want) in rows {
            let original = original.map(|(kind, stays)| (kind, sek(stays)));
            assert_eq!(net(kind, sek(amount), original), sek(want), "{kind:?} {amount} {original:?}");
        }
    }
}
