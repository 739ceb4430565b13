//! A stage for payments: operations, outcomes, and a case that lives through events.
//!
//! Invariant: nothing here knows a rule; the tests alone say what is expected.

use crate::ids::{OperationId, PromptId, Reference, SaleId, Seed, TerminalId, TextId};
use crate::journal::Fact;
use crate::money::{Currency, Money};
use crate::operation::{Kind, Method, Motive, Operation, Original, Step};
use crate::outcome::{Echo, Evidence, Fence, Outcome, Reason, Recovered, Said, Signature};
use crate::payment::{
    ByHand, Context, Event, Payment, PaymentFact, Refusal, Source, Stage, Verdict, decide,
};
use crate::prompt::{Prompt, Question};
use crate::receipt::TextRef;
use jiff::{SignedDuration, Timestamp};

/// The time at which everything is intended.
pub(crate) fn noon() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}
/// So many seconds after noon.
pub(crate) fn after(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}
pub(crate) fn seed(number: u8) -> Seed {
    Seed { at: noon(), random: [number; 10] }
}
pub(crate) fn id(number: u8) -> OperationId {
    OperationId::of(&seed(number))
}
pub(crate) fn sek(minor: i64) -> Money {
    Money::new(minor, Currency::parse("SEK").unwrap())
}
pub(crate) fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap())
}
pub(crate) fn reference(number: usize) -> Reference {
    Reference(format!("900{number}"))
}
pub(crate) fn terminal(name: &str) -> TerminalId {
    TerminalId(name.to_owned())
}
pub(crate) fn the_sale() -> SaleId {
    SaleId::of(&seed(250))
}

/// An operation on the terminal "desk" for the one sale.
pub(crate) fn operation(number: u8, kind: Kind, minor: i64) -> Operation {
    Operation {
        id: id(number),
        kind,
        terminal: terminal("desk"),
        requested: sek(minor),
        cash_back: sek(0),
        method: Method::Any,
        original: None,
        motive: (kind != Kind::Sale).then_some(Motive::Cashier),
        sale: (kind == Kind::Sale).then(the_sale),
        slot: u16::from(number),
        transaction: Reference(format!("1234567890123{number:05}")),
        label: None,
        intended_at: noon(),
    }
}

/// A refund or reversal of this payment.
pub(crate) fn back(number: u8, kind: Kind, original: &Payment, minor: i64) -> Operation {
    let original = Original {
        operation: original.id(),
        kind: original.operation.kind,
        approved: original.approved(),
        evidence: original.evidence.clone(),
    };
    Operation { original: Some(original), ..operation(number, kind, minor) }
}

/// A final word about the payment that matches it: newest reference, the whole amount.
pub(crate) fn outcome(payment: &Payment, said: Said) -> Outcome {
    let echo = Echo {
        reference: payment.newest_sent().map(|sent| sent.reference.clone()),
        transaction: Some(payment.operation.transaction.clone()),
        same_terminal: true,
        foreign_original: None,
        amount_implied: false,
    };
    let mut outcome = Outcome::bare(said, echo);
    outcome.provider_time = Some(after(5));
    outcome.evidence = Evidence::default().with("approval_code", "A1");
    let requested = payment.operation.requested;
    match said {
        Said::Approved => {
            outcome.amount = Some(requested);
            let cash_back = payment.operation.cash_back;
            outcome.cash_back = (!cash_back.is_zero()).then_some(cash_back);
        }
        Said::Partial => outcome.amount = Some(sek(requested.minor / 2)),
        Said::Declined => outcome.reason = Some(Reason::Refused),
        Said::Cancelled => outcome.reason = Some(Reason::CustomerCancelled),
    }
    outcome
}

/// A named person's word.
pub(crate) fn by_hand(verdict: Verdict) -> ByHand {
    ByHand {
        verdict,
        person: TextRef::of(TextId::of(&seed(9)), "Ann"),
        reason: "seen on the terminal".to_owned(),
        provider_reference: verdict.moved_money().then(|| "R77".to_owned()),
    }
}

pub(crate) fn prompt(number: u8, question: Question) -> Prompt {
    Prompt { id: PromptId::of(&seed(number)), question, text: "?".to_owned() }
}

/// One payment that lives through events.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Where it stands.
    pub(crate) payment: Payment,
    /// Everything that was written down.
    pub(crate) facts: Vec<(PaymentFact, Timestamp)>,
    /// What deciding knows beside it.
    pub(crate) context: Context,
}

impl Case {
    pub(crate) fn of(operation: Operation) -> Self {
        let intended = PaymentFact::Intended { operation: Box::new(operation.clone()) };
        let payment = Payment::intended(operation, noon());
        let context = Context { skew_ms: Some(0) };
        Self { payment, facts: vec![(intended, noon())], context }
    }
    /// A sale whose first request may be on the wire.
    pub(crate) fn sale(number: u8, minor: i64) -> Self {
        Self::of(operation(number, Kind::Sale, minor)).sent()
    }

