//! The signature: asked by the terminal (default form) or by the till (light form), answered once, and a
//! refused one undone.

use super::scene::{
    ASKS_TO_SIGN, SIGNS, TILL_SIGNS, abort, agree, all, banked, becomes, follow, forms, made, once,
    power_goes, question, receipts, refused, reply, rest, scripted, stands, steps, world,
};
use acceptance::cashier::{Habit, employ};
use acceptance::line::PowerCut;
use acceptance::world::{Form, World};
use domain::ids::{OperationId, PromptId};
use domain::operation::{Kind, Motive};
use domain::prompt::{Answer, Question};
use simulator::bank::State;
use simulator::script::{Action, Delivery, Oddity, Outcome, Restart, Rule};
use till::api::{Command, MomentKind, PaymentView, ProblemCode, Query, QueryReply};

/// A payment that waits for the cashier's word.
async fn to_sign(world: &World) -> OperationId {
    let id = world.pay(0, 12_08).await.unwrap();
    let prompt = question(world, id).await;
    assert_eq!(prompt.question, Question::Signature);
    assert_eq!(prompt.text, "Signature OK?");
    id
}

fn place(payment: &PaymentView, is_it: impl Fn(&MomentKind) -> bool) -> usize {
    payment.timeline.iter().position(|moment| is_it(&moment.what)).expect("it happened")
}

