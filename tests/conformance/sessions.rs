//! Sessions: logging in when it is needed and once only, waiting for updates, the daily maintenance hour, and
//! an address that a person must confirm.

use super::scene::{
    CARDS, FORMS, MAINTAINS, agree, asked, at_the_desk, becomes, forms, made, money_requests, noticed,
    once, refused, rest, scripted, stored, terminal, world,
};
use acceptance::world::{Form, World};
use jiff::SignedDuration;
use simulator::script::{Action, Delivery, Rule};
use till::api::{Command, Health, ProblemCode, ServiceWanted};

fn count(world: &World, category: &str) -> usize {
    asked(world, 0).iter().filter(|it| *it == category).count()
}

#[tokio::test(start_paused = true)]
async fn logged_in_once_for_many_payments() {
    for form in CARDS {
        let world = world(form).await;
        for _ in 0..3 {
            let id = world.pay(0, 12_50).await.unwrap();
            becomes(&world, id, "approved").await;
            rest(&world).await;
        }
        assert_eq!(count(&world, "Login"), 1, "{form:?}");
        let seen = terminal(&world, 0);
        assert_eq!(seen.serial.as_deref(), Some("2290009999"));
        assert_eq!(seen.health, Health::Ready, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn session_refused_by_the_terminal() {
    for condition in ["NotAllowed", "LoggedOut"] {
        for form in CARDS {
            let fails = |times| Rule::on("Payment").times(times).act(Action::Fail(condition.to_owned()));
            let world = scripted(form, [fails(1)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            becomes(&world, id, "approved").await;
            assert_eq!(count(&world, "Login"), 2, "{form:?} {condition}: logged in again");
            let sent = stored(&world, id).await.sent;
            assert_eq!(sent.len(), 2);
            assert_ne!(sent[0].session, sent[1].session, "{form:?} {condition}");
            agree(&world).await;
            let world = scripted(form, [fails(5)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            becomes(&world, id, "not_charged/no_session").await;
            assert_eq!(
                (count(&world, "Login"), money_requests(&world)),
                (2, 2),
                "{form:?} {condition}: once"
            );
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn terminal_restarted_between_payments() {
    for form in CARDS {
        let world = world(form).await;
        let first = world.pay(0, 12_50).await.unwrap();
        becomes(&world, first, "approved").await;
        rest(&world).await;
        world.desks[0].restart();
        let second = world.pay(0, 12_50).await.unwrap();
        assert!(!becomes(&world, second, "approved").await.late, "{form:?}");
        assert_eq!(count(&world, "Login"), 2, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn login_busy_while_parameters_update() {
    for (times, expected) in [(3, "approved"), (60, "not_charged/busy")] {
        for form in CARDS {
            let mut world = World::dressed(7, &[form], false, |it| {
                it.poi_id = Some("OTHER".to_owned());
                it.new_poi_busy = times;
            });
            world.start().await.unwrap();
            let id = world.pay(0, 12_50).await.unwrap();
            becomes(&world, id, expected).await;
            assert!(noticed(&world, "updating"), "{form:?}: the cashier is told why");
            if expected == "approved" {
                assert_eq!(count(&world, "Login"), 4, "{form:?}");
            } else {
                assert_eq!(money_requests(&world), 0, "{form:?}");
            }
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn login_refused() {
    for form in CARDS {
        let mut world = World::dressed(7, &[form], false, |it| it.sale_id = Some("KASSA9".to_owned()));
        world.start().await.unwrap();
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "not_charged/login_refused").await;
        assert!(payment.detail.unwrap().contains("SaleID"), "{form:?}: in the terminal's words");
        assert_eq!(money_requests(&world), 0);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn logins_answer_is_lost() {
    for delivery in [Delivery::Cut, Delivery::Garbage, Delivery::Empty, Delivery::Twice] {
        for form in CARDS {
            let world = scripted(form, [Rule::on("Login").times(1).act(delivery)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            let payment = world.settled(id).await;
            assert_eq!(payment.outcome, "not_charged", "{form:?} {delivery:?}: no money was on the way");
            let next = world.pay(0, 12_50).await.unwrap();
            becomes(&world, next, "approved").await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn busy_for_too_long() {
    for form in CARDS {
        let world = scripted(form, [Rule::on("Payment").act(Action::Fail("Busy".to_owned()))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "not_charged/busy").await;
        assert_eq!(payment.closed_by.as_deref(), Some("not_started"), "{form:?}");
        let tries = money_requests(&world);
        assert!((9..=12).contains(&tries), "{form:?}: {tries} in ten seconds");
        assert_eq!(stored(&world, id).await.sent.len(), tries, "{form:?}: a reference each");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn busy_right_after_the_login() {
    for form in FORMS {
        let mut world = World::dressed(7, &[form], false, |it| it.busy_after_login_ms = 5_000);
        world.start().await.unwrap();
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

async fn log_out(world: &World) {
    let terminal = world.desks[0].id.clone();
    let service = ServiceWanted::Logout;
    world.dispatch(Command::Service { terminal, service }).await.expect("logged out");
}

#[tokio::test(start_paused = true)]
async fn logged_out_by_command_and_in_again_for_the_next_payment() {
    for form in forms(MAINTAINS) {
        let world = world(form).await;
        let first = world.pay(0, 12_50).await.unwrap();
        becomes(&world, first, "approved").await;
        log_out(&world).await;
        assert_eq!(terminal(&world, 0).health, Health::Maintenance, "{form:?}");
        let second = world.pay(0, 12_50).await.unwrap();
        becomes(&world, second, "approved").await;
        assert_eq!((count(&world, "Logout"), count(&world, "Login")), (1, 2), "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn maintenance_wanted() {
    let world = world(Form::Default).await;
    let first = world.pay(0, 12_50).await.unwrap();
    becomes(&world, first, "approved").await;
    rest(&world).await;
    world.desks[0].nexo().offer_update().await;
    world.until("wanted", |view| view.terminals[0].maintenance_wanted).await;
    log_out(&world).await;
    world.until("it updates", |view| view.terminals[0].health == Health::Maintenance).await;
    let early = world.pay(0, 5_00).await.unwrap();
    becomes(&world, early, "not_charged/connection_refused").await;
    world.pass(70).await;
    assert!(noticed(&world, "maintenance_began") && noticed(&world, "maintenance_ended"));
    let next = world.pay(0, 5_00).await.unwrap();
    becomes(&world, next, "approved").await;
    assert!(!terminal(&world, 0).maintenance_wanted);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn maintenance_while_a_customer_pays() {
    for form in CARDS {
        let world = scripted(form, [once().act(Action::Slow(20_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        world.pass(5).await;
        world.desks[0].nexo().begin_maintenance().await;
        world.pass(40).await;
        assert_ne!(stored(&world, id).await.outcome_code(), "approved", "{form:?}");
        world.desks[0].nexo().end_maintenance().await;
        becomes(&world, id, "cancelled/aborted").await;
        agree(&world).await;
    }
}

/// From the beginning of the world to this minute of the next day in the shop.
fn until_minute(hour: i64, minute: i64) -> SignedDuration {
    // The world begins at ten o'clock in the shop.
    SignedDuration::from_mins((14 + hour) * 60 + minute)
}

#[tokio::test(start_paused = true)]
async fn daily_maintenance_hour() {
    for form in forms(MAINTAINS) {
        let mut world = World::new(7, &[form], true);
        world.start().await.unwrap();
        world.until("in session", |view| view.terminals[0].serial.is_some()).await;
        world.pass(660).await;
        world.step_clock(until_minute(3, 55) - SignedDuration::from_secs(660));
        world.pass(120).await;
        assert_eq!((count(&world, "Logout"), count(&world, "Login")), (1, 1), "{form:?}");
        assert_eq!(terminal(&world, 0).health, Health::Maintenance, "{form:?}");
        world.pass(30 * 60).await;
        assert_eq!(count(&world, "Login"), 1, "{form:?}: it is left alone");
        // Somebody pays in that hour all the same.
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        assert_eq!(count(&world, "Login"), 2, "{form:?}");
        world.pass(15 * 60).await;
        assert_eq!(count(&world, "Logout"), 2, "{form:?}: and then the hour goes on");
        world.pass(30 * 60).await;
        assert_eq!(count(&world, "Login"), 3, "{form:?}: the business day starts in session");
        assert_eq!(terminal(&world, 0).health, Health::Ready, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn maintenance_hour_waits_for_an_open_payment() {
    for form in forms(MAINTAINS) {
        let mut world = World::new(7, &[form], true);
        world.start().await.unwrap();
        world.until("in session", |view| view.terminals[0].serial.is_some()).await;
        super::scene::follow(&world, [once().act(Delivery::Close).act(Action::Slow(1_200_000))]);
        let id = world.pay(0, 12_50).await.unwrap();
        world.pass(660).await;
        world.step_clock(until_minute(3, 55) - SignedDuration::from_secs(660));
        world.pass(300).await;
        assert_eq!(count(&world, "Logout"), 0, "{form:?}: a payment is open");
        super::scene::stands(&world, id, "closed").await;
        becomes(&world, id, "approved").await;
        world.pass(120).await;
        assert_eq!(count(&world, "Logout"), 1, "{form:?}");
        agree(&world).await;
    }
}

fn sessions(world: &World) -> (usize, usize) {
    (count(world, "Login"), count(world, "Logout"))
}

/// It rests until the next business day starts, or until somebody pays.
#[tokio::test(start_paused = true)]
async fn closed_day_ends_the_terminals_day() {
    for (form, sells_again) in forms(MAINTAINS).into_iter().flat_map(|form| [(form, true), (form, false)]) {
        let world = at_the_desk(form, []).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        rest(&world).await;
        world.dispatch(Command::CloseDay { number: 1 }).await.unwrap();
        world.pass(180).await;
        assert_eq!(sessions(&world), (1, 1), "{form:?}");
        assert_eq!(terminal(&world, 0).health, Health::Maintenance, "{form:?}");
        world.pass(6 * 3_600).await;
        assert_eq!(sessions(&world), (1, 1), "{form:?}: not in the evening");
        if sells_again {
            let next = world.pay(0, 12_50).await.unwrap();
            becomes(&world, next, "approved").await;
            world.pass(3_600).await;
            assert_eq!(sessions(&world), (2, 1), "{form:?}: work goes on");
        } else {
            // The world began at ten o'clock in the shop; its day starts at five.
            world.pass(13 * 3_600 - 600).await;
            assert_eq!(sessions(&world), (1, 1), "{form:?}: not in the night");
            world.pass(660).await;
            assert_eq!(sessions(&world), (2, 1), "{form:?}: the day starts in session");
            assert_eq!(terminal(&world, 0).health, Health::Ready, "{form:?}");
        }
        agree(&world).await;
    }
}

/// The last customer pays after the day was closed: the terminal is not sent away under the cashier's hands.
#[tokio::test(start_paused = true)]
async fn work_goes_on_right_after_a_closed_day() {
    for form in forms(MAINTAINS) {
        let world = at_the_desk(form, []).await;
        world.dispatch(Command::CloseDay { number: 1 }).await.unwrap();
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        world.pass(3_600).await;
        assert_eq!(sessions(&world), (1, 0), "{form:?}");
    }
}

/// It is not logged in again while it updates itself, and is as soon as it says that it is done.
#[tokio::test(start_paused = true)]
async fn left_alone_to_update_itself() {
    for form in forms(MAINTAINS) {
        let world = at_the_desk(form, []).await;
        log_out(&world).await;
        world.pass(3_500).await;
        assert_eq!(sessions(&world), (1, 1), "{form:?}: an hour");
        world.pass(300).await;
        assert_eq!(sessions(&world), (2, 1), "{form:?}: and no more");
        agree(&world).await;
    }
    let world = at_the_desk(Form::Default, []).await;
    world.desks[0].nexo().offer_update().await;
    world.until("wanted", |view| view.terminals[0].maintenance_wanted).await;
    log_out(&world).await;
    world.until("it updates", |view| view.terminals[0].health == Health::Maintenance).await;
    world.until("it is back", |view| view.terminals[0].health == Health::Ready).await;
    assert_eq!(sessions(&world), (2, 1), "it was asked to come back once");
    assert!(noticed(&world, "maintenance_ended") && !noticed(&world, "not_opened"));
}

/// Whoever closes the till lets its terminals update themselves, but none with an open payment.
#[tokio::test(start_paused = true)]
async fn till_closes() {
    for (form, is_open) in forms(MAINTAINS).into_iter().flat_map(|form| [(form, false), (form, true)]) {
        let mut world = at_the_desk(form, []).await;
        if is_open {
            super::scene::follow(&world, [once().act(Delivery::Close).act(Action::Slow(1_200_000))]);
            let id = world.pay(0, 12_50).await.unwrap();
            made(&world, id, "unknown").await;
        }
        world.stop().await;
        assert_eq!(count(&world, "Logout"), usize::from(!is_open), "{form:?}");
    }
    let mut world = world(Form::Light).await;
    let id = world.pay(0, 12_50).await.unwrap();
    becomes(&world, id, "approved").await;
    world.stop().await;
    assert_eq!(count(&world, "Logout"), 0, "a command of the command line is not the end of the day");
}

/// An answer that comes while the till waits for another terminal's log-out is written down.
#[tokio::test(start_paused = true)]
async fn till_closes_while_another_terminal_answers() {
    for form in forms(MAINTAINS) {
        let mut world = World::new(7, &[form, form], true);
        world.keep_on_disk();
        world.start().await.unwrap();
        world.until("in session", |view| view.terminals.iter().all(|it| it.serial.is_some())).await;
        super::scene::follow(&world, [Rule::on("Logout").act(Action::Slow(4_800))]);
        let id = world.pay(1, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        world.stop().await;
        assert_eq!(count(&world, "Logout"), 1, "{form:?}");
        let before = asked(&world, 1);
        world.start().await.unwrap();
        let payment = stored(&world, id).await;
        assert_eq!(payment.outcome_code(), "approved", "{form:?}: nobody was asked again: {before:?}");
        agree(&world).await;
    }
}

/// A log-out that fails is tried again: the terminal would stay in session all night.
#[tokio::test(start_paused = true)]
async fn terminal_does_not_let_itself_be_logged_out() {
    for form in forms(MAINTAINS) {
        let refuses = Rule::on("Logout").times(1).act(Action::Fail("UnavailableService".to_owned()));
        let world = at_the_desk(form, [refuses]).await;
        world.dispatch(Command::CloseDay { number: 1 }).await.unwrap();
        world.pass(240).await;
        assert_ne!(terminal(&world, 0).health, Health::Maintenance, "{form:?}: it is still in session");
        world.pass(1_200).await;
        assert_eq!(count(&world, "Logout"), 2, "{form:?}");
        assert_eq!(terminal(&world, 0).health, Health::Maintenance, "{form:?}");
        world.pass(6 * 3_600).await;
        assert_eq!(count(&world, "Logout"), 2, "{form:?}: it rests");
        agree(&world).await;
    }
}

/// A terminal that was away when the day was closed is not sent away again the next morning.
#[tokio::test(start_paused = true)]
async fn terminal_comes_back_after_the_night() {
    for form in forms(MAINTAINS) {
        let world = at_the_desk(form, []).await;
        world.unplug(0);
        world.dispatch(Command::CloseDay { number: 1 }).await.unwrap();
        // The world began at ten o'clock in the shop; its day starts at five.
        world.pass(20 * 3_600).await;
        world.plug(0);
        world.until("there", |view| view.terminals[0].health == Health::Ready).await;
        let sent_away = count(&world, "Logout");
        world.pass(3_600).await;
        assert_eq!(count(&world, "Logout"), sent_away, "{form:?}");
        assert_eq!(terminal(&world, 0).health, Health::Ready, "{form:?}");
    }
}

/// A terminal that stays away is one notice, not one for each try.
#[tokio::test(start_paused = true)]
async fn not_opened_again_and_again() {
    let mut world = World::new(7, &[Form::Light], true);
    world.unplug(0);
    world.start().await.unwrap();
    world.pass(4 * 3_600).await;
    assert!(world.wires.requests.load(std::sync::atomic::Ordering::SeqCst) > 5, "it is tried");
    let told = world.view().notices.iter().filter(|it| it.code == "not_opened").count();
    assert_eq!(told, 1);
}

#[tokio::test(start_paused = true)]
async fn opened_by_itself_as_soon_as_it_can_be() {
    for form in FORMS {
        let mut world = World::new(7, &[form], true);
        world.unplug(0);
        world.start().await.unwrap();
        world.until("not there", |view| view.terminals[0].health == Health::Unreachable).await;
        world.pass(100).await;
        world.plug(0);
        world.until("there", |view| view.terminals[0].health == Health::Ready).await;
        assert!(noticed(&world, "not_opened"), "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn announced_address() {
    let mut world = world(Form::Default).await;
    let first = world.pay(0, 12_50).await.unwrap();
    becomes(&world, first, "approved").await;
    rest(&world).await;
    let (device, new) = (world.desks[0].nexo().clone(), "http://192.0.2.77:11000");
    device.announce("192.0.2.77:11000".parse().unwrap()).await;
    world.until("proposed", |view| view.terminals[0].proposed_address.as_deref() == Some(new)).await;
    // Nobody is asked there before a person has said so.
    let second = world.pay(0, 12_50).await.unwrap();
    becomes(&world, second, "approved").await;
    rest(&world).await;
    let confirm = |address: &str, confirm| Command::Address {
        terminal: domain::ids::TerminalId("desk1".to_owned()),
        address: address.to_owned(),
        confirm,
    };
    let other = world.dispatch(confirm("http://192.0.2.66:11000", true)).await;
    assert_eq!(refused(other), ProblemCode::FieldWrong, "not the announced one");
    super::scene::follow(&world, [once().act(Action::Slow(20_000))]);
    let third = world.pay(0, 12_50).await.unwrap();
    made(&world, third, "sent").await;
    assert_eq!(refused(world.dispatch(confirm(new, true)).await), ProblemCode::TerminalBusy);
    becomes(&world, third, "approved").await;
    rest(&world).await;
    world.dispatch(confirm(new, true)).await.unwrap();
    assert_eq!(terminal(&world, 0).proposed_address, None);
    world.wires.plug("192.0.2.77:11000", device);
    world.wires.unplug("127.0.0.1:12001");
    let fourth = world.pay(0, 12_50).await.unwrap();
    becomes(&world, fourth, "approved").await;
    rest(&world).await;
    world.restart().await;
    let fifth = world.pay(0, 12_50).await.unwrap();
    becomes(&world, fifth, "approved").await;
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn announced_address_refused() {
    let world = world(Form::Default).await;
    let first = world.pay(0, 12_50).await.unwrap();
    becomes(&world, first, "approved").await;
    rest(&world).await;
    world.desks[0].nexo().announce("192.0.2.66:11000".parse().unwrap()).await;
    let seen = world.until("proposed", |view| view.terminals[0].proposed_address.is_some()).await;
    let address = seen.terminals[0].proposed_address.clone().unwrap();
    let terminal = world.desks[0].id.clone();
    world.dispatch(Command::Address { terminal, address, confirm: false }).await.unwrap();
    assert_eq!(super::scene::terminal(&world, 0).proposed_address, None);
    let second = world.pay(0, 12_50).await.unwrap();
    becomes(&world, second, "approved").await;
    agree(&world).await;
}
