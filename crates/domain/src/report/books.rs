//! Everything folded from facts alone, for whoever has the journal and nothing else: audits and proofs. A
//! running till folds the same rules over the states it has at hand.

use super::Day;
use crate::ids::{OperationId, SaleId};
use crate::journal::Fact;
use crate::payment::{Payment, PaymentFact};
use crate::sale::Sale;
use crate::staff::Roster;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The whole journal, folded. A fact that fits nothing changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Every payment.
    pub payments: BTreeMap<OperationId, Payment>,
    /// Every sale.
    pub sales: BTreeMap<SaleId, Sale>,
    /// Everybody.
    pub roster: Roster,
    /// The day that is not closed yet.
    pub day: Day,
}

impl Books {
    /// Applies one fact.
    pub fn apply(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::Payment { operation, fact } => self.payment(*operation, fact, at),
            Fact::Sale { sale, fact } => {
                let before = self.sales.remove(sale);
                let after = match &before {
                    Some(before) => Some(before.clone().evolve(fact)),
                    None => Sale::first(*sale, fact),
                };
                if let Some(after) = after {
                    self.day.sale(before.as_ref(), fact, &after, at);
                    self.sales.insert(*sale, after);
                }
            }
            Fact::Staff { staff, fact } => {
                self.roster = std::mem::take(&mut self.roster).evolve(*staff, fact, at);
            }
            Fact::Installed { .. }
            | Fact::Started { .. }
            | Fact::Terminal { .. }
            | Fact::Unblocked { .. }
            | Fact::Unclaimed { .. }
            | Fact::ReceiptStored { .. }
            | Fact::Acted { .. }
            | Fact::Shift { .. }
            | Fact::Paper { .. }
            | Fact::DayClosed { .. } => self.day.fact(fact, at),
        }
    }
    fn payment(&mut self, id: OperationId, fact: &PaymentFact, at: Timestamp) {
        let before = self.payments.remove(&id);
        let after = match (&before, fact) {
            (Some(before), fact) => before.clone().evolve(fact, at),
            (None, PaymentFact::Intended { operation }) => {
                Payment::intended(operation.as_ref().clone(), at)
            }
            (None, _) => return,
        };
        self.day.payment(before.as_ref(), &after, at);
        self.payments.insert(id, after);
    }
}
