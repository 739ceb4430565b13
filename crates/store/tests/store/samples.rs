//! One fact of every kind, the same ones that are frozen in `testdata/facts`. Shared with the examples.
//!
//! Invariant: [`name`] matches exhaustively, so a new kind does not compile before it has a name here, and a
//! name without a frozen file fails a test.

#[path = "retail.rs"]
mod retail;

pub use retail::RETAIL;

use domain::ids::{
    InstallationId, OperationId, PromptId, ReceiptId, Reference, SaleId, Seed, TerminalId, TextId,
};
use domain::journal::Fact;
use domain::money::{Currency, Money};
use domain::operation::{Kind, Method, Motive, Operation, Original, Step};
use domain::outcome::{Echo, Evidence, Instrument, Outcome, Reason, Said};
use domain::payment::{AttentionEnd, ByHand, Closer, Closing, Mismatch, PaymentFact, Verdict};
use domain::prompt::{Answer, Prompt, Question};
use domain::receipt::{Copy, StoredReceipt, TextRef};
use domain::sale::SaleFact;
use domain::session::TerminalFact;
use jiff::Timestamp;

/// Every kind of fact, by the name of its frozen file.
pub const NAMES: [&str; 42] = [
    "installed",
    "started",
    "unblocked",
    "unclaimed",
    "receipt_stored",
    "payment.intended",
    "payment.reference_reserved",
    "payment.reference_not_started",
    "payment.evidence_noted",
    "payment.display_shown",
    "payment.abort_asked",
    "payment.prompt_opened",
    "payment.prompt_answered",
    "payment.outcome_mismatched",
    "payment.became_unknown",
    "payment.became_disputed",
    "payment.signature_awaited",
    "payment.signature_checked",
    "payment.reversal_linked",
    "payment.signature_reopened",
    "payment.settled",
    "payment.decided_by_hand",
    "payment.attention_raised",
    "payment.give_back_linked",
    "payment.attention_settled",
    "sale.opened",
    "sale.tendered",
    "sale.completed",
    "sale.voided",
    "terminal.session_opening",
    "terminal.session_opened",
    "terminal.session_lost",
    "terminal.session_closed",
    "terminal.address_proposed",
    "terminal.address_confirmed",
    "terminal.address_refused",
    "payment.intended.refund",
    "payment.settled.by_judgement",
    "terminal.last_wanted",
    "terminal.last_asked",
    "terminal.configured",
    "terminal.retired",
];

/// The name of a fact's kind.
pub fn name(fact: &Fact) -> &'static str {
    match fact {
        Fact::Installed { .. } => NAMES[0],
        Fact::Started { .. } => NAMES[1],
        Fact::Unblocked { .. } => NAMES[2],
        Fact::Unclaimed { .. } => NAMES[3],
        Fact::ReceiptStored { .. } => NAMES[4],
        Fact::Payment { fact, .. } => payment_name(fact),
        Fact::Sale { fact, .. } => match fact {
            SaleFact::Opened { .. } => NAMES[25],
            SaleFact::Tendered { .. } => NAMES[26],
            SaleFact::Completed => NAMES[27],
            SaleFact::Voided => NAMES[28],
            SaleFact::Begun { .. }
            | SaleFact::TakenOver { .. }
            | SaleFact::Changed { .. }
            | SaleFact::Rounded { .. }
            | SaleFact::CashTendered { .. }
            | SaleFact::CashHandedBack { .. }
            | SaleFact::Parked { .. }
            | SaleFact::Recalled
            | SaleFact::Reopened => retail::sale_name(fact).unwrap(),
        },
        Fact::Staff { fact, .. } => retail::staff_name(fact),
        Fact::Shift { fact, .. } => retail::shift_name(fact),
        Fact::Acted { .. } => RETAIL[29],
        Fact::DayClosed { .. } => RETAIL[30],
        Fact::Paper { fact, .. } => retail::paper_name(fact),
        Fact::Terminal { fact, .. } => match fact {
            TerminalFact::SessionOpening => NAMES[29],
            TerminalFact::SessionOpened { .. } => NAMES[30],
            TerminalFact::SessionLost => NAMES[31],
            TerminalFact::SessionClosed { .. } => NAMES[32],
            TerminalFact::AddressProposed { .. } => NAMES[33],
            TerminalFact::AddressConfirmed { .. } => NAMES[34],
            TerminalFact::AddressRefused => NAMES[35],
            TerminalFact::LastWanted => NAMES[38],
            TerminalFact::LastAsked { .. } => NAMES[39],
            TerminalFact::Configured { .. } => NAMES[40],
            TerminalFact::Retired => NAMES[41],
        },
    }
}

