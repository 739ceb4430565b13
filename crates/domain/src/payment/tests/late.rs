//! Outcomes that come after the end: offered to a person, accepted or given back, never dropped. In every
//! case the ledger says what the bank holds.

use super::stage::{Case, approved, back, by_hand, euro, id, operation, outcome, sek};
use crate::ledger;
use crate::operation::{Kind, Motive, Operation};
use crate::outcome::{Outcome, Reason, Said};
use crate::payment::{Closer, Event, PaymentFact, Refusal, Verdict};

/// Judged as never seen; then the provider says that it was approved.
fn late() -> Case {
    let case = Case::sale(1, 10_000).judged();
    let told = outcome(&case.payment, Said::Approved);
    case.found(told)
}

fn give_back(number: u8, case: &Case) -> Case {
    let minor = case.payment.late_approval().unwrap().amount.unwrap().minor;
    let operation = back(number, Kind::Reversal, &case.payment, minor);
    Case::of(Operation { motive: Some(Motive::LateApproval), ..operation }).sent()
}

#[test]
fn a_late_approval_is_offered_and_counts_for_the_bank() {
    let case = late();
    assert_eq!(case.verdict(), Some(Verdict::NotCharged), "nothing becomes paid by itself");
    assert_eq!(case.payment.attention.as_ref().unwrap().outcome.amount, Some(sek(10_000)));
    assert!(case.payment.late_approval().is_some());
    assert_eq!(ledger::moved(&case.payment), 10_000);
    let again = outcome(&case.payment, Said::Approved);
    let count = case.facts.len();
    assert!(case.found(again).facts_from(count).is_empty(), "a repetition is harmless");
}

#[test]
fn every_ending_without_money_is_contradicted_by_an_approval() {
    let not_sent = crate::outcome::Fault::not_sent(Reason::ConnectTimeout, "");
    let endings = [
        Case::sale(1, 10_000).told(Said::Declined),
        Case::sale(1, 10_000).told(Said::Cancelled),
        Case::sale(1, 10_000).on(Event::Failed(not_sent)),
        Case::sale(1, 10_000).disputed().on(Event::Decide(by_hand(Verdict::NotCharged))),
    ];
    for case in endings {
        let told = outcome(&case.payment, Said::Approved);
        let case = case.found(told);
        assert_eq!(ledger::moved(&case.payment), 10_000);
        let accepted = case.on(Event::AcceptLate);
        assert_eq!(
            (accepted.verdict(), ledger::moved(&accepted.payment)),
            (Some(Verdict::Approved), 10_000)
        );
    }
}

#[test]
fn accepted_the_payment_is_approved() {
    let case = late().on(Event::AcceptLate);
    let closing = case.payment.closing().unwrap().clone();
    assert_eq!((closing.verdict, closing.by), (Verdict::Approved, Closer::Provider));
    assert!(closing.late);
    assert_eq!((case.payment.approved(), ledger::moved(&case.payment)), (sek(10_000), 10_000));
    assert_eq!(case.payment.evidence.get("approval_code"), Some("A1"), "its ids are known");
    for event in [Event::AcceptLate, Event::GiveBack(id(2)), Event::GivenBack(Verdict::Approved)] {
        assert_eq!(case.refusal(event), Refusal::WrongStage, "it is offered once");
    }
    let told = outcome(&case.payment, Said::Approved);
    assert_eq!(case.clone().found(told).payment, case.payment);
}

#[test]
fn given_back_nothing_is_kept() {
    let case = late();
    let reversal = give_back(2, &case);
    let case = case.on(Event::GiveBack(id(2)));
    assert_eq!(case.refusal(Event::AcceptLate), Refusal::WrongStage, "it is on its way back");
    assert_eq!(case.refusal(Event::GiveBack(id(3))), Refusal::WrongStage, "and goes back once");
    let reversal = reversal.told(Said::Approved);
    let both = |case: &Case| ledger::total([&case.payment, &reversal.payment].into_iter());
    assert_eq!(both(&case), 0, "before the link is told");
    let case = case.on(Event::GivenBack(Verdict::Approved));
    assert_eq!(both(&case), 0, "and after");
    assert_eq!((case.verdict(), case.payment.attention.is_some()), (Some(Verdict::NotCharged), false));

    for said in [Said::Approved, Said::Cancelled, Said::Declined] {
        let told = outcome(&case.payment, said);
        assert_eq!(case.clone().found(told).payment, case.payment, "a repetition is harmless: {said:?}");
    }
}

