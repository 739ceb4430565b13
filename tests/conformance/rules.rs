//! What the till refuses before anything leaves: a second operation, a blocked terminal, a sale that is held,
//! a command that came before, an amount that cannot be.

use super::scene::{
    CARDS, FORMS, REFUNDS, REFUNDS_ALONE, WITHOUT_HOSTS, agree, asked, at_the_desk, becomes, made,
    money_requests, once, refused, rest, scripted, stands, stored, without_hosts, world, worlds,
};
use acceptance::world::{Form, World};
use domain::ids::{CommandId, SaleId};
use domain::money::{Currency, Money};
use domain::operation::Method;
use simulator::script::{Action, Delivery, Outcome, Restart, Rule};
use std::sync::atomic::Ordering;
use till::api::{Command, Dispatch, Problem, ProblemCode, Query, QueryReply, SaleSlot, ServiceWanted};

fn pay(world: &World, amount: Money, cash_back: Money) -> Command {
    let (terminal, code) = (world.desks[0].id.clone(), world.shown(0, amount.minor));
    Command::Pay {
        terminal,
        amount,
        cash_back,
        method: Method::Any,
        label: None,
        tender: None,
        code,
        seen: None,
    }
}

async fn entries(world: &World) -> u64 {
    let reply = world.till().query(Query::Verify).await.unwrap();
    let QueryReply::Verified { entries, .. } = reply else { panic!("not {reply:?}") };
    entries
}

fn services(world: &World) -> Vec<Command> {
    let wanted =
        [ServiceWanted::Logout, ServiceWanted::Diagnosis, ServiceWanted::Totals, ServiceWanted::Reconcile];
    let terminal = &world.desks[0].id;
    let mut all: Vec<Command> = wanted
        .into_iter()
        .map(|service| Command::Service { terminal: terminal.clone(), service })
        .collect();
    all.push(Command::OpenTerminal { terminal: terminal.clone() });
    all
}