fn payment_name(fact: &PaymentFact) -> &'static str {
    match fact {
        PaymentFact::Intended { operation } if operation.original.is_some() => NAMES[36],
        PaymentFact::Intended { .. } => NAMES[5],
        PaymentFact::ReferenceReserved { .. } => NAMES[6],
        PaymentFact::ReferenceNotStarted { .. } => NAMES[7],
        PaymentFact::EvidenceNoted { .. } => NAMES[8],
        PaymentFact::DisplayShown { .. } => NAMES[9],
        PaymentFact::AbortAsked => NAMES[10],
        PaymentFact::PromptOpened { .. } => NAMES[11],
        PaymentFact::PromptAnswered { .. } => NAMES[12],
        PaymentFact::OutcomeMismatched { .. } => NAMES[13],
        PaymentFact::BecameUnknown { .. } => NAMES[14],
        PaymentFact::BecameDisputed { .. } => NAMES[15],
        PaymentFact::SignatureAwaited { .. } => NAMES[16],
        PaymentFact::SignatureChecked { .. } => NAMES[17],
        PaymentFact::ReversalLinked { .. } => NAMES[18],
        PaymentFact::SignatureReopened => NAMES[19],
        PaymentFact::Settled { outcome: None, .. } => NAMES[37],
        PaymentFact::Settled { .. } => NAMES[20],
        PaymentFact::DecidedByHand { .. } => NAMES[21],
        PaymentFact::AttentionRaised { .. } => NAMES[22],
        PaymentFact::GiveBackLinked { .. } => NAMES[23],
        PaymentFact::AttentionSettled { .. } => NAMES[24],
    }
}

/// A point in time: so many seconds into a morning.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + second).unwrap()
}

/// Time and "randomness".
pub fn seed(number: u16) -> Seed {
    let [high, low] = number.to_be_bytes();
    Seed { at: at(i64::from(number)), random: [high, low, 3, 4, 5, 6, 7, 8, high, low] }
}

pub fn money(minor: i64) -> Money {
    Money::new(minor, Currency::parse("SEK").unwrap())
}

pub fn terminal() -> TerminalId {
    TerminalId("desk".to_owned())
}

/// A sale of 12.50.
pub fn operation(number: u16) -> Operation {
    Operation {
        id: OperationId::of(&seed(number)),
        kind: Kind::Sale,
        terminal: terminal(),
        requested: money(1250),
        cash_back: money(0),
        method: Method::Card,
        original: None,
        motive: None,
        sale: Some(SaleId::of(&seed(1))),
        slot: number,
        transaction: Reference(format!("1900000000000{number:05}")),
        label: Some("table 4".to_owned()),
        intended_at: at(i64::from(number)),
    }
}

/// A refund against `original`.
pub fn refund(number: u16, original: u16) -> Operation {
    let evidence = Evidence::default().with("transaction_id", "T-1");
    let original =
        Original { operation: operation(original).id, kind: Kind::Sale, approved: money(1250), evidence };
    let (kind, motive) = (Kind::Refund, Some(Motive::Cashier));
    Operation {
        kind,
        motive,
        original: Some(original),
        sale: None,
        requested: money(500),
        ..operation(number)
    }
}

/// An approval of 12.50 and a tip of 1.00.
pub fn approval() -> Outcome {
    let echo = Echo {
        reference: Some(Reference("1234567890".to_owned())),
        transaction: Some(operation(7).transaction),
        same_terminal: true,
        foreign_original: None,
        amount_implied: false,
    };
    Outcome {
        amount: Some(money(1350)),
        tip: Some(money(100)),
        provider_time: Some(at(60)),
        detail: Some("APPROVED 00".to_owned()),
        evidence: Evidence::default().with("transaction_id", "T-1"),
        instrument: Some(Instrument {
            kind: "card".to_owned(),
            brand: Some("Visa".to_owned()),
            number: Some("411111******1111".to_owned()),
            entry: Some("contactless".to_owned()),
        }),
        ..Outcome::bare(Said::Approved, echo)
    }
}

pub fn closing() -> Closing {
    Closing { verdict: Verdict::Approved, by: Closer::Provider, reason: None, detail: None, late: false }
}

/// A person's name as erasable text.
pub fn person() -> (TextRef, String) {
    let text = "Åsa Öberg".to_owned();
    (TextRef::of(TextId::of(&seed(900)), &text), text)
}

pub fn receipt(number: u16, payment: u16, text: &str) -> StoredReceipt {
    StoredReceipt {
        id: ReceiptId::of(&seed(number)),
        operation: operation(payment).id,
        copy: Copy::Merchant,
        to_sign: true,
        practice: false,
        at: at(i64::from(number)),
        text: TextRef::of(TextId::of(&seed(number)), text),
    }
}

