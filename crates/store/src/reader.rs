//! Queries. Newest first, bounded, by index; lists come from columns, without reading whole payments.
//!
//! Invariant: a reader sees one committed state for as long as one [`crate::Store::read`] lasts.

mod day;
mod facts;
mod papers;
mod receipts;

pub use day::CashLine;
pub(crate) use facts::{check_sale, check_unsettled, facts, refold, sale_facts, touched_sale};
pub use papers::StoredPaper;
pub use receipts::{ReceiptQuery, StoredText};

use crate::chain::{self, Head};
use crate::codes::{kind_of, operation, sale, time, unreadable, word};
use crate::schema::{self, Sums};
use crate::verify::{self, Verified};
use crate::views::Daybook;
use crate::{StoreError, limits, views};
use domain::catalogue::Item;
use domain::ids::{OperationId, SaleId, TerminalId};
use domain::journal::Fact;
use domain::money::{Currency, Money};
use domain::operation::Kind;
use domain::outcome::Outcome;
use domain::payment::Payment;
use domain::report::Report;
use domain::sale::Sale;
use domain::session::Session;
use jiff::Timestamp;
use rusqlite::{Connection, Row};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Committed state, for queries.
pub struct Reader<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) kept: Option<Head>,
}

/// A stretch of time: from the first point, before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The first point in time that belongs to it.
    pub from: Timestamp,
    /// The first that does not.
    pub to: Timestamp,
}

/// Which payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// Those that are not finally answered.
    Open,
    /// Those that are open or whose late outcome waits for a person.
    Unsettled,
}

/// One line of a list of payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentLine {
    /// Seq of the entry that intended it; grows with time.
    pub number: i64,
    /// Its id.
    pub id: OperationId,
    /// The terminal.
    pub terminal: TerminalId,
    /// Sale, refund or reversal.
    pub kind: Kind,
    /// [`Payment::state_code`].
    pub state: String,
    /// [`Payment::outcome_code`].
    pub outcome: String,
    /// What was asked for.
    pub requested: Money,
    /// What was approved in all.
    pub approved: Money,
    /// The tip within it.
    pub tip: Money,
    /// The cash paid out within it.
    pub cash_back: Money,
    /// When it was intended.
    pub at: Timestamp,
    /// Not finally answered.
    pub open: bool,
    /// A late outcome waits for a person.
    pub attention: bool,
    /// What a refund or reversal goes against.
    pub original: Option<OperationId>,
    /// The sale it belongs to.
    pub sale: Option<SaleId>,
}

/// One fact of a payment's time line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The entry.
    pub seq: i64,
    /// When it was written.
    pub at: Timestamp,
    /// What it says.
    pub fact: Fact,
}

/// An approval that belongs to no operation of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclaimed {
    /// The entry.
    pub seq: i64,
    /// Where.
    pub terminal: TerminalId,
    /// When it was written down.
    pub at: Timestamp,
    /// What the terminal said.
    pub outcome: Outcome,
}

/// The sum of one kind and outcome in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// Sale, refund or reversal.
    pub kind: Kind,
    /// [`Payment::outcome_code`].
    pub outcome: String,
    /// How many payments.
    pub count: i64,
    /// What they asked for.
    pub requested: Money,
    /// What was approved in all.
    pub approved: Money,
    /// Tips within it.
    pub tip: Money,
    /// Cash paid out within it.
    pub cash_back: Money,
}

const LINES: &str = "SELECT number, id, terminal, kind, state, outcome, currency, requested, approved, tip,
    cash_back, at, original, sale";

