//! Codes that customers show: taken once, held in memory until the driver has them.
//!
//! Invariant: a code is never written down, only its digest; what is no payment code is sent to nobody.

use super::Actor;
use super::money::{Wanted, field};
use crate::api::{Problem, TypedSecret};
use crate::limits;
use crate::sight::{Unknown, hex};
use domain::ids::OperationId;
use domain::journal::Fact;
use domain::outcome::Evidence;
use domain::payment::{Payment, PaymentFact};
use domain::wallet::{PaymentCode, Refusal, Scan, recognise};
use terminals::capabilities::Code;

/// The name of a code's digest among the evidence.
const DIGEST: &str = "code_digest";

/// What is told of a code that the camera saw and the till does not have any more.
const GONE: &str = "was seen too long ago: the customer must show it to the camera again";
/// What is told of a code that a payment has.
const TAKEN: &str = "was taken already: the customer must show a new one";

/// How a payment's code comes: read by whoever sends the command, or as the number of one that the camera
/// saw. Not both.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) code: Option<TypedSecret>,
    pub(super) seen: Option<u64>,
}

impl Actor {
    /// The code of a payment, where it came with one: read anew here, whoever read it before, and refused
    /// where the same one was taken a short while ago.
    pub(super) fn fresh_code(&self, wanted: &Wanted, shown: Shown) -> Result<Option<PaymentCode>, Problem> {
        if shown.code.is_none() && shown.seen.is_none() {
            return Ok(None);
        }
        let can = self.fleet.slot(&wanted.terminal)?.capabilities();
        // Whoever practises may practise this, too.
        if !matches!(can.code, Code::Customer | Code::Either) && !can.practice_only {
            return Err(refused(
                "cannot be charged: this terminal takes no codes of customers",
                "not_here",
            ));
        }
        let (codes, now) = (self.senses.codes(), self.clock.mono());
        let code = match (shown.code, shown.seen) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => return Err(field("code", "came twice: from the camera and as a text")),
            (None, Some(number)) => codes.find(number, now).map_err(|unknown| match unknown {
                Unknown::Gone => refused(GONE, "gone"),
                Unknown::Taken => refused(TAKEN, "used"),
            })?,
            (Some(TypedSecret(text)), None) => match recognise(&text) {
                Scan::Payment(code) => code,
                Scan::Refused(_) if self.is_sold(text.trim()) => return Err(product()),
                Scan::Refused(refusal) => return Err(refused(refusal.words(), refusal.code())),
            },
        };
        // A label of the shop's own may look like a wallet's code.
        if self.is_sold(code.reveal()) {
            return Err(product());
        }
        let is_taken = codes.is_taken(&hex(&code), now);
        if is_taken { Err(refused(TAKEN, "used")) } else { Ok(Some(code)) }
    }

    fn is_sold(&self, text: &str) -> bool {
        self.shelf.borrow().by_code(text).is_some()
    }

    /// A payment of an earlier run may have had a code: where that was a short while ago, it counts as taken
    /// now.
    pub(super) fn remember_code(&self, payment: &Payment) {
        let Some(digest) = payment.evidence.get(DIGEST) else { return };
        let age = self.clock.now().duration_since(payment.operation.intended_at).unsigned_abs();
        if age < limits::CODE_KEPT {
            self.senses.codes().take(digest, self.clock.mono());
        }
    }

    /// A payment with this code is intended.
    pub(super) fn took(&self, code: &PaymentCode) {
        self.senses.codes().take(&hex(code), self.clock.mono());
    }
}

fn product() -> Problem {
    refused(Refusal::Product.words(), Refusal::Product.code())
}

/// Why a code is not charged, in words and as one word that interfaces have a sentence for.
fn refused(what: &str, why: &str) -> Problem {
    field("code", what).with("why", why)
}

/// The fact that says which code it was to whoever has the code, and to nobody else.
pub(super) fn digest_of(operation: OperationId, code: &PaymentCode) -> Fact {
    let evidence = Evidence::default().with(DIGEST, &hex(code)).with("code_wallet", code.brand().code());
    Fact::Payment { operation, fact: PaymentFact::EvidenceNoted { evidence } }
}