#[tokio::test(start_paused = true)]
async fn amount_that_cannot_be() {
    let sek = |minor| Money::new(minor, Currency::parse("SEK").unwrap());
    let eur = |minor| Money::new(minor, Currency::parse("EUR").unwrap());
    let table = [
        ("zero", sek(0), sek(0), "amount"),
        ("negative", sek(-1), sek(0), "amount"),
        ("too large", sek(i64::MAX), sek(0), "amount"),
        ("more cash than amount", sek(10_00), sek(10_01), "amount"),
        ("negative cash", sek(10_00), sek(-1), "amount"),
        ("cash in another currency", sek(10_00), eur(1_00), "amount"),
        ("another currency", eur(10_00), eur(0), "currency"),
    ];
    for form in FORMS {
        let world = world(form).await;
        let before = entries(&world).await;
        // A driver may have asked already whether its far side is there.
        let sent = world.wires.requests.load(Ordering::SeqCst);
        for (name, amount, cash_back, field) in &table {
            let problem = world.dispatch(pay(&world, *amount, *cash_back)).await.expect_err(name);
            if !form.capabilities().cash_back && !cash_back.is_zero() {
                assert_eq!(problem.code, ProblemCode::NotOffered, "{name}");
                continue;
            }
            assert_eq!(problem.code, ProblemCode::FieldWrong, "{name}");
            assert_eq!(problem.parameter("field"), *field, "{name}");
        }
        assert_eq!(entries(&world).await, before, "{form:?}: nothing is written down");
        assert_eq!(world.wires.requests.load(Ordering::SeqCst), sent, "{form:?}: nothing is sent");
        assert!(world.view().payments.is_empty());
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn unknown_terminal_payment_or_sale() {
    let world = world(Form::Light).await;
    let mut command = pay(&world, World::money(1_00), World::money(0));
    if let Command::Pay { terminal, .. } = &mut command {
        terminal.0 = "nowhere".to_owned();
    }
    assert_eq!(refused(world.dispatch(command).await), ProblemCode::UnknownTerminal);
    let nobody = domain::ids::OperationId::of(&world.random.seed());
    assert_eq!(refused(world.refund(0, 1_00, Some(nobody)).await), ProblemCode::UnknownPayment);
    let reverse = Command::Reverse { payment: nobody, or_refund: true };
    assert_eq!(refused(world.dispatch(reverse).await), ProblemCode::UnknownPayment);
    let slot = SaleSlot { sale: SaleId::of(&world.random.seed()), revision: 0, slot: 0 };
    assert_eq!(refused(world.pay_with(0, 1_00, 0, Some(slot)).await), ProblemCode::UnknownSale);
    assert_eq!(world.wires.requests.load(Ordering::SeqCst), 0);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn busy() {
    for form in WITHOUT_HOSTS {
        let world = worlds(&[form, form]).await;
        super::scene::follow(&world, [once().act(Action::Slow(30_000))]);
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        world.pass(2).await;
        let before = asked(&world, 0).len();
        let second = world.pay(0, 5_00).await.unwrap_err();
        assert_eq!((second.code, second.operation), (ProblemCode::TerminalBusy, Some(id)), "{form:?}");
        if REFUNDS_ALONE(&form.capabilities()) {
            assert_eq!(refused(world.refund(0, 5_00, None).await), ProblemCode::TerminalBusy);
        }
        for service in services(&world) {
            assert_eq!(refused(world.dispatch(service).await), ProblemCode::TerminalBusy, "{form:?}");
        }
        assert_eq!(asked(&world, 0).len(), before, "{form:?}: nothing is sent");
        let other = world.pay(1, 5_00).await.expect("the other terminal is free");
        becomes(&world, other, "approved").await;
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn blocked() {
    for form in CARDS {
        let world = world(form).await;
        let sale = world.pay(0, 20_00).await.unwrap();
        becomes(&world, sale, "approved").await;
        rest(&world).await;
        super::scene::follow(&world, [once().act(Restart { before: false, forgets: true })]);
        let id = world.pay(0, 12_50).await.unwrap();
        for state in ["unknown", "disputed"] {
            stands(&world, id, state).await;
            let before = money_requests(&world);
            assert_eq!(refused(world.pay(0, 5_00).await), ProblemCode::TerminalBlocked, "{form:?} {state}");
            assert_eq!(refused(world.refund(0, 5_00, None).await), ProblemCode::TerminalBlocked);
            let reverse = Command::Reverse { payment: sale, or_refund: false };
            assert_eq!(refused(world.dispatch(reverse).await), ProblemCode::TerminalBlocked);
            for service in services(&world) {
                assert_eq!(refused(world.dispatch(service).await), ProblemCode::TerminalBusy, "{state}");
            }
            assert_eq!(money_requests(&world), before, "{form:?} {state}");
        }
        agree(&world).await;
    }
}

/// The sale of a payment, at this revision and slot.
async fn slot_of(world: &World, payment: domain::ids::OperationId, revision: u32, slot: u16) -> SaleSlot {
    let sale = stored(world, payment).await.operation.sale.unwrap();
    SaleSlot { sale, revision, slot }
}

fn words(result: Result<domain::ids::OperationId, Problem>) -> String {
    let problem = result.expect_err("the sale refuses");
    assert_eq!(problem.code, ProblemCode::SaleRefuses, "{problem}");
    problem.parameter("what").to_owned()
}

#[tokio::test(start_paused = true)]
async fn sale_is_held_by_an_open_tender() {
    for form in CARDS {
        let world = worlds(&[form, form]).await;
        super::scene::follow(&world, [once().act(Delivery::Cut)]);
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        world.unplug(0);
        let slot = slot_of(&world, id, 1, 1).await;
        // Neither the other terminal nor a smaller amount: the whole sale is held.
        for minor in [12_50, 1] {
            let what = words(world.pay_with(1, minor, 0, Some(slot)).await);
            assert!(what.contains("holds"), "{form:?}: {what}");
        }
        let void = world.dispatch(Command::VoidSale { sale: slot.sale }).await.unwrap_err();
        assert_eq!(void.code, ProblemCode::SaleRefuses, "{form:?}");
        becomes(&world, id, "disputed/no_answer").await;
        words(world.pay_with(1, 12_50, 0, Some(slot)).await);
        assert!(world.dispatch(Command::VoidSale { sale: slot.sale }).await.is_err(), "{form:?}");
        world.plug(0);
        stands(&world, id, "closed").await;
        becomes(&world, id, "approved").await;
        let finished = world.pay_with(1, 12_50, 0, Some(slot)).await;
        assert_eq!(refused(finished), ProblemCode::UnknownSale, "{form:?}: it is complete");
        assert_eq!(money_requests(&world), 1);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn sale_is_paid_in_parts() {
    for form in CARDS {
        let world = scripted(form, [once().act(Outcome::Partial { condition: None })]).await;
        let id = world.pay(0, 20_00).await.unwrap();
        let payment = becomes(&world, id, "partial").await;
        assert_eq!(payment.amount, World::money(10_00), "{form:?}");
        rest(&world).await;
        let slot = slot_of(&world, id, 1, 1).await;
        // What is shown of the first attempt, long closed, follows its sale.
        let shown = || world.view().payment(id).unwrap().tender;
        let tender = shown().unwrap();
        assert_eq!((tender.slot, tender.revision, tender.due), (1, 1, World::money(10_00)), "{form:?}");
        assert!(words(world.pay_with(0, 10_01, 0, Some(slot)).await).contains("more than is due"));
        let used = SaleSlot { slot: 0, ..slot };
        assert!(words(world.pay_with(0, 10_00, 0, Some(used)).await).contains("exists already"));
        let stale = SaleSlot { revision: 0, ..slot };
        assert!(words(world.pay_with(0, 10_00, 0, Some(stale)).await).contains("changed meanwhile"));
        let void = world.dispatch(Command::VoidSale { sale: slot.sale }).await.unwrap_err();
        assert_eq!(void.code, ProblemCode::SaleRefuses, "{form:?}: part of it is paid");
        let second = world.pay_with(0, 10_01 - 1, 0, Some(slot)).await.unwrap();
        world.until_payment(second, "in the view", |_| true).await;
        let tender = shown().unwrap();
        assert_eq!((tender.slot, tender.revision), (2, 2), "{form:?}: another attempt is on the way");
        becomes(&world, second, "approved").await;
        assert_eq!(shown(), None, "{form:?}: the sale is complete");
        let again = SaleSlot { revision: 2, slot: 2, ..slot };
        let over = world.pay_with(0, 1, 0, Some(again)).await;
        assert_eq!(refused(over), ProblemCode::UnknownSale, "{form:?}: it is complete");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn another_card_after_a_decline() {
    for form in FORMS {
        let world = world(form).await;
        let id = world.pay(0, 20_01).await.unwrap();
        becomes(&world, id, "declined/refused").await;
        rest(&world).await;
        let slot = slot_of(&world, id, 1, 1).await;
        super::scene::follow(&world, [once().act(Outcome::Approve)]);
        let second = world.pay_with(0, 20_01, 0, Some(slot)).await.unwrap();
        becomes(&world, second, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn double_click_with_the_same_command() {
    for form in FORMS {
        let mut world = world(form).await;
        let first = world.pay(0, 20_01).await.unwrap();
        becomes(&world, first, "declined/refused").await;
        rest(&world).await;
        let slot = slot_of(&world, first, 1, 1).await;
        let mut command = pay(&world, World::money(20_01), World::money(0));
        if let Command::Pay { tender, .. } = &mut command {
            *tender = Some(slot);
        }
        super::scene::follow(&world, [once().act(Outcome::Approve)]);
        let id = CommandId::of(&world.random.seed());
        let click = Dispatch::new(id, command.clone());
        let one = world.till().dispatch(click.clone()).await.unwrap();
        let two = world.till().dispatch(click.clone()).await.unwrap();
        assert_eq!(one, two, "{form:?}: the first answer again");
        // Two windows: another id, the same tender.
        let other = world.dispatch(command).await.unwrap_err();
        // A wallet's code is taken once, whatever it is taken for.
        let refusals = [ProblemCode::SaleRefuses, ProblemCode::TerminalBusy, ProblemCode::FieldWrong];
        assert!(refusals.contains(&other.code), "{other}");
        becomes(&world, one.payment.unwrap(), "approved").await;
        let three = world.till().dispatch(click.clone()).await.unwrap();
        assert_eq!(one, three, "{form:?}: also when it is over");
        world.restart().await;
        let late = world.till().dispatch(click).await.unwrap_err();
        let expected = if form.is_wallet() { ProblemCode::FieldWrong } else { ProblemCode::UnknownSale };
        assert_eq!(late.code, expected, "{form:?}: nor after a restart, and no code is taken twice");
        assert_eq!(money_requests(&world), 2, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn refused_command_is_remembered_too() {
    let world = world(Form::Light).await;
    let id = CommandId::of(&world.random.seed());
    let bad = Dispatch::new(id, pay(&world, World::money(0), World::money(0)));
    let refusal = world.till().dispatch(bad).await.unwrap_err();
    let good = Dispatch::new(id, pay(&world, World::money(1_00), World::money(0)));
    assert_eq!(world.till().dispatch(good).await.unwrap_err(), refusal, "one id, one answer");
    assert_eq!(world.wires.requests.load(Ordering::SeqCst), 0);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn refunds_count_together() {
    for form in without_hosts(REFUNDS) {
        let world = world(form).await;
        let sale = world.pay(0, 30_00).await.unwrap();
        becomes(&world, sale, "approved").await;
        rest(&world).await;
        let first = world.refund(0, 10_00, Some(sale)).await.unwrap();
        becomes(&world, first, "approved").await;
        rest(&world).await;
        assert_eq!(refused(world.refund(0, 20_50, Some(sale)).await), ProblemCode::NoRefund, "{form:?}");
        let reverse = Command::Reverse { payment: sale, or_refund: true };
        assert_eq!(refused(world.dispatch(reverse).await), ProblemCode::NoRefund, "{form:?}: part is back");
        if !form.is_wallet() {
            let declined = world.refund(0, 10_01, Some(sale)).await.unwrap();
            becomes(&world, declined, "declined/refused").await;
            rest(&world).await;
        }
        let rest_of_it = world.refund(0, 20_00, Some(sale)).await.unwrap();
        becomes(&world, rest_of_it, "approved").await;
        assert_eq!(refused(world.refund(0, 1, Some(sale)).await), ProblemCode::NoRefund, "{form:?}");
        assert_eq!(refused(world.refund(0, 1_00, Some(first)).await), ProblemCode::NoRefund, "of a refund");
        assert_eq!(world.bank.balance("SEK"), 0);
        agree(&world).await;
    }
}

/// Two conversations at once: the end of the first would be taken for the end of both.
#[tokio::test(start_paused = true)]
async fn two_services_on_one_terminal() {
    for form in WITHOUT_HOSTS {
        let world = worlds(&[form, form]).await;
        let first = world.pay(0, 12_50).await.unwrap();
        becomes(&world, first, "approved").await;
        rest(&world).await;
        super::scene::follow(&world, [Rule::on("TransactionStatus").act(Action::Slow(10_000))]);
        let of =
            |desk: usize, service| Command::Service { terminal: world.desks[desk].id.clone(), service };
        let long = world.dispatch(of(0, ServiceWanted::Diagnosis));
        let meanwhile = async {
            world.pass(2).await;
            let before = asked(&world, 0).len();
            for service in [ServiceWanted::Diagnosis, ServiceWanted::Reconcile, ServiceWanted::Logout] {
                assert_eq!(
                    refused(world.dispatch(of(0, service)).await),
                    ProblemCode::TerminalBusy,
                    "{form:?}"
                );
            }
            assert_eq!(asked(&world, 0).len(), before, "{form:?}: nothing is sent");
        };
        let (done, ()) = tokio::join!(long, meanwhile);
        done.expect("the first one ends in order");
        world.dispatch(of(0, ServiceWanted::Diagnosis)).await.expect("the terminal is free again");
        agree(&world).await;
    }
}

/// What a payment offers depends on its sale: a picture from before another card paid it is not shown again.
#[tokio::test(start_paused = true)]
async fn picture_of_a_payment_follows_its_sale() {
    for form in FORMS {
        let world = world(form).await;
        let first = world.pay(0, 12_01).await.unwrap();
        let shown = becomes(&world, first, "declined/refused").await;
        let tender = shown.tender.expect("another card may be tried");
        rest(&world).await;
        assert_eq!(world.view().payment(first).unwrap().tender, Some(tender), "{form:?}");
        super::scene::follow(&world, [once().act(Outcome::Approve).act(Action::Slow(20_000))]);
        let slot = SaleSlot { sale: tender.sale, revision: tender.revision, slot: tender.slot };
        let second = world.pay_with(0, 12_01, 0, Some(slot)).await.unwrap();
        made(&world, second, "sent").await;
        let held = world.view().payment(first).unwrap().tender.expect("the sale is open");
        assert_eq!(
            (held.due, held.revision),
            (World::money(0), tender.revision + 1),
            "{form:?}: it is held"
        );
        becomes(&world, second, "approved").await;
        assert_eq!(world.view().payment(first).unwrap().tender, None, "{form:?}: it is paid");
        agree(&world).await;
    }
}

/// Which payments are recent is not for the wall clock to say.
#[tokio::test(start_paused = true)]
async fn recent_payments_after_the_clock_went_back() {
    let world = world(Form::Light).await;
    let pay = || async {
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        rest(&world).await;
        id
    };
    let first = pay().await;
    for _ in 1..till::limits::RECENT {
        pay().await;
    }
    assert!(world.view().payment(first).is_some());
    world.step_clock(jiff::SignedDuration::from_hours(-24));
    let newest = pay().await;
    assert!(newest < first, "its id is older");
    assert!(world.view().payment(newest).is_some(), "the newest is shown");
    assert!(world.view().payment(first).is_none(), "the oldest made room for it");
}

/// A restored till trusts no session, and still does not log in: that would end what runs there.
#[tokio::test(start_paused = true)]
async fn still_running_after_a_restore() {
    for form in CARDS {
        let mut world = at_the_desk(form, [once().act(Delivery::Close).act(Action::Slow(1_200_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let backup = world.store().snapshot().await.unwrap();
        world.restore(&backup).await;
        becomes(&world, id, "disputed/still_running").await;
        stands(&world, id, "closed").await;
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}
