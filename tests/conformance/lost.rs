//! Answers that do not arrive, cannot be read or are not ours: unknown at once, never declined, never sent
//! again, and found by an enquiry.

use super::scene::{
    CARDS, FORMS, WITHOUT_CABLES, WITHOUT_HOSTS, agree, banked, becomes, decide, detail, made,
    money_requests, once, rest, scripted, stands, steps, stored, world,
};
use domain::operation::Step;
use domain::payment::Verdict;
use simulator::bank::State;
use simulator::script::{Action, Delivery, Rule, Twist};
use std::time::Duration;
use terminals::http::Cause;
use till::api::Command;
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn answer_lost_or_unreadable() {
    let table: [(&str, Delivery, &str); 14] = [
        ("cut", Delivery::Cut, "answer_lost"),
        ("cut in the middle", Delivery::CutMiddle, "answer_lost"),
        ("closed before the terminal was done", Delivery::Close, "answer_lost"),
        ("never answered", Delivery::Never, "deadline_passed"),
        ("empty 200", Delivery::Empty, "answer_lost"),
        ("204", Delivery::NoContent, "answer_lost"),
        ("500", Delivery::Status(500), "answer_unreadable"),
        ("404", Delivery::Status(404), "answer_unreadable"),
        ("garbage", Delivery::Garbage, "answer_unreadable"),
        ("truncated", Delivery::Truncated, "answer_unreadable"),
        ("document type and entity bomb", Delivery::EntityBomb, "answer_unreadable"),
        ("1,000 nested elements", Delivery::Deep, "answer_unreadable"),
        ("64 MB", Delivery::Oversize(64 << 20), "answer_unreadable"),
        ("twice in one body", Delivery::Twice, "answer_unreadable"),
    ];
    for (name, delivery, reason) in table {
        for form in WITHOUT_HOSTS {
            let world = scripted(form, [once().act(delivery)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            let payment = becomes(&world, id, "approved").await;
            // A gateway is asked within the payment, until its final word.
            let unknown = (!form.is_wallet()).then_some(reason);
            assert_eq!(detail(&payment, "unknown"), unknown, "{form:?} {name}");
            assert_eq!(payment.late, !form.is_wallet(), "{form:?} {name}");
            assert_eq!(money_requests(&world), 1, "{form:?} {name}: never sent again");
            assert_eq!(payment.amount.minor, 12_50);
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn outcome_without_money_lost() {
    for (minor, expected) in [
        (12_01, "declined/refused"),
        (12_03, "cancelled/customer_cancelled"),
        (12_05, "declined/host_unreachable"),
    ] {
        for form in FORMS {
            let world = scripted(form, [once().act(Delivery::Cut)]).await;
            let id = world.pay(0, minor).await.unwrap();
            // A wallet's refusal has no reason; a hub's has no table.
            let is_refused = form.is_wallet() || (form.is_hub() && minor == 12_05);
            let expected = if is_refused { "declined/refused" } else { expected };
            let payment = becomes(&world, id, expected).await;
            assert_eq!(payment.late, !form.asks_within(), "{form:?} {minor}");
            assert!(payment.amount.is_zero(), "{form:?} {minor}");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn request_lost_before_the_terminal() {
    for delivery in
        [Delivery::Cut, Delivery::Close, Delivery::Status(503), Delivery::Empty, Delivery::Garbage]
    {
        for form in WITHOUT_CABLES {
            let world = scripted(form, [once().act(Action::Unprocessed).act(delivery)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            // A gateway says itself that it was cancelled: nothing is judged.
            let (expected, by) = match form.is_wallet() {
                true => ("cancelled/host_unreachable", "provider"),
                false => ("not_charged/never_seen", "judged"),
            };
            let payment = becomes(&world, id, expected).await;
            assert_eq!(payment.closed_by.as_deref(), Some(by), "{form:?} {delivery:?}");
            assert!(banked(&world, id).await.is_empty());
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn request_that_arrives_within_the_settling_time() {
    for form in FORMS {
        let world = scripted(form, [once().act(Delivery::Close).act(Action::Hold(12_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert_eq!(payment.late, !form.asks_within(), "{form:?}: 'never seen' is not believed too early");
        agree(&world).await;
    }
}

/// Twist, the mismatch it makes, what recovery makes of it when the terminal repeats it.
const TWISTS: [(Twist, &str, &str); 6] = [
    (Twist::WrongServiceId, "reference", "disputed/mismatch"),
    (Twist::WrongSaleId, "terminal", "disputed/mismatch"),
    (Twist::WrongPoiId, "terminal", "disputed/mismatch"),
    (Twist::WrongAmount, "amount", "disputed/mismatch"),
    (Twist::WrongCurrency, "currency", "disputed/mismatch"),
    (Twist::WrongTransaction, "transaction", "disputed/mismatch"),
];

#[tokio::test(start_paused = true)]
async fn answer_that_is_not_ours() {
    for (twist, mismatch, _) in TWISTS {
        for form in WITHOUT_HOSTS {
            let world = scripted(form, [once().act(twist)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            // A gateway's answer about another transaction is looked into within the payment.
            let is_told = !form.is_wallet() || ["amount", "currency"].contains(&mismatch);
            if is_told {
                let payment = made(&world, id, "mismatch").await;
                assert_eq!(detail(&payment, "mismatch"), Some(mismatch), "{form:?} {twist:?}");
                let told = (payment.state.as_str(), payment.reason.as_deref());
                assert_eq!(told, ("unknown", Some("mismatch")));
            }
            let payment = becomes(&world, id, "approved").await;
            assert_eq!(payment.late, is_told, "{form:?} {twist:?}: resolved by an enquiry");
            assert_eq!(payment.amount.minor, 12_50);
            assert_eq!(stored(&world, id).await.mismatches, u32::from(is_told));
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answer_that_is_not_ours_and_is_repeated() {
    for (twist, mismatch, expected) in TWISTS {
        for form in WITHOUT_HOSTS {
            let world = scripted(form, [once().act(twist).act(Action::Sticky)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            if form.is_wallet() && twist == Twist::WrongTransaction {
                // Under the till's own reference the gateway tells that it is cancelled.
                becomes(&world, id, "cancelled/aborted").await;
                agree(&world).await;
                continue;
            }
            let payment = becomes(&world, id, expected).await;
            assert_eq!(detail(&payment, "mismatch"), Some(mismatch), "{form:?} {twist:?}");
            world.pass(600).await;
            let payment = stored(&world, id).await;
            assert!(payment.outcome.is_none(), "{form:?} {twist:?}: never adopted");
            assert!(payment.mismatches <= 3, "{form:?} {twist:?}: {} entries", payment.mismatches);
            // A wallet's payment was cancelled after its window, and the money went back.
            let stands = banked(&world, id).await.iter().any(|it| it.state == State::Approved);
            let (verdict, told) = match stands {
                true => (Verdict::Approved, "approved/by_hand"),
                false => (Verdict::NotCharged, "not_charged/by_hand"),
            };
            decide(&world, id, verdict, Some("by telephone")).await.unwrap();
            becomes(&world, id, told).await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn result_word_that_nobody_knows() {
    for form in WITHOUT_HOSTS {
        let world = scripted(form, [once().act(Twist::UnknownResult)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        let unknown = (!form.is_wallet()).then_some("answer_unreadable");
        assert_eq!(detail(&payment, "unknown"), unknown, "{form:?}");
        agree(&world).await;
        let sticky = [once().act(Twist::UnknownResult).act(Action::Sticky)];
        let world = scripted(form, sticky).await;
        let id = world.pay(0, 12_50).await.unwrap();
        // To a gateway's unknown word the till listens for as long as a transaction can stay unpaid.
        let expected = if form.is_wallet() { "disputed/still_running" } else { "disputed/no_answer" };
        becomes(&world, id, expected).await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn answer_with_nothing_but_its_header() {
    for form in CARDS {
        let world = scripted(form, [once().act(Twist::Bare)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert!(!payment.late, "{form:?}: the reference alone is enough");
        // Without the terminal's number it cannot be reversed, and the till says so.
        rest(&world).await;
        let reverse = Command::Reverse { payment: id, or_refund: false };
        let back = world.dispatch(reverse).await.unwrap().payment.unwrap();
        becomes(&world, back, "not_charged/use_refund").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn answer_in_another_framing() {
    for delivery in [Delivery::Chunked, Delivery::Http10] {
        for form in FORMS {
            let world = scripted(form, [once().act(delivery)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            assert!(!becomes(&world, id, "approved").await.late, "{form:?} {delivery:?}");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn late_answer() {
    for form in WITHOUT_HOSTS {
        // Within the time that a customer may take.
        let world = scripted(form, [once().act(Action::Late(90_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert!(!payment.late && !steps(&payment).contains(&"unknown"), "{form:?}");
        agree(&world).await;
        if form.is_wallet() {
            // It is asked within the payment, and needs no answer to the charge.
            continue;
        }
        // After it.
        let world = scripted(form, [once().act(Action::Late(400_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert_eq!(detail(&payment, "unknown"), Some("deadline_passed"), "{form:?}");
        world.pass(200).await;
        assert_eq!(world.view().payment(id).unwrap().timeline, payment.timeline, "{form:?}: nothing more");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn deadline_passed_while_the_customer_is_slow() {
    for form in CARDS {
        let world = scripted(form, [once().act(Action::Slow(360_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let since = Instant::now();
        let payment = made(&world, id, "unknown").await;
        assert_eq!(since.elapsed().as_secs(), 300, "{form:?}");
        assert_eq!(payment.reason.as_deref(), Some("deadline_passed"));
        let payment = becomes(&world, id, "approved").await;
        assert!(payment.late && money_requests(&world) == 1, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn unplugged_while_the_customer_pays() {
    for (host_ms, expected) in [(800, "disputed/cannot_tell"), (30_000, "approved")] {
        for form in CARDS {
            let mut world = acceptance::world::World::dressed(7, &[form], false, |it| it.host_ms = host_ms);
            world.start().await.unwrap();
            super::scene::follow(
                &world,
                [once().act(Action::Slow(if host_ms == 800 { 20_000 } else { 0 }))],
            );
            let id = world.pay(0, 12_50).await.unwrap();
            made(&world, id, "sent").await;
            world.pass(8).await;
            world.unplug(0);
            stands(&world, id, "unknown").await;
            world.pass(100).await;
            assert_eq!(stored(&world, id).await.state_code(), "unknown", "{form:?} {host_ms}");
            world.plug(0);
            becomes(&world, id, expected).await;
            let state = if expected == "approved" { State::Approved } else { State::Aborted };
            assert_eq!(banked(&world, id).await[0].state, state, "{form:?} {host_ms}");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn terminal_cannot_be_reached() {
    let table: [(Cause, &str); 4] = [
        (Cause::Name("terminal.example".to_owned()), "name_not_resolved"),
        (Cause::Refused, "connection_refused"),
        (Cause::ConnectTimeout, "connect_timeout"),
        (Cause::Unreachable("no route".to_owned()), "not_sent"),
    ];
    for (cause, reason) in table {
        for (form, in_session) in WITHOUT_CABLES.into_iter().flat_map(|form| [(form, false), (form, true)])
        {
            let case = format!("{form:?} {cause:?} in session {in_session}");
            let world = world(form).await;
            if in_session {
                let first = world.pay(0, 1_00).await.unwrap();
                becomes(&world, first, "approved").await;
                rest(&world).await;
            }
            let before = money_requests(&world);
            world.wires.break_for(Some(cause.clone()));
            let since = Instant::now();
            let id = world.pay(0, 12_50).await.expect("accepted, and written down");
            let payment = becomes(&world, id, &format!("not_charged/{reason}")).await;
            assert!(since.elapsed() < Duration::from_secs(1), "{case}: at once");
            assert_eq!(payment.closed_by.as_deref(), Some("nothing_sent"), "{case}");
            assert_eq!(stored(&world, id).await.verdict(), Some(Verdict::NotCharged), "{case}");
            assert_eq!(money_requests(&world), before, "{case}");
            world.wires.break_for(None);
            let next = world.pay(0, 13_50).await.expect("nothing blocks the terminal");
            becomes(&world, next, "approved").await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn connection_refused_to_the_payment_alone() {
    for form in WITHOUT_CABLES {
        let world = scripted(form, [once().act(Delivery::Refused)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/connection_refused").await;
        let steps: Vec<Step> = stored(&world, id).await.sent.iter().map(|sent| sent.step).collect();
        assert_eq!(steps.last(), Some(&Step::First), "{form:?}: its reference is on disk");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn enquiry_that_fails_in_every_way() {
    let broken =
        [Delivery::Cut, Delivery::Garbage, Delivery::Empty, Delivery::NoContent, Delivery::Status(500)];
    let broken = broken.into_iter().chain([Delivery::Never, Delivery::Twice, Delivery::EntityBomb]);
    for delivery in broken {
        for form in WITHOUT_CABLES {
            let status = Rule::on("TransactionStatus").times(3).act(delivery);
            let world = scripted(form, [once().act(Delivery::Cut), status]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            let payment = becomes(&world, id, "approved").await;
            // A gateway is asked within the payment.
            let enough = form.is_wallet() || payment.enquiries > 3;
            assert!(enough, "{form:?} {delivery:?}: {}", payment.enquiries);
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn enquiry_answered_in_a_wrong_name() {
    for twist in [Twist::WrongServiceId, Twist::WrongSaleId, Twist::WrongPoiId, Twist::UnknownResult] {
        for form in FORMS {
            let status = Rule::on("TransactionStatus").times(2).act(twist);
            let world = scripted(form, [once().act(Delivery::Cut), status]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            becomes(&world, id, "approved").await;
            agree(&world).await;
        }
    }
}
