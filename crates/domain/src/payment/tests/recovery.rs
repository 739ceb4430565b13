//! R5, R8 and R10: what an enquiry may conclude and when, and what should be happening at every moment.

use super::stage::{Case, operation, outcome, sek};
use crate::operation::Kind;
use crate::outcome::{Fence, Outcome, Reason, Recovered, Said};
use crate::payment::{
    Closer, Event, Mismatch, Mono, Next, PaymentFact, RecoveryLimits, Source, Stage, Verdict, Watch, next,
};
use std::time::Duration;

const fn s(seconds: u64) -> Mono {
    Duration::from_secs(seconds)
}

const LIMITS: RecoveryLimits = RecoveryLimits {
    settling: s(15),
    give_up: s(180),
    still_running: s(600),
    pauses: &[s(1), s(3), s(5)],
    background: s(60),
    remembers: s(86_400),
};

#[test]
fn never_seen_closes_behind_its_fence_once_settled() {
    let newest = Fence::SameSessionAfter(super::stage::reference(5));
    let last = Fence::SameSessionSince(super::stage::reference(5));
    for fence in [Fence::CancelConfirmed, Fence::SameSession, newest, last, Fence::Enquiries(3)] {
        let never = Recovered::NeverSeen(fence.clone());
        let early = Case::sale(1, 10_000).dropped().recovered(never.clone(), false);
        assert!(early.payment.is_uncertain(), "a lost request may still arrive");
        for uncertain in [early, Case::sale(1, 10_000).disputed()] {
            let closing = uncertain.recovered(never.clone(), true).payment.closing().unwrap().clone();
            assert_eq!(closing.verdict, Verdict::NotCharged);
            assert_eq!(closing.by, Closer::Judged(fence.clone()), "a judgement, and labelled as one");
            assert!(closing.late);
        }
    }
}

#[test]
fn no_record_while_the_request_may_arrive_proves_nothing() {
    for is_settled in [false, true] {
        for uncertain in [Case::sale(1, 10_000).dropped(), Case::sale(1, 10_000).disputed()] {
            let before = uncertain.stage().clone();
            assert_eq!(*uncertain.recovered(Recovered::NotSeenYet, is_settled).stage(), before);
        }
    }
}

#[test]
fn an_approval_under_another_name_was_seen_whatever_the_terminal_says_later() {
    for (said, believed) in [(Said::Approved, false), (Said::Partial, false), (Said::Declined, true)] {
        let case = Case::sale(1, 10_000);
        let mut answer = outcome(&case.payment, said);
        answer.echo.reference = Some(super::stage::reference(77));
        answer.echo.transaction = Some(super::stage::reference(99));
        let case = case.answered(answer);
        assert_eq!(*case.stage(), Stage::Unknown(Reason::Mismatch), "{said:?}");
        let newest = Fence::SameSessionAfter(super::stage::reference(5));
        let last = Fence::SameSessionSince(super::stage::reference(5));
        for fence in [Fence::SameSession, newest, last, Fence::Enquiries(3)] {
            let never = case.clone().recovered(Recovered::NeverSeen(fence), true);
            match believed {
                true => assert_eq!(never.verdict(), Some(Verdict::NotCharged)),
                false => assert_eq!(*never.stage(), Stage::Disputed(Reason::Mismatch), "{said:?}"),
            }
        }
        let cancelled = case.recovered(Recovered::NeverSeen(Fence::CancelConfirmed), true);
        assert_eq!(cancelled.verdict(), Some(Verdict::NotCharged), "the provider took it back");
    }
}

#[test]
fn cannot_tell_makes_disputed_once_settled() {
    let unknown = Case::sale(1, 10_000).dropped();
    let early = unknown.clone().recovered(Recovered::CannotTell, false);
    assert_eq!(early.payment, unknown.payment);
    let disputed = early.recovered(Recovered::CannotTell, true);
    assert_eq!(*disputed.stage(), Stage::Disputed(Reason::CannotTell));
    let again = disputed.clone().recovered(Recovered::CannotTell, true);
    assert_eq!(again.payment, disputed.payment);
}

