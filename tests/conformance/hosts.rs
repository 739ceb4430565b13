//! What only a device behind a host does: NEXT that nobody presses, an id that exists, records that are
//! missing, money back by card or by wallet, notifications. In both generations where both can.

use super::scene::{
    abort, agree, all, becomes, decide, displays, follow, money_requests, power_goes, refused, stands,
    world,
};
use acceptance::line::PowerCut;
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use domain::operation::Kind;
use domain::payment::Verdict;
use simulator::script::{Action, Delivery, Outcome, Rule};
use std::time::Duration;
use till::api::{Command, ProblemCode};
use tokio::time::Instant;

const HOSTS: [Form; 2] = [Form::Edc, Form::Sealed];

/// A shop whose amounts choose and whose notifications arrive nowhere.
async fn deaf(form: Form, tells: bool) -> World {
    let world = shop(form, tells).await;
    world.desks[0].host().turn(|knobs| knobs.notify_path = Some("/lost".to_owned()));
    world
}

/// A shop whose amounts choose; `tells`: replies repeat the amount, which no page promises.
async fn shop(form: Form, tells: bool) -> World {
    let world = world(form).await;
    world.desks[0].host().turn(|knobs| (knobs.convention, knobs.repeats_amount) = (true, tells));
    world
}

#[tokio::test(start_paused = true)]
async fn next_that_nobody_presses_does_not_hold_the_till() {
    for form in HOSTS {
        for tells in [true, false] {
            let world = deaf(form, tells).await;
            let begun = Instant::now();
            let id = world.pay(0, 12_40).await.unwrap();
            let paid = becomes(&world, id, "approved").await;
            assert!((30..40).contains(&begun.elapsed().as_secs()), "{form:?}: {:?}", begun.elapsed());
            assert!(displays(&paid)[0].contains("press NEXT"), "{:?}", displays(&paid));
            assert_eq!(money_requests(&world), 1);
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_ending_is_the_hosts() {
    let rows = [
        (12_00, "approved"),
        (12_41, "approved"),
        (12_42, "approved"),
        (12_43, "not_charged/never_seen"),
        (12_50, "declined/refused"),
        (12_51, "declined/refused"),
        (12_52, "cancelled/customer_cancelled"),
        (12_53, "declined/customer_cancelled"),
        (12_54, "not_charged/busy"),
        (12_55, "not_charged/never_seen"),
        (12_56, "approved"),
        (12_57, "declined/refused"),
        (12_59, "approved"),
        (12_60, "approved"),
        (12_61, "approved"),
        (12_62, "approved"),
        (12_63, "approved"),
        (12_70, "approved"),
        (12_71, "approved"),
        (12_72, "approved"),
    ];
    for form in HOSTS {
        for (minor, expected) in rows {
            for tells in [true, false] {
                let world = shop(form, tells).await;
                let id = world.pay(0, minor).await.unwrap();
                // An enquiry that tells no amount does not make good an answer that told another one.
                let is_contradicted = minor == 12_62 && !tells;
                becomes(&world, id, if is_contradicted { "disputed/mismatch" } else { expected }).await;
                agree(&world).await;
            }
        }
    }
}

/// Whose payment the id names can be told by nobody here: it is not taken for ours, whatever the host says of
/// it afterwards, and nothing else is sold there until a person has decided.
#[tokio::test(start_paused = true)]
async fn an_id_that_exists_is_nobodys_until_a_person_decides() {
    for form in HOSTS {
        let world = shop(form, true).await;
        let id = world.pay(0, 12_58).await.unwrap();
        let disputed = stands(&world, id, "disputed").await;
        assert_eq!(disputed.reason.as_deref(), Some("reference_in_use"));
        world.pass(1_200).await;
        stands(&world, id, "disputed").await;
        assert_eq!(refused(world.pay(0, 1_00).await), ProblemCode::TerminalBlocked);
        decide(&world, id, Verdict::NotCharged, None).await.unwrap();
        becomes(&world, id, "not_charged/by_hand").await;
        assert_eq!(money_requests(&world), 1);
        agree(&world).await;
    }
}

/// The answer that says so is lost: what the host tells of the other payment is compared, and is not ours.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_that_said_that_the_id_exists() {
    for form in HOSTS {
        for tells in [true, false] {
            let world = shop(form, tells).await;
            follow(&world, [Rule::on("pay").times(1).act(Delivery::Cut)]);
            let id = world.pay(0, 12_58).await.unwrap();
            stands(&world, id, "disputed").await;
            world.pass(1_200).await;
            stands(&world, id, "disputed").await;
            agree(&world).await;
        }
    }
}

/// An enquiry that tells no amount is about ours by its id, which nobody else makes.
#[tokio::test(start_paused = true)]
async fn a_lost_approval_is_found_by_its_id_alone() {
    for form in HOSTS {
        let world = shop(form, false).await;
        follow(&world, [Rule::on("pay").times(1).act(Delivery::Cut)]);
        let id = world.pay(0, 12_00).await.unwrap();
        let paid = becomes(&world, id, "approved").await;
        assert_eq!(paid.amount.minor, 12_00);
        agree(&world).await;
    }
}

/// "No record" is believed late, several times in a row, and not while the request may be on its way.
#[tokio::test(start_paused = true)]
async fn a_request_that_arrives_late_is_not_judged_before() {
    for form in HOSTS {
        for held_s in [20, 100, 170] {
            let world = shop(form, true).await;
            let held = Rule::on("pay").times(1).act(Delivery::Close).act(Action::Hold(held_s * 1_000));
            follow(&world, [held]);
            let id = world.pay(0, 12_00).await.unwrap();
            becomes(&world, id, "approved").await;
            agree(&world).await;
        }
        let world = shop(form, true).await;
        let begun = Instant::now();
        let id = world.pay(0, 12_43).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        assert!(begun.elapsed() > Duration::from_secs(180 + 40), "{:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_button_on_the_device_cancels() {
    for form in HOSTS {
        let world = shop(form, true).await;
        follow(&world, [Rule::on("pay").act(Outcome::UntilAborted)]);
        let id = world.pay(0, 12_00).await.unwrap();
        world.until_payment(id, "a display", |payment| payment.display.is_some()).await;
        world.pass(3).await;
        abort(&world, id).await.unwrap();
        let asks = |text: &str| text.contains("Press Cancel on the terminal");
        world.until_payment(id, "what to press", |it| it.display.as_deref().is_some_and(asks)).await;
        world.pass(10).await;
        assert_eq!(money_requests(&world), 1, "nothing is sent");
        world.desks[0].host().press_cancel();
        becomes(&world, id, "cancelled/customer_cancelled").await;
        agree(&world).await;
    }
}

/// The wish comes too late: it is paid, and the till says so.
#[tokio::test(start_paused = true)]
async fn a_wish_to_cancel_invents_no_cancelled_payment() {
    for form in HOSTS {
        let world = deaf(form, true).await;
        let id = world.pay(0, 12_40).await.unwrap();
        world.pass(5).await;
        abort(&world, id).await.unwrap();
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_power_goes_while_next_is_awaited() {
    for form in HOSTS {
        // The payment itself, the first exchange, is not answered: the cut after it would never come.
        let cuts = [(0, false), (1, false), (1, true)];
        for (exchange, after) in cuts {
            let when = if after { PowerCut::AfterTheAnswer } else { PowerCut::BeforeTheRequest };
            for tells in [true, false] {
                let mut world = deaf(form, tells).await;
                world.wires.order_cut(exchange, when);
                let id = world.pay(0, 12_40).await;
                power_goes(&mut world).await;
                world.start().await.unwrap();
                world.pass(900).await;
                if let Ok(id) = id {
                    assert!(world.settled(id).await.state == "closed");
                }
                agree(&world).await;
            }
        }
    }
}

async fn back(world: &World, payment: OperationId, or_refund: bool) -> OperationId {
    let command = Command::Reverse { payment, or_refund };
    world.dispatch(command).await.unwrap().payment.expect("it began")
}

/// A sale by a card, and one by a wallet: who may choose takes a card, but for every third.
async fn card_and_wallet(world: &World) -> (OperationId, OperationId) {
    let mut sales = Vec::new();
    for _ in 0..3 {
        let id = world.pay(0, 12_00).await.unwrap();
        becomes(world, id, "approved").await;
        sales.push(id);
    }
    let methods: Vec<_> =
        world.desks[0].host().transactions().into_iter().map(|entry| entry.method).collect();
    let at = |card: bool| methods.iter().position(|method| (method == "01") == card).unwrap();
    (sales[at(true)], sales[at(false)])
}

#[tokio::test(start_paused = true)]
async fn a_card_is_voided_and_a_wallet_refunded() {
    for lost in [None, Some(false), Some(true)] {
        let world = shop(Form::Edc, true).await;
        let (card, wallet) = card_and_wallet(&world).await;
        let lose = |call: &str| {
            let rule = Rule::on(call).times(u32::from(lost.is_some())).act(Delivery::Cut);
            if lost == Some(false) { rule.act(Action::Unprocessed) } else { rule }
        };
        follow(&world, [lose("void"), lose("refund")]);
        let void = back(&world, card, false).await;
        becomes(&world, void, "approved").await;
        let refund = back(&world, wallet, true).await;
        becomes(&world, refund, "not_charged/use_refund").await;
        world.pass(300).await;
        let refunds = all(&world, Kind::Refund).await;
        let linked: Vec<_> = refunds.iter().map(|it| it.operation.requested.minor).collect();
        assert_eq!(linked, [12_00], "lost {lost:?}");
        // A refund that never arrived is not sent again: nobody says that it could not be done twice.
        let (ends, stands) =
            if lost == Some(false) { ("disputed/cannot_tell", 24_00) } else { ("approved", 12_00) };
        becomes(&world, refunds[0].id(), ends).await;
        assert_eq!(world.bank.balance("SEK"), stands);
        agree(&world).await;
    }
}

/// Whether a payment was taken back is told by its own id: what a later void did is no news of one that
/// never arrived.
#[tokio::test(start_paused = true)]
async fn a_later_void_is_no_news_of_a_lost_one() {
    let world = shop(Form::Edc, true).await;
    let (card, _) = card_and_wallet(&world).await;
    follow(&world, [Rule::on("void").act(Action::Unprocessed).act(Delivery::Cut)]);
    let lost = back(&world, card, false).await;
    // That an enquiry would tell of the void is assumed: a person says that it was not done.
    becomes(&world, lost, "disputed/cannot_tell").await;
    decide(&world, lost, Verdict::NotCharged, Some("the terminal lists the sale")).await.unwrap();
    follow(&world, []);
    let void = back(&world, card, false).await;
    becomes(&world, void, "approved").await;
    world.pass(2 * 3_600).await;
    agree(&world).await;
}

/// A settled card payment is given back by nobody but the terminal's own menu.
#[tokio::test(start_paused = true)]
async fn a_settled_card_goes_another_way() {
    let world = shop(Form::Edc, true).await;
    let (card, _) = card_and_wallet(&world).await;
    world.desks[0].host().settle();
    let void = back(&world, card, true).await;
    becomes(&world, void, "not_charged/goes_another_way").await;
    assert_eq!(world.bank.balance("SEK"), 36_00);
    agree(&world).await;
}

/// That the host finds refunds by their ids is assumed: what it does not find is for a person, who would
/// otherwise be told that nothing went back.
#[tokio::test(start_paused = true)]
async fn a_refund_of_which_there_is_no_record_is_for_a_person() {
    let world = shop(Form::Edc, true).await;
    let (_, wallet) = card_and_wallet(&world).await;
    follow(&world, [Rule::on("refund").act(Action::Unprocessed).act(Delivery::Cut)]);
    let refund = world.refund(0, 12_00, Some(wallet)).await.unwrap();
    stands(&world, refund, "disputed").await;
    agree(&world).await;
}

/// The documented answer to an enquiry names no reference of the host, and nothing is given back without one.
#[tokio::test(start_paused = true)]
async fn a_payment_that_only_an_enquiry_told_of_is_given_back_at_the_terminal() {
    for or_refund in [false, true] {
        let world = shop(Form::Edc, false).await;
        world.desks[0].host().turn(|knobs| knobs.bare_enquiries = true);
        follow(&world, [Rule::on("pay").times(1).act(Delivery::Cut)]);
        let id = world.pay(0, 12_00).await.unwrap();
        becomes(&world, id, "approved").await;
        let back = back(&world, id, or_refund).await;
        becomes(&world, back, "not_charged/goes_another_way").await;
        assert_eq!(world.bank.balance("SEK"), 12_00);
        agree(&world).await;
    }
}

/// That an enquiry tells of a void is assumed: where it goes on saying "paid", a void without an answer is
/// neither done nor not done before a person has looked.
#[tokio::test(start_paused = true)]
async fn a_void_that_no_enquiry_tells_of_is_for_a_person() {
    let world = shop(Form::Edc, true).await;
    world.desks[0].host().turn(|knobs| knobs.voids_hidden = true);
    let (card, _) = card_and_wallet(&world).await;
    follow(&world, [Rule::on("void").times(1).act(Delivery::Cut)]);
    let void = back(&world, card, false).await;
    stands(&world, void, "disputed").await;
    assert_eq!(world.bank.balance("SEK"), 24_00, "it was done, once");
    decide(&world, void, Verdict::Approved, Some("the terminal's receipt says voided")).await.unwrap();
    agree(&world).await;
}

/// A notification is a reason to ask and nothing else: three times, before the answer, without one, forged.
#[tokio::test(start_paused = true)]
async fn notifications_make_the_till_ask_and_change_nothing() {
    for minor in [12_40, 12_70, 12_71, 12_72] {
        let world = shop(Form::Sealed, false).await;
        let begun = Instant::now();
        let id = world.pay(0, minor).await.unwrap();
        becomes(&world, id, "approved").await;
        assert!(begun.elapsed() < Duration::from_secs(10), "{minor}: {:?}", begun.elapsed());
        world.pass(100).await;
        assert_eq!(world.settled(id).await.state, "closed");
        agree(&world).await;
    }
}