    /// Decides and evolves; a refusal changes nothing.
    pub(crate) fn happen(&mut self, event: Event) -> Result<(), Refusal> {
        let before = self.payment.clone();
        let facts = decide(&self.payment, event, &self.context)?;
        for fact in facts {
            let at = after(i64::try_from(self.facts.len()).unwrap());
            assert_survives_the_journal(&self.payment, &fact);
            self.payment = self.payment.clone().evolve(&fact, at);
            self.facts.push((fact, at));
        }
        assert_eq!(replayed(&self.facts), self.payment, "replay differs from life");
        assert!(before.is_open() || !self.payment.is_open(), "a closed payment opened again");
        let text = serde_json::to_string(&self.payment).unwrap();
        assert_eq!(serde_json::from_str::<Payment>(&text).unwrap(), self.payment);
        Ok(())
    }
    /// As [`Case::happen`], for events that are not refused.
    #[must_use]
    pub(crate) fn on(mut self, event: Event) -> Self {
        if let Err(refusal) = self.happen(event.clone()) {
            panic!("{event:?} is refused at {:?}: {refusal}", self.payment.stage);
        }
        self
    }
    /// Why this event is refused; the state stays as it is.
    pub(crate) fn refusal(&self, event: Event) -> Refusal {
        let mut case = self.clone();
        let refusal = case.happen(event).expect_err("it is not refused");
        assert_eq!(case.payment, self.payment);
        refusal
    }
    #[must_use]
    pub(crate) fn sent(self) -> Self {
        let number = self.payment.sent.len() + 1;
        let step = if number == 1 { Step::First } else { Step::Resend };
        let session = Some("s1".to_owned());
        self.on(Event::Reserve { reference: reference(number), step, session })
    }
    /// The answer to our own request.
    #[must_use]
    pub(crate) fn told(self, said: Said) -> Self {
        let outcome = outcome(&self.payment, said);
        self.answered(outcome)
    }
    #[must_use]
    pub(crate) fn answered(self, outcome: Outcome) -> Self {
        self.on(Event::Outcome(Box::new(outcome), Source::Performed))
    }
    #[must_use]
    pub(crate) fn dropped(self) -> Self {
        self.on(Event::Dropped(Reason::DeadlinePassed))
    }
    #[must_use]
    pub(crate) fn disputed(self) -> Self {
        self.dropped().on(Event::GiveUp(Reason::NoAnswer))
    }
    /// An enquiry found this outcome.
    #[must_use]
    pub(crate) fn found(self, outcome: Outcome) -> Self {
        self.recovered(Recovered::Settled(Box::new(outcome)), true)
    }
    #[must_use]
    pub(crate) fn recovered(self, found: Recovered, settled: bool) -> Self {
        self.on(Event::Recovered { found, settled })
    }
    /// Closed as not charged by judgement.
    #[must_use]
    pub(crate) fn judged(self) -> Self {
        self.dropped().recovered(Recovered::NeverSeen(Fence::SameSession), true)
    }
    /// Approved, and the signature is ours to check.
    #[must_use]
    pub(crate) fn awaiting_signature(self) -> Self {
        let outcome = Outcome { signature: Signature::Ours, ..outcome(&self.payment, Said::Approved) };
        self.answered(outcome)
    }
    /// What was written down by the newest events, from this fact on.
    pub(crate) fn facts_from(&self, first: usize) -> Vec<&PaymentFact> {
        self.facts.iter().skip(first).map(|(fact, _)| fact).collect()
    }
    pub(crate) fn stage(&self) -> &Stage {
        &self.payment.stage
    }
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        self.payment.verdict()
    }
    pub(crate) fn reason(&self) -> Option<Reason> {
        self.payment.reason()
    }
}

/// A sale that was approved as asked.
pub(crate) fn approved(number: u8, minor: i64) -> Payment {
    Case::sale(number, minor).told(Said::Approved).payment
}

/// Money back that ended so.
pub(crate) fn gone_back(operation: Operation, said: Said) -> Payment {
    Case::of(operation).sent().told(said).payment
}

/// The state that a start makes of these facts.
pub(crate) fn replayed(facts: &[(PaymentFact, Timestamp)]) -> Payment {
    let Some((PaymentFact::Intended { operation }, at)) = facts.first() else {
        panic!("a payment begins with its intent")
    };
    let intended = Payment::intended((**operation).clone(), *at);
    facts.iter().skip(1).fold(intended, |payment, (fact, at)| payment.evolve(fact, *at))
}

fn assert_survives_the_journal(payment: &Payment, fact: &PaymentFact) {
    let fact = Fact::Payment { operation: payment.id(), fact: fact.clone() };
    let read = Fact::decode(fact.kind(), Fact::VERSION, &fact.body());
    assert_eq!(read.as_ref(), Ok(&fact));
}
