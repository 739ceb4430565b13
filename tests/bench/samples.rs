//! Payments and receipts as a shop has them: made from a number, so that a big store needs no list of them.

use crate::limits;
use anyhow::{Context, Result};
use domain::ids::{OperationId, ReceiptId, Reference, Seed, TerminalId, TextId};
use domain::journal::Fact;
use domain::money::{Currency, Money};
use domain::operation::{Kind, Method, Operation, Step};
use domain::outcome::{Echo, Evidence, Instrument, Outcome, Said};
use domain::payment::{Closer, Closing, PaymentFact, Verdict};
use domain::receipt::{Copy, StoredReceipt, TextRef};
use jiff::Timestamp;
use store::{Day, Record};

/// 2026-01-05 08:00 UTC: the first payment of the first day.
const OPENING: i64 = 1_767_600_000;
const SECONDS_A_DAY: i64 = 86_400;
/// Twelve hours of business.
const SECONDS_OF_BUSINESS: i64 = 43_200;

/// Names of cards, the commonest first; how many in a thousand payments use each.
const BRANDS: [(&str, u64); 5] =
    [("Visa", 560), ("Mastercard", 320), ("Maestro", 90), ("Dankort", 27), ("Amex", 3)];

/// One payment of the shop, by its number.
#[derive(Clone, Copy, Debug)]
pub struct Sample(pub u64);

impl Sample {
    /// When it happened.
    pub fn at(self, second: i64) -> Result<Timestamp> {
        let (day, place) = (self.0 / limits::PAYMENTS_A_DAY, self.0 % limits::PAYMENTS_A_DAY);
        let gap = SECONDS_OF_BUSINESS / i64::try_from(limits::PAYMENTS_A_DAY)?;
        let seconds = i64::try_from(day)? * SECONDS_A_DAY + i64::try_from(place)? * gap;
        Ok(Timestamp::from_second(OPENING + seconds + second)?)
    }

    /// Every id of it begins here; `part` tells them apart.
    fn seed(self, part: u8) -> Result<Seed> {
        let mut random = [part; 10];
        random.iter_mut().zip(self.mixed().to_be_bytes()).for_each(|(byte, with)| *byte = with);
        Ok(Seed { at: self.at(0)?, random })
    }