#[tokio::test(start_paused = true)]
async fn good() {
    for form in forms(SIGNS) {
        let world = world(form).await;
        let id = to_sign(&world).await;
        reply(&world, id, Answer::Yes).await;
        let payment = becomes(&world, id, "approved").await;
        assert!(payment.prompt.is_none(), "{form:?}");
        // The slip to sign is printed before the question is asked.
        let print =
            place(&payment, |what| matches!(what, MomentKind::Print { text, .. } if text.contains("ign")));
        let asked = place(&payment, |what| matches!(what, MomentKind::Prompt { .. }));
        assert!(print < asked, "{form:?}: {:#?}", payment.timeline);
        let stored = receipts(&world, id).await;
        let copies = |copy| stored.iter().filter(|it| it.copy == copy).count();
        assert!(copies(domain::receipt::Copy::Merchant) >= 1, "{form:?}");
        assert_eq!(copies(domain::receipt::Copy::Customer), 1, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn refused_by_the_cashier() {
    for form in forms(SIGNS) {
        let world = world(form).await;
        let id = to_sign(&world).await;
        reply(&world, id, Answer::No).await;
        let payment = becomes(&world, id, "cancelled/signature_refused").await;
        assert!(payment.amount.is_zero(), "{form:?}");
        assert_eq!(banked(&world, id).await[0].state, State::Reversed, "{form:?}");
        let QueryReply::Day { day } = world.till().query(Query::Day { day: None }).await.unwrap() else {
            panic!("a day was asked for")
        };
        assert_eq!((day.taken.minor, day.back.minor), (0, 0), "{form:?}: it never counted");
        let reversals = all(&world, Kind::Reversal).await;
        match form {
            Form::Default => assert!(reversals.is_empty(), "undone by the terminal itself"),
            Form::Light => {
                assert_eq!(reversals.len(), 1);
                let reversal = &reversals[0];
                assert_eq!(reversal.operation.motive, Some(Motive::SignatureRefused));
                let named = payment.evidence.get("reversal").map(str::to_owned);
                assert_eq!(named, Some(reversal.id().to_string()));
                assert_eq!(reversal.operation.original.as_ref().unwrap().operation, id);
            }
            Form::Wallet
            | Form::Notified
            | Form::Edc
            | Form::Sealed
            | Form::Cable
            | Form::Lan
            | Form::Usb
            | Form::Cloud => {
                panic!("nobody signs there")
            }
        }
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_answers_the_terminal() {
    for form in forms(ASKS_TO_SIGN) {
        let world = world(form).await;
        let id = to_sign(&world).await;
        // "No dialogue" is a failure, never "no".
        let payment = becomes(&world, id, "cancelled/aborted").await;
        assert!(!steps(&payment).contains(&"signature_refused"));
        assert_eq!(banked(&world, id).await[0].state, State::Reversed);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_answers_the_till() {
    for form in forms(TILL_SIGNS) {
        let world = world(form).await;
        let id = to_sign(&world).await;
        world.pass(3_000).await;
        assert_eq!(stands(&world, id, "await_signature").await.outcome, "unknown", "it waits");
        assert_eq!(refused(world.pay(0, 5_00).await), ProblemCode::TerminalBusy);
        reply(&world, id, Answer::Yes).await;
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn crash_while_the_till_waits_for_the_cashier() {
    for form in forms(TILL_SIGNS) {
        for (answer, expected) in [(Answer::Yes, "approved"), (Answer::No, "cancelled/signature_refused")] {
            let mut world = world(form).await;
            let id = to_sign(&world).await;
            let old = question(&world, id).await.id;
            world.restart().await;
            let new = question(&world, id).await.id;
            assert_ne!(old, new, "asked again");
            let stale = Command::Answer { payment: id, prompt: old, answer: Answer::Yes };
            assert_eq!(refused(world.dispatch(stale).await), ProblemCode::PromptStale);
            reply(&world, id, answer).await;
            becomes(&world, id, expected).await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn crash_while_the_terminal_waits_for_the_cashier() {
    for form in forms(ASKS_TO_SIGN) {
        let mut world = world(form).await;
        let id = to_sign(&world).await;
        world.restart().await;
        let payment = becomes(&world, id, "cancelled/aborted").await;
        assert!(payment.prompt.is_none());
        assert_eq!(banked(&world, id).await[0].state, State::Reversed);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn crash_between_refusal_and_reversal() {
    for form in forms(TILL_SIGNS) {
        let mut world = world(form).await;
        let id = to_sign(&world).await;
        rest(&world).await;
        world.wires.order_cut(0, PowerCut::BeforeTheRequest);
        reply(&world, id, Answer::No).await;
        power_goes(&mut world).await;
        assert_eq!(world.bank.reversals().len(), 0);
        world.start().await.unwrap();
        // The reversal never left: the cashier is asked again, and nothing is forgotten.
        reply(&world, id, Answer::No).await;
        becomes(&world, id, "cancelled/signature_refused").await;
        let reversals = all(&world, Kind::Reversal).await;
        let verdicts: Vec<_> = reversals.iter().map(|it| it.outcome_code()).collect();
        assert_eq!(verdicts, ["not_charged", "approved"]);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn crash_after_the_reversal_was_answered() {
    for form in forms(TILL_SIGNS) {
        let mut world = world(form).await;
        let id = to_sign(&world).await;
        rest(&world).await;
        world.wires.order_cut(0, PowerCut::AfterTheAnswer);
        reply(&world, id, Answer::No).await;
        power_goes(&mut world).await;
        assert_eq!(world.bank.reversals().len(), 1);
        world.start().await.unwrap();
        becomes(&world, id, "cancelled/signature_refused").await;
        assert_eq!(all(&world, Kind::Reversal).await.len(), 1);
        agree(&world).await;
    }
}

/// What waits for a person for days does not keep the till from asking about what was judged before it.
#[tokio::test(start_paused = true)]
async fn disputed_reversal_after_a_judgement() {
    for form in forms(TILL_SIGNS) {
        let held = once().act(Delivery::Close).act(Action::Hold(120_000));
        let forgets = Rule::on("Reversal").act(Restart { before: false, forgets: true });
        let world = scripted(form, [held, forgets]).await;
        let judged = world.pay(0, 12_50).await.unwrap();
        becomes(&world, judged, "not_charged/never_seen").await;
        let id = to_sign(&world).await;
        reply(&world, id, Answer::No).await;
        stands(&world, id, "reversing").await;
        world.until("disputed", |view| view.payments.iter().any(|it| it.state == "disputed")).await;
        assert!(!world.view().payment(judged).unwrap().attention, "it has not arrived yet");
        world.until_payment(judged, "found out", |payment| payment.attention).await;
        stands(&world, id, "reversing").await;
    }
}

#[tokio::test(start_paused = true)]
async fn reversal_refused_by_the_terminal() {
    for form in forms(TILL_SIGNS) {
        for condition in ["NotFound", "Refusal", "UnreachableHost", "DeviceOut", "paydesk:Strange"] {
            let fails = Rule::on("Reversal").act(Action::Fail(condition.to_owned()));
            let world = scripted(form, [fails]).await;
            let id = to_sign(&world).await;
            reply(&world, id, Answer::No).await;
            let payment = becomes(&world, id, "approved/reversal_failed").await;
            assert_eq!(payment.amount, World::money(12_08), "{condition}: the payment stands");
            assert_eq!(banked(&world, id).await[0].state, State::Approved, "{condition}");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn reversal_that_never_started_is_asked_about_again() {
    for form in forms(TILL_SIGNS) {
        let never = [
            vec![Action::Fail("Busy".to_owned())],
            vec![Delivery::Refused.into()],
            vec![Action::Fail("UnavailableService".to_owned())],
            vec![Action::Unprocessed, Delivery::Cut.into()],
        ];
        for actions in never {
            let case = format!("{actions:?}");
            let rule = actions.into_iter().fold(Rule::on("Reversal").times(12), Rule::act);
            let world = scripted(form, [rule]).await;
            let id = to_sign(&world).await;
            let first = question(&world, id).await.id;
            reply(&world, id, Answer::No).await;
            world
                .until_payment(id, "asked again", |it| it.prompt.as_ref().is_some_and(|it| it.id != first))
                .await;
            follow(&world, []);
            reply(&world, id, Answer::No).await;
            becomes(&world, id, "cancelled/signature_refused").await;
            assert_eq!(all(&world, Kind::Reversal).await.len(), 2, "{case}");
            assert_eq!(world.bank.reversals().len(), 1, "{case}");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn reversals_answer_is_lost() {
    for form in forms(TILL_SIGNS) {
        for delivery in [Delivery::Cut, Delivery::Empty, Delivery::Garbage, Delivery::Never] {
            let world = scripted(form, [Rule::on("Reversal").nth(1).act(delivery)]).await;
            let id = world.pay(0, 12_08).await.unwrap();
            question(&world, id).await;
            // Not during the terminal's pause after a payment: there the lost answer would be "busy".
            rest(&world).await;
            reply(&world, id, Answer::No).await;
            becomes(&world, id, "cancelled/signature_refused").await;
            let reversals = all(&world, Kind::Reversal).await;
            assert_eq!(reversals.len(), 1, "{delivery:?}");
            assert!(reversals[0].closing().unwrap().late, "{delivery:?}");
            assert_eq!(world.bank.reversals().len(), 1, "{delivery:?}");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn abort_while_the_question_is_open() {
    for (form, expected) in
        [(Form::Default, ProblemCode::PromptOpen), (Form::Light, ProblemCode::WrongStage)]
    {
        let world = world(form).await;
        let id = to_sign(&world).await;
        assert_eq!(abort(&world, id).await, Err(expected), "{form:?}");
        assert!(question(&world, id).await.until.is_some() || form == Form::Light);
        reply(&world, id, Answer::Yes).await;
        let payment = becomes(&world, id, "approved").await;
        assert!(!payment.abort_asked, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn stale_wrong_and_double_answers() {
    for form in forms(SIGNS) {
        let world = world(form).await;
        let id = to_sign(&world).await;
        let prompt = question(&world, id).await.id;
        let answer = |prompt: PromptId, answer: Answer| Command::Answer { payment: id, prompt, answer };
        let other = PromptId::of(&world.random.seed());
        assert_eq!(refused(world.dispatch(answer(other, Answer::Yes)).await), ProblemCode::PromptStale);
        let typed = Answer::Typed("yes".to_owned());
        assert_eq!(refused(world.dispatch(answer(prompt, typed)).await), ProblemCode::NotAnAnswer);
        assert_eq!(question(&world, id).await.id, prompt, "{form:?}: still open");
        world.dispatch(answer(prompt, Answer::Yes)).await.unwrap();
        let again = world.dispatch(answer(prompt, Answer::No)).await;
        assert_eq!(refused(again), ProblemCode::PromptStale, "{form:?}: the first answer counts");
        becomes(&world, id, "approved").await;
        let late = world.dispatch(answer(prompt, Answer::No)).await;
        assert_eq!(refused(late), ProblemCode::PromptStale, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn asked_twice_by_the_terminal() {
    for form in forms(ASKS_TO_SIGN) {
        for (first, second, expected) in [
            (Answer::Yes, Answer::No, "cancelled/signature_refused"),
            (Answer::No, Answer::Yes, "approved"),
            (Answer::Yes, Answer::Yes, "approved"),
        ] {
            let world = scripted(form, [once().act(Oddity::InputTwice).act(Outcome::Signature)]).await;
            let id = to_sign(&world).await;
            let one = question(&world, id).await.id;
            reply(&world, id, first).await;
            world
                .until_payment(id, "asked again", |it| it.prompt.as_ref().is_some_and(|it| it.id != one))
                .await;
            reply(&world, id, second).await;
            becomes(&world, id, expected).await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answer_of_a_signed_payment_is_lost() {
    for form in forms(SIGNS) {
        for (answer, expected) in [(Answer::Yes, "approved"), (Answer::No, "cancelled/signature_refused")] {
            let world = scripted(form, [once().act(Delivery::Cut)]).await;
            let id = to_sign(&world).await;
            let case = format!("{form:?} {answer:?}");
            reply(&world, id, answer).await;
            let payment = becomes(&world, id, expected).await;
            assert!(steps(&payment).contains(&"unknown"), "{case}: {:?}", steps(&payment));
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn terminal_restarts_while_the_cashier_looks() {
    for form in forms(ASKS_TO_SIGN) {
        let world = world(form).await;
        let id = to_sign(&world).await;
        world.desks[0].restart();
        let payment = made(&world, id, "unknown").await;
        assert!(payment.prompt.is_none(), "nobody waits for the answer");
        let payment = becomes(&world, id, "cancelled/aborted").await;
        assert!(payment.late);
        assert_eq!(banked(&world, id).await[0].state, State::Reversed);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn refused_and_the_terminal_is_gone() {
    for form in forms(TILL_SIGNS) {
        let world = world(form).await;
        let id = to_sign(&world).await;
        rest(&world).await;
        follow(&world, [Rule::on("Reversal").nth(1).act(Delivery::Cut)]);
        reply(&world, id, Answer::No).await;
        let reversal = {
            let payment = made(&world, id, "reversing").await;
            OperationId::parse(super::scene::detail(&payment, "reversing").unwrap()).unwrap()
        };
        made(&world, reversal, "unknown").await;
        world.unplug(0);
        becomes(&world, reversal, "disputed/no_answer").await;
        assert_eq!(stands(&world, id, "reversing").await.reason.as_deref(), Some("signature_refused"));
        world.plug(0);
        becomes_closed(&world, id).await;
        agree(&world).await;
    }
}

/// Who answers at once, a script, refuses again and again while nothing can be sent: not faster than a
/// person.
#[tokio::test(start_paused = true)]
async fn refused_at_once_while_the_terminal_is_away() {
    for form in forms(TILL_SIGNS) {
        let world = world(form).await;
        let id = to_sign(&world).await;
        rest(&world).await;
        world.unplug(0);
        let cashier = employ(world.till(), &world.random, Habit::No);
        world.pass(60).await;
        let reversals = all(&world, Kind::Reversal).await.len();
        assert!((2..20).contains(&reversals), "{reversals} reversals in a minute");
        world.plug(0);
        becomes_closed(&world, id).await;
        cashier.abort();
        agree(&world).await;
    }
}

/// A wallet's payment can be refunded, but not undone: the refusal of its signature ends, and the payment
/// stands.
#[tokio::test(start_paused = true)]
async fn refused_and_cannot_be_reversed() {
    for form in forms(TILL_SIGNS) {
        let signature = once().act(Outcome::Signature);
        let world = scripted(form, [signature]).await;
        let id = world.pay(0, 12_10).await.unwrap();
        question(&world, id).await;
        reply(&world, id, Answer::No).await;
        becomes(&world, id, "approved/reversal_failed").await;
        assert_eq!(banked(&world, id).await[0].state, State::Approved);
        agree(&world).await;
    }
}

async fn becomes_closed(world: &World, id: OperationId) {
    stands(world, id, "closed").await;
    becomes(world, id, "cancelled/signature_refused").await;
}