impl Reader<'_> {
    /// The newest entry.
    pub fn head(&self) -> Result<Head, StoreError> {
        chain::stored_head(self.connection)
    }

    /// Counts and sums of everything.
    pub fn sums(&self) -> Result<Sums, StoreError> {
        Ok(schema::sums(self.connection)?)
    }

    /// Verifies everything; takes as long as reading the whole journal.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        verify::verify(self.connection, self.kept)
    }

    /// Payments intended on that day, newest first.
    pub fn payments(&self, day: Day, show: Show, limit: usize) -> Result<Vec<PaymentLine>, StoreError> {
        let unsettled = format!("{LINES}, open, attention FROM payment_unsettled");
        let mut lines = match show {
            Show::All | Show::Unsettled => self.lines(&unsettled, "1", day, limit, unsettled_line)?,
            Show::Open => self.lines(&unsettled, "open = 1", day, limit, unsettled_line)?,
        };
        if show == Show::All {
            // Two lists and one sort: over a view of both tables SQLite takes twice as long.
            let mut settled =
                self.lines(&format!("{LINES} FROM payment_settled"), "1", day, limit, settled_line)?;
            if lines.is_empty() {
                return Ok(settled);
            }
            lines.append(&mut settled);
            lines.sort_by_key(|line| Reverse((line.at, line.number)));
            lines.truncate(limit.min(limits::ROWS));
        }
        Ok(lines)
    }

    fn lines(
        &self,
        select: &str,
        condition: &str,
        day: Day,
        limit: usize,
        read: impl Fn(&Row<'_>, Currency) -> Result<PaymentLine, StoreError>,
    ) -> Result<Vec<PaymentLine>, StoreError> {
        let sql = format!(
            "{select} WHERE {condition} AND at >= ?1 AND at < ?2 ORDER BY at DESC, number DESC LIMIT ?3"
        );
        let (from, to) = (day.from.as_microsecond(), day.to.as_microsecond());
        let mut currencies = Currencies::default();
        self.collect(&sql, (from, to, bound(limit)), |row| read(row, currencies.read(word(row, 6)?)?))
    }

    /// The payments that were intended last and are settled, newest first.
    pub fn newest_settled(&self, limit: usize) -> Result<Vec<Payment>, StoreError> {
        let sql = "SELECT folded FROM payment_folded ORDER BY number DESC LIMIT ?1";
        self.collect(sql, [bound(limit)], payment)
    }

    /// One payment.
    pub fn payment(&self, id: OperationId) -> Result<Option<Payment>, StoreError> {
        Ok(views::read_payment(self.connection, id)?.map(|folded| folded.payment))
    }

    /// Every fact about a payment, oldest first. Read from the journal itself.
    pub fn payment_facts(&self, id: OperationId) -> Result<Vec<Told>, StoreError> {
        let Some(folded) = views::read_payment(self.connection, id)? else { return Ok(Vec::new()) };
        facts(self.connection, &folded)
    }

    /// Every payment that is open or waits for a person, oldest first.
    pub fn unsettled(&self) -> Result<Vec<Payment>, StoreError> {
        let mut folded: Vec<_> = views::unsettled(self.connection)?.into_values().collect();
        folded.sort_by_key(|folded| folded.number);
        Ok(folded.into_iter().map(|folded| folded.payment).collect())
    }

    /// Every refund and reversal against this payment, in any state, oldest first.
    pub fn against(&self, original: OperationId) -> Result<Vec<Payment>, StoreError> {
        self.collect(&folded_where("original"), [original.to_string()], payment)
    }

    /// Who works here, and the business day so far.
    pub fn daybook(&self) -> Result<Daybook, StoreError> {
        views::load_daybook(self.connection)
    }

    /// Every payment of a sale, oldest first.
    pub fn payments_of_sale(&self, sale: SaleId) -> Result<Vec<Payment>, StoreError> {
        self.collect(&folded_where("sale"), [sale.to_string()], payment)
    }

    /// The payments of one sale, and everything that went back of them and of that, whatever sale it names.
    pub fn all_of_sale(&self, sale: SaleId) -> Result<Vec<Payment>, StoreError> {
        let mut found = self.payments_of_sale(sale)?;
        let mut next = 0;
        while let Some(payment) = found.get(next) {
            let back = self.against(payment.id())?;
            let is_new = |payment: &Payment| found.iter().all(|known| known.id() != payment.id());
            let new: Vec<Payment> = back.into_iter().filter(is_new).collect();
            found.extend(new);
            next += 1;
        }
        Ok(found)
    }

    /// The payments that own this reference or transaction number, newest first. More than one only where a
    /// protocol's references are short.
    pub fn owners(&self, reference: &str) -> Result<Vec<OperationId>, StoreError> {
        let mut found = BTreeMap::new();
        for folded in views::unsettled(self.connection)?.into_values() {
            if views::references(&folded.payment).any(|own| own == reference) {
                found.insert(folded.number, folded.payment.id());
            }
        }
        let sql =
            "SELECT number, id FROM reference JOIN payment_folded USING (number) WHERE reference = ?1";
        let settled = self.collect(sql, [reference], |row| Ok((row.get(0)?, operation(word(row, 1)?)?)))?;
        found.extend(settled);
        Ok(found.into_values().rev().collect())
    }

    /// The journal's number of the entry that intended this payment: who came first, whatever the clock said.
    pub fn number(&self, id: OperationId) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT number FROM payment_unsettled WHERE id = ?1
            UNION ALL SELECT number FROM payment_folded WHERE id = ?1";
        let found = self.collect(sql, [id.to_string()], |row| Ok(row.get(0)?))?;
        Ok(found.first().copied())
    }

    /// Whether this terminal told of an unclaimed transaction of this name before the entry of this number.
    pub fn was_unclaimed(
        &self,
        terminal: &TerminalId,
        name: &str,
        before: i64,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT outcome FROM unclaimed WHERE terminal = ?1 AND number < ?2";
        let outcome = |row: &Row<'_>| views::state::<Outcome>("unclaimed", word(row, 0)?);
        let told = self.collect(sql, (&terminal.0, before), outcome)?;
        let is_it = |told: &Outcome| {
            let names = [&told.echo.transaction, &told.echo.reference];
            names.into_iter().flatten().any(|known| known.0 == name)
        };
        Ok(told.iter().any(is_it))
    }

    /// One sale.
    pub fn sale(&self, id: SaleId) -> Result<Option<Sale>, StoreError> {
        Ok(views::read_sale(self.connection, id)?.map(|folded| folded.sale))
    }

    /// The Z reports that were made in this time, newest first.
    pub fn reports(&self, day: Day, limit: usize) -> Result<Vec<Report>, StoreError> {
        let sql = "SELECT folded FROM report WHERE at >= ?1 AND at < ?2 ORDER BY number DESC LIMIT ?3";
        let (from, to) = (day.from.as_microsecond(), day.to.as_microsecond());
        self.collect(sql, (from, to, bound(limit)), |row| views::state("report", word(row, 0)?))
    }

    /// What the shop sells, by number.
    pub fn products(&self) -> Result<Vec<Item>, StoreError> {
        let sql = "SELECT item FROM product ORDER BY sku";
        self.collect(sql, [], |row| views::state("product", word(row, 0)?))
    }

    /// The session of every terminal that ever had one.
    pub fn sessions(&self) -> Result<BTreeMap<TerminalId, Session>, StoreError> {
        views::sessions(self.connection)
    }

    /// Approvals of that day that belong to no operation, newest first.
    pub fn unclaimed(&self, day: Day, limit: usize) -> Result<Vec<Unclaimed>, StoreError> {
        let sql = "SELECT number, terminal, at, outcome FROM unclaimed
            WHERE at >= ?1 AND at < ?2 ORDER BY at DESC, number DESC LIMIT ?3";
        let (from, to) = (day.from.as_microsecond(), day.to.as_microsecond());
        self.collect(sql, (from, to, bound(limit)), |row| {
            Ok(Unclaimed {
                seq: row.get(0)?,
                terminal: TerminalId(row.get(1)?),
                at: time(row.get(2)?)?,
                outcome: views::state("unclaimed", word(row, 3)?)?,
            })
        })
    }

    /// What the payments intended on that day came to, by kind, outcome and currency.
    pub fn totals(&self, day: Day) -> Result<Vec<Total>, StoreError> {
        let sql = "SELECT kind, outcome, currency, count(*), sum(requested), sum(approved), sum(tip),
            sum(cash_back) FROM payment WHERE at >= ?1 AND at < ?2
            GROUP BY kind, outcome, currency ORDER BY kind DESC, outcome, currency";
        self.collect(sql, (day.from.as_microsecond(), day.to.as_microsecond()), |row| {
            let currency = currency(word(row, 2)?)?;
            let money = |index| Ok::<_, StoreError>(Money::new(row.get(index)?, currency));
            Ok(Total {
                kind: kind_of(word(row, 0)?)?,
                outcome: row.get(1)?,
                count: row.get(3)?,
                requested: money(4)?,
                approved: money(5)?,
                tip: money(6)?,
                cash_back: money(7)?,
            })
        })
    }

    pub(crate) fn collect<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        let mut found = Vec::with_capacity(limits::ROWS_AT_FIRST);
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }
}

