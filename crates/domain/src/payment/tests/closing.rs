//! R3: what closes a payment, what never does, and that an approval is never dropped.

use super::stage::{Case, by_hand, operation, outcome, prompt, reference, sek};
use crate::ids::OperationId;
use crate::operation::{Kind, Step};
use crate::outcome::{Certainty, Evidence, Fault, Fence, Outcome, Reason, Recovered, Said, Signature};
use crate::payment::{Closer, Event, Match, Payment, Refusal, Source, Stage, Verdict, matching};
use crate::prompt::{Answer, Question};
use proptest::prelude::*;

/// Three numbers that choose an event.
type Dice = (u8, u8, u8);

fn event(payment: &Payment, (kind, a, b): Dice) -> Event {
    let other = OperationId::of(&super::stage::seed(a));
    match kind % 20 {
        0 | 1 => {
            let number = if a.is_multiple_of(8) { 1 } else { payment.sent.len() + 1 };
            Event::Reserve { reference: reference(number), step: Step::First, session: None }
        }
        2 => Event::NotStarted(reference(usize::from(a % 4))),
        3 => Event::Note(Evidence::default().with("id", "7")),
        4 => Event::AbortAsked,
        5 => Event::PromptOpened(prompt(
            a,
            if b.is_multiple_of(4) { Question::AnyKey } else { Question::Signature },
        )),
        6 | 7 => {
            let open = payment.prompt.as_ref().map(|prompt| prompt.id).filter(|_| !a.is_multiple_of(8));
            Event::PromptAnswered(open.unwrap_or(prompt(a, Question::AnyKey).id), answer(b))
        }
        8 => Event::Outcome(Box::new(any_outcome(payment, a, b)), Source::Performed),
        9 => Event::Failed(fault(a, b)),
        10 => Event::Dropped(Reason::DeadlinePassed),
        11 => Event::Restarted,
        12..=14 => Event::Recovered { found: found(payment, a, b), settled: b.is_multiple_of(2) },
        15 => Event::GiveUp(Reason::NoAnswer),
        16 if a.is_multiple_of(2) => Event::ReversalIntended(other),
        16 => Event::ReversalClosed(verdict(b)),
        17 => Event::Decide(by_hand(verdict(b))),
        18 => Event::AcceptLate,
        19 if a.is_multiple_of(2) => Event::GiveBack(other),
        _ => Event::GivenBack(verdict(b)),
    }
}

fn verdict(dice: u8) -> Verdict {
    use Verdict::{Approved, Cancelled, Declined, NotCharged, Partial};
    [Approved, Partial, Declined, Cancelled, NotCharged][usize::from(dice % 5)]
}

fn answer(dice: u8) -> Answer {
    let answers = [Answer::Yes, Answer::No, Answer::NoDialogue, Answer::Yes, Answer::Typed("1".into())];
    answers[usize::from(dice % 5)].clone()
}

fn any_outcome(payment: &Payment, a: u8, b: u8) -> Outcome {
    let said = [Said::Approved, Said::Partial, Said::Declined, Said::Cancelled][usize::from(a % 4)];
    let mut outcome = outcome(payment, said);
    match b % 12 {
        0 => outcome.amount = Some(sek(7)),
        1 => outcome.echo.reference = Some(reference(77)),
        2 => outcome.echo.same_terminal = false,
        3 => outcome.foreign_currency = Some("XBT".into()),
        4 => outcome.provider_time = Some(super::stage::after(-999)),
        5 => {
            outcome.tip = Some(sek(100));
            outcome.amount = payment.operation.requested.plus(sek(100));
        }
        6 | 7 => outcome.signature = Signature::Ours,
        _ => {}
    }
    outcome
}

fn fault(a: u8, b: u8) -> Fault {
    let certainty = [Certainty::NotSent, Certainty::Refused, Certainty::Unknown][usize::from(a % 3)];
    let reasons = [Reason::Busy, Reason::NotDurable, Reason::ReferenceInUse, Reason::AnswerLost];
    Fault { certainty, reason: reasons[usize::from(b % 4)].clone(), detail: String::new() }
}

fn found(payment: &Payment, a: u8, b: u8) -> Recovered {
    match a % 9 {
        0..=3 => Recovered::Settled(Box::new(any_outcome(payment, b, a))),
        4 => Recovered::StillRunning,
        5 => Recovered::NeverSeen(Fence::CancelConfirmed),
        6 => Recovered::CannotTell,
        7 => Recovered::NotSeenYet,
        _ => Recovered::SessionLost,
    }
}

