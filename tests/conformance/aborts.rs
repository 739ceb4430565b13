//! Asking the terminal to cancel: a wish, told once. Only the payment's own answer says what became of it.

use super::scene::{
    CAN_ABORT, abort, agree, asked, banked, becomes, forms, made, money_requests, once, rest, scripted,
    stands, steps, stored, without_hosts, world,
};
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use simulator::bank::State;
use simulator::script::{Action, Delivery, Outcome, Rule};
use std::time::Duration;
use till::api::{Command, ProblemCode};
use tokio::time::Instant;

fn aborts(world: &World) -> usize {
    asked(world, 0).iter().filter(|it| *it == "Abort").count()
}

/// A payment that waits for its customer.
async fn waiting(world: &World) -> OperationId {
    let id = world.pay(0, 12_14).await.unwrap();
    made(world, id, "sent").await;
    world.pass(3).await;
    id
}

#[tokio::test(start_paused = true)]
async fn early() {
    for form in without_hosts(CAN_ABORT) {
        let world = world(form).await;
        let id = waiting(&world).await;
        abort(&world, id).await.unwrap();
        let payment = becomes(&world, id, "cancelled/aborted").await;
        assert!(payment.abort_asked && !payment.late, "{form:?}");
        assert!(steps(&payment).contains(&"abort_asked"), "{form:?}");
        assert_eq!(banked(&world, id).await[0].state, State::Aborted);
        assert_eq!(aborts(&world), 1);
        let next = world.pay(0, 5_00).await.expect("free for another card");
        becomes(&world, next, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn refund_and_reversal() {
    for form in without_hosts(CAN_ABORT) {
        let world = world(form).await;
        let sale = world.pay(0, 20_00).await.unwrap();
        becomes(&world, sale, "approved").await;
        rest(&world).await;
        let refund = world.refund(0, 10_14, Some(sale)).await.unwrap();
        made(&world, refund, "sent").await;
        world.pass(3).await;
        abort(&world, refund).await.unwrap();
        becomes(&world, refund, "cancelled/aborted").await;
        rest(&world).await;
        // The refund that was aborted is the last transaction now: the sale cannot be reversed any more.
        let second = world.pay(0, 30_00).await.unwrap();
        becomes(&world, second, "approved").await;
        rest(&world).await;
        let reverse = Command::Reverse { payment: second, or_refund: false };
        let back = world.dispatch(reverse).await.unwrap().payment.unwrap();
        made(&world, back, "sent").await;
        abort(&world, back).await.unwrap();
        let payment = becomes(&world, back, "approved").await;
        assert!(payment.late, "{form:?}: a reversal is not stopped");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn late_and_approved_all_the_same() {
    for form in without_hosts(CAN_ABORT) {
        let world = world(form).await;
        let id = world.pay(0, 12_13).await.unwrap();
        made(&world, id, "sent").await;
        world.pass(5).await;
        abort(&world, id).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert!(payment.late && payment.abort_asked, "{form:?}: offered, never dropped");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn answered_by_an_event_because_the_payment_is_over() {
    for form in forms(CAN_ABORT) {
        // A gateway's answer is not the payment's: there the customer takes the time.
        let late = if form == Form::Cloud { Action::Slow(20_000) } else { Action::Late(20_000) };
        let world = scripted(form, [once().act(late)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        world.pass(10).await;
        abort(&world, id).await.unwrap();
        world.pass(2).await;
        assert_eq!(stored(&world, id).await.state_code(), "running", "{form:?}: the event decides nothing");
        let payment = becomes(&world, id, "approved").await;
        assert!(payment.late, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn during_the_wait_for_a_busy_terminal() {
    for form in without_hosts(CAN_ABORT) {
        let busy = Rule::on("Payment").act(Action::Fail("Busy".to_owned()));
        let world = scripted(form, [busy]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "resent").await;
        abort(&world, id).await.unwrap();
        let payment = becomes(&world, id, "not_charged/aborted").await;
        assert_eq!(payment.closed_by.as_deref(), Some("not_started"), "{form:?}");
        let sent = stored(&world, id).await.sent;
        assert!(sent.iter().all(|it| it.not_started), "{form:?}");
        assert_eq!(aborts(&world), 0, "{form:?}: nothing is at the terminal");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn before_the_request_left() {
    for form in without_hosts(CAN_ABORT) {
        // The login that the payment needs takes its time.
        let world = scripted(form, [Rule::on("Login").act(Action::Slow(20_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        world.pass(2).await;
        abort(&world, id).await.unwrap();
        let since = Instant::now();
        becomes(&world, id, "not_charged/aborted").await;
        assert!(since.elapsed() < Duration::from_secs(1), "{form:?}: at once");
        assert_eq!((money_requests(&world), aborts(&world)), (0, 0), "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn before_the_payment_started() {
    for form in forms(CAN_ABORT) {
        let world = scripted(form, [Rule::on("Login").act(Action::Slow(20_000))]).await;
        world.dispatch(Command::OpenTerminal { terminal: world.desks[0].id.clone() }).await.unwrap();
        world.pass(1).await;
        let id = world.pay(0, 12_50).await.unwrap();
        world.pass(1).await;
        assert!(!steps(world.view().payment(id).unwrap()).contains(&"sent"), "it waits for the login");
        abort(&world, id).await.unwrap();
        let payment = becomes(&world, id, "not_charged/aborted").await;
        assert_eq!(payment.closed_by.as_deref(), Some("nothing_sent"), "{form:?}");
        world.pass(60).await;
        assert_eq!(money_requests(&world), 0, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn while_nothing_runs() {
    for form in without_hosts(CAN_ABORT) {
        let world = world(form).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        assert_eq!(abort(&world, id).await, Err(ProblemCode::WrongStage), "{form:?}");
        let unknown = OperationId::of(&world.random.seed());
        assert_eq!(abort(&world, unknown).await, Err(ProblemCode::UnknownPayment), "{form:?}");
        world.pass(5).await;
        assert_eq!(aborts(&world), 0, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn twice() {
    for form in without_hosts(CAN_ABORT) {
        let lost = Rule::on("Abort").times(1).act(Action::Unprocessed).act(Delivery::Cut);
        let world = scripted(form, [lost]).await;
        let id = waiting(&world).await;
        abort(&world, id).await.unwrap();
        world.pass(2).await;
        assert!(steps(world.view().payment(id).unwrap()).contains(&"abort_not_delivered"), "{form:?}");
        abort(&world, id).await.expect("asked again");
        world.pass(1).await;
        assert_eq!(aborts(&world), 1, "{form:?}: not twice within five seconds");
        world.pass(3).await;
        abort(&world, id).await.unwrap();
        becomes(&world, id, "cancelled/aborted").await;
        assert_eq!(aborts(&world), 2, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn payment_is_never_answered() {
    for (minor, expected) in [(12_50, "approved"), (12_14, "cancelled/aborted")] {
        for form in without_hosts(CAN_ABORT) {
            let world = scripted(form, [once().act(Delivery::Never)]).await;
            let id = world.pay(0, minor).await.unwrap();
            made(&world, id, "sent").await;
            world.pass(10).await;
            let since = Instant::now();
            abort(&world, id).await.unwrap();
            becomes(&world, id, expected).await;
            let waited = since.elapsed().as_secs();
            assert!(
                (30..40).contains(&waited),
                "{form:?} {minor}: enquired beside the exchange, {waited} s"
            );
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answer_to_the_cancelled_payment_is_lost() {
    for form in without_hosts(CAN_ABORT) {
        let world = scripted(form, [once().act(Delivery::Cut)]).await;
        let id = waiting(&world).await;
        abort(&world, id).await.unwrap();
        let payment = becomes(&world, id, "cancelled/aborted").await;
        assert!(payment.late, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn power_goes_after_the_wish() {
    for form in without_hosts(CAN_ABORT) {
        let mut world = world(form).await;
        let id = waiting(&world).await;
        abort(&world, id).await.unwrap();
        world.restart().await;
        becomes(&world, id, "cancelled/aborted").await;
        assert!(stored(&world, id).await.abort_asked, "{form:?}: the wish is on disk");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn request_lost_and_aborted() {
    for form in without_hosts(CAN_ABORT) {
        let lost = once().act(Action::Unprocessed).act(Delivery::Never);
        let world = scripted(form, [lost]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        world.pass(3).await;
        abort(&world, id).await.unwrap();
        // An abort is a wish: the payment closes when it is certain that the terminal never had it.
        becomes(&world, id, "not_charged/aborted").await;
        assert!(banked(&world, id).await.is_empty(), "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn customer_stands_there_while_the_connection_is_lost() {
    for form in without_hosts(CAN_ABORT) {
        let open = once().act(Delivery::Close).act(Outcome::UntilAborted);
        let world = scripted(form, [open]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        stands(&world, id, "unknown").await;
        world.pass(20).await;
        abort(&world, id).await.expect("the terminal can still be asked to cancel");
        let payment = becomes(&world, id, "cancelled/aborted").await;
        assert!(payment.late, "{form:?}");
        agree(&world).await;
    }
}
