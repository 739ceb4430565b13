//! Replay equals life (checked by every [`super::stage::Case::happen`]); every fact and state survives the
//! journal; what the journal cannot read is said, not guessed.

use super::stage::{Case, approved, by_hand, id, noon, operation, outcome, prompt, seed, terminal};
use crate::basket::{BasketFact, Discount, Product, Quantity, Unit};
use crate::ids::{InstallationId, PaperId, ReceiptId, ShiftId, StaffId, TextId};
use crate::journal::Fact;
use crate::operation::{Kind, Step};
use crate::outcome::{Evidence, Fence, Instrument, Outcome, Reason, Said};
use crate::paper::PaperFact;
use crate::payment::{
    AttentionEnd, Closer, Closing, Event, Mismatch, Payment, PaymentFact, Stage, Verdict,
};
use crate::prompt::{Answer, Question};
use crate::receipt::{Copy, Receipt, StoredReceipt, TextRef};
use crate::report::{Books, Report};
use crate::sale::{Sale, SaleFact};
use crate::session::TerminalFact;
use crate::shift::{Coins, ShiftFact, Way};
use crate::staff::{Act, Acted, Role, StaffFact};
use crate::tax::VatRate;
use crate::tender::CashTender;

fn receipt() -> Receipt {
    Receipt { copy: Copy::Customer, lines: vec!["12.50".into()], to_sign: false, readable: true }
}

fn full_outcome() -> Outcome {
    let payment = Case::sale(1, 10_000).payment;
    let mut outcome = outcome(&payment, Said::Approved);
    outcome.tip = Some(super::stage::sek(100));
    outcome.cash_back = Some(super::stage::sek(200));
    outcome.foreign_currency = Some("XBT".into());
    outcome.detail = Some("\"ö\"\n".into());
    outcome.echo.foreign_original = Some("7".into());
    outcome.instrument =
        Some(Instrument { kind: "card".into(), brand: Some("V".into()), ..Instrument::default() });
    outcome
}

fn payment_facts() -> Vec<PaymentFact> {
    let (reference, outcome) = (super::stage::reference(1), Box::new(full_outcome()));
    let (prompt, evidence) =
        (prompt(1, Question::Menu { entries: vec!["a".into()] }), Evidence::default().with("a", "b"));
    let closings = [
        Closer::Provider,
        Closer::NothingSent,
        Closer::NotStarted,
        Closer::Judged(Fence::Enquiries(3)),
        Closer::Judged(Fence::CancelConfirmed),
        Closer::Judged(Fence::SameSessionAfter(super::stage::reference(3))),
        Closer::Judged(Fence::SameSessionSince(super::stage::reference(3))),
        Closer::Person,
    ];
    let settled = closings.map(|by| PaymentFact::Settled {
        closing: Closing {
            verdict: Verdict::NotCharged,
            by,
            reason: Some(Reason::Other("E7".into())),
            detail: Some("x".into()),
            late: true,
        },
        outcome: Some(outcome.clone()),
    });
    let steps = [Step::First, Step::Resend, Step::Cancel].map(|step| PaymentFact::ReferenceReserved {
        reference: reference.clone(),
        step,
        session: Some("s".into()),
    });
    let answers =
        [Answer::Yes, Answer::No, Answer::Typed("x".into()), Answer::Chosen(3), Answer::NoDialogue]
            .map(|answer| PaymentFact::PromptAnswered { prompt: prompt.id, answer });
    let original = approved(3, 500);
    let refund = super::stage::back(2, Kind::Refund, &original, 500);
    let mut facts = vec![
        PaymentFact::Intended { operation: Box::new(refund) },
        PaymentFact::ReferenceNotStarted { reference },
        PaymentFact::EvidenceNoted { evidence },
        PaymentFact::DisplayShown { text: "Insert card".into() },
        PaymentFact::AbortAsked,
        PaymentFact::PromptOpened { prompt },
        PaymentFact::OutcomeMismatched {
            outcome: outcome.clone(),
            mismatch: vec![Mismatch::Amount, Mismatch::Time],
        },
        PaymentFact::BecameUnknown { reason: Reason::AnswerLost, detail: "x".into() },
        PaymentFact::BecameDisputed { reason: Reason::CannotTell },
        PaymentFact::SignatureAwaited { outcome: outcome.clone() },
        PaymentFact::SignatureChecked { good: false },
        PaymentFact::ReversalLinked { reversal: id(2) },
        PaymentFact::SignatureReopened,
        PaymentFact::DecidedByHand { decision: by_hand(Verdict::Approved) },
        PaymentFact::AttentionRaised { outcome },
        PaymentFact::GiveBackLinked { operation: id(3) },
        PaymentFact::AttentionSettled { end: AttentionEnd::Accepted },
        PaymentFact::AttentionSettled { end: AttentionEnd::GivenBack },
    ];
    facts.extend(settled.into_iter().chain(steps).chain(answers));
    facts
}