#[test]
fn a_failed_return_leaves_the_choice() {
    for verdict in [Verdict::Declined, Verdict::Cancelled, Verdict::NotCharged, Verdict::Partial] {
        let case = late().on(Event::GiveBack(id(2))).on(Event::GivenBack(verdict));
        assert!(case.payment.attention.is_some(), "the money is still here");
        assert_eq!(ledger::moved(&case.payment), 10_000);
        let accepted = case.clone().on(Event::AcceptLate);
        assert_eq!(accepted.verdict(), Some(Verdict::Approved));
        let again = case.on(Event::GiveBack(id(3))).on(Event::GivenBack(Verdict::Approved));
        assert!(again.payment.attention.is_none());
    }
}

#[test]
fn giving_back_needs_its_link() {
    assert_eq!(late().refusal(Event::GivenBack(Verdict::Approved)), Refusal::WrongStage);
    assert_eq!(late().refusal(Event::GivenBack(Verdict::Declined)), Refusal::WrongStage);
    let plain = Case::sale(1, 10_000).told(Said::Approved);
    for event in [Event::AcceptLate, Event::GiveBack(id(2)), Event::GivenBack(Verdict::Approved)] {
        assert_eq!(plain.refusal(event), Refusal::WrongStage);
    }
}

#[test]
fn another_contradiction_does_not_lose_what_is_being_given_back() {
    let case = late().on(Event::GiveBack(id(2)));
    let tipped = |case: &Case| Outcome {
        amount: Some(sek(11_000)),
        tip: Some(sek(1_000)),
        ..outcome(&case.payment, Said::Approved)
    };
    let told = tipped(&case);
    let case = case.found(told);
    let attention = case.payment.attention.clone().unwrap();
    assert_eq!(attention.outcome.amount, Some(sek(11_000)), "the newest word");
    assert_eq!(attention.giving_back, Some(id(2)), "and still on its way back");
    assert_eq!(case.refusal(Event::GiveBack(id(3))), Refusal::WrongStage);
}

#[test]
fn an_approval_that_a_person_had_decided_is_compared() {
    let decided = || Case::sale(1, 10_000).disputed().on(Event::Decide(by_hand(Verdict::Approved)));
    assert_eq!(ledger::moved(&decided().payment), 10_000);

    let told = outcome(&decided().payment, Said::Approved);
    let confirmed = decided().found(told.clone());
    assert!(confirmed.payment.attention.is_none());
    assert_eq!(
        confirmed.payment.evidence.get("approval_code"),
        Some("A1"),
        "needed to give it back some day"
    );
    let count = confirmed.facts.len();
    assert!(confirmed.found(told).facts_from(count).is_empty(), "once");

    let tipped = Outcome {
        amount: Some(sek(11_000)),
        tip: Some(sek(1_000)),
        ..outcome(&decided().payment, Said::Approved)
    };
    let case = decided().found(tipped);
    assert_eq!(ledger::moved(&case.payment), 11_000);
    assert_eq!(case.refusal(Event::GiveBack(id(2))), Refusal::WrongStage, "accept it, then refund it");
    let case = case.on(Event::AcceptLate);
    assert_eq!((case.payment.approved(), case.payment.tip()), (sek(11_000), sek(1_000)));

    let declined = outcome(&decided().payment, Said::Declined);
    let case = decided().found(declined);
    assert_eq!((case.verdict(), ledger::moved(&case.payment)), (Some(Verdict::Approved), 0));
    assert!(case.payment.late_approval().is_none(), "there is nothing to give back");
    assert_eq!(case.refusal(Event::GiveBack(id(2))), Refusal::WrongStage);
    let case = case.on(Event::AcceptLate);
    assert_eq!((case.verdict(), ledger::moved(&case.payment)), (Some(Verdict::Declined), 0));
}