#[test]
fn an_enquiry_without_news_changes_nothing() {
    let stages = [
        Case::sale(1, 10_000),
        Case::sale(1, 10_000).dropped(),
        Case::sale(1, 10_000).disputed(),
        Case::sale(1, 10_000).awaiting_signature(),
        Case::sale(1, 10_000).told(Said::Approved),
    ];
    for case in stages {
        for found in [Recovered::StillRunning, Recovered::SessionLost] {
            assert_eq!(case.clone().recovered(found, true).payment, case.payment);
        }
    }
    let running = Case::sale(1, 10_000);
    let never = Recovered::NeverSeen(Fence::SameSession);
    assert_eq!(running.clone().recovered(never, true).payment, running.payment, "the request is under way");
}

#[test]
fn an_enquiry_that_tells_the_outcome_closes_from_every_open_stage() {
    for case in [Case::sale(1, 10_000), Case::sale(1, 10_000).dropped(), Case::sale(1, 10_000).disputed()] {
        for (said, verdict) in [(Said::Approved, Verdict::Approved), (Said::Declined, Verdict::Declined)] {
            let told = outcome(&case.payment, said);
            assert_eq!(case.clone().found(told).verdict(), Some(verdict));
        }
    }
}

fn wrong(case: &Case) -> Outcome {
    Outcome { amount: Some(sek(1)), ..outcome(&case.payment, Said::Approved) }
}

#[test]
fn a_mismatch_that_recovery_repeats_is_disputed() {
    let case = Case::sale(1, 10_000);
    let answer = wrong(&case);
    let unknown = case.answered(answer.clone());
    assert_eq!(*unknown.stage(), Stage::Unknown(Reason::Mismatch));
    assert_eq!((unknown.payment.mismatches, &unknown.payment.mismatch[..]), (1, &[Mismatch::Amount][..]));
    assert!(unknown.payment.outcome.is_none(), "a foreign answer is never adopted");

    let disputed = unknown.found(answer.clone());
    assert_eq!(*disputed.stage(), Stage::Disputed(Reason::Mismatch));
    let count = disputed.facts.len();
    let quiet = disputed.found(answer);
    assert!(quiet.facts_from(count).is_empty(), "once in the journal is enough");
    let right = outcome(&quiet.payment, Said::Approved);
    assert_eq!(quiet.found(right).verdict(), Some(Verdict::Approved), "the right answer still closes it");
}

#[test]
fn a_mismatch_then_the_right_answer_closes() {
    let case = Case::sale(1, 10_000);
    let answer = wrong(&case);
    let unknown = case.answered(answer.clone());
    let right = outcome(&unknown.payment, Said::Approved);
    let closed = unknown.clone().found(right);
    assert_eq!(closed.payment.approved(), sek(10_000));
    assert!(closed.payment.closing().unwrap().late);

    let repeated = unknown.clone().on(Event::Outcome(Box::new(answer.clone()), Source::Performed));
    assert!(!repeated.payment.outcome_code().eq("disputed"), "only recovery's repetition disputes");
    let other = Outcome { provider_time: Some(super::stage::after(-900)), ..answer };
    let unlike = unknown.found(other);
    assert_eq!(*unlike.stage(), Stage::Unknown(Reason::Mismatch), "another mismatch is no repetition");
}

/// The only word that was said about the amount was another one.
#[test]
fn an_implied_amount_does_not_make_good_another_one() {
    let case = Case::sale(1, 10_000);
    let implied = |payment: &crate::payment::Payment| {
        let mut told = outcome(payment, Said::Approved);
        told.echo.amount_implied = true;
        told
    };
    let usual = implied(&case.payment);
    assert_eq!(case.clone().answered(usual).verdict(), Some(Verdict::Approved));
    let unknown = case.clone().answered(wrong(&case));
    let told = implied(&unknown.payment);
    let disputed = unknown.found(told);
    assert_eq!(*disputed.stage(), Stage::Disputed(Reason::Mismatch));
    assert!(disputed.payment.outcome.is_none());
}

/// One answer tells an id that the first one did not: without it the money could not go back.
#[test]
fn ids_that_an_agreeing_answer_tells_later_are_kept() {
    let case = Case::sale(1, 10_000).told(Said::Approved);
    let count = case.facts.len();
    let mut told = outcome(&case.payment, Said::Approved);
    told.evidence = told.evidence.with("host_reference", "H7");
    let once = case.found(told.clone()).found(told);
    assert_eq!(once.facts_from(count).len(), 1);
    assert_eq!(once.payment.evidence.get("host_reference"), Some("H7"));
    assert_eq!(once.payment.evidence.get("approval_code"), Some("A1"), "what was known stays");
    assert!(once.payment.attention.is_none());
}

