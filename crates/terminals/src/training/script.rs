//! The amount convention: the last two digits of the amount in minor units choose what happens. The numbers
//! are those of the simulators (nexo dossier 18.3), so that one table serves all practice.
//!
//! Invariant: a script follows from kind and amount alone; what happened can therefore be told again at any
//! time without remembering it.

use domain::money::Money;
use domain::operation::{Kind, Operation};
use domain::outcome::{Reason, Said};

/// What the pretended customer does at the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Customer {
    /// Is not needed: an earlier payment is undone.
    Absent,
    /// Holds a card to the reader.
    Taps,
    /// Inserts a card and enters the PIN.
    EntersPin,
    /// Pays with a phone.
    UsesPhone,
    /// Presses the cancel key.
    Cancels,
    /// Never presents a card.
    Hesitates,
}

/// How much of the amount is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// What was asked.
    Whole,
    /// A tenth more, as a tip.
    Tip,
    /// Half of it.
    Half,
}

/// What becomes of the receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slips {
    /// Both copies come.
    Both,
    /// None comes.
    Missing,
    /// Both come and cannot be read.
    Unreadable,
}

/// The final word, with what the terminal shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) said: Said,
    pub(super) reason: Option<Reason>,
    pub(super) text: &'static str,
}

impl Answer {
    const fn approved() -> Self {
        Self { said: Said::Approved, reason: None, text: "Approved" }
    }
    const fn declined(reason: Reason, text: &'static str) -> Self {
        Self { said: Said::Declined, reason: Some(reason), text }
    }
    const fn cancelled(reason: Reason) -> Self {
        Self { said: Said::Cancelled, reason: Some(reason), text: "Cancelled" }
    }
    /// Our wish to stop was executed.
    pub(super) const fn aborted() -> Self {
        Self::cancelled(Reason::Aborted)
    }
    /// The cashier said that the signature is wrong.
    pub(super) const fn signature_refused() -> Self {
        Self::declined(Reason::SignatureRefused, "Declined: signature refused")
    }
    /// Nobody looked at the signature.
    pub(super) const fn signature_unchecked() -> Self {
        Self::declined(Reason::Refused, "Declined: signature not checked")
    }
}

/// What happens to one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    /// What the customer does.
    pub(super) customer: Customer,
    /// How often the terminal is occupied before it starts.
    pub(super) busy: u32,
    /// How many paces the bank takes.
    pub(super) bank_paces: u32,
    /// Whether an abort stops it before the bank is asked.
    pub(super) stops_on_abort: bool,
    /// The customer signs and the cashier checks.
    pub(super) signed: bool,
    /// The answer never reaches the till.
    pub(super) answer_lost: bool,
    /// How much is approved, where it is.
    pub(super) share: Share,
    /// The receipts.
    pub(super) slips: Slips,
    /// How it ends when nobody interferes.
    pub(super) answer: Answer,
}

impl Script {
    /// What happens to this operation.
    pub(super) fn of(operation: &Operation) -> Self {
        let row = operation.requested.minor.rem_euclid(100);
        match operation.kind {
            Kind::Sale => Self::row(row),
            Kind::Refund => match row {
                // Money that goes back carries no tip and goes back as a whole.
                9 | 20 => Self::plain(),
                _ => Self::row(row),
            },
            Kind::Reversal => {
                let script = match row {
                    // Nobody is at the terminal who could cancel, mistype or sign.
                    3 | 4 | 6..=10 | 14 | 20 => Self::plain(),
                    _ => Self::row(row),
                };
                Self { customer: Customer::Absent, ..script }
            }
        }
    }

    fn plain() -> Self {
        Self {
            customer: Customer::Taps,
            busy: 0,
            bank_paces: 1,
            stops_on_abort: true,
            signed: false,
            answer_lost: false,
            share: Share::Whole,
            slips: Slips::Both,
            answer: Answer::approved(),
        }
    }

    fn row(row: i64) -> Self {
        let plain = Self::plain();
        let declined = |reason, text| Self { answer: Answer::declined(reason, text), ..Self::plain() };
        match row {
            1 => declined(Reason::Refused, "Declined"),
            2 => Self { slips: Slips::Missing, ..declined(Reason::Refused, "Declined") },
            3 => {
                let answer = Answer::cancelled(Reason::CustomerCancelled);
                Self { customer: Customer::Cancels, answer, slips: Slips::Missing, ..plain }
            }
            4 => {
                let script = declined(Reason::WrongPin, "Wrong PIN");
                Self { customer: Customer::EntersPin, slips: Slips::Missing, ..script }
            }
            5 => Self { bank_paces: 10, ..declined(Reason::HostUnreachable, "No connection to the bank") },
            6 => Self { slips: Slips::Missing, ..declined(Reason::InvalidCard, "Card not accepted") },
            7 => Self {
                slips: Slips::Missing,
                ..declined(Reason::PaymentRestriction, "Not payable with this card")
            },
            8 => Self { signed: true, ..plain },
            9 => Self { share: Share::Tip, ..plain },
            10 => Self { customer: Customer::UsesPhone, ..plain },
            11 | 15 | 16 => Self { answer_lost: true, ..plain },
            12 => Self { customer: Customer::EntersPin, bank_paces: 30, ..plain },
            13 => Self { stops_on_abort: false, ..plain },
            14 => {
                let answer = Answer::cancelled(Reason::CustomerCancelled);
                Self { customer: Customer::Hesitates, answer, slips: Slips::Missing, ..plain }
            }
            17 => Self { slips: Slips::Missing, ..plain },
            18 => Self { slips: Slips::Unreadable, ..plain },
            19 => Self { busy: 2, ..plain },
            20 => {
                let answer = Answer { said: Said::Partial, reason: None, text: "Partly approved" };
                Self { share: Share::Half, answer, ..plain }
            }
            _ => plain,
        }
    }

    /// How it ends when the till is not there to interfere: nobody checks a signature then.
    pub(super) fn unattended(&self) -> Answer {
        if self.signed { Answer::signature_unchecked() } else { self.answer.clone() }
    }

    /// What is approved in all, and the tip within it.
    pub(super) fn approved(&self, requested: Money) -> (Money, Option<Money>) {
        match self.share {
            Share::Whole => (requested, None),
            Share::Half => (Money::new(requested.minor / 2, requested.currency), None),
            Share::Tip => {
                let tip = Money::new(requested.minor / 10, requested.currency);
                requested.plus(tip).map_or((requested, None), |amount| (amount, Some(tip)))
            }
        }
    }
}