fn retail_sales() -> Vec<SaleFact> {
    let sek = super::stage::sek;
    let by = StaffId::of(&seed(5));
    let (line, quantity) = (1, Quantity::thousandths(-1_250).unwrap());
    let product = Product {
        sku: Some("7".into()),
        name: "Äpple".into(),
        price: sek(2_990),
        vat: VatRate::new(1200).unwrap(),
        unit: Unit::Kilogram,
    };
    let cash = CashTender { amount: sek(400), given: sek(500), change: sek(100), rounding: sek(-49) };
    let of_lines = [
        BasketFact::LineAdded { line, product: Box::new(product), quantity },
        BasketFact::LineQuantified { line, quantity },
        BasketFact::LinePriced { line, price: sek(5) },
        BasketFact::LineDiscounted { line, discount: Some(Discount::Amount(sek(5))) },
        BasketFact::LineDiscounted { line, discount: None },
        BasketFact::LineRemoved { line },
        BasketFact::LineRestored { line },
        BasketFact::Discounted { discount: Some(Discount::Percent(1_000)) },
    ];
    let mut facts = vec![
        SaleFact::Begun { currency: sek(0).currency, by },
        SaleFact::TakenOver { by },
        SaleFact::Rounded { by: sek(-49) },
        SaleFact::CashTendered { slot: 2, cash },
        SaleFact::CashHandedBack { slot: 2 },
        SaleFact::Parked { label: Some("green coat".into()) },
        SaleFact::Recalled,
    ];
    facts.extend(of_lines.map(|fact| SaleFact::Changed { fact }));
    facts
}

fn retail_facts() -> Vec<Fact> {
    let sek = super::stage::sek;
    let (staff, text) = (StaffId::of(&seed(5)), TextRef::of(TextId::of(&seed(4)), "text"));
    let (by, name, pin) = (staff, text.clone(), text);
    let people = [
        StaffFact::Enrolled { name: name.clone(), role: Role::Installer, by: None },
        StaffFact::Renamed { name, by },
        StaffFact::PinSet { pin, by: Some(by) },
        StaffFact::RoleGiven { role: Role::Manager, by },
        StaffFact::Dismissed { by },
        StaffFact::Readmitted { by },
        StaffFact::SignedIn,
        StaffFact::SignedOut,
        StaffFact::Locked,
        StaffFact::PinRefused,
        StaffFact::PinAccepted,
    ];
    let coins = vec![Coins { value: sek(100), pieces: 3 }];
    let shifts = [
        ShiftFact::Opened { by, float: sek(100) },
        ShiftFact::CashMoved { by, way: Way::Out, amount: sek(5), reason: "bank".into() },
        ShiftFact::Counted { by, counted: sek(300), expected: sek(301), coins },
        ShiftFact::Closed { by },
    ];
    let acted = Acted {
        approved_by: Some(by),
        sale: Some(super::stage::the_sale()),
        operation: Some(id(1)),
        amount: Some(sek(5)),
        reason: Some("r".into()),
        ..Acted::bare(Act::Refund, by)
    };
    let report = Books::default().day.report_x(by, noon());
    let mut facts = vec![
        Fact::Acted { acted },
        Fact::DayClosed { report: Box::new(Report { number: Some(1), ..report }) },
        Fact::Paper { paper: PaperId::of(&seed(8)), fact: PaperFact::Wanted },
    ];
    facts.extend(people.map(|fact| Fact::Staff { staff, fact }));
    facts.extend(shifts.map(|fact| Fact::Shift { shift: ShiftId::of(&seed(6)), fact }));
    facts
}

fn other_facts() -> Vec<Fact> {
    let text = TextRef::of(TextId::of(&seed(4)), "text");
    let sale = super::stage::the_sale();
    let sales = [
        SaleFact::Opened { total: super::stage::sek(100) },
        SaleFact::Tendered { slot: 3, operation: id(1) },
        SaleFact::Completed,
        SaleFact::Voided,
    ];
    let sessions = [
        TerminalFact::SessionOpening,
        TerminalFact::SessionOpened {
            session: "7".into(),
            skew_ms: Some(-5),
            serial: None,
            software: Some("S".into()),
        },
        TerminalFact::SessionLost,
        TerminalFact::SessionClosed { maintenance: true },
        TerminalFact::AddressProposed { address: "a".into() },
        TerminalFact::AddressConfirmed { address: "a".into() },
        TerminalFact::AddressRefused,
        TerminalFact::Configured { settings: "5f".repeat(32), login: "0a".repeat(32) },
        TerminalFact::Retired,
    ];
    let mut facts = vec![
        Fact::Installed {
            installation: InstallationId::of(&seed(1)),
            restored_from: Some(InstallationId::of(&seed(2))),
        },
        Fact::Started { version: "1".into() },
        Fact::Unblocked {
            terminal: terminal("desk"),
            operations: vec![id(1), id(2)],
            person: text.clone(),
            reason: "r".into(),
        },
        Fact::Unclaimed { terminal: terminal("desk"), outcome: Box::new(full_outcome()) },
        Fact::ReceiptStored {
            receipt: StoredReceipt {
                id: ReceiptId::of(&seed(1)),
                operation: id(1),
                copy: Copy::Merchant,
                to_sign: true,
                practice: true,
                at: noon(),
                text,
            },
        },
    ];
    facts.extend(sales.into_iter().chain(retail_sales()).map(|fact| Fact::Sale { sale, fact }));
    facts.extend(retail_facts());
    facts.extend(sessions.map(|fact| Fact::Terminal { terminal: terminal("desk"), fact }));
    facts
}

