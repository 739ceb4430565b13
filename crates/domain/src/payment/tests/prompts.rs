//! R9: a question is answered once, its deadline is no "no", and nothing is cancelled while it is open.

use super::stage::{Case, prompt, seed};
use crate::ids::PromptId;
use crate::outcome::{Fault, Reason, Said};
use crate::payment::{ByHand, Event, PaymentFact, Refusal, Verdict};
use crate::prompt::{Answer, Question};

fn asked(question: Question) -> Case {
    Case::sale(1, 10_000).on(Event::PromptOpened(prompt(1, question)))
}

fn reply(number: u8, answer: Answer) -> Event {
    Event::PromptAnswered(PromptId::of(&seed(number)), answer)
}

#[test]
fn a_question_is_answered_once() {
    let case = asked(Question::Confirm).on(reply(1, Answer::Yes));
    assert_eq!(case.payment.prompt, None);
    assert_eq!(case.refusal(reply(1, Answer::Yes)), Refusal::StalePrompt);
    assert_eq!(case.refusal(reply(1, Answer::No)), Refusal::StalePrompt);
}

#[test]
fn a_stale_answer_is_refused() {
    assert_eq!(Case::sale(1, 10_000).refusal(reply(1, Answer::Yes)), Refusal::StalePrompt);
    let case = asked(Question::Confirm).on(reply(1, Answer::No));
    let case = case.on(Event::PromptOpened(prompt(2, Question::Confirm)));
    assert_eq!(case.refusal(reply(1, Answer::Yes)), Refusal::StalePrompt, "meant for the question before");
    assert_eq!(case.on(reply(2, Answer::Yes)).payment.prompt, None);
}

#[test]
fn one_question_at_a_time() {
    let case = asked(Question::Confirm);
    assert_eq!(case.refusal(Event::PromptOpened(prompt(2, Question::AnyKey))), Refusal::PromptOpen);
}

#[test]
fn nobody_is_asked_when_nothing_waits_for_an_answer() {
    let unknown = Case::sale(1, 10_000).dropped();
    let reversing = Case::sale(1, 10_000)
        .awaiting_signature()
        .on(Event::PromptOpened(prompt(1, Question::Signature)))
        .on(reply(1, Answer::No));
    let closed = Case::sale(1, 10_000).told(Said::Approved);
    for case in [unknown.clone(), unknown.on(Event::GiveUp(Reason::NoAnswer)), reversing, closed] {
        assert_eq!(case.refusal(Event::PromptOpened(prompt(2, Question::AnyKey))), Refusal::WrongStage);
    }
}

#[test]
fn an_answer_must_fit_its_question() {
    let menu = || Question::Menu { entries: vec!["a".into(), "b".into()] };
    let digits = || Question::Digits { min: 2, max: 4 };
    let text = || Question::Text { min: 1, max: 3 };
    let decimal = || Question::Decimal { decimals: 2 };
    let typed = |text: &str| Answer::Typed(text.to_owned());
    let rows = [
        (Question::Signature, Answer::Yes, true),
        (Question::Signature, Answer::No, true),
        (Question::Signature, typed("yes"), false),
        (Question::Confirm, Answer::No, true),
        (Question::Confirm, Answer::Chosen(1), false),
        (Question::AnyKey, Answer::Yes, true),
        (Question::AnyKey, Answer::No, false),
        (digits(), typed("12"), true),
        (digits(), typed("1"), false),
        (digits(), typed("12345"), false),
        (digits(), typed("1a"), false),
        (digits(), typed("١٢"), false),
        (digits(), Answer::Yes, false),
        (text(), typed("åäö"), true),
        (text(), typed(""), false),
        (text(), typed("abcd"), false),
        (text(), Answer::Chosen(1), false),
        (decimal(), typed("12.50"), true),
        (decimal(), typed("12"), true),
        (decimal(), typed("12.505"), false),
        (decimal(), typed(".5"), false),
        (decimal(), typed("1.2.3"), false),
        (decimal(), typed("-1"), false),
        (decimal(), Answer::No, false),
        (menu(), Answer::Chosen(1), true),
        (menu(), Answer::Chosen(2), true),
        (menu(), Answer::Chosen(0), false),
        (menu(), Answer::Chosen(3), false),
        (menu(), typed("a"), false),
    ];
    for (question, answer, fits) in rows {
        let case = asked(question.clone());
        if fits {
            assert_eq!(case.on(reply(1, answer.clone())).payment.prompt, None, "{question:?} {answer:?}");
        } else {
            let refusal = case.refusal(reply(1, answer.clone()));
            assert_eq!(refusal, Refusal::NotAnAnswer, "{question:?} {answer:?}");
        }
        let silent = asked(question).on(reply(1, Answer::NoDialogue));
        assert_eq!(silent.payment.prompt, None, "a deadline ends every question");
    }
}

