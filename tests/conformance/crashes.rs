//! The power goes at every stage of a payment; the next start knows it and settles what is open.

use super::scene::{
    FORMS, agree, agree_but, all, asked, backup, banked, becomes, follow, made, noticed, once, power_goes, rest, scripted,
    stands, stored, swap_memory, world,
};
use acceptance::audit::books;
use acceptance::line::PowerCut;
use acceptance::world::{Form, World};
use domain::operation::{Kind, Step};
use domain::outcome::Reason;
use domain::payment::{PaymentFact, Stage, Verdict};
use simulator::script::{Action, Delivery, Restart, Rule};
use till::api::{Command, ProblemCode};

#[tokio::test(start_paused = true)]
async fn resend_after_busy_then_crash() {
    for form in FORMS {
        for (when, expected) in [
            (PowerCut::AfterTheAnswer, "approved"),
            (PowerCut::BeforeTheRequest, "not_charged/never_seen"),
        ] {
            let case = format!("{form:?} {when:?}");
            let mut world = scripted(form, [once().act(Action::Fail("Busy".to_owned()))]).await;
            // A login, a payment that is answered Busy, and its resend.
            world.wires.order_cut(2, when);
            let id = world.pay(0, 12_50).await.unwrap();
            power_goes(&mut world).await;
            world.start().await.unwrap();
            let payment = becomes(&world, id, expected).await;
            assert!(payment.late, "{case}");
            let sent = stored(&world, id).await.sent;
            let made: Vec<_> = sent.iter().map(|it| (it.step, it.not_started)).collect();
            assert_eq!(made, [(Step::First, true), (Step::Resend, false)], "{case}");
            assert_ne!(sent[0].reference, sent[1].reference, "{case}");
            let charged = usize::from(when == PowerCut::AfterTheAnswer);
            assert_eq!(banked(&world, id).await.len(), charged, "{case}");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn before_anything_was_reserved() {
    for form in FORMS {
        let mut world = world(form).await;
        world.wires.order_cut(0, PowerCut::BeforeTheRequest);
        let id = world.pay(0, 12_50).await.unwrap();
        power_goes(&mut world).await;
        world.start().await.unwrap();
        let payment = becomes(&world, id, "not_charged/stopped_before_sending").await;
        assert_eq!(payment.closed_by.as_deref(), Some("nothing_sent"), "{form:?}");
        assert_eq!(super::scene::money_requests(&world), 0);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_reference_and_before_the_request() {
    for form in FORMS {
        let mut world = world(form).await;
        world.wires.order_cut(1, PowerCut::BeforeTheRequest);
        let id = world.pay(0, 12_50).await.unwrap();
        power_goes(&mut world).await;
        world.start().await.unwrap();
        assert_eq!(stands(&world, id, "unknown").await.reason.as_deref(), Some("restarted"));
        becomes(&world, id, "not_charged/never_seen").await;
        assert!(banked(&world, id).await.is_empty(), "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_answer_and_before_it_is_durable() {
    for form in FORMS {
        for (minor, expected) in
            [(12_50, "approved"), (12_01, "declined/refused"), (12_03, "cancelled/customer_cancelled")]
        {
            let mut world = world(form).await;
            world.wires.order_cut(1, PowerCut::AfterTheAnswer);
            let id = world.pay(0, minor).await.unwrap();
            power_goes(&mut world).await;
            world.start().await.unwrap();
            let payment = becomes(&world, id, expected).await;
            assert!(payment.late, "{form:?} {minor}");
            assert_eq!(super::scene::money_requests(&world), 1, "{form:?} {minor}: never sent again");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn recovery_runs_before_login_after_a_restart() {
    for form in FORMS {
        let mut world = World::new(7, &[form], true);
        world.start().await.unwrap();
        let opened = |world: &World| asked(world, 0).iter().filter(|it| *it == "Login").count();
        world.until("in session", |view| view.terminals[0].serial.is_some()).await;
        assert_eq!(opened(&world), 1);
        follow(&world, [once().act(Action::Slow(40_000))]);
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        world.pass(5).await;
        let before = asked(&world, 0).len();
        world.restart().await;
        let open = world.dispatch(Command::OpenTerminal { terminal: world.desks[0].id.clone() }).await;
        assert_eq!(super::scene::refused(open), ProblemCode::TerminalBusy, "{form:?}");
        becomes(&world, id, "approved").await;
        let after = asked(&world, 0).split_off(before);
        assert!(!after.is_empty() && after.iter().all(|it| it == "TransactionStatus"), "{form:?}: {after:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn while_unknown() {
    for form in FORMS {
        let mut world = scripted(form, [once().act(Delivery::Cut)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        world.desks[0].terminal.unplug();
        world.pass(20).await;
        world.restart().await;
        world.pass(20).await;
        assert_eq!(stands(&world, id, "unknown").await.outcome, "unknown", "{form:?}");
        world.desks[0].terminal.plug();
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn settling_starts_anew_after_a_restart() {
    for form in FORMS {
        let mut world = scripted(form, [once().act(Action::Unprocessed).act(Delivery::Cut)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        world.pass(12).await;
        world.restart().await;
        world.pass(12).await;
        assert_eq!(stored(&world, id).await.state_code(), "unknown", "{form:?}: 24 s, but not in one run");
        becomes(&world, id, "not_charged/never_seen").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn while_disputed() {
    for form in FORMS {
        let mut world = scripted(form, [once().act(Restart { before: false, forgets: false })]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let pages = swap_memory(&world, 0, Vec::new());
        becomes(&world, id, "disputed/cannot_tell").await;
        world.restart().await;
        assert_eq!(stands(&world, id, "disputed").await.reason.as_deref(), Some("cannot_tell"));
        let blocked = world.pay(0, 5_00).await.unwrap_err();
        assert_eq!(blocked.code, ProblemCode::TerminalBlocked, "{form:?}");
        swap_memory(&world, 0, pages);
        stands(&world, id, "closed").await;
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn during_a_reversal_or_a_refund() {
    for form in FORMS {
        for when in [PowerCut::BeforeTheRequest, PowerCut::AfterTheAnswer] {
            for back in [Kind::Reversal, Kind::Refund] {
                let mut world = world(form).await;
                let sale = world.pay(0, 12_50).await.unwrap();
                becomes(&world, sale, "approved").await;
                rest(&world).await;
                world.wires.order_cut(0, when);
                let id = match back {
                    Kind::Refund => world.refund(0, 12_50, Some(sale)).await.unwrap(),
                    Kind::Sale | Kind::Reversal => {
                        let reverse = Command::Reverse { payment: sale, or_refund: false };
                        world.dispatch(reverse).await.unwrap().payment.unwrap()
                    }
                };
                power_goes(&mut world).await;
                world.start().await.unwrap();
                let expected = match when {
                    PowerCut::AfterTheAnswer => "approved",
                    PowerCut::BeforeTheRequest => "not_charged/never_seen",
                };
                becomes(&world, id, expected).await;
                let kept = if when == PowerCut::AfterTheAnswer { 0 } else { 12_50 };
                assert_eq!(world.bank.balance("SEK"), kept, "{form:?} {when:?} {back:?}");
                agree(&world).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn again_and_again() {
    for form in FORMS {
        let mut world = scripted(form, [once().act(Delivery::Cut)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        world.desks[0].terminal.unplug();
        for _ in 0..20 {
            world.restart().await;
            world.pass(2).await;
        }
        world.desks[0].terminal.plug();
        becomes(&world, id, "approved").await;
        let facts = world.store().read(move |reader| reader.payment_facts(id)).await.unwrap();
        let settled = facts.iter().filter(|told| {
            let domain::journal::Fact::Payment { fact, .. } = &told.fact else { return false };
            matches!(fact, PaymentFact::Settled { .. })
        });
        assert_eq!(settled.count(), 1, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn restored_backup() {
    for form in FORMS {
        let mut world = world(form).await;
        let known = world.pay(0, 10_00).await.unwrap();
        becomes(&world, known, "approved").await;
        let backup = backup(&world).await;
        let lost = world.pay(0, 20_00).await.unwrap();
        becomes(&world, lost, "approved").await;
        let (number, references) = {
            let payment = stored(&world, lost).await;
            (payment.operation.transaction.0, payment.sent)
        };
        let (before, installation) = (asked(&world, 0).len(), world.installation);
        world.desks[0].terminal.unplug();
        world.restore(&backup).await;
        assert!(world.installation.is_some() && world.installation != installation, "{form:?}");
        assert!(noticed(&world, "restored"));
        // The terminal cannot be asked: nothing is sold on it.
        let early = world.pay(0, 30_00).await.unwrap();
        becomes(&world, early, "not_charged/not_sent").await;
        assert_eq!(super::scene::money_requests(&world), 2, "{form:?}");
        world.desks[0].terminal.plug();
        let next = world.pay(0, 30_00).await.unwrap();
        becomes(&world, next, "approved").await;
        let after = asked(&world, 0).split_off(before);
        let asking = after.iter().rposition(|it| it == "TransactionStatus").expect("asked for its last");
        let selling = after.iter().position(|it| it == "Payment").expect("sold");
        assert!(asking < selling, "{form:?}: {after:?}");
        assert!(books(&world).await.unclaimed.contains(&number), "{form:?}: the lost payment is found");
        assert!(noticed(&world, "unclaimed"));
        let again = stored(&world, next).await.sent;
        assert!(again.iter().all(|it| references.iter().all(|old| old.reference != it.reference)));
        agree_but(&world, &[&number]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn approval_after_closed() {
    for (form, accept) in FORMS.into_iter().flat_map(|form| [(form, true), (form, false)]) {
        let case = format!("{form:?} accept {accept}");
        // The request is under way for longer than any lost request may be, by the protocol's word.
        let late = once().act(Delivery::Close).act(Action::Hold(60_000));
        let mut world = scripted(form, [late]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        let backup = backup(&world).await;
        world.pass(90).await;
        // Restored, the till asks the terminal for its last payment, which is this one.
        world.restore(&backup).await;
        let payment = world.until_payment(id, "attention", |payment| payment.attention).await;
        assert_eq!(payment.outcome, "not_charged", "{case}: a person decides");
        if accept {
            world.dispatch(Command::AcceptLate { payment: id }).await.unwrap();
            let payment = becomes(&world, id, "approved/by_hand").await;
            assert!(payment.late && !payment.attention, "{case}");
            assert_eq!(payment.amount, World::money(12_50));
            let twice = world.dispatch(Command::AcceptLate { payment: id }).await;
            assert_eq!(super::scene::refused(twice), ProblemCode::WrongStage);
        } else {
            let back = world.dispatch(Command::GiveBack { payment: id }).await.unwrap().payment.unwrap();
            let twice = world.dispatch(Command::GiveBack { payment: id }).await;
            assert!(twice.is_err(), "{case}");
            becomes(&world, back, "approved").await;
            let payment = world.until_payment(id, "given back", |payment| !payment.attention).await;
            assert_eq!(payment.outcome, "not_charged", "{case}");
            assert_eq!(world.bank.balance("SEK"), 0, "{case}");
            let reversals = all(&world, Kind::Reversal).await;
            assert_eq!(reversals.len(), 1, "{case}");
        }
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn approval_after_closed_for_a_sale_that_was_paid_again() {
    for form in FORMS {
        let late = once().act(Delivery::Close).act(Action::Hold(60_000));
        let mut world = scripted(form, [late]).await;
        let first = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, first, "not_charged/never_seen").await;
        let backup = backup(&world).await;
        world.pass(90).await;
        world.restore(&backup).await;
        world.until_payment(first, "attention", |payment| payment.attention).await;
        // The customer has paid the same sale with another card meanwhile.
        let slot = till::api::SaleSlot { sale: payment.sale.unwrap(), revision: 1, slot: 1 };
        let second = world.pay_with(0, 12_50, 0, Some(slot)).await.unwrap();
        becomes(&world, second, "approved").await;
        let accepted = world.dispatch(Command::AcceptLate { payment: first }).await;
        assert_eq!(super::scene::refused(accepted), ProblemCode::SaleRefuses, "{form:?}: paid twice");
        rest(&world).await;
        let back = world.dispatch(Command::GiveBack { payment: first }).await.unwrap().payment.unwrap();
        // It is not the terminal's last payment: the reversal is refused, and a refund gives it back.
        becomes(&world, back, "declined/not_found").await;
        world.until_payment(first, "given back", |payment| !payment.attention).await;
        let refunds = all(&world, Kind::Refund).await;
        assert_eq!(refunds.len(), 1, "{form:?}");
        assert_eq!(refunds[0].operation.original.as_ref().unwrap().operation, first);
        assert_eq!(world.bank.balance("SEK"), 12_50, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn later_contradiction_of_a_persons_word() {
    for form in FORMS {
        let mut world = scripted(form, [once().act(Restart { before: false, forgets: false })]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let pages = swap_memory(&world, 0, Vec::new());
        becomes(&world, id, "disputed/cannot_tell").await;
        super::scene::decide(&world, id, Verdict::NotCharged, None).await.unwrap();
        let backup = backup(&world).await;
        swap_memory(&world, 0, pages);
        world.restore(&backup).await;
        let payment = world.until_payment(id, "attention", |payment| payment.attention).await;
        assert_eq!(payment.outcome, "not_charged");
        assert_eq!(payment.closed_by.as_deref(), Some("person"));
        world.dispatch(Command::AcceptLate { payment: id }).await.unwrap();
        becomes(&world, id, "approved/by_hand").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn person_and_terminal_agree_later() {
    let mut world = scripted(Form::Light, [once().act(Restart { before: false, forgets: false })]).await;
    let id = world.pay(0, 12_50).await.unwrap();
    made(&world, id, "unknown").await;
    let pages = swap_memory(&world, 0, Vec::new());
    becomes(&world, id, "disputed/cannot_tell").await;
    super::scene::decide(&world, id, Verdict::Approved, Some("by telephone")).await.unwrap();
    let backup = backup(&world).await;
    swap_memory(&world, 0, pages);
    let before = asked(&world, 0).len();
    world.restore(&backup).await;
    world.pass(10).await;
    assert!(asked(&world, 0).len() > before, "the terminal was asked");
    let payment = stored(&world, id).await;
    assert!(payment.attention.is_none(), "{payment:#?}");
    assert!(payment.evidence.get("poi_transaction_id").is_some(), "its number is known now");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn refusal_of_a_status_is_no_news() {
    for condition in ["UnavailableService", "Refusal", "MessageFormat", "DeviceOut"] {
        let status = Rule::on("TransactionStatus").act(Action::Fail(condition.to_owned()));
        let world = scripted(Form::Light, [once().act(Delivery::Cut), status]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "disputed/cannot_tell").await;
        assert_eq!(payment.outcome, "disputed", "{condition}");
        assert_eq!(stored(&world, id).await.stage, Stage::Disputed(Reason::CannotTell), "{condition}");
        follow(&world, []);
        stands(&world, id, "closed").await;
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}