/// The rule, told apart from the code that holds it: may this event close this open payment?
fn may_close(case: &Case, event: &Event) -> bool {
    let payment = &case.payment;
    let is_ours = |outcome: &Outcome| match matching(payment, outcome, case.context.skew_ms) {
        Match::Ours(_) => true,
        Match::Foreign(_) => false,
    };
    let accounted = |newest_counts: bool| {
        let skipped = usize::from(!newest_counts);
        payment.sent.iter().rev().skip(skipped).all(|sent| sent.not_started)
    };
    match event {
        Event::Outcome(outcome, _) => is_ours(outcome),
        Event::Recovered { found: Recovered::Settled(outcome), .. } => is_ours(outcome),
        Event::Recovered { found: Recovered::NeverSeen(_), settled } => *settled && payment.is_uncertain(),
        Event::Recovered { found: Recovered::StillRunning | Recovered::NotSeenYet, .. } => false,
        Event::Recovered { found: Recovered::CannotTell | Recovered::SessionLost, .. } => false,
        Event::Failed(fault) => match fault.certainty {
            Certainty::NotSent => accounted(fault.reason == Reason::NotDurable),
            Certainty::Refused => accounted(false) && fault.reason != Reason::ReferenceInUse,
            Certainty::Unknown => false,
        },
        Event::Restarted => accounted(true),
        Event::Decide(_) => payment.outcome_code() == "disputed",
        Event::ReversalClosed(_) => payment.state_code() == "reversing",
        Event::PromptAnswered(_, answer) => {
            *answer == Answer::Yes && payment.stage == Stage::AwaitSignature
        }
        Event::Dropped(_)
        | Event::AbortAsked
        | Event::GiveUp(_)
        | Event::Reserve { .. }
        | Event::NotStarted(_)
        | Event::Note(_)
        | Event::Show(_)
        | Event::PromptOpened(_)
        | Event::ReversalIntended(_)
        | Event::AcceptLate
        | Event::GiveBack(_)
        | Event::GivenBack(_) => false,
    }
}

/// Whether this event tells, in an answer that is ours, that money moved.
fn tells_money(case: &Case, event: &Event) -> bool {
    let (Event::Outcome(outcome, _) | Event::Recovered { found: Recovered::Settled(outcome), .. }) = event
    else {
        return false;
    };
    let matched = matching(&case.payment, outcome, case.context.skew_ms);
    [Verdict::Approved, Verdict::Partial].into_iter().any(|verdict| matched == Match::Ours(verdict))
}

