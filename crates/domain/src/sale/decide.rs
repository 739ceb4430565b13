//! What a cashier does with a sale that is rung up: one function from a change to facts, or a refusal.
//! Payments through terminals are intended elsewhere; [`Sale::may_tender`] is what they ask.

use super::{NoSale, Sale, SaleFact};
use crate::basket::BasketChange;
use crate::ids::StaffId;
use crate::money::Money;
use crate::payment::Payment;
use crate::rounding::{CashRounding, RoundedTenders};
use crate::tender::{CashTender, NoCash, cash};

/// What a cashier wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaleChange {
    /// Change the lines.
    Lines(BasketChange),
    /// Round the total before the first tender, where the rule rounds every tender; otherwise nothing.
    Round {
        /// The country's rule.
        rule: CashRounding,
    },
    /// Take cash, or pay it out where money is owed. The cash that settles the sale completes it.
    TakeCash {
        /// The slot.
        slot: u16,
        /// What the customer laid down.
        given: Money,
        /// The country's rule.
        rule: CashRounding,
    },
    /// Hand the cash of a slot back.
    HandBack {
        /// The slot.
        slot: u16,
    },
    /// Put it aside.
    Park {
        /// What to call it.
        label: Option<String>,
    },
    /// Take it up again.
    Recall,
    /// It is paid, or comes to nothing.
    Complete,
    /// Give it up.
    Void,
}

/// What is written down for this change by this person. `revision`: the one they saw. `payments`: as
/// [`Sale::paid`] wants them, and every open payment of the till.
pub fn decide<'a>(
    sale: &Sale,
    by: StaffId,
    revision: u32,
    change: SaleChange,
    payments: impl Iterator<Item = &'a Payment> + Clone,
) -> Result<Vec<SaleFact>, NoSale> {
    sale.is_going_on()?;
    if let SaleChange::TakeCash { slot, .. } = &change {
        sale.takes_tender(revision, *slot)?;
    }
    if revision != sale.revision {
        return Err(NoSale::Stale);
    }
    let mut facts = Vec::new();
    if sale.cashier != Some(by) {
        facts.push(SaleFact::TakenOver { by });
    }
    match change {
        SaleChange::Recall if sale.parked.is_some() => facts.push(SaleFact::Recalled),
        SaleChange::Recall => return Err(NoSale::NotParked),
        SaleChange::Void => {
            sale.may_void(payments)?;
            facts.push(SaleFact::Voided);
        }
        SaleChange::Complete => {
            sale.may_complete(payments)?;
            facts.push(SaleFact::Completed);
        }
        SaleChange::Lines(_)
        | SaleChange::Round { .. }
        | SaleChange::TakeCash { .. }
        | SaleChange::HandBack { .. }
        | SaleChange::Park { .. } => facts.extend(at_the_counter(sale, change, payments)?),
    }
    Ok(facts)
}

/// Changes of a sale that is rung up and not put aside.
fn at_the_counter<'a>(
    sale: &Sale,
    change: SaleChange,
    payments: impl Iterator<Item = &'a Payment> + Clone,
) -> Result<Vec<SaleFact>, NoSale> {
    let basket = sale.basket.as_ref().ok_or(NoSale::AmountOnly)?;
    if sale.parked.is_some() {
        return Err(NoSale::Parked);
    }
    // Cash may settle the rest while a terminal works on a part; everything else waits.
    let takes_cash = matches!(change, SaleChange::TakeCash { .. });
    if !takes_cash && sale.is_waiting(payments.clone()) {
        return Err(NoSale::Held);
    }
    match change {
        SaleChange::Lines(change) => {
            let fact = basket.decide(sale.total.currency, change)?;
            let changed = SaleFact::Changed { fact };
            covers_what_is_paid(&sale.clone().evolve(&changed), sale.paid(payments))?;
            Ok(vec![changed])
        }
        SaleChange::Round { rule } => {
            let total = sale.rounded_total();
            let by = rule.round(total).minus(total).ok_or(NoSale::Currency)?;
            // Cash that settled a part has rounded it: the total is not rounded on top of that.
            let rounded_by_cash = sale.kept_cash().any(|(_, cash)| !cash.rounding.is_zero());
            let rounds = rule.tenders == RoundedTenders::Every && !by.is_zero() && !rounded_by_cash;
            Ok(if rounds { vec![SaleFact::Rounded { by }] } else { Vec::new() })
        }
        SaleChange::TakeCash { slot, given, rule } => take_cash(sale, slot, given, &rule, payments),
        SaleChange::HandBack { slot } => {
            let lies_there = sale.kept_cash().any(|(kept, _)| kept == slot);
            if lies_there { Ok(vec![SaleFact::CashHandedBack { slot }]) } else { Err(NoSale::NoCashTender) }
        }
        SaleChange::Park { .. } if basket.is_empty() => Err(NoSale::Empty),
        SaleChange::Park { label } => Ok(vec![SaleFact::Parked { label }]),
        SaleChange::Recall | SaleChange::Complete | SaleChange::Void => Ok(Vec::new()),
    }
}

fn take_cash<'a>(
    sale: &Sale,
    slot: u16,
    given: Money,
    rule: &CashRounding,
    payments: impl Iterator<Item = &'a Payment> + Clone,
) -> Result<Vec<SaleFact>, NoSale> {
    let taken = SaleFact::CashTendered { slot, cash: rounded_once(sale, rule, given, payments.clone())? };
    let settles = sale.clone().evolve(&taken).may_complete(payments).is_ok();
    Ok(if settles { vec![taken, SaleFact::Completed] } else { vec![taken] })
}

/// What was rounded before (for cash that settled all but a card's part, and then the card failed) is not
/// rounded again: the cash that settles the rest settles the exact rest, and its rounding replaces that one.
fn rounded_once<'a>(
    sale: &Sale,
    rule: &CashRounding,
    given: Money,
    payments: impl Iterator<Item = &'a Payment> + Clone,
) -> Result<CashTender, NoSale> {
    let before = Money::new(sale.rounding, sale.total.currency);
    let due = sale.due(payments);
    let exact = due.minus(before).filter(|_| !due.is_zero()).ok_or(NoCash::NothingDue)?;
    if exact.is_zero() && given == exact {
        let rounding = exact.minus(before).ok_or(NoCash::Currency)?;
        return Ok(CashTender { amount: exact, given, change: given, rounding });
    }
    let taken = cash(rule, exact, given)?;
    let settles = taken.amount.minus(taken.rounding) == Some(exact);
    let rounding =
        if settles { taken.rounding.minus(before).ok_or(NoCash::Currency)? } else { taken.rounding };
    Ok(CashTender { rounding, ..taken })
}

/// Lines may change after a part was paid, as long as what was paid is still needed.
fn covers_what_is_paid(changed: &Sale, paid: Money) -> Result<(), NoSale> {
    let left = changed.total.minus(paid).ok_or(NoSale::Currency)?;
    let turned = (paid.minor > 0 && left.minor < 0) || (paid.minor < 0 && left.minor > 0);
    if turned { Err(NoSale::Paid) } else { Ok(()) }
}
