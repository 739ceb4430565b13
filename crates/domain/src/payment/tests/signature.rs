//! The signature that the till must have checked: good, refused and undone, refused and not undone, and a
//! crash at every place in between.

use super::stage::{Case, back, id, outcome, prompt, sek};
use crate::ledger;
use crate::operation::{Kind, Motive, Operation};
use crate::outcome::{Outcome, Reason, Said, Signature};
use crate::payment::{Event, Next, Payment, Refusal, Stage, Verdict, Watch, next};
use crate::prompt::{Answer, Question};

fn asked(case: Case) -> Case {
    case.on(Event::PromptOpened(prompt(1, Question::Signature)))
}

fn signed(case: Case, answer: Answer) -> Case {
    let id = case.payment.prompt.as_ref().unwrap().id;
    case.on(Event::PromptAnswered(id, answer))
}

/// Approved, asked, and the cashier said no.
fn refused() -> Case {
    signed(asked(Case::sale(1, 10_000).awaiting_signature()), Answer::No)
}

fn reversal_of(payment: &Payment) -> Operation {
    Operation { motive: Some(Motive::SignatureRefused), ..back(2, Kind::Reversal, payment, 10_000) }
}

fn what_next(case: &Case) -> Next {
    let limits = crate::payment::RecoveryLimits {
        settling: std::time::Duration::ZERO,
        give_up: std::time::Duration::MAX,
        still_running: std::time::Duration::MAX,
        pauses: &[],
        background: std::time::Duration::MAX,
        remembers: std::time::Duration::MAX,
    };
    next(&case.payment, &Watch::default(), std::time::Duration::ZERO, &limits)
}

#[test]
fn a_good_signature_closes_as_approved() {
    let waiting = Case::sale(1, 10_000).awaiting_signature();
    assert_eq!(*waiting.stage(), Stage::AwaitSignature);
    assert!(waiting.payment.is_open(), "the sale is not paid yet");
    assert_eq!(what_next(&waiting), Next::AskSignature);
    let open = asked(waiting);
    assert_eq!(what_next(&open), Next::Rest);
    let closed = signed(open, Answer::Yes);
    assert_eq!((closed.verdict(), closed.reason()), (Some(Verdict::Approved), None));
    assert!(!closed.payment.closing().unwrap().late);
}

#[test]
fn a_good_signature_under_a_partial_or_late_approval() {
    let case = Case::sale(1, 10_000);
    let partial = Outcome { signature: Signature::Ours, ..outcome(&case.payment, Said::Partial) };
    let closed = signed(asked(case.answered(partial)), Answer::Yes);
    assert_eq!((closed.verdict(), closed.payment.approved()), (Some(Verdict::Partial), sek(5_000)));
    let late = signed(asked(Case::sale(1, 10_000).dropped().awaiting_signature()), Answer::Yes);
    assert!(late.payment.closing().unwrap().late);
}

#[test]
fn a_refused_signature_is_undone_by_a_linked_reversal() {
    let case = refused();
    assert_eq!(*case.stage(), Stage::Reversing(None));
    assert!(case.payment.is_open());
    assert_eq!(what_next(&case), Next::IntendReversal);

    let reversal = Case::of(reversal_of(&case.payment));
    let case = case.on(Event::ReversalIntended(reversal.payment.id()));
    assert_eq!(*case.stage(), Stage::Reversing(Some(id(2))));
    assert_eq!(what_next(&case), Next::Rest);
    assert_eq!(case.refusal(Event::ReversalIntended(id(3))), Refusal::WrongStage, "one reversal at a time");
    assert_eq!(case.refusal(Event::AbortAsked), Refusal::WrongStage);

    let reversal = reversal.sent().told(Said::Approved);
    let case = case.on(Event::ReversalClosed(reversal.verdict().unwrap()));
    assert_eq!((case.verdict(), case.reason()), (Some(Verdict::Cancelled), Some(Reason::SignatureRefused)));
    assert_eq!(
        ledger::total([&case.payment, &reversal.payment].into_iter()),
        0,
        "the customer paid nothing"
    );
    assert_eq!(case.refusal(Event::ReversalClosed(Verdict::Approved)), Refusal::WrongStage, "closed once");
}

#[test]
fn a_reversal_that_the_terminal_declines_leaves_the_payment() {
    for (said, left) in [(Said::Declined, 10_000), (Said::Cancelled, 10_000), (Said::Partial, 5_000)] {
        let case = refused();
        let reversal = Case::of(reversal_of(&case.payment)).sent().told(said);
        let case = case.on(Event::ReversalIntended(id(2)));
        let case = case.on(Event::ReversalClosed(reversal.verdict().unwrap()));
        assert_eq!(
            (case.verdict(), case.reason()),
            (Some(Verdict::Approved), Some(Reason::ReversalFailed))
        );
        let total = ledger::total([&case.payment, &reversal.payment].into_iter());
        assert_eq!(total, left, "what did not go back is still taken: {said:?}");
    }
}

