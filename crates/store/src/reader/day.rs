//! What a day's list shows beside its payments: cash as it came and went, and what customers paid with.
//!
//! Invariant: rows are found in the order of the day; what is told beside them is read by key, row by row.

use super::{Currencies, Day, Reader, bound};
use crate::StoreError;
use crate::chain::Columns;
use crate::codes::{operation, time, word};
use crate::verify;
use crate::views;
use domain::ids::{OperationId, SaleId, StaffId};
use domain::journal::Fact;
use domain::money::Money;
use domain::outcome::Instrument;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row};
use std::collections::BTreeMap;

/// Cash of one sale that came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashLine {
    /// Seq of its entry.
    pub entry: i64,
    /// When.
    pub at: Timestamp,
    /// What came into the drawer; below zero where it left it.
    pub amount: Money,
    /// The sale.
    pub sale: SaleId,
    /// The number of the sale's receipt, where it has one.
    pub receipt: Option<u32>,
    /// Who is at the sale.
    pub cashier: Option<StaffId>,
}

impl Reader<'_> {
    /// Cash of sales as it came and, below zero, went on that day, oldest first.
    pub fn cash(&self, day: Day) -> Result<Vec<(Timestamp, Money)>, StoreError> {
        let sql = "SELECT at, amount, currency FROM cash WHERE at >= ?1 AND at < ?2 ORDER BY at, number";
        let (from, to) = (day.from.as_microsecond(), day.to.as_microsecond());
        let mut currencies = Currencies::default();
        self.collect(sql, (from, to), |row| {
            Ok((time(row.get(0)?)?, Money::new(row.get(1)?, currencies.read(word(row, 2)?)?)))
        })
    }

    /// The same with the sales it belongs to, newest first.
    pub fn cash_lines(&self, day: Day, limit: usize) -> Result<Vec<CashLine>, StoreError> {
        let sql = "SELECT cash.at, amount, currency, seq, version, body
            FROM cash CROSS JOIN entry ON entry.seq = cash.number WHERE cash.at >= ?1 AND cash.at < ?2
            ORDER BY cash.at DESC, cash.number DESC LIMIT ?3";
        let (from, to) = (day.from.as_microsecond(), day.to.as_microsecond());
        let mut currencies = Currencies::default();
        let found = self.collect(sql, (from, to, bound(limit)), |row| {
            let amount = Money::new(row.get(1)?, currencies.read(word(row, 2)?)?);
            self.cash_line(row, amount)
        })?;
        Ok(found.into_iter().flatten().collect())
    }

    fn cash_line(&self, row: &Row<'_>, amount: Money) -> Result<Option<CashLine>, StoreError> {
        let (at, entry) = (row.get(0)?, row.get(3)?);
        let (version, body) = (row.get(4)?, word(row, 5)?);
        let columns = Columns { seq: entry, at, version, till: "", kind: "sale", body };
        let Fact::Sale { sale, .. } = verify::decode(&columns)? else { return Ok(None) };
        let sql = "SELECT folded ->> '$.cashier', (SELECT count FROM paper WHERE paper.sale = sale.id
            AND paper.kind = 'receipt' AND count IS NOT NULL AND NOT copy) FROM sale WHERE id = ?1";
        let told = |row: &Row<'_>| Ok((row.get::<_, Option<String>>(0)?, row.get(1)?));
        let mut statement = self.connection.prepare_cached(sql)?;
        let told = statement.query_row([sale.to_string()], told).optional()?;
        let (cashier, receipt) = told.unwrap_or_default();
        let cashier = cashier.and_then(|id| StaffId::parse(&id));
        Ok(Some(CashLine { entry, at: time(at)?, amount, sale, receipt, cashier }))
    }

    /// What customers paid with in the newest payments of that day, where it is known.
    pub fn instruments(
        &self,
        day: Day,
        limit: usize,
    ) -> Result<BTreeMap<OperationId, Instrument>, StoreError> {
        let settled = "payment_settled line CROSS JOIN payment_folded body ON body.number = line.number";
        let mut all = BTreeMap::new();
        for (from, body) in [(settled, "body"), ("payment_unsettled line", "line")] {
            let sql = format!(
                "SELECT line.id, {body}.folded -> '$.outcome.instrument' FROM {from}
                WHERE line.at >= ?1 AND line.at < ?2 ORDER BY line.at DESC, line.number DESC LIMIT ?3"
            );
            let bounds = (day.from.as_microsecond(), day.to.as_microsecond(), bound(limit));
            let found = self.collect(&sql, bounds, |row| {
                let told: Option<String> = row.get(1)?;
                let told: Option<Option<Instrument>> =
                    told.map(|text| views::state("payment", &text)).transpose()?;
                Ok((operation(word(row, 0)?)?, told.flatten()))
            })?;
            all.extend(found.into_iter().filter_map(|(id, told)| Some((id, told?))));
        }
        Ok(all)
    }
}
