//! What the journal itself says of one payment or sale, and whether the views agree.

use super::{Reader, Told};
use crate::StoreError;
use crate::chain;
use crate::codes::{time, word};
use crate::verify;
use crate::views::{self, FoldedPayment, Table};
use domain::ids::SaleId;
use domain::journal::Fact;
use domain::payment::{Payment, PaymentFact};
use domain::sale::SaleFact;
use rusqlite::Connection;

/// Every fact about this payment, oldest first: between its first and its newest entry.
pub(crate) fn facts(connection: &Connection, folded: &FoldedPayment) -> Result<Vec<Told>, StoreError> {
    let sql = "SELECT seq, at, version, body FROM entry
        WHERE seq BETWEEN ?1 AND ?2 AND kind = 'payment' AND instr(body, ?3) > 0 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let id = folded.payment.id();
    let mut rows = statement.query((folded.number, folded.last, id.to_string()))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let body = word(row, 3)?;
        let seq = row.get(0)?;
        let at = row.get(1)?;
        let columns = chain::Columns { seq, at, version: row.get(2)?, till: "", kind: "payment", body };
        let fact = verify::decode(&columns)?;
        // Facts about other payments may name this one: its reversal does.
        if matches!(&fact, Fact::Payment { operation, .. } if *operation == id) {
            found.push(Told { seq, at: time(at)?, fact });
        }
    }
    Ok(found)
}

/// Every fact about this sale, oldest first: between its first entry and this one.
pub(crate) fn sale_facts(
    connection: &Connection,
    id: SaleId,
    first: i64,
    last: i64,
) -> Result<Vec<SaleFact>, StoreError> {
    let sql = "SELECT seq, at, version, body FROM entry
        WHERE seq BETWEEN ?1 AND ?2 AND kind = 'sale' AND instr(body, ?3) > 0 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query((first, last, id.to_string()))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (seq, at, body) = (row.get(0)?, row.get(1)?, word(row, 3)?);
        let columns = chain::Columns { seq, at, version: row.get(2)?, till: "", kind: "sale", body };
        if let Fact::Sale { sale, fact } = verify::decode(&columns)?
            && sale == id
        {
            found.push(fact);
        }
    }
    Ok(found)
}

/// The payment folded from its facts once more; nothing when they do not begin with the intent.
pub(crate) fn refold(told: &[Told]) -> Option<Payment> {
    let mut payment: Option<Payment> = None;
    for told in told {
        let Fact::Payment { fact, .. } = &told.fact else { continue };
        payment = match (payment, fact) {
            (Some(payment), fact) => Some(payment.evolve(fact, told.at)),
            (None, domain::payment::PaymentFact::Intended { operation }) => {
                Some(Payment::intended(operation.as_ref().clone(), told.at))
            }
            (None, _) => return None,
        };
    }
    payment
}

/// Folds every unsettled payment from its facts and compares it with its row.
pub(crate) fn check_unsettled(connection: &Connection) -> Result<(), StoreError> {
    for folded in views::unsettled(connection)?.into_values() {
        let told = facts(connection, &folded)?;
        if refold(&told).as_ref() != Some(&folded.payment) || folded.table != Table::Unsettled {
            let what = format!("payment {} differs from its facts", folded.payment.id());
            return Err(StoreError::NotVerified { seq: folded.last, what });
        }
    }
    Ok(())
}

/// The sale that a fact may leave unpaid or paid: its own, or that of its payment.
pub(crate) fn touched_sale(connection: &Connection, fact: &Fact) -> Result<Option<SaleId>, StoreError> {
    match fact {
        Fact::Sale { sale, .. } => Ok(Some(*sale)),
        Fact::Payment { operation, fact: PaymentFact::AttentionSettled { .. } } => {
            let payment = Reader { connection, kept: None }.payment(*operation)?;
            Ok(payment.and_then(|payment| payment.operation.sale))
        }
        Fact::Payment { .. }
        | Fact::Installed { .. }
        | Fact::Started { .. }
        | Fact::Terminal { .. }
        | Fact::Unblocked { .. }
        | Fact::Unclaimed { .. }
        | Fact::ReceiptStored { .. }
        | Fact::Staff { .. }
        | Fact::Acted { .. }
        | Fact::Shift { .. }
        | Fact::Paper { .. }
        | Fact::DayClosed { .. } => Ok(None),
    }
}

/// R7: a completed sale is paid, but for what went back of it since.
pub(crate) fn check_sale(connection: &Connection, id: SaleId, seq: i64) -> Result<(), StoreError> {
    let reader = Reader { connection, kept: None };
    let Some(sale) = reader.sale(id)? else { return Ok(()) };
    if sale.keeps_what_completed_it(reader.all_of_sale(id)?.iter()) {
        return Ok(());
    }
    let what = format!("sale {id} is completed, and its tenders do not sum to its total");
    Err(StoreError::NotVerified { seq, what })
}