#[test]
fn every_fact_survives_the_journal() {
    let payments = payment_facts().into_iter().map(|fact| Fact::Payment { operation: id(1), fact });
    for fact in payments.chain(other_facts()) {
        let body = fact.body();
        assert_ne!(body, "null");
        assert_eq!(Fact::decode(fact.kind(), Fact::VERSION, &body), Ok(fact.clone()), "{body}");
        let whole = serde_json::to_string(&fact).unwrap();
        assert_eq!(serde_json::from_str::<Fact>(&whole).unwrap(), fact);
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let fact = Fact::Started { version: "1".into() };
    let rows = [
        ("started", 2, fact.body()),
        ("started", 0, fact.body()),
        ("stopped", 1, fact.body()),
        ("payment", 1, fact.body()),
        ("started", 1, "{".to_owned()),
        ("started", 1, "null".to_owned()),
        ("payment", 1, r#"{"operation":"x","fact":"abort_asked"}"#.to_owned()),
    ];
    for (kind, version, body) in rows {
        let unreadable = Fact::decode(kind, version, &body).unwrap_err();
        assert_eq!((unreadable.kind.as_str(), unreadable.version), (kind, version));
    }
}

#[test]
fn only_display_lines_may_wait_for_the_disk() {
    for fact in payment_facts() {
        let is_display = matches!(fact, PaymentFact::DisplayShown { .. });
        let fact = Fact::Payment { operation: id(1), fact };
        assert_eq!(fact.must_be_durable(), !is_display, "{fact:?}");
    }
    for fact in other_facts() {
        assert!(fact.must_be_durable(), "{fact:?}");
    }
}

#[test]
fn receipts_stay_beside_the_journal() {
    let case = Case::sale(1, 10_000);
    let mut told = outcome(&case.payment, Said::Approved);
    told.receipts = vec![receipt()];
    let case = case.answered(told.clone());
    assert!(case.payment.outcome.as_ref().unwrap().receipts.is_empty());
    for (fact, _) in &case.facts {
        let body = Fact::Payment { operation: id(1), fact: fact.clone() }.body();
        assert!(!body.contains("12.50"), "{body}");
    }
    let late = Case::sale(1, 10_000).judged().found(told);
    assert!(late.payment.attention.unwrap().outcome.receipts.is_empty());
}

#[test]
fn every_stage_survives() {
    let stages = [
        Stage::Running,
        Stage::AwaitSignature,
        Stage::Reversing(None),
        Stage::Reversing(Some(id(2))),
        Stage::Unknown(Reason::Restarted),
        Stage::Disputed(Reason::Other("E9".into())),
    ];
    for stage in stages {
        let payment = Payment { stage, ..Payment::intended(operation(1, Kind::Sale, 100), noon()) };
        let text = serde_json::to_string(&payment).unwrap();
        assert_eq!(serde_json::from_str::<Payment>(&text).unwrap(), payment);
    }
    let sale = Sale::opened(super::stage::the_sale(), super::stage::sek(100))
        .evolve(&SaleFact::Tendered { slot: 3, operation: id(1) });
    let text = serde_json::to_string(&sale).unwrap();
    assert_eq!(serde_json::from_str::<Sale>(&text).unwrap(), sale);
}

#[test]
fn facts_that_change_no_stage_keep_it() {
    let case = Case::sale(1, 10_000)
        .on(Event::Show("Insert card".into()))
        .on(Event::Note(Evidence::default().with("a", "1").with("empty", "")))
        .on(Event::Note(Evidence::default().with("a", "2")));
    assert_eq!(*case.stage(), Stage::Running);
    assert_eq!(case.payment.evidence, Evidence::default().with("a", "2"), "the newer value wins");
    assert_eq!(case.payment.changed_at, case.facts.last().unwrap().1);
}

#[test]
fn the_stable_words() {
    let sale = || Case::sale(1, 10_000);
    let rows = [
        (sale(), "running", "unknown"),
        (sale().awaiting_signature(), "await_signature", "unknown"),
        (sale().dropped(), "unknown", "unknown"),
        (sale().disputed(), "disputed", "disputed"),
        (sale().told(Said::Approved), "closed", "approved"),
        (sale().told(Said::Partial), "closed", "partial"),
        (sale().told(Said::Declined), "closed", "declined"),
        (sale().told(Said::Cancelled), "closed", "cancelled"),
        (sale().judged(), "closed", "not_charged"),
    ];
    for (case, state, outcome) in rows {
        assert_eq!((case.payment.state_code(), case.payment.outcome_code()), (state, outcome));
    }
    for code in ["aborted", "use_refund", "reference_in_use", "something new"] {
        assert_eq!(Reason::from(code.to_owned()).code(), code);
    }
}