#[test]
fn a_mismatch_about_a_closed_payment_is_recorded_once() {
    let case = Case::sale(1, 10_000).told(Said::Approved);
    let count = case.facts.len();
    let answer = wrong(&case);
    let once = case.found(answer.clone()).found(answer);
    assert_eq!(once.facts_from(count).len(), 1);
    assert!(once.payment.attention.is_none());
    assert!(matches!(once.facts_from(count)[0], PaymentFact::OutcomeMismatched { .. }));
}

#[test]
fn what_should_be_happening() {
    let running = || Case::of(operation(1, Kind::Sale, 10_000));
    let watch = Watch::default;
    let performed = || Watch { performed: true, ..Watch::default() };
    let performing = || Watch { performing: true, ..performed() };
    let reserved = || Watch { reserved: true, ..Watch::default() };
    let signing = || Case::sale(1, 10_000).awaiting_signature();
    let rows = [
        ("intended", running(), watch(), Next::Perform),
        ("performing", running(), performing(), Next::Rest),
        ("performed, and its end not told yet", running(), performed(), Next::Rest),
        ("sent by an earlier run of the till", Case::sale(1, 10_000), watch(), Next::Rest),
        ("its reference came with the intent", Case::sale(1, 10_000), reserved(), Next::Perform),
        ("that, performed", Case::sale(1, 10_000), Watch { reserved: true, ..performed() }, Next::Rest),
        ("signed", signing(), performed(), Next::AskSignature),
        ("closed", Case::sale(1, 10_000).told(Said::Approved), watch(), Next::Rest),
        ("unknown", Case::sale(1, 10_000).dropped(), watch(), Next::WaitUntil(s(1_001))),
        ("disputed, after a restart", Case::sale(1, 10_000).disputed(), watch(), Next::Recover),
    ];
    for (name, case, watch, expected) in rows {
        assert_eq!(next(&case.payment, &watch, s(1_000), &LIMITS), expected, "{name}");
    }
    let restarted = running().on(Event::Restarted);
    assert_eq!(next(&restarted.payment, &watch(), s(0), &LIMITS), Next::Rest, "nothing is performed twice");
}

/// Unknown since second 1000 of this run.
fn unknown(useful_at: Option<u64>, enquiries: u32, enquired_at: Option<u64>) -> Watch {
    Watch {
        performed: true,
        unknown_since: Some(s(1_000)),
        useful_at: useful_at.map(s),
        enquiries,
        enquired_at: enquired_at.map(s),
        ..Watch::default()
    }
}

#[test]
fn enquiries_back_off_and_give_up() {
    let rows = [
        ("at once", unknown(None, 0, None), 1_000, Next::WaitUntil(s(1_001))),
        ("first pause over", unknown(None, 0, None), 1_001, Next::Recover),
        ("second pause", unknown(None, 1, Some(1_002)), 1_003, Next::WaitUntil(s(1_005))),
        ("third pause", unknown(None, 2, Some(1_010)), 1_014, Next::WaitUntil(s(1_015))),
        ("the last pause repeats", unknown(None, 30, Some(1_100)), 1_101, Next::WaitUntil(s(1_105))),
        ("and ends", unknown(None, 30, Some(1_100)), 1_105, Next::Recover),
        ("just below three minutes", unknown(None, 30, Some(1_178)), 1_179, Next::WaitUntil(s(1_183))),
        (
            "three minutes without an answer",
            unknown(None, 30, Some(1_178)),
            1_180,
            Next::GiveUp(Reason::NoAnswer),
        ),
        (
            "a useful answer in between",
            unknown(Some(1_100), 30, Some(1_178)),
            1_180,
            Next::WaitUntil(s(1_183)),
        ),
        (
            "three minutes after it",
            unknown(Some(1_100), 40, Some(1_279)),
            1_280,
            Next::GiveUp(Reason::NoAnswer),
        ),
        (
            "still running just below its limit",
            unknown(Some(1_598), 99, Some(1_598)),
            1_599,
            Next::WaitUntil(s(1_603)),
        ),
        (
            "still running at its limit",
            unknown(Some(1_598), 99, Some(1_598)),
            1_600,
            Next::GiveUp(Reason::StillRunning),
        ),
        (
            "an answer from before it was unknown",
            unknown(Some(900), 0, None),
            1_180,
            Next::GiveUp(Reason::NoAnswer),
        ),
    ];
    let payment = Case::sale(1, 10_000).dropped().payment;
    for (name, watch, now, expected) in rows {
        assert_eq!(next(&payment, &watch, s(now), &LIMITS), expected, "{name}");
        let recovering = Watch { recovering: true, ..watch };
        assert_eq!(next(&payment, &recovering, s(now), &LIMITS), Next::Rest, "{name}: one at a time");
    }
    let no_pauses = RecoveryLimits { pauses: &[], ..LIMITS };
    assert_eq!(next(&payment, &unknown(None, 0, None), s(1_059), &no_pauses), Next::WaitUntil(s(1_060)));
}