#[test]
fn a_reversal_that_never_happened_asks_again() {
    let case = refused().on(Event::ReversalIntended(id(2))).on(Event::ReversalClosed(Verdict::NotCharged));
    assert_eq!(*case.stage(), Stage::AwaitSignature);
    assert!(!case.payment.signature_refused);
    let good = signed(asked(case.clone()), Answer::Yes);
    assert_eq!(good.verdict(), Some(Verdict::Approved));
    let again = signed(asked(case), Answer::No).on(Event::ReversalIntended(id(3)));
    assert_eq!(*again.stage(), Stage::Reversing(Some(id(3))), "a new reversal with its own intent");
}

#[test]
fn a_crash_finds_the_signature_unchecked_and_asks_again() {
    let open = asked(Case::sale(1, 10_000).awaiting_signature());
    let old = open.payment.prompt.as_ref().unwrap().id;
    let restarted = open.on(Event::Restarted);
    assert_eq!(*restarted.stage(), Stage::AwaitSignature);
    assert_eq!(restarted.payment.prompt, None);
    assert!(!restarted.payment.signature_refused, "a crash is no refusal");
    assert_eq!(restarted.refusal(Event::PromptAnswered(old, Answer::No)), Refusal::StalePrompt);
    assert_eq!(what_next(&restarted), Next::AskSignature);

    let nothing_open = Case::sale(1, 10_000).awaiting_signature();
    let count = nothing_open.facts.len();
    assert!(nothing_open.on(Event::Restarted).facts_from(count).is_empty());
}

#[test]
fn a_crash_between_refusal_and_reversal_goes_on_with_the_reversal() {
    let case = refused().on(Event::Restarted);
    assert_eq!(what_next(&case), Next::IntendReversal);
    let linked = refused().on(Event::ReversalIntended(id(2))).on(Event::Restarted);
    assert_eq!(*linked.stage(), Stage::Reversing(Some(id(2))));
}

#[test]
fn what_arrives_while_the_signature_waits() {
    let waiting = Case::sale(1, 10_000).awaiting_signature();
    let same = outcome(&waiting.payment, Said::Approved);
    assert_eq!(waiting.clone().found(same).payment, waiting.payment, "a repetition is harmless");

    let declined = outcome(&waiting.payment, Said::Declined);
    let contradicted = waiting.found(declined);
    assert_eq!(*contradicted.stage(), Stage::AwaitSignature);
    assert!(contradicted.payment.attention.is_some());
    for event in [Event::AcceptLate, Event::GiveBack(id(5)), Event::GivenBack(Verdict::Approved)] {
        assert_eq!(contradicted.refusal(event), Refusal::WrongStage, "its own end comes first");
    }
    let signed = signed(asked(contradicted), Answer::Yes);
    assert_eq!(signed.verdict(), Some(Verdict::Approved));
    let accepted = signed.on(Event::AcceptLate);
    assert_eq!(accepted.verdict(), Some(Verdict::Declined), "after that a person may accept it");
    assert_eq!(ledger::moved(&accepted.payment), 0);
}

#[test]
fn a_contradiction_while_reversing_waits_for_the_reversal() {
    let case = refused().on(Event::ReversalIntended(id(2)));
    let declined = outcome(&case.payment, Said::Declined);
    let case = case.found(declined);
    assert_eq!(case.refusal(Event::AcceptLate), Refusal::WrongStage);
    assert_eq!(*case.stage(), Stage::Reversing(Some(id(2))));
    let case = case.on(Event::ReversalClosed(Verdict::Approved));
    assert_eq!(case.verdict(), Some(Verdict::Cancelled));
}

#[test]
fn an_undone_payment_that_the_provider_calls_cancelled_is_no_contradiction() {
    let case = refused().on(Event::ReversalIntended(id(2))).on(Event::ReversalClosed(Verdict::Approved));
    for said in [Said::Cancelled, Said::Declined, Said::Approved] {
        let told = outcome(&case.payment, said);
        assert_eq!(case.clone().found(told).payment, case.payment, "{said:?}");
    }
}

#[test]
fn a_refund_s_signature_is_checked_and_a_reversal_s_is_not() {
    let original = super::stage::approved(1, 10_000);
    let refund = Case::of(back(3, Kind::Refund, &original, 10_000)).sent().awaiting_signature();
    assert_eq!(*refund.stage(), Stage::AwaitSignature);
    let refund = signed(asked(refund), Answer::No).on(Event::ReversalIntended(id(4)));
    let undo = Operation {
        motive: Some(Motive::SignatureRefused),
        ..back(4, Kind::Reversal, &refund.payment, 10_000)
    };
    let undo = Case::of(undo).sent().told(Said::Approved);
    let refund = refund.on(Event::ReversalClosed(Verdict::Approved));
    let payments = [&original, &refund.payment, &undo.payment];
    assert_eq!(ledger::total(payments.into_iter()), 10_000, "the refund was undone, the sale stands");

    let reversal = Case::of(back(5, Kind::Reversal, &original, 10_000)).sent().awaiting_signature();
    assert_eq!(reversal.verdict(), Some(Verdict::Approved), "a reversal cannot be reversed");
}
