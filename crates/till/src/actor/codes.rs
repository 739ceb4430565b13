//! Codes that customers show: taken once, held in memory until the driver has them.
//!
//! Invariant: a code is never written down, only its digest; what is no payment code is sent to nobody.

use super::Actor;
use super::money::{Wanted, field};
use crate::api::{Problem, TypedSecret};
use crate::limits;
use domain::ids::OperationId;
use domain::journal::Fact;
use domain::outcome::Evidence;
use domain::payment::{Mono, Payment, PaymentFact};
use domain::wallet::{PaymentCode, Scan, recognise};
use std::fmt::Write;
use terminals::capabilities::Code;

/// The name of a code's digest among the evidence.
const DIGEST: &str = "code_digest";

/// What is told of a code that the camera saw and the till does not have.
const GONE: &str = "was seen too long ago: the customer must show it to the camera again";

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
        let text = match (shown.code, shown.seen) {
            (None, None) => return Ok(None),
            (Some(TypedSecret(text)), None) => text,
            (None, Some(_)) => return Err(refused(GONE, "gone")),
            (Some(_), Some(_)) => return Err(field("code", "came twice, from camera and scanner")),
        };
        let can = self.fleet.slot(&wanted.terminal)?.capabilities();
        // Whoever practises may practise this, too.
        if !matches!(can.code, Code::Customer | Code::Either) && !can.practice_only {
            return Err(refused("cannot be charged: this terminal takes no codes of customers", "not_here"));
        }
        let code = match recognise(&text) {
            Scan::Payment(code) => code,
            Scan::Refused(refusal) => return Err(refused(refusal.words(), refusal.code())),
        };
        let (digest, now) = (hex(&code), self.clock.mono());
        let is_fresh = |at: Mono| now.saturating_sub(at) < limits::CODE_KEPT;
        if self.state.codes.iter().any(|(at, known)| *known == digest && is_fresh(*at)) {
            return Err(refused("was taken already: the customer must show a new one", "used"));
        }
        Ok(Some(code))
    }

    /// A payment of an earlier run may have had a code: where that was a short while ago, it counts as taken
    /// now.
    pub(super) fn remember_code(&mut self, payment: &Payment) {
        let Some(digest) = payment.evidence.get(DIGEST) else { return };
        let age = self.clock.now().duration_since(payment.operation.intended_at).unsigned_abs();
        if age < limits::CODE_KEPT {
            self.state.codes.push((self.clock.mono(), digest.to_owned()));
        }
    }

    /// A payment with this code is intended.
    pub(super) fn took(&mut self, code: &PaymentCode) {
        let now = self.clock.mono();
        self.state.codes.retain(|(at, _)| now.saturating_sub(*at) < limits::CODE_KEPT);
        self.state.codes.push((now, hex(code)));
    }
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

fn hex(code: &PaymentCode) -> String {
    let mut hex = String::new();
    for byte in code.digest() {
        // Writing into a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