    /// The same number spread over all bits.
    fn mixed(self) -> u64 {
        let z = self.0.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (z ^ (z >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
    }

    /// Its id.
    pub fn id(self) -> Result<OperationId> {
        Ok(OperationId::of(&self.seed(1)?))
    }

    /// The id of a receipt: 0 the customer's, 1 the merchant's.
    pub fn receipt_id(self, copy: u8) -> Result<ReceiptId> {
        Ok(ReceiptId::of(&self.seed(2 + copy)?))
    }

    /// The amount, minor units.
    pub fn minor(self) -> i64 {
        1_000 + i64::try_from(self.mixed() % 150_000).unwrap_or(0) / 50 * 50
    }

    /// The terminal's number of the transaction: a word that only this payment's receipts have.
    pub fn retrieval(self) -> String {
        format!("{:012}", 600_000_000_000 + self.0 * 7)
    }

    fn brand(self) -> &'static str {
        let mut left = self.mixed() / 7 % 1_000;
        for (name, share) in BRANDS {
            match left.checked_sub(share) {
                Some(rest) => left = rest,
                None => return name,
            }
        }
        "Visa"
    }

    /// What was asked for.
    pub fn operation(self) -> Result<Operation> {
        let currency = Currency::parse("SEK").context("no such currency")?;
        Ok(Operation {
            id: self.id()?,
            kind: Kind::Sale,
            terminal: TerminalId("desk".to_owned()),
            requested: Money::new(self.minor(), currency),
            cash_back: Money::zero(currency),
            method: Method::Card,
            original: None,
            motive: None,
            sale: None,
            slot: 0,
            transaction: Reference(format!("{:018}", 190_000_000_000_000_000 + self.0)),
            label: Some("table 4".to_owned()),
            intended_at: self.at(0)?,
        })
    }

    fn fact(self, second: i64, fact: PaymentFact) -> Result<Record> {
        Ok(Record::new(self.at(second)?, Fact::Payment { operation: self.id()?, fact }))
    }

    /// The intent; with a label of `padding` characters more.
    pub fn intended(self, padding: usize) -> Result<Record> {
        let mut operation = self.operation()?;
        operation.label = operation.label.map(|label| label + &"-".repeat(padding));
        self.fact(0, PaymentFact::Intended { operation: Box::new(operation) })
    }

    /// The request's reference.
    pub fn reserved(self) -> Result<Record> {
        let reference = Reference(format!("{:010}", 1_000_000_000 + self.0));
        let session = Some("17".to_owned());
        self.fact(1, PaymentFact::ReferenceReserved { reference, step: Step::First, session })
    }

    /// The approval.
    pub fn settled(self) -> Result<Record> {
        let operation = self.operation()?;
        let echo = Echo {
            reference: Some(Reference(format!("{:010}", 1_000_000_000 + self.0))),
            transaction: Some(operation.transaction),
            same_terminal: true,
            foreign_original: None,
            amount_implied: false,
        };
        let outcome = Outcome {
            amount: Some(operation.requested),
            provider_time: Some(self.at(20)?),
            evidence: Evidence::default()
                .with("poi_transaction_id", &self.retrieval())
                .with("service_id", &format!("{:010}", 1_000_000_000 + self.0))
                .with("sale_id", "KASSA1")
                .with("poi_id", "POI-1"),
            instrument: Some(Instrument {
                kind: "card".to_owned(),
                brand: Some(self.brand().to_owned()),
                number: Some(format!("411111******{:04}", self.mixed() % 10_000)),
                entry: Some("contactless".to_owned()),
            }),
            ..Outcome::bare(Said::Approved, echo)
        };
        let closing = Closing {
            verdict: Verdict::Approved,
            by: Closer::Provider,
            reason: None,
            detail: None,
            late: false,
        };
        self.fact(22, PaymentFact::Settled { closing, outcome: Some(Box::new(outcome)) })
    }

    /// A stored receipt with its text: 0 the customer's, 1 the merchant's.
    pub fn receipt(self, copy: u8) -> Result<Record> {
        let text = self.text(copy)?;
        let reference = TextRef::of(TextId::of(&self.seed(4 + copy)?), &text);
        let receipt = StoredReceipt {
            id: self.receipt_id(copy)?,
            operation: self.id()?,
            copy: if copy == 0 { Copy::Customer } else { Copy::Merchant },
            to_sign: false,
            practice: false,
            at: self.at(22)?,
            text: reference.clone(),
        };
        let texts = vec![(reference, text)];
        Ok(Record { at: self.at(22)?, fact: Fact::ReceiptStored { receipt }, texts })
    }

    /// About 45 words.
    fn text(self, copy: u8) -> Result<String> {
        let (mixed, minor, brand) = (self.mixed(), self.minor(), self.brand());
        let amount = format!("{},{:02}", minor / 100, minor % 100);
        let time = self.at(20)?.strftime("%Y-%m-%d %H:%M").to_string();
        let entry = if mixed.is_multiple_of(5) { "Chip" } else { "Contactless" };
        let owner = if copy == 0 { "CUSTOMER COPY" } else { "MERCHANT COPY" };
        Ok(format!(
            "Corner Shop\n1 High Street\n111 22 Stockholm\nOrg.no 556677-8899\n\nTerminal 555001\n\
             Merchant 40040004\n{time}\n\nPURCHASE\nSEK {amount}\nTotal {amount} SEK\n\n{brand}\n\
             ************{:04}\n{entry}\nAID A0000000031010\nTVR 0000008001\nTSI 0000\nARC 00\n\
             Ref {}\nAuth {:06}\nPeriod {:03}\n\nAPPROVED\n\n{owner}\nKeep this receipt\nThank you",
            mixed % 10_000,
            self.retrieval(),
            mixed / 3 % 1_000_000,
            self.0 / limits::PAYMENTS_A_DAY % 1_000,
        ))
    }

    /// All that the journal says about it.
    pub fn story(self) -> Result<Vec<Record>> {
        let (intended, reserved, settled) = (self.intended(0)?, self.reserved()?, self.settled()?);
        Ok(vec![intended, reserved, settled, self.receipt(0)?, self.receipt(1)?])
    }
}

/// The hours of a day, by its number.
pub fn day(number: u64) -> Result<Day> {
    let from = Sample(number * limits::PAYMENTS_A_DAY).at(0)?;
    let to = Timestamp::from_second(from.as_second() + SECONDS_A_DAY)?;
    Ok(Day { from, to })
}
