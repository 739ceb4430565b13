//! Lost answers and what recovery makes of them: settling, patience, lost memory, a person's decision, and
//! the clock that must not matter.

use super::scene::{
    CARDS, FORMS, WITHOUT_CABLES, abort, agree, asked, banked, becomes, decide, follow, made, once,
    refused, rest, scripted, stands, steps, stored, swap_memory, terminal, world, worlds,
};
use acceptance::audit::differences;
use acceptance::world::{Form, World};
use domain::operation::Method;
use domain::payment::Verdict;
use jiff::SignedDuration;
use simulator::bank::State;
use simulator::script::{Action, Delivery, Restart, Rule};
use std::collections::BTreeSet;
use std::time::Duration;
use till::api::{Command, ProblemCode};
use tokio::time::Instant;

const FORGETS: Restart = Restart { before: false, forgets: true };
const KEEPS: Restart = Restart { before: false, forgets: false };

fn lost_on_the_way() -> Rule {
    once().act(Action::Unprocessed).act(Delivery::Cut)
}

#[tokio::test(start_paused = true)]
async fn terminal_restarts_and_remembers() {
    for form in CARDS {
        let world = scripted(form, [once().act(KEEPS)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert!(payment.late, "{form:?}: found again, not told in time");
        assert_eq!(payment.closed_by.as_deref(), Some("provider"));
        assert_eq!(asked(&world, 0).iter().filter(|it| *it == "Payment").count(), 1);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reboot_of_the_terminal_with_lost_memory() {
    for form in CARDS {
        let world = scripted(form, [once().act(FORGETS)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "disputed/cannot_tell").await;
        assert_eq!(banked(&world, id).await[0].state, State::Approved, "{form:?}: money moved");
        // Still enquired in the background.
        world.pass(200).await;
        let later = world.view().payment(id).unwrap().enquiries;
        assert!(later >= payment.enquiries + 3, "{form:?}: {} then {later}", payment.enquiries);
        // Nothing but a person or the terminal closes it, and the terminal stays blocked.
        assert_eq!(stored(&world, id).await.state_code(), "disputed");
        assert_eq!(refused(world.pay(0, 5_00).await), ProblemCode::TerminalBlocked);
        abort(&world, id).await.expect("a wish, and no more");
        world.pass(5).await;
        assert_eq!(stored(&world, id).await.state_code(), "disputed", "{form:?}");
        assert_eq!(decide(&world, id, Verdict::Approved, None).await, Err(ProblemCode::ReferenceNeeded));
        assert_eq!(
            decide(&world, id, Verdict::Approved, Some("  ")).await,
            Err(ProblemCode::ReferenceNeeded)
        );
        assert_eq!(decide(&world, id, Verdict::Declined, Some("1")).await, Err(ProblemCode::FieldWrong));
        decide(&world, id, Verdict::Approved, Some("5550010001")).await.unwrap();
        let payment = becomes(&world, id, "approved/by_hand").await;
        assert_eq!(payment.closed_by.as_deref(), Some("person"));
        assert_eq!(payment.amount, World::money(12_50));
        assert_eq!(decide(&world, id, Verdict::NotCharged, None).await, Err(ProblemCode::WrongStage));
        agree(&world).await;
        world.pay(0, 5_00).await.expect("the terminal is free again");
    }
}

#[tokio::test(start_paused = true)]
async fn person_decides_wrongly_and_the_comparison_says_so() {
    let world = scripted(Form::Light, [once().act(FORGETS)]).await;
    let id = world.pay(0, 12_50).await.unwrap();
    becomes(&world, id, "disputed/cannot_tell").await;
    decide(&world, id, Verdict::NotCharged, None).await.unwrap();
    becomes(&world, id, "not_charged/by_hand").await;
    let wrong = differences(&world, &BTreeSet::new()).await;
    assert_eq!(wrong.len(), 1, "{wrong:#?}");
    assert!(wrong[0].starts_with("bank 1250, journal 0"), "{wrong:#?}");
}

#[tokio::test(start_paused = true)]
async fn memory_comes_back_while_disputed() {
    for form in CARDS {
        let world = scripted(form, [once().act(KEEPS)]).await;
        world.pay(0, 12_50).await.unwrap();
        let id = world.view().payments[0].payment;
        made(&world, id, "unknown").await;
        let pages = swap_memory(&world, 0, Vec::new());
        assert_eq!(pages.len(), 1, "{form:?}");
        becomes(&world, id, "disputed/cannot_tell").await;
        swap_memory(&world, 0, pages);
        stands(&world, id, "closed").await;
        let payment = becomes(&world, id, "approved").await;
        assert!(payment.late, "{form:?}");
        agree(&world).await;
    }
}

/// What a person decided is compared with what the terminal says when it can tell again.
#[tokio::test(start_paused = true)]
async fn memory_comes_back_after_a_person_decided() {
    for (form, restarts) in CARDS.into_iter().flat_map(|form| [(form, false), (form, true)]) {
        let mut world = scripted(form, [once().act(KEEPS)]).await;
        world.pay(0, 12_50).await.unwrap();
        let id = world.view().payments[0].payment;
        made(&world, id, "unknown").await;
        let pages = swap_memory(&world, 0, Vec::new());
        becomes(&world, id, "disputed/cannot_tell").await;
        decide(&world, id, Verdict::NotCharged, None).await.unwrap();
        becomes(&world, id, "not_charged/by_hand").await;
        swap_memory(&world, 0, pages);
        if restarts {
            world.restart().await;
        }
        let asked = world.until_payment(id, "found out", |payment| payment.attention).await;
        assert_eq!(asked.outcome, "not_charged", "{form:?}: a person chooses");
        world.dispatch(Command::AcceptLate { payment: id }).await.unwrap();
        becomes(&world, id, "approved/by_hand").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn lost_before_the_terminal_is_not_charged_only_after_settling() {
    for form in CARDS {
        let world = scripted(form, [lost_on_the_way()]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let since = Instant::now();
        let payment = becomes(&world, id, "not_charged/never_seen").await;
        let waited = since.elapsed();
        assert!(waited >= Duration::from_secs(15), "{form:?}: {waited:?}");
        assert!(waited < Duration::from_secs(40), "{form:?}: {waited:?}");
        assert_eq!(payment.closed_by.as_deref(), Some("judged"));
        assert!(banked(&world, id).await.is_empty());
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn clock_forward_one_hour_after_a_lost_answer() {
    for (form, hours) in CARDS.into_iter().flat_map(|form| [(form, 1), (form, -1), (form, 23)]) {
        let case = format!("{form:?} {hours} h");
        let world = scripted(form, [lost_on_the_way()]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let since = Instant::now();
        world.step_clock(SignedDuration::from_hours(hours));
        world.pass(14).await;
        assert_eq!(stored(&world, id).await.state_code(), "unknown", "{case}: settling runs on");
        becomes(&world, id, "not_charged/never_seen").await;
        assert!(since.elapsed() >= Duration::from_secs(15), "{case}: {:?}", since.elapsed());
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn clock_set_while_an_approval_is_looked_for() {
    for (form, hours) in CARDS.into_iter().flat_map(|form| [(form, 1), (form, -1)]) {
        let world = scripted(form, [once().act(Delivery::Cut)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        world.step_clock(SignedDuration::from_hours(hours));
        let payment = becomes(&world, id, "approved").await;
        assert!(!steps(&payment).contains(&"mismatch"), "{form:?} {hours} h");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn clock_set_between_login_and_payment() {
    for (form, hours) in FORMS.into_iter().flat_map(|form| [(form, 1), (form, -1)]) {
        let world = scripted(form, [Rule::on("Payment").nth(2).act(Delivery::Cut)]).await;
        let first = world.pay(0, 12_50).await.unwrap();
        becomes(&world, first, "approved").await;
        rest(&world).await;
        world.step_clock(SignedDuration::from_hours(hours));
        let id = world.pay(0, 13_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert!(!steps(&payment).contains(&"mismatch"), "{form:?} {hours} h: the skew is corrected");
        agree(&world).await;
    }
}

/// Set at any point between the command and the terminal's first words: while the login's answer is on its
/// way into the journal, too.
#[tokio::test(start_paused = true)]
async fn clock_set_at_any_moment_of_a_login() {
    for (form, hours) in FORMS.into_iter().flat_map(|form| [(form, 1), (form, -1)]) {
        for moment in 0..40 {
            let world = world(form).await;
            let id = world.pay(0, 12_50).await.unwrap();
            for _ in 0..moment {
                tokio::task::yield_now().await;
            }
            world.step_clock(jiff::SignedDuration::from_hours(hours));
            becomes(&world, id, "approved").await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn clock_set_between_intent_and_login() {
    for (form, hours) in WITHOUT_CABLES.into_iter().flat_map(|form| [(form, 1), (form, -1)]) {
        let slow = Rule::on("Login").act(Action::Slow(10_000));
        for rule in [once(), once().act(Delivery::Cut)] {
            let world = scripted(form, [slow.clone(), rule]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            world.pass(2).await;
            world.step_clock(SignedDuration::from_hours(hours));
            let payment = becomes(&world, id, "approved").await;
            assert!(!steps(&payment).contains(&"mismatch"), "{form:?} {hours} h");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn terminal_says_that_it_is_in_progress() {
    for form in CARDS {
        let world = scripted(form, [once().act(Action::Fail("InProgress".to_owned()))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "not_charged/never_seen").await;
        assert!(steps(&payment).contains(&"unknown"), "{form:?}: it might have been this one");
        assert_eq!(stored(&world, id).await.sent.len(), 1, "{form:?}: never sent again");
        let next = world.pay(0, 12_50).await.unwrap();
        becomes(&world, next, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn three_minutes_without_an_answer() {
    for form in CARDS {
        let world = scripted(form, [once().act(Delivery::Cut)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let since = Instant::now();
        world.unplug(0);
        becomes(&world, id, "disputed/no_answer").await;
        let waited = since.elapsed().as_secs();
        assert!((180..200).contains(&waited), "{form:?}: {waited} s");
        // Hours later the terminal is back: the background enquiry finds the approval.
        world.pass(4 * 3_600).await;
        assert_eq!(stored(&world, id).await.state_code(), "disputed");
        world.plug(0);
        stands(&world, id, "closed").await;
        let payment = becomes(&world, id, "approved").await;
        assert!(payment.late);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn still_running_for_ten_minutes() {
    for form in CARDS {
        let world = scripted(form, [once().act(Delivery::Close).act(Action::Slow(1_200_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let since = Instant::now();
        becomes(&world, id, "disputed/still_running").await;
        let waited = since.elapsed().as_secs();
        assert!((600..620).contains(&waited), "{form:?}: {waited} s");
        stands(&world, id, "closed").await;
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn still_running_then_found() {
    for form in CARDS {
        let world = scripted(form, [once().act(Delivery::Close).act(Action::Slow(240_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert!(payment.late && payment.enquiries > 10, "{form:?}: {}", payment.enquiries);
        assert!(!steps(&payment).contains(&"disputed"), "{form:?}: a useful answer keeps it unknown");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn never_seen_is_believed_in_the_same_session_only() {
    for form in CARDS {
        let world = scripted(form, [lost_on_the_way()]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        // A restart keeps its memory, but the till cannot know that.
        world.desks[0].restart();
        becomes(&world, id, "disputed/cannot_tell").await;
        assert!(banked(&world, id).await.is_empty(), "{form:?}");
        decide(&world, id, Verdict::NotCharged, None).await.unwrap();
        becomes(&world, id, "not_charged/by_hand").await;
        agree(&world).await;
    }
}

/// A terminal keeps its transactions for a while and nobody knows for how long: after a day, that it knows
/// nothing of one proves nothing (dossier 10.5).
#[tokio::test(start_paused = true)]
async fn never_seen_is_not_believed_after_a_day() {
    let cases = [(23, true), (25, true), (23, false), (25, false)];
    for (form, (hours, restarts)) in CARDS.into_iter().flat_map(|form| cases.map(|case| (form, case))) {
        let mut world = scripted(form, [lost_on_the_way()]).await;
        world.pay(0, 12_50).await.unwrap();
        let id = world.view().payments[0].payment;
        made(&world, id, "unknown").await;
        if restarts {
            world.crash().await;
            tokio::time::sleep(Duration::from_secs(hours * 3_600)).await;
            world.start().await.unwrap();
        } else {
            // The computer slept: its monotonic clock stood still.
            world.step_clock(jiff::SignedDuration::from_secs(hours.cast_signed() * 3_600));
        }
        if hours < 24 {
            becomes(&world, id, "not_charged/never_seen").await;
        } else {
            becomes(&world, id, "disputed/cannot_tell").await;
            decide(&world, id, Verdict::NotCharged, None).await.unwrap();
            becomes(&world, id, "not_charged/by_hand").await;
        }
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn unblock_by_name_lets_new_money_through() {
    for form in CARDS {
        let mut world = scripted(form, [once().act(FORGETS)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "disputed/cannot_tell").await;
        assert_eq!(terminal(&world, 0).blocked_by, Some(id));
        let blocked = world.pay(0, 5_00).await.unwrap_err();
        assert_eq!((blocked.code, blocked.operation), (ProblemCode::TerminalBlocked, Some(id)));
        let unblock = |person: &str, reason: &str| Command::Unblock {
            terminal: world.desks[0].id.clone(),
            person: person.to_owned(),
            reason: reason.to_owned(),
        };
        assert_eq!(refused(world.dispatch(unblock("", "busy day")).await), ProblemCode::FieldWrong);
        assert_eq!(refused(world.dispatch(unblock("Eva", " ")).await), ProblemCode::FieldWrong);
        world.dispatch(unblock("Eva", "busy day")).await.unwrap();
        assert_eq!(terminal(&world, 0).blocked_by, None, "{form:?}");
        let next = world.pay(0, 5_00).await.unwrap();
        becomes(&world, next, "approved").await;
        world.restart().await;
        let after = world.pay(0, 6_00).await.expect("unblocked is on disk");
        becomes(&world, after, "approved").await;
        assert_eq!(
            stored(&world, id).await.state_code(),
            "disputed",
            "{form:?}: unblocking decides nothing"
        );
        agree(&world).await;
    }
}

/// The terminal loses so many enquiries. Then it refuses every enquiry by reference, the first of three, and
/// so tells of its newest payment only.
fn without_references(lost: u32) -> impl Iterator<Item = Rule> {
    let on = || Rule::on("TransactionStatus");
    let refused = move |nth| on().nth(nth).act(Action::Fail("UnavailableService".to_owned()));
    // A rule counts what no rule before it has decided.
    let all = (0..60).map(move |asked| refused(asked * 2 + 1));
    std::iter::once(on().times(lost).act(Delivery::Cut)).chain(all)
}

#[tokio::test(start_paused = true)]
async fn newest_payment_from_before_is_proof_whatever_the_clock_said() {
    for (form, hours) in CARDS.into_iter().flat_map(|form| [(form, 0), (form, 1), (form, -1)]) {
        let lost = Rule::on("Payment").nth(2).act(Action::Unprocessed).act(Delivery::Cut);
        let world = scripted(form, without_references(0).chain([lost])).await;
        let first = world.pay(0, 12_50).await.unwrap();
        becomes(&world, first, "approved").await;
        rest(&world).await;
        world.step_clock(SignedDuration::from_hours(hours));
        let id = world.pay(0, 13_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        agree(&world).await;
    }
}

/// The clock goes back between a payment whose answer is lost and the next one: by its time the next one is
/// older, and a terminal that names only its newest seems never to have seen the first.
#[tokio::test(start_paused = true)]
async fn newest_payment_from_after_proves_nothing_whatever_the_clock_said() {
    for (form, hours) in CARDS.into_iter().flat_map(|form| [(form, 0), (form, 1), (form, -1)]) {
        let case = format!("{form:?} {hours} h");
        let mut world = World::dressed(7, &[form], false, |it| (it.customer_ms, it.host_ms) = (100, 100));
        world.start().await.unwrap();
        follow(&world, without_references(4).chain([once().act(Delivery::Cut)]));
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let (person, reason) = ("Eva".to_owned(), "busy day".to_owned());
        let terminal = world.desks[0].id.clone();
        world.dispatch(Command::Unblock { terminal, person, reason }).await.unwrap();
        world.step_clock(SignedDuration::from_hours(hours));
        let next = world.pay(0, 5_00).await.unwrap();
        becomes(&world, next, "approved").await;
        becomes(&world, id, "disputed/cannot_tell").await;
        assert_eq!(banked(&world, id).await.len(), 1, "{case}: it was charged");
    }
}

#[tokio::test(start_paused = true)]
async fn refund_unknown_on_one_terminal_and_tried_on_another() {
    for form in CARDS {
        let world = worlds(&[form, form]).await;
        let sale = world.pay(0, 40_00).await.unwrap();
        becomes(&world, sale, "approved").await;
        rest(&world).await;
        super::scene::follow(&world, [once().act(Delivery::Cut)]);
        let first = world.refund(0, 40_00, Some(sale)).await.unwrap();
        made(&world, first, "unknown").await;
        world.unplug(0);
        let held = world.refund(1, 40_00, Some(sale)).await.unwrap_err();
        assert_eq!((held.code, held.operation), (ProblemCode::NoRefund, Some(sale)), "{form:?}");
        assert_eq!(refused(world.refund(1, 1_00, Some(sale)).await), ProblemCode::NoRefund);
        let reverse = Command::Reverse { payment: sale, or_refund: true };
        assert_eq!(refused(world.dispatch(reverse).await), ProblemCode::TerminalBlocked);
        becomes(&world, first, "disputed/no_answer").await;
        assert_eq!(refused(world.refund(1, 40_00, Some(sale)).await), ProblemCode::NoRefund, "{form:?}");
        world.plug(0);
        stands(&world, first, "closed").await;
        becomes(&world, first, "approved").await;
        assert_eq!(refused(world.refund(1, 1_00, Some(sale)).await), ProblemCode::NoRefund, "all is back");
        assert_eq!(world.bank.balance("SEK"), 0, "{form:?}: given back once");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn recover_now_does_not_wait_for_the_next_enquiry() {
    let world = scripted(Form::Light, [once().act(Delivery::Cut)]).await;
    let id = world.pay(0, 12_50).await.unwrap();
    made(&world, id, "unknown").await;
    world.unplug(0);
    becomes(&world, id, "disputed/no_answer").await;
    world.plug(0);
    world.pass(1).await;
    let since = Instant::now();
    world.dispatch(Command::RecoverNow).await.unwrap();
    stands(&world, id, "closed").await;
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    becomes(&world, id, "approved").await;
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn another_terminal_sells_while_one_is_unknown() {
    let world = worlds(&[Form::Default, Form::Light]).await;
    super::scene::follow(&world, [once().act(FORGETS)]);
    let id = world.pay(0, 12_50).await.unwrap();
    made(&world, id, "unknown").await;
    let other = world.pay(1, 5_00).await.unwrap();
    becomes(&world, other, "approved").await;
    // The same amount on the second terminal is a sale of its own; the first one stays held.
    let command = Command::Pay {
        terminal: world.desks[1].id.clone(),
        amount: World::money(12_50),
        cash_back: World::money(0),
        method: Method::Any,
        label: None,
        tender: None,
        code: None,
        seen: None,
    };
    let third = world.dispatch(command).await.unwrap().payment.unwrap();
    becomes(&world, third, "approved").await;
    becomes(&world, id, "disputed/cannot_tell").await;
    agree(&world).await;
}

/// Its terminal was taken out of the settings: nobody can be asked any more, so a person decides.
#[tokio::test(start_paused = true)]
async fn terminal_has_left_the_settings() {
    for form in CARDS {
        let mut world = worlds(&[form, form]).await;
        follow(&world, [lost_on_the_way()]);
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        world.crash().await;
        world.remove_from_settings(0);
        world.start().await.unwrap();
        becomes(&world, id, "disputed/cannot_tell").await;
        decide(&world, id, Verdict::NotCharged, None).await.unwrap();
        becomes(&world, id, "not_charged/by_hand").await;
        let other = world.pay(1, 5_00).await.unwrap();
        becomes(&world, other, "approved").await;
        agree(&world).await;
    }
}