#[test]
fn a_contradiction_is_raised_once() {
    let case = Case::sale(1, 10_000).told(Said::Approved);
    let declined = outcome(&case.payment, Said::Declined);
    let case = case.found(declined.clone());
    let count = case.facts.len();
    let cancelled = outcome(&case.payment, Said::Cancelled);
    let case = case.found(declined).found(cancelled);
    assert!(case.facts_from(count).is_empty(), "however the provider words it");
}

#[test]
fn not_charged_by_a_person_agrees_with_a_decline() {
    let case = Case::sale(1, 10_000).disputed().on(Event::Decide(by_hand(Verdict::NotCharged)));
    let count = case.facts.len();
    let told = outcome(&case.payment, Said::Declined);
    assert!(case.found(told).facts_from(count).is_empty());
}

#[test]
fn a_duplicate_outcome_is_harmless_everywhere() {
    for said in [Said::Approved, Said::Partial, Said::Declined, Said::Cancelled] {
        let case = Case::sale(1, 10_000).told(said);
        let count = case.facts.len();
        let told = outcome(&case.payment, said);
        let case = case.answered(told.clone()).found(told);
        assert!(case.facts_from(count).is_empty(), "{said:?}");
    }
}

#[test]
fn another_amount_after_an_approval_is_a_contradiction() {
    let case = Case::sale(1, 10_000).told(Said::Approved);
    let partial = outcome(&case.payment, Said::Partial);
    let case = case.found(partial);
    assert_eq!((case.verdict(), ledger::moved(&case.payment)), (Some(Verdict::Approved), 5_000));
    let case = case.on(Event::AcceptLate);
    assert_eq!((case.verdict(), case.payment.approved()), (Some(Verdict::Partial), sek(5_000)));
}

#[test]
fn a_foreign_answer_about_a_closed_payment_raises_nothing() {
    let case = Case::sale(1, 10_000).judged();
    let foreign = Outcome { amount: Some(euro(10_000)), ..outcome(&case.payment, Said::Approved) };
    let case = case.found(foreign);
    assert!(case.payment.attention.is_none());
    assert_eq!(case.payment.mismatches, 1);
}

#[test]
fn a_reversal_s_answer_without_an_amount_agrees_with_one_that_has_it() {
    let original = approved(1, 10_000);
    let with = Case::of(back(2, Kind::Reversal, &original, 10_000)).sent().told(Said::Approved);
    let count = with.facts.len();
    let silent = Outcome { amount: None, ..outcome(&with.payment, Said::Approved) };
    assert!(with.found(silent.clone()).facts_from(count).is_empty());
    let by_person = Case::of(back(2, Kind::Reversal, &original, 10_000))
        .sent()
        .disputed()
        .on(Event::Decide(by_hand(Verdict::Approved)));
    assert_eq!(ledger::moved(&by_person.payment), -10_000);
    assert!(by_person.found(silent).payment.attention.is_none());
}

#[test]
fn a_late_refund_is_accepted_or_itself_reversed() {
    let case = Case::of(operation(2, Kind::Refund, 3_000)).sent().judged();
    let told = outcome(&case.payment, Said::Approved);
    let case = case.found(told);
    assert_eq!(ledger::moved(&case.payment), -3_000);
    let undo = give_back(3, &case).told(Said::Approved);
    let case = case.on(Event::GiveBack(id(3))).on(Event::GivenBack(Verdict::Approved));
    assert_eq!(ledger::total([&case.payment, &undo.payment].into_iter()), 0);
}

#[test]
fn the_attention_s_facts_say_what_happened() {
    let case = late().on(Event::GiveBack(id(2))).on(Event::GivenBack(Verdict::Declined));
    let raised = case.facts.iter().filter(|(fact, _)| matches!(fact, PaymentFact::AttentionRaised { .. }));
    assert_eq!(raised.count(), 2, "raised by the outcome, and again by the failed return");
}