#[test]
fn a_disputed_payment_is_asked_about_in_the_background() {
    let payment = Case::sale(1, 10_000).disputed().payment;
    let rows = [
        (unknown(None, 0, None), 5_000, Next::Recover),
        (unknown(None, 9, Some(4_990)), 5_000, Next::WaitUntil(s(5_050))),
        (unknown(None, 9, Some(4_940)), 5_000, Next::Recover),
        (Watch { recovering: true, ..unknown(None, 0, None) }, 5_000, Next::Rest),
    ];
    for (watch, now, expected) in rows {
        assert_eq!(next(&payment, &watch, s(now), &LIMITS), expected);
    }
}

#[test]
fn settling_runs_per_operation_until_the_enquiry_was_sent() {
    let watch = unknown(None, 1, None);
    assert!(!watch.is_settled(s(1_014), &LIMITS));
    assert!(watch.is_settled(s(1_015), &LIMITS));
    assert!(!Watch::default().is_settled(s(9_999), &LIMITS), "it starts anew after a restart");
    let slow = Watch { asked_at: Some(s(1_014)), ..watch.clone() };
    assert!(!slow.is_settled(s(1_020), &LIMITS), "the answer speaks of a moment before the time was over");
    let later = Watch { asked_at: Some(s(1_015)), ..watch };
    assert!(later.is_settled(s(1_020), &LIMITS));
}

#[test]
fn what_was_closed_without_an_answer_is_asked_about_again() {
    let never = |fence| Case::sale(1, 10_000).dropped().recovered(Recovered::NeverSeen(fence), true);
    let judged = never(Fence::SameSession);
    let due = Watch { again_at: Some(s(30)), ..Watch::default() };
    let late = judged.clone().found(outcome(&judged.payment, Said::Approved));
    assert!(late.payment.attention.is_some());
    let rows = [
        ("judged", judged.clone(), due.clone(), Next::Recover),
        ("judged, and never asked again", judged.clone(), Watch::default(), Next::Rest),
        ("asked now", judged, Watch { recovering: true, ..due.clone() }, Next::Rest),
        ("its cancellation was confirmed", never(Fence::CancelConfirmed), due.clone(), Next::Rest),
        ("the provider has told", Case::sale(1, 10_000).told(Said::Approved), due.clone(), Next::Rest),
        ("found, and a person must choose", late, due, Next::Rest),
    ];
    for (name, case, watch, expected) in rows {
        assert_eq!(next(&case.payment, &watch, s(30), &LIMITS), expected, "{name}");
    }
}

#[test]
fn the_pauses_of_asking_again_grow_and_end() {
    let (mut watch, mut due) = (Watch::default(), Vec::new());
    watch.asked(true, s(5));
    assert_eq!((watch.again_at, watch.afterwards), (None, 0), "an open payment's enquiry does not count");
    watch.judged(s(10));
    while let Some(at) = watch.again_at {
        due.push(at);
        watch.asked(true, at);
    }
    assert_eq!(due, [s(40), s(160), s(760), s(3_460)]);
    watch.judged(s(0));
    for _ in 0..50 {
        watch.asked(false, s(1_000));
    }
    assert_eq!(watch.again_at, Some(s(3_700)), "while nothing is told it goes on, slowly");
    watch.ask_now(s(2_000));
    assert_eq!(watch.again_at, Some(s(2_000)));
    watch.asked(true, s(2_001));
    watch.ask_now(s(2_002));
    assert_eq!(watch.again_at, None);
}