#[test]
fn no_dialogue_is_never_no() {
    let silent = asked(Question::Signature).on(reply(1, Answer::NoDialogue));
    assert!(!silent.payment.signature_refused);
    let declined = silent.told(Said::Declined);
    assert_eq!((declined.verdict(), declined.reason()), (Some(Verdict::Declined), Some(Reason::Refused)));

    let ours =
        Case::sale(1, 10_000).awaiting_signature().on(Event::PromptOpened(prompt(1, Question::Signature)));
    let silent = ours.on(reply(1, Answer::NoDialogue));
    assert_eq!(silent.payment.state_code(), "await_signature", "it is asked again, not refused");
}

#[test]
fn nothing_is_cancelled_while_a_question_is_open() {
    let case = asked(Question::Signature);
    assert_eq!(case.refusal(Event::AbortAsked), Refusal::PromptOpen);
    let case = case.on(reply(1, Answer::Yes)).on(Event::AbortAsked);
    assert!(case.payment.abort_asked);
}

#[test]
fn what_can_be_called_off() {
    let sale = || Case::sale(1, 10_000);
    for case in [sale(), sale().dropped(), sale().disputed()] {
        let stage = case.stage().clone();
        let asked = case.on(Event::AbortAsked);
        assert!(asked.payment.abort_asked);
        assert_eq!(*asked.stage(), stage, "a wish closes nothing");
    }
    for case in [sale().awaiting_signature(), sale().told(Said::Approved)] {
        assert_eq!(case.refusal(Event::AbortAsked), Refusal::WrongStage);
    }
}

#[test]
fn leaving_the_stage_closes_the_question() {
    let ends = [
        asked(Question::Confirm).told(Said::Approved),
        asked(Question::Confirm).dropped(),
        asked(Question::Confirm).on(Event::Failed(Fault::unknown(Reason::AnswerLost, ""))),
        asked(Question::Confirm).on(Event::Restarted),
        asked(Question::Confirm).awaiting_signature(),
    ];
    for case in ends {
        assert_eq!(case.payment.prompt, None);
        assert_eq!(case.refusal(reply(1, Answer::Yes)), Refusal::StalePrompt);
    }
}

#[test]
fn a_terminal_that_asks_itself_declines_for_the_refused_signature() {
    let refused = asked(Question::Signature).on(reply(1, Answer::No));
    assert!(refused.payment.signature_refused);
    for said in [Said::Declined, Said::Cancelled] {
        let case = refused.clone().told(said);
        assert_eq!(case.verdict(), Some(Verdict::Cancelled));
        assert_eq!(case.reason(), Some(Reason::SignatureRefused));
    }
    let approved = refused.clone().told(Said::Approved);
    assert_eq!(approved.verdict(), Some(Verdict::Approved), "the terminal has the last word");

    let second = refused.on(Event::PromptOpened(prompt(2, Question::Signature))).on(reply(2, Answer::Yes));
    let declined = second.told(Said::Declined);
    assert_eq!(declined.verdict(), Some(Verdict::Declined), "the newest answer counts");
    assert_eq!(declined.reason(), Some(Reason::Refused));
}

#[test]
fn another_question_while_signing_decides_nothing() {
    let case =
        Case::sale(1, 10_000).awaiting_signature().on(Event::PromptOpened(prompt(1, Question::Confirm)));
    let count = case.facts.len();
    let case = case.on(reply(1, Answer::Yes));
    let facts = case.facts_from(count);
    assert!(matches!(facts[..], [PaymentFact::PromptAnswered { .. }]));
    assert_eq!(case.payment.state_code(), "await_signature");
}

#[test]
fn a_typed_card_number_is_never_written_down() {
    let question = Question::Text { min: 0, max: 99 };
    for (typed, kept) in [
        ("4111111111111111", "411111******1111"),
        ("4111 1111 1111 1111", "4111 11** **** 1111"),
        ("it is 4111-1111-1111-1111.", "it is 4111-11**-****-1111."),
        ("table 12", "table 12"),
    ] {
        let open = prompt(5, question.clone());
        let case = Case::sale(1, 1_000).sent().on(Event::PromptOpened(open.clone()));
        let case = case.on(reply(5, Answer::Typed(typed.to_owned())));
        let (fact, _) = case.facts.last().unwrap();
        let answer = Answer::Typed(kept.to_owned());
        assert_eq!(*fact, PaymentFact::PromptAnswered { prompt: open.id, answer }, "{typed}");
    }
}

#[test]
fn a_card_number_in_a_persons_reason_is_masked() {
    let decision = ByHand {
        reason: "card 4111 1111 1111 1111".to_owned(),
        ..super::stage::by_hand(Verdict::NotCharged)
    };
    let decided = Case::sale(1, 1_000).disputed().on(Event::Decide(decision)).payment;
    assert_eq!(decided.by_hand.unwrap().reason, "card 4111 11** **** 1111");
}
