//! What a fact is to the store: its body, and whether money hangs on it.

use crate::Record;
use domain::journal::Fact;
use domain::payment::PaymentFact;

/// The fact's body as JSON, in one pass: half of an append's work otherwise. Keys come in the order of their
/// declaration; decoding does not care, and the hash covers what is stored.
pub(crate) fn body(fact: &Fact) -> String {
    let before = format!("{{\"kind\":\"{}\",\"body\":", fact.kind());
    let whole = serde_json::to_string(fact).unwrap_or_default();
    match whole.strip_prefix(&before).and_then(|rest| rest.strip_suffix('}')) {
        Some(body) => body.to_owned(),
        None => fact.body(),
    }
}

/// Whether a request that moves money may leave once this is on disk.
pub(crate) fn asks_for_money(fact: &Fact) -> bool {
    match fact {
        Fact::Payment { fact, .. } => {
            matches!(fact, PaymentFact::Intended { .. } | PaymentFact::ReferenceReserved { .. })
        }
        Fact::Installed { .. }
        | Fact::Started { .. }
        | Fact::Sale { .. }
        | Fact::Terminal { .. }
        | Fact::Unblocked { .. }
        | Fact::Unclaimed { .. }
        | Fact::ReceiptStored { .. }
        | Fact::Staff { .. }
        | Fact::Acted { .. }
        | Fact::Shift { .. }
        | Fact::Paper { .. }
        | Fact::DayClosed { .. } => false,
    }
}

/// Whether losing this would lose what is known about money: what a terminal said, or that nothing left.
pub(crate) fn brings_outcome(records: &[Record]) -> bool {
    records.iter().any(|record| match &record.fact {
        Fact::Unclaimed { .. } => true,
        Fact::Payment { fact, .. } => matches!(
            fact,
            PaymentFact::Settled { .. }
                | PaymentFact::SignatureAwaited { .. }
                | PaymentFact::OutcomeMismatched { .. }
                | PaymentFact::AttentionRaised { .. }
                | PaymentFact::BecameUnknown { .. }
                | PaymentFact::ReferenceNotStarted { .. }
        ),
        Fact::Installed { .. }
        | Fact::Started { .. }
        | Fact::Sale { .. }
        | Fact::Terminal { .. }
        | Fact::Unblocked { .. }
        | Fact::ReceiptStored { .. }
        | Fact::Staff { .. }
        | Fact::Acted { .. }
        | Fact::Shift { .. }
        | Fact::Paper { .. }
        | Fact::DayClosed { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{Seed, TerminalId, TextId};
    use domain::receipt::TextRef;

    #[test]
    fn a_body_in_one_pass_means_the_same() {
        let seed = Seed { at: jiff::Timestamp::UNIX_EPOCH, random: [1; 10] };
        let person = TextRef::of(TextId::of(&seed), "Åsa");
        let terminal = TerminalId("desk \"1\"}".to_owned());
        let fact = Fact::Unblocked { terminal, operations: Vec::new(), person, reason: "q}".to_owned() };
        let body = body(&fact);
        assert!(body.starts_with("{\"terminal\":"), "as declared: {body}");
        assert_ne!(body, fact.body(), "the keys of the other one are sorted");
        assert_eq!(Fact::decode(fact.kind(), Fact::VERSION, &body), Ok(fact));
    }
}
