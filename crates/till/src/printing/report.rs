//! X and Z reports on paper.
//!
//! Invariant: nothing but what the report holds, amounts of one currency per block.

use super::layout::Sheet;
use super::words::Words;
use crate::actor_words::kind_code;
use crate::settings::Shop;
use domain::money::Money;
use domain::report::{Count, Report, Totals};
use domain::shift::Shift;
use jiff::Timestamp;
use peripherals::slip::Language;

/// Everything that a report on paper is made from.
pub(crate) struct ReportPaper<'a> {
    pub shop: &'a Shop,
    pub till: &'a str,
    /// Who ran it; may be empty.
    pub by: &'a str,
    pub report: &'a Report,
    /// The journal's head behind it, where it closed the day.
    pub head: Option<String>,
    pub columns: usize,
    pub language: Language,
}

impl ReportPaper<'_> {
    /// Its lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut sheet = Sheet::new(self.columns, self.language);
        let (words, report) = (Words::of(self.language), self.report);
        sheet.centred(&self.shop.name);
        self.shop.lines.iter().for_each(|line| sheet.centred(line));
        sheet.blank();
        let title = match report.number {
            Some(number) => format!("{} {number}", words.z),
            None => words.x.to_owned(),
        };
        sheet.row(&title, &format!("{} {}", words.till, self.till));
        let from = report.from.map(|from| self.stamp(from)).unwrap_or_default();
        for (label, text) in
            [(words.from, from), (words.to, self.stamp(report.to)), (words.by, self.by.to_owned())]
        {
            if !text.is_empty() {
                sheet.row(label, &text);
            }
        }
        report.totals.iter().for_each(|totals| self.totals(&mut sheet, words, totals));
        self.open(&mut sheet, words);
        report.shifts.iter().for_each(|shift| self.shift(&mut sheet, words, shift));
        sheet.rule();
        for (label, count) in [
            (words.open_sales, report.open_sales),
            (words.openings, report.drawer_openings),
            (words.copies, report.copies),
        ] {
            sheet.row(label, &count.to_string());
        }
        self.head.iter().for_each(|head| sheet.line(head));
        sheet.finish()
    }

    fn stamp(&self, at: Timestamp) -> String {
        at.to_zoned(self.shop.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    fn totals(&self, sheet: &mut Sheet, words: &Words, totals: &Totals) {
        let money = |minor: i64| Money::new(minor, totals.currency);
        sheet.rule();
        sheet.row("", totals.currency.code());
        let counted = |sheet: &mut Sheet, label: &str, count: Count| {
            if !count.is_zero() {
                sheet.sum(&format!("{label} ({})", count.count), money(count.minor));
            }
        };
        counted(sheet, words.sales, totals.sales);
        counted(sheet, words.returns, totals.returns);
        counted(sheet, words.discounts, totals.discounts);
        for (label, minor) in [(words.untaxed, totals.untaxed), (words.rounding, totals.rounding)] {
            if minor != 0 {
                sheet.sum(label, money(minor));
            }
        }
        for row in &totals.tenders {
            let terminal = row.terminal.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
            let label = format!("{}{terminal}", words.tender(row.kind));
            counted(sheet, &label, row.taken);
            counted(sheet, &format!("{label} {}", words.back), row.back);
        }
        counted(sheet, words.refunds, totals.refunds);
        counted(sheet, words.reversals, totals.reversals);
        counted(sheet, words.undone, totals.undone);
        for (label, minor) in [(words.tips, totals.tips), (words.cash_backs, totals.cash_back)] {
            if minor != 0 {
                sheet.sum(label, money(minor));
            }
        }
        if !totals.vat.is_empty() {
            sheet.quarters([words.vat, words.net, words.tax, words.gross]);
        }
        for row in &totals.vat {
            let [net, vat, gross] = [row.net, row.vat, row.gross].map(|minor| sheet.amount(money(minor)));
            let rate = sheet.rate(row.rate);
            sheet.quarters([&rate, &net, &vat, &gross]);
        }
        sheet.row(words.corrections, &totals.corrections.to_string());
        sheet.row(words.voided, &totals.voided.to_string());
        sheet.sum(words.ever_sold, money(totals.ever_sold));
        sheet.sum(words.ever_back, money(totals.ever_returned));
        sheet.sum(words.ever_net, money(totals.ever_sold.saturating_add(totals.ever_returned)));
    }

    fn open(&self, sheet: &mut Sheet, words: &Words) {
        let report = self.report;
        sheet.rule();
        sheet.row(words.open, if report.open.is_empty() { words.none } else { "" });
        for open in &report.open {
            let label = format!("  {} {} {}", self.stamp(open.at), open.terminal, kind_code(open.kind));
            sheet.sum(&label, open.requested);
        }
        if report.unclaimed.is_empty() {
            return;
        }
        sheet.line(words.unclaimed);
        for unclaimed in &report.unclaimed {
            let label = format!("  {} {}", self.stamp(unclaimed.at), unclaimed.terminal);
            let amount = unclaimed.amount.map(|amount| sheet.amount(amount)).unwrap_or_default();
            sheet.row(&label, &amount);
        }
    }

    fn shift(&self, sheet: &mut Sheet, words: &Words, shift: &Shift) {
        sheet.rule();
        let closed = shift.closed.map(|(_, at)| self.stamp(at)).unwrap_or_default();
        sheet.row(&format!("{} {}", words.shift, self.stamp(shift.opened_at)), &closed);
        sheet.sum(words.float, shift.float);
        sheet.sum(words.put_in, shift.put_in);
        sheet.sum(words.taken_out, shift.taken_out);
        sheet.sum(words.of_sales, shift.of_sales);
        match shift.count {
            Some(count) => {
                sheet.sum(words.expected, count.expected);
                sheet.sum(words.counted, count.counted);
                sheet.sum(words.difference, count.difference());
            }
            None => sheet.row(words.counted, words.not_counted),
        }
    }
}