/// One of every kind about one payment.
pub fn payment_facts() -> Vec<PaymentFact> {
    let prompt = PromptId::of(&seed(11));
    let outcome = Box::new(approval());
    let decision = ByHand {
        verdict: Verdict::Approved,
        person: person().0,
        reason: "seen on the terminal's roll".to_owned(),
        provider_reference: Some("T-1".to_owned()),
    };
    let judged = Closing {
        verdict: Verdict::NotCharged,
        by: Closer::Judged(domain::outcome::Fence::Enquiries(3)),
        reason: Some(Reason::NeverSeen),
        detail: Some("never seen".to_owned()),
        late: true,
    };
    let reference = Reference("1234567890".to_owned());
    vec![
        PaymentFact::Intended { operation: Box::new(operation(7)) },
        PaymentFact::Intended { operation: Box::new(refund(7, 6)) },
        PaymentFact::ReferenceReserved {
            reference: reference.clone(),
            step: Step::First,
            session: Some("9".to_owned()),
        },
        PaymentFact::ReferenceNotStarted { reference },
        PaymentFact::EvidenceNoted { evidence: Evidence::default().with("order", "O-9") },
        PaymentFact::DisplayShown { text: "Sätt i kort".to_owned() },
        PaymentFact::AbortAsked,
        PaymentFact::PromptOpened {
            prompt: Prompt { id: prompt, question: Question::Signature, text: "OK?".to_owned() },
        },
        PaymentFact::PromptAnswered { prompt, answer: Answer::Yes },
        PaymentFact::OutcomeMismatched { outcome: outcome.clone(), mismatch: vec![Mismatch::Amount] },
        PaymentFact::BecameUnknown { reason: Reason::AnswerLost, detail: "reset by peer".to_owned() },
        PaymentFact::BecameDisputed { reason: Reason::Other("E77".to_owned()) },
        PaymentFact::SignatureAwaited { outcome: outcome.clone() },
        PaymentFact::SignatureChecked { good: false },
        PaymentFact::ReversalLinked { reversal: OperationId::of(&seed(8)) },
        PaymentFact::SignatureReopened,
        PaymentFact::Settled { closing: closing(), outcome: Some(outcome.clone()) },
        PaymentFact::Settled { closing: judged, outcome: None },
        PaymentFact::DecidedByHand { decision },
        PaymentFact::AttentionRaised { outcome },
        PaymentFact::GiveBackLinked { operation: OperationId::of(&seed(9)) },
        PaymentFact::AttentionSettled { end: AttentionEnd::Accepted },
    ]
}

/// One of every kind about one sale.
pub fn sale_facts() -> Vec<SaleFact> {
    let operation = operation(7).id;
    let mut facts = vec![
        SaleFact::Opened { total: money(1250) },
        SaleFact::Tendered { slot: 7, operation },
        SaleFact::Completed,
        SaleFact::Voided,
    ];
    facts.extend(retail::sale_facts());
    facts
}

/// One of every kind about one terminal.
pub fn terminal_facts() -> Vec<TerminalFact> {
    let address = || "http://192.0.2.9:11000".to_owned();
    vec![
        TerminalFact::SessionOpening,
        TerminalFact::SessionOpened {
            session: "9".to_owned(),
            skew_ms: Some(-1500),
            serial: Some("SN1".to_owned()),
            software: None,
        },
        TerminalFact::SessionLost,
        TerminalFact::SessionClosed { maintenance: true },
        TerminalFact::AddressProposed { address: address() },
        TerminalFact::AddressConfirmed { address: address() },
        TerminalFact::AddressRefused,
        TerminalFact::LastWanted,
        TerminalFact::LastAsked { named: vec![Reference("1234567890".to_owned())] },
        TerminalFact::Configured { settings: "5f".repeat(32), login: "0a".repeat(32) },
        TerminalFact::Retired,
    ]
}

/// One of every kind, in a sensible order.
pub fn samples() -> Vec<Fact> {
    let installation = InstallationId::of(&seed(2));
    let before = InstallationId::of(&seed(3));
    let mut facts = vec![
        Fact::Installed { installation, restored_from: Some(before) },
        Fact::Started { version: "0.1.0".to_owned() },
    ];
    facts.extend(terminal_facts().into_iter().map(|fact| Fact::Terminal { terminal: terminal(), fact }));
    let sale = SaleId::of(&seed(1));
    facts.extend(sale_facts().into_iter().map(|fact| Fact::Sale { sale, fact }));
    let operation = operation(7).id;
    facts.extend(payment_facts().into_iter().map(|fact| Fact::Payment { operation, fact }));
    facts.extend(retail::facts());
    facts.extend([
        Fact::Unblocked {
            terminal: terminal(),
            operations: vec![operation],
            person: person().0,
            reason: "queue".to_owned(),
        },
        Fact::Unclaimed { terminal: terminal(), outcome: Box::new(approval()) },
        Fact::ReceiptStored { receipt: receipt(30, 7, "Corner Shop\nTOTAL 13,50 SEK") },
    ]);
    facts
}
