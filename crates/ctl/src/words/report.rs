//! The business day for people.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use till::seams::domain::money::Money;
use till::seams::domain::report::{Report, Totals};
use till::seams::domain::tender::TenderKind;

use crate::table::Table;

/// What was taken, what is open, and what nobody asked for.
pub fn report(report: &Report, zone: &TimeZone) -> String {
    let clock = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    let title = report.number.map_or_else(|| "X report".to_owned(), |number| format!("Z report {number}"));
    let since =
        report.from.map_or_else(|| "nothing yet".to_owned(), |from| format!("since {}", clock(from)));
    let mut text = format!("{title}, {since}, made {}\n", clock(report.to));
    for totals in &report.totals {
        text.push_str(&tenders(totals));
        text.push('\n');
    }
    for open in &report.open {
        let (amount, at) = (open.requested, clock(open.at));
        let line = format!("Not settled: {amount} on {}, {at} ({})\n", open.terminal, open.operation);
        text.push_str(&line);
    }
    for one in &report.unclaimed {
        let amount = one.amount.map_or_else(|| "an unknown amount".to_owned(), |amount| amount.to_string());
        text.push_str(&format!(
            "Belongs to no payment in the journal: {amount} on {}, found {}\n",
            one.terminal,
            clock(one.at)
        ));
    }
    text
}

fn tenders(totals: &Totals) -> String {
    let money = |minor: i64| Money::new(minor, totals.currency).plain();
    let mut table = Table::new(&["how", "terminal", "taken", "given back", totals.currency.code()]);
    for row in &totals.tenders {
        let how = match row.kind {
            TenderKind::Cash => "cash",
            TenderKind::Card => "card",
            TenderKind::Wallet => "wallet",
        };
        let terminal = row.terminal.as_ref().map(ToString::to_string).unwrap_or_default();
        let (taken, back) = (row.taken, row.back);
        table.row(vec![
            how.to_owned(),
            terminal,
            format!("{} in {}", money(taken.minor), taken.count),
            format!("{} in {}", money(back.minor), back.count),
            money(taken.minor - back.minor),
        ]);
    }
    let net = money(totals.net_taken());
    table.row(vec!["in all".to_owned(), String::new(), String::new(), String::new(), net]);
    table.to_string()
}
