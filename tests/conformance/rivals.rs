//! Somebody else at the same terminal: a second till's payment is never taken for ours, and a login of
//! somebody else does not lose ours.

use super::scene::{
    CARDS, agree_but, backup, banked, becomes, decide, displays, follow, made, once, refused, rest, stored,
    terminal, world,
};
use acceptance::rival::Rival;
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use domain::payment::Verdict;
use jiff::SignedDuration;
use simulator::bank::State;
use simulator::nexo::Duplicates;
use simulator::script::{Action, Delivery};
use till::api::{Command, Health, ProblemCode};

const POI: &str = "POI-desk1";
/// The number of the rival's own transaction.
const THEIRS: &str = "424242";

fn rival(world: &World, sale_id: &str) -> Rival {
    Rival::new(world.desks[0].nexo(), sale_id, POI)
}

/// A terminal whose customers are so quick that a rival is done before our first enquiry.
async fn quick(form: Form) -> World {
    let mut world = World::dressed(7, &[form], false, |it| (it.customer_ms, it.host_ms) = (100, 100));
    world.start().await.unwrap();
    world
}

#[tokio::test(start_paused = true)]
async fn a_second_tills_payment_as_last() {
    for (form, name) in CARDS.into_iter().flat_map(|form| [(form, "KASSA1"), (form, "KASSA2")]) {
        let case = format!("{form:?} {name}");
        let world = quick(form).await;
        follow(&world, [once().act(Delivery::Cut)]);
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let mut rival = rival(&world, name);
        assert!(rival.log_in().await.error_condition.is_none(), "{case}");
        assert!(rival.pay(THEIRS, 12_50).await.error_condition.is_none(), "{case}");
        let payment = becomes(&world, id, "approved").await;
        let ours = banked(&world, id).await;
        assert_eq!(
            payment.evidence.get("poi_transaction_id"),
            Some(ours[0].receipt_number.as_str()),
            "{case}"
        );
        agree_but(&world, &[THEIRS]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_tills_payment_where_ours_was_never_seen() {
    for (form, name) in CARDS.into_iter().flat_map(|form| [(form, "KASSA1"), (form, "KASSA2")]) {
        let case = format!("{form:?} {name}");
        let world = quick(form).await;
        follow(&world, [once().act(Action::Unprocessed).act(Delivery::Cut)]);
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        // The same amount, approved, a second later: it must not be taken for ours.
        let mut rival = rival(&world, name);
        rival.log_in().await;
        assert!(rival.pay(THEIRS, 12_50).await.error_condition.is_none(), "{case}");
        // Nor is "never seen" believed any more: the session that it was sent in was taken over.
        becomes(&world, id, "disputed/cannot_tell").await;
        assert!(banked(&world, id).await.is_empty(), "{case}");
        decide(&world, id, Verdict::NotCharged, None).await.unwrap();
        becomes(&world, id, "not_charged/by_hand").await;
        agree_but(&world, &[THEIRS]).await;
    }
}

/// The time that somebody else's payment carries says nothing: whose clock is wrong nobody can tell.
#[tokio::test(start_paused = true)]
async fn a_second_tills_payment_after_the_clock_was_set() {
    for (form, hours) in CARDS.into_iter().flat_map(|form| [(form, 1), (form, -1), (form, 48)]) {
        let case = format!("{form:?} {hours} h");
        let world = quick(form).await;
        world.step_clock(SignedDuration::from_hours(hours));
        follow(&world, [once().act(Action::Unprocessed).act(Delivery::Cut)]);
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let mut rival = rival(&world, "KASSA1");
        rival.log_in().await;
        assert!(rival.pay(THEIRS, 12_50).await.error_condition.is_none(), "{case}");
        becomes(&world, id, "disputed/cannot_tell").await;
        decide(&world, id, Verdict::NotCharged, None).await.unwrap();
        agree_but(&world, &[THEIRS]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn login_during_a_running_payment() {
    for (form, name) in CARDS.into_iter().flat_map(|form| [(form, "KASSA1"), (form, "KASSA2")]) {
        // Before the host has decided the login ends the payment; afterwards the result stays retrievable.
        for (slow_ms, expected, state) in
            [(20_000, "cancelled/aborted", State::Aborted), (0, "approved", State::Approved)]
        {
            let case = format!("{form:?} {name} {slow_ms}");
            let mut world = World::dressed(7, &[form], false, |it| it.host_ms = 20_000);
            world.start().await.unwrap();
            super::scene::follow(&world, [once().act(Action::Slow(slow_ms))]);
            let id = world.pay(0, 12_50).await.unwrap();
            made(&world, id, "sent").await;
            world.pass(6).await;
            let open = Command::OpenTerminal { terminal: world.desks[0].id.clone() };
            assert_eq!(refused(world.dispatch(open).await), ProblemCode::TerminalBusy, "{case}: not by us");
            rival(&world, name).log_in().await;
            let payment = becomes(&world, id, expected).await;
            assert!(payment.late, "{case}");
            assert_eq!(banked(&world, id).await[0].state, state, "{case}");
            agree_but(&world, &[]).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn session_taken_over_between_two_payments() {
    for (form, name) in CARDS.into_iter().flat_map(|form| [(form, "KASSA1"), (form, "KASSA2")]) {
        let world = world(form).await;
        let first = world.pay(0, 12_50).await.unwrap();
        becomes(&world, first, "approved").await;
        let mut rival = rival(&world, name);
        world.pass(5).await;
        rival.log_in().await;
        assert!(rival.pay(THEIRS, 20_00).await.error_condition.is_none());
        world.pass(5).await;
        let second = world.pay(0, 13_50).await.unwrap();
        let payment = becomes(&world, second, "approved").await;
        assert_eq!(banked(&world, second).await.len(), 1, "{form:?} {name}");
        if form == Form::Default && name == "KASSA2" {
            assert!(displays(&payment).contains(&"Approved"), "logged in again, in our own form");
        }
        assert_eq!(terminal(&world, 0).health, Health::Ready);
        agree_but(&world, &[THEIRS]).await;
    }
}

/// Somebody with our name takes a payment under this identifier in our session; then we take ours.
async fn after_a_rivals(form: Form, duplicates: Duplicates, service_id: &str) -> (World, OperationId) {
    let mut world = World::dressed(7, &[form], false, |it| it.duplicates = duplicates);
    world.start().await.unwrap();
    world.dispatch(Command::OpenTerminal { terminal: world.desks[0].id.clone() }).await.unwrap();
    world.until("in session", |view| view.terminals[0].serial.is_some()).await;
    let mut rival = rival(&world, "KASSA1");
    rival.call_next(service_id);
    assert!(rival.pay(THEIRS, 12_50).await.error_condition.is_none());
    rest(&world).await;
    let id = world.pay(0, 12_50).await.unwrap();
    made(&world, id, "sent").await;
    (world, id)
}

/// The same, under the very identifier that our payment gets: the same seed tells it beforehand.
async fn reference_in_use(form: Form, duplicates: Duplicates) -> (World, OperationId) {
    let reference = |world: &World, id: OperationId| {
        let store = world.store().clone();
        async move {
            store.read(move |reader| reader.payment(id)).await.unwrap().unwrap().sent[0].reference.clone()
        }
    };
    let (world, id) = after_a_rivals(form, duplicates, "R1").await;
    let told = reference(&world, id).await;
    let (world, id) = after_a_rivals(form, duplicates, &told.0).await;
    assert_eq!(reference(&world, id).await, told, "the seed tells the reference");
    (world, id)
}

#[tokio::test(start_paused = true)]
async fn reference_used_before() {
    for form in CARDS {
        let (world, id) = reference_in_use(form, Duplicates::Refuse).await;
        becomes(&world, id, "disputed/reference_in_use").await;
        world.pass(600).await;
        let payment = stored(&world, id).await;
        assert_eq!(payment.state_code(), "disputed", "{form:?}: never adopted as ours");
        assert!(payment.outcome.is_none() && banked(&world, id).await.is_empty(), "{form:?}");
        decide(&world, id, Verdict::NotCharged, None).await.unwrap();
        becomes(&world, id, "not_charged/by_hand").await;
        agree_but(&world, &[THEIRS]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reference_used_before_and_answered_by_the_old_outcome() {
    for form in CARDS {
        let (world, id) = reference_in_use(form, Duplicates::Replay).await;
        let payment = made(&world, id, "unknown").await;
        assert_eq!(super::scene::detail(&payment, "mismatch"), Some("transaction"), "{form:?}");
        becomes(&world, id, "disputed/mismatch").await;
        assert!(stored(&world, id).await.outcome.is_none() && banked(&world, id).await.is_empty());
        agree_but(&world, &[THEIRS]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reference_used_before_and_nobody_minds() {
    for form in CARDS {
        let (world, id) = reference_in_use(form, Duplicates::Ignore).await;
        becomes(&world, id, "approved").await;
        assert_eq!(banked(&world, id).await.len(), 1, "{form:?}");
        agree_but(&world, &[THEIRS]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn unclaimed_payment_of_a_rival_is_not_ours_after_a_restore() {
    for form in CARDS {
        let mut world = world(form).await;
        let known = world.pay(0, 10_00).await.unwrap();
        becomes(&world, known, "approved").await;
        let backup = backup(&world).await;
        let mut rival = rival(&world, "KASSA1");
        rival.log_in().await;
        rival.pay(THEIRS, 10_00).await;
        world.restore(&backup).await;
        world.until("unclaimed", |view| view.notices.iter().any(|it| it.code == "unclaimed")).await;
        assert_eq!(stored(&world, known).await.verdict(), Some(Verdict::Approved), "{form:?}");
        assert!(stored(&world, known).await.attention.is_none(), "{form:?}");
        assert!(acceptance::audit::books(&world).await.unclaimed.contains(THEIRS), "{form:?}");
        agree_but(&world, &[THEIRS]).await;
    }
}
