//! The receipt of a sale: shop, lines with discounts, total, tax per rate, tenders, change, and what the
//! terminals printed for the customer.
//!
//! What a Swedish receipt must hold (SKVFS 2014:9 chapter 7): name and number of the business, its address,
//! time, a running number, the till, every line, the total, tax per rate, how it was paid. Others ask for
//! less. Invariant: the lines with their discounts sum to the total above them.

use super::layout::Sheet;
use super::words::Words;
use crate::actor_words::amount_of;
use crate::settings::Shop;
use domain::basket::{BasketTotals, Discount, Line, LineTotals, Unit};
use domain::money::Money;
use domain::operation::Kind;
use domain::payment::Payment;
use domain::sale::Sale;
use domain::tender::{CashTender, TenderKind};
use jiff::Timestamp;
use peripherals::slip::Language;

/// Everything that a receipt is made from.
pub(crate) struct SaleReceipt<'a> {
    pub shop: &'a Shop,
    pub till: &'a str,
    /// Counted by the till from 1.
    pub number: u32,
    pub at: Timestamp,
    /// May be empty.
    pub cashier: &'a str,
    pub sale: &'a Sale,
    /// The payments of its tenders, by slot.
    pub payments: Vec<&'a Payment>,
    /// What terminals printed for the customer, in the order of the payments.
    pub cards: Vec<String>,
    /// Columns of the paper.
    pub columns: usize,
    pub language: Language,
}

impl SaleReceipt<'_> {
    /// Its lines; nothing for a sale that is an amount alone, or whose lines have no sum.
    pub(crate) fn lines(&self) -> Option<Vec<String>> {
        let totals = self.sale.totals()?;
        let mut sheet = Sheet::new(self.columns, self.language);
        self.head(&mut sheet);
        sheet.rule();
        for (number, line) in self.sale.basket.iter().flat_map(|basket| basket.active()) {
            if let Some(sums) = totals.lines.get(&number) {
                self.goods(&mut sheet, line, sums);
            }
        }
        sheet.rule();
        self.sums(&mut sheet, &totals);
        self.tenders(&mut sheet);
        self.taxes(&mut sheet, &totals);
        for card in &self.cards {
            sheet.rule();
            card.lines().for_each(|line| sheet.line(line));
        }
        Some(sheet.finish())
    }

    fn words(&self) -> &'static Words {
        Words::of(self.language)
    }

    fn head(&self, sheet: &mut Sheet) {
        let words = self.words();
        sheet.centred(&self.shop.name);
        self.shop.lines.iter().for_each(|line| sheet.centred(line));
        sheet.blank();
        if self.sale.total.minor < 0 {
            sheet.centred(words.returned);
        }
        let till = format!("{} {}", words.till, self.till);
        sheet.row(&format!("{} {}", words.receipt, self.number), &till);
        let at = self.at.to_zoned(self.shop.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        let cashier = match self.cashier {
            "" => String::new(),
            name => format!("{} {name}", words.cashier),
        };
        sheet.row(&at, &cashier);
    }

    fn goods(&self, sheet: &mut Sheet, line: &Line, sums: &LineTotals) {
        let product = &line.product;
        sheet.sum(&product.name, sums.full);
        let single = line.quantity.in_thousandths() == 1_000 && product.unit == Unit::Piece;
        if !single {
            let quantity = sheet.decimals(&line.quantity.plain());
            let unit = self.words().unit(product.unit);
            let price = sheet.amount(product.price);
            sheet.line(format!("  {quantity} {unit} x {price}"));
        }
        if !sums.discount.is_zero() {
            self.discount(sheet, "  ", line.discount, sums.discount);
        }
    }

    fn discount(&self, sheet: &mut Sheet, indent: &str, discount: Option<Discount>, sum: Money) {
        let word = self.words().discount;
        let label = match discount {
            Some(Discount::Percent(points)) => match domain::tax::VatRate::new(points) {
                Some(rate) => format!("{indent}{word} {}", sheet.rate(rate)),
                None => format!("{indent}{word}"),
            },
            Some(Discount::Amount(_)) | None => format!("{indent}{word}"),
        };
        sheet.sum(&label, negated(sum));
    }

    fn sums(&self, sheet: &mut Sheet, totals: &BasketTotals) {
        let words = self.words();
        if !totals.discount.is_zero() {
            let whole = self.sale.basket.as_ref().and_then(|basket| basket.discount);
            self.discount(sheet, "", whole, totals.discount);
        }
        if self.sale.rounding != 0 {
            sheet.sum(words.rounding, Money::new(self.sale.rounding, self.sale.total.currency));
        }
        let total = self.sale.rounded_total();
        let word = if total.minor < 0 { words.to_customer } else { words.total };
        let shown = if total.minor < 0 { negated(total) } else { total };
        sheet.sum(&format!("{word} {}", total.currency.code()), shown);
    }

    fn tenders(&self, sheet: &mut Sheet) {
        let sale = self.sale;
        let mut slots: Vec<u16> = sale.cash.keys().chain(sale.tenders.keys()).copied().collect();
        slots.sort_unstable();
        for slot in slots {
            let cash = sale.kept_cash().find(|(kept, _)| *kept == slot).map(|(_, cash)| cash);
            let id = sale.tenders.get(&slot);
            let payment = self.payments.iter().find(|payment| Some(&payment.id()) == id);
            if let Some(cash) = cash {
                self.cash(sheet, cash);
            } else if let Some(payment) = payment.filter(|payment| !amount_of(payment).is_zero()) {
                self.through_terminal(sheet, payment);
            }
        }
    }

    fn cash(&self, sheet: &mut Sheet, cash: &CashTender) {
        let words = self.words();
        if cash.given.is_zero() {
            sheet.sum(&format!("{} {}", words.cash, words.paid_out.to_lowercase()), cash.change);
            return;
        }
        sheet.sum(words.cash, cash.given);
        if !cash.change.is_zero() {
            sheet.sum(words.change, cash.change);
        }
    }

    fn through_terminal(&self, sheet: &mut Sheet, payment: &Payment) {
        let words = self.words();
        let word = words.tender(TenderKind::of(&payment.operation));
        let is_sale = payment.operation.kind == Kind::Sale;
        let label = if is_sale { word.to_owned() } else { format!("{word} {}", words.back) };
        sheet.sum(&label, amount_of(payment));
        for (word, part) in [(words.tip, payment.tip()), (words.cash_back, payment.cash_back())] {
            if !part.is_zero() {
                sheet.sum(&format!("  {word}"), part);
            }
        }
    }

    fn taxes(&self, sheet: &mut Sheet, totals: &BasketTotals) {
        let words = self.words();
        if totals.vat.is_empty() {
            return;
        }
        sheet.blank();
        sheet.quarters([words.vat, words.net, words.tax, words.gross]);
        for part in &totals.vat {
            let amounts = [part.net, part.vat, part.gross].map(|money| sheet.amount(money));
            let rate = sheet.rate(part.rate);
            sheet.quarters([&rate, &amounts[0], &amounts[1], &amounts[2]]);
        }
    }
}

fn negated(money: Money) -> Money {
    Money::new(-money.minor, money.currency)
}