/// SQLite's own type for a limit.
pub(crate) fn bound(limit: usize) -> i64 {
    i64::try_from(limit.min(limits::ROWS)).unwrap_or(i64::MAX)
}

fn payment(row: &Row<'_>) -> Result<Payment, StoreError> {
    views::state("payment", word(row, 0)?)
}

/// Whole payments with this value in this column, oldest first.
fn folded_where(column: &str) -> String {
    format!(
        "SELECT folded, number FROM payment_settled JOIN payment_folded USING (number) WHERE {column} = ?1
        UNION ALL SELECT folded, number FROM payment_unsettled WHERE {column} = ?1 ORDER BY number"
    )
}

fn currency(code: &str) -> Result<Currency, StoreError> {
    Currency::parse(code).ok_or_else(|| unreadable("currency", code))
}

/// Remembers the currency of the line before: nearly always it is the next one's, and finding it means going
/// through the list of all currencies.
#[derive(Default)]
struct Currencies(Option<Currency>);

impl Currencies {
    fn read(&mut self, code: &str) -> Result<Currency, StoreError> {
        let found = match self.0.filter(|known| known.code() == code) {
            Some(known) => known,
            None => currency(code)?,
        };
        self.0 = Some(found);
        Ok(found)
    }
}

fn unsettled_line(row: &Row<'_>, currency: Currency) -> Result<PaymentLine, StoreError> {
    Ok(PaymentLine { open: row.get(14)?, attention: row.get(15)?, ..settled_line(row, currency)? })
}

/// A settled payment is not open, and nobody has to look at it.
fn settled_line(row: &Row<'_>, currency: Currency) -> Result<PaymentLine, StoreError> {
    let money = |index| Ok::<_, StoreError>(Money::new(row.get(index)?, currency));
    let original = row.get_ref(12)?.as_str_or_null().map_err(|error| unreadable("original", error))?;
    let of_sale = row.get_ref(13)?.as_str_or_null().map_err(|error| unreadable("sale", error))?;
    Ok(PaymentLine {
        number: row.get(0)?,
        id: operation(word(row, 1)?)?,
        terminal: TerminalId(row.get(2)?),
        kind: kind_of(word(row, 3)?)?,
        state: row.get(4)?,
        outcome: row.get(5)?,
        requested: money(7)?,
        approved: money(8)?,
        tip: money(9)?,
        cash_back: money(10)?,
        at: time(row.get(11)?)?,
        open: false,
        attention: false,
        original: original.map(operation).transpose()?,
        sale: of_sale.map(sale).transpose()?,
    })
}