/// The till knows that money moved: it counts, waits for a signature, was undone, or waits for a person.
fn knows_of_money(payment: &Payment) -> bool {
    payment.attention.as_ref().is_some_and(|open| open.outcome.said.moved_money())
        || payment.outcome.as_ref().is_some_and(|outcome| outcome.said.moved_money())
        || payment.verdict().is_some_and(Verdict::moved_money)
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![4 => Just(Kind::Sale), 1 => Just(Kind::Refund), 1 => Just(Kind::Reversal)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn only_what_may_close_a_payment_closes_it(
        kind in kinds(),
        dice in prop::collection::vec(any::<Dice>(), 0..40),
    ) {
        let mut case = Case::of(operation(1, kind, 10_000));
        for dice in dice {
            let before = case.clone();
            let event = event(&case.payment, dice);
            if case.happen(event.clone()).is_err() {
                prop_assert_eq!(&case.payment, &before.payment, "a refusal changes nothing");
                continue;
            }
            let (was, is) = (before.verdict(), case.verdict());
            match (was, is) {
                (None, Some(_)) => prop_assert!(may_close(&before, &event), "{event:?} closed it"),
                (Some(was), Some(is)) if was != is => prop_assert_eq!(&event, &Event::AcceptLate),
                (Some(_), Some(_)) | (None, None) => {}
                (Some(_), None) => prop_assert!(false, "{event:?} opened it again"),
            }
            if tells_money(&before, &event) {
                prop_assert!(knows_of_money(&case.payment), "{event:?} was dropped");
            }
            if let Some(attention) = &before.payment.attention {
                let kept = case.payment.attention.is_some();
                let returned =
                    event == Event::GivenBack(Verdict::Approved) && attention.giving_back.is_some();
                let ended = event == Event::AcceptLate || returned;
                prop_assert!(kept != ended, "{event:?}: an attention ends by a person or by giving back");
            }
        }
    }
}

#[test]
fn what_closes_a_payment_says_so() {
    let sale = || Case::sale(1, 10_000);
    let refused = || Event::Failed(Fault::refused(Reason::Busy, "busy"));
    let not_sent = || Event::Failed(Fault::not_sent(Reason::ConnectionRefused, "refused"));
    let nothing_sent = Case::of(operation(1, Kind::Sale, 10_000)).on(Event::Restarted);
    let rows: Vec<(Case, Verdict, Closer, Option<Reason>)> = vec![
        (sale().told(Said::Approved), Verdict::Approved, Closer::Provider, None),
        (sale().told(Said::Partial), Verdict::Partial, Closer::Provider, None),
        (sale().told(Said::Declined), Verdict::Declined, Closer::Provider, Some(Reason::Refused)),
        (
            sale().told(Said::Cancelled),
            Verdict::Cancelled,
            Closer::Provider,
            Some(Reason::CustomerCancelled),
        ),
        (sale().on(not_sent()), Verdict::NotCharged, Closer::NothingSent, Some(Reason::ConnectionRefused)),
        (sale().on(refused()), Verdict::NotCharged, Closer::NotStarted, Some(Reason::Busy)),
        (
            sale().on(Event::AbortAsked).on(refused()),
            Verdict::NotCharged,
            Closer::NotStarted,
            Some(Reason::Aborted),
        ),
        (nothing_sent, Verdict::NotCharged, Closer::NothingSent, Some(Reason::StoppedBeforeSending)),
        (sale().judged(), Verdict::NotCharged, Closer::Judged(Fence::SameSession), Some(Reason::NeverSeen)),
    ];
    for (case, verdict, by, reason) in rows {
        let closing = case.payment.closing().unwrap();
        assert_eq!((closing.verdict, &closing.by, &closing.reason), (verdict, &by, &reason));
    }
}

#[test]
fn time_outs_aborts_and_dropped_tasks_close_nothing() {
    let dropped = Case::sale(1, 10_000).on(Event::AbortAsked).dropped();
    assert_eq!(*dropped.stage(), Stage::Unknown(Reason::DeadlinePassed));
    let given_up = dropped.on(Event::GiveUp(Reason::NoAnswer));
    assert_eq!(*given_up.stage(), Stage::Disputed(Reason::NoAnswer));
    let restarted = Case::sale(1, 10_000).on(Event::Restarted);
    assert_eq!(*restarted.stage(), Stage::Unknown(Reason::Restarted));
    let lost = Case::sale(1, 10_000).on(Event::Failed(Fault::unknown(Reason::AnswerLost, "")));
    assert_eq!(*lost.stage(), Stage::Unknown(Reason::AnswerLost));
}

#[test]
fn not_sent_is_not_believed_while_an_earlier_request_is_open() {
    let not_sent = |reason| Event::Failed(Fault::not_sent(reason, "x"));
    let refused = |reason| Event::Failed(Fault::refused(reason, "x"));
    let two = || Case::sale(1, 10_000).sent();
    let accounted = || Case::sale(1, 10_000).on(Event::NotStarted(reference(1))).sent();
    let all_accounted = || accounted().on(Event::NotStarted(reference(2)));
    let rows = [
        ("the first of two is open", two(), not_sent(Reason::ConnectTimeout), false),
        ("refused, and the first is open", two(), refused(Reason::Busy), false),
        ("the first was not started", accounted(), not_sent(Reason::ConnectTimeout), true),
        ("refused after that", accounted(), refused(Reason::Busy), true),
        ("the third reference never reached the disk", accounted(), not_sent(Reason::NotDurable), false),
        ("nothing was started and no more is sent", all_accounted(), not_sent(Reason::NotDurable), true),
        (
            "the only reference never reached the disk",
            Case::of(operation(1, Kind::Sale, 10_000)),
            not_sent(Reason::NotDurable),
            true,
        ),
        ("the terminal's answer never reached the disk", accounted(), refused(Reason::NotDurable), true),
    ];
    for (name, case, event, closes) in rows {
        let case = case.on(event);
        assert_eq!(case.verdict(), closes.then_some(Verdict::NotCharged), "{name}");
        assert_eq!(case.payment.is_uncertain(), !closes, "{name}");
    }
}

#[test]
fn a_closed_payment_takes_no_more_requests() {
    let case = Case::sale(1, 10_000).told(Said::Declined);
    let reserve = Event::Reserve { reference: reference(2), step: Step::Resend, session: None };
    for event in [reserve.clone(), Event::AbortAsked, Event::NotStarted(reference(1))] {
        assert_eq!(case.refusal(event), Refusal::WrongStage);
    }
    assert_eq!(Case::sale(1, 10_000).dropped().refusal(reserve), Refusal::WrongStage);
    let same = Event::Reserve { reference: reference(1), step: Step::Resend, session: None };
    assert_eq!(Case::sale(1, 10_000).refusal(same), Refusal::ReferenceUsed);
    assert_eq!(Case::sale(1, 10_000).refusal(Event::NotStarted(reference(9))), Refusal::WrongStage);
}

#[test]
fn a_failure_after_the_outcome_changes_nothing() {
    let case = Case::sale(1, 10_000).told(Said::Approved);
    let events = [
        Event::Failed(Fault::not_sent(Reason::ConnectTimeout, "")),
        Event::Dropped(Reason::DeadlinePassed),
        Event::Restarted,
        Event::Recovered { found: Recovered::NeverSeen(Fence::CancelConfirmed), settled: true },
        Event::Recovered { found: Recovered::CannotTell, settled: true },
    ];
    for event in events {
        let count = case.facts.len();
        assert!(case.clone().on(event).facts_from(count).is_empty());
    }
}

#[test]
fn a_late_answer_says_that_it_is_late() {
    let late = |case: Case| case.payment.closing().unwrap().late;
    assert!(!late(Case::sale(1, 10_000).told(Said::Approved)));
    assert!(late(Case::sale(1, 10_000).dropped().told(Said::Approved)));
    assert!(late(Case::sale(1, 10_000).on(Event::AbortAsked).told(Said::Approved)));
    assert!(!late(Case::sale(1, 10_000).on(Event::AbortAsked).told(Said::Cancelled)));
    assert!(late(Case::sale(1, 10_000).disputed().on(Event::Decide(by_hand(Verdict::Approved)))));
    assert!(!late(Case::sale(1, 10_000).on(Event::Failed(Fault::not_sent(Reason::ConnectTimeout, "")))));
    assert!(!late(Case::sale(1, 10_000).on(Event::Failed(Fault::refused(Reason::Busy, "")))));
    assert!(!late(Case::of(operation(1, Kind::Sale, 10_000)).on(Event::Restarted)));
}

#[test]
fn only_a_disputed_payment_is_decided_by_a_person() {
    let decide = |verdict| Event::Decide(by_hand(verdict));
    for case in [
        Case::sale(1, 10_000),
        Case::sale(1, 10_000).dropped(),
        Case::sale(1, 10_000).awaiting_signature(),
        Case::sale(1, 10_000).told(Said::Declined),
    ] {
        assert_eq!(case.refusal(decide(Verdict::Approved)), Refusal::WrongStage);
    }
    let disputed = Case::sale(1, 10_000).disputed();
    let mut nameless = by_hand(Verdict::Approved);
    nameless.provider_reference = Some("  ".into());
    assert_eq!(disputed.refusal(Event::Decide(nameless)), Refusal::ReferenceNeeded);
    for verdict in [Verdict::Partial, Verdict::Declined, Verdict::Cancelled] {
        assert_eq!(disputed.refusal(decide(verdict)), Refusal::NotAnAnswer, "a person says yes or no");
    }
    let approved = disputed.clone().on(decide(Verdict::Approved));
    assert_eq!(approved.payment.approved(), sek(10_000));
    assert_eq!(approved.payment.closing().unwrap().by, Closer::Person);
    let not_charged = disputed.on(decide(Verdict::NotCharged));
    assert_eq!(not_charged.payment.approved(), sek(0));
    assert_eq!(not_charged.payment.by_hand.as_ref().unwrap().verdict, Verdict::NotCharged);
}

#[test]
fn a_step_that_moves_nothing_was_not_charged_whatever_became_of_it() {
    let reserve = |number, step| {
        let session = Some("s1".to_owned());
        Event::Reserve { reference: reference(number), step, session }
    };
    let prepared = || Case::of(operation(1, Kind::Sale, 10_000)).on(reserve(1, Step::Prepare));
    let charged = || prepared().on(reserve(2, Step::First));
    let not_sent = || Event::Failed(Fault::not_sent(Reason::ConnectionRefused, "refused"));
    let refused = || Event::Failed(Fault::refused(Reason::Aborted, "before the charge"));
    let rows = [
        (prepared().on(Event::Restarted), true),
        (prepared().on(not_sent()), true),
        (prepared().on(reserve(2, Step::Prepare)).on(refused()), true),
        (charged().on(not_sent()), true),
        (charged().on(refused()), true),
        (charged().on(Event::Restarted), false),
        (charged().on(reserve(3, Step::Cancel)).on(not_sent()), false),
        (charged().on(Event::NotStarted(reference(2))).on(Event::Restarted), true),
    ];
    for (index, (case, is_closed)) in rows.into_iter().enumerate() {
        let expected = is_closed.then_some(Verdict::NotCharged);
        assert_eq!(case.verdict(), expected, "row {index}: {:?}", case.stage());
    }
}
