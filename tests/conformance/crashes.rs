//! The power goes at every stage of a payment; the next start knows it and settles what is open.

use super::scene::{
    CARDS, REVERSES, WITHOUT_HOSTS, agree, asked, banked, becomes, follow, made, money_requests, once,
    power_goes, refused, rest, scripted, stands, stored, swap_memory, without_hosts, world,
};
use acceptance::line::PowerCut;
use acceptance::world::World;
use domain::operation::{Kind, Step};
use domain::payment::PaymentFact;
use simulator::script::{Action, Delivery, Restart, Rule};
use store::DiskFault;
use till::api::{Command, ProblemCode, ServiceWanted};

#[tokio::test(start_paused = true)]
async fn resend_after_busy_then_crash() {
    for form in CARDS {
        for (when, expected) in
            [(PowerCut::AfterTheAnswer, "approved"), (PowerCut::BeforeTheRequest, "not_charged/never_seen")]
        {
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
    for form in WITHOUT_HOSTS {
        let mut world = world(form).await;
        world.wires.order_cut(0, PowerCut::BeforeTheRequest);
        let id = world.pay(0, 12_50).await.unwrap();
        power_goes(&mut world).await;
        world.start().await.unwrap();
        let payment = becomes(&world, id, "not_charged/stopped_before_sending").await;
        assert_eq!(payment.closed_by.as_deref(), Some("nothing_sent"), "{form:?}");
        assert_eq!(money_requests(&world), 0);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_reference_and_before_the_request() {
    for form in CARDS {
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

/// Where the terminal is in session, one append holds the intent and its reference: there is no moment with
/// one and without the other. What the terminal then never saw was perhaps sent, until it says so.
#[tokio::test(start_paused = true)]
async fn the_reference_comes_with_the_intent() {
    for form in CARDS {
        let mut world = world(form).await;
        let first = world.pay(0, 10_00).await.unwrap();
        becomes(&world, first, "approved").await;
        world.wires.order_cut(0, PowerCut::BeforeTheRequest);
        let id = world.pay(0, 12_50).await.unwrap();
        power_goes(&mut world).await;
        world.start().await.unwrap();
        let facts = world.store().read(move |reader| reader.payment_facts(id)).await.unwrap();
        let made: Vec<_> = facts
            .iter()
            .filter_map(|told| match &told.fact {
                domain::journal::Fact::Payment { fact, .. } => Some((told.seq, fact)),
                _ => None,
            })
            .collect();
        let [(intent, PaymentFact::Intended { .. }), (reference, reserved), ..] = made[..] else {
            panic!("{form:?}: {made:?}");
        };
        assert!(
            matches!(reserved, PaymentFact::ReferenceReserved { step: Step::First, .. }),
            "{reserved:?}"
        );
        assert_eq!(reference, intent + 1, "{form:?}: nothing is between them");
        assert_eq!(stands(&world, id, "unknown").await.reason.as_deref(), Some("restarted"));
        becomes(&world, id, "not_charged/never_seen").await;
        assert_eq!(stored(&world, id).await.sent.len(), 1, "{form:?}");
        agree(&world).await;
    }
}

/// The terminal lost its session, and the driver heard of it: a login goes before the payment. The reference
/// that came with the intent is written off before it, so that nothing stands in doubt.
#[tokio::test(start_paused = true)]
async fn in_the_login_before_a_payment_whose_reference_came_with_the_intent() {
    for form in CARDS {
        for fails in [false, true] {
            let mut world = world(form).await;
            let first = world.pay(0, 10_00).await.unwrap();
            becomes(&world, first, "approved").await;
            world.desks[0].restart();
            let terminal = world.desks[0].id.clone();
            let service = Command::Service { terminal, service: ServiceWanted::Diagnosis };
            assert_eq!(refused(world.dispatch(service).await), ProblemCode::TerminalFault, "{form:?}");
            let expected = if fails {
                follow(&world, [Rule::on("Login").act(Action::Slow(5_000))]);
                "not_charged/not_durable"
            } else {
                world.wires.order_cut(0, PowerCut::BeforeTheRequest);
                "not_charged/stopped_before_sending"
            };
            let id = world.pay(0, 12_50).await.unwrap();
            if fails {
                world.pass(1).await;
                world.fail_disk(DiskFault::Io, u32::MAX);
                world.pass(30).await;
                world.fail_disk(DiskFault::Io, 0);
            } else {
                power_goes(&mut world).await;
                world.start().await.unwrap();
            }
            becomes(&world, id, expected).await;
            let sent = stored(&world, id).await.sent;
            assert!(sent.iter().all(|it| it.not_started), "{form:?}: {sent:?}");
            assert_eq!(money_requests(&world), 1, "{form:?}: the first payment's");
            agree(&world).await;
        }
    }
}

/// The disk fails for the write-off of a reference that was never used, and is well for what comes after it:
/// that must not be written first, or nobody knows any more that nothing left.
#[tokio::test(start_paused = true)]
async fn what_is_known_of_a_payment_is_written_in_its_order() {
    for form in CARDS {
        for fault in [DiskFault::Io, DiskFault::Full, DiskFault::FullForGood] {
            for failing in 1..=4 {
                let world = world(form).await;
                let first = world.pay(0, 10_00).await.unwrap();
                becomes(&world, first, "approved").await;
                world.desks[0].restart();
                let terminal = world.desks[0].id.clone();
                let service = Command::Service { terminal, service: ServiceWanted::Diagnosis };
                assert_eq!(refused(world.dispatch(service).await), ProblemCode::TerminalFault);
                rest(&world).await;
                world.fail_disk_after(1, fault, failing);
                let id = world.pay(0, 12_50).await.unwrap();
                becomes(&world, id, "not_charged/not_durable").await;
                assert_eq!(money_requests(&world), 1, "{form:?} {fault:?} {failing}: the first payment's");
                world.fail_disk(fault, 0);
                agree(&world).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_answer_and_before_it_is_durable() {
    for form in CARDS {
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
            assert_eq!(money_requests(&world), 1, "{form:?} {minor}: never sent again");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn recovery_runs_before_login_after_a_restart() {
    for form in CARDS {
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
        assert_eq!(refused(open), ProblemCode::TerminalBusy, "{form:?}");
        becomes(&world, id, "approved").await;
        let after = asked(&world, 0).split_off(before);
        assert!(
            !after.is_empty() && after.iter().all(|it| it == "TransactionStatus"),
            "{form:?}: {after:?}"
        );
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn while_unknown() {
    for form in CARDS {
        let mut world = scripted(form, [once().act(Delivery::Cut)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        world.unplug(0);
        world.pass(20).await;
        world.restart().await;
        world.pass(20).await;
        assert_eq!(stands(&world, id, "unknown").await.outcome, "unknown", "{form:?}");
        world.plug(0);
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn settling_starts_anew_after_a_restart() {
    for form in CARDS {
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
    for form in CARDS {
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
    for form in without_hosts(REVERSES) {
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
                    // Where the gateway does not know it, it may still come.
                    PowerCut::BeforeTheRequest if form.is_wallet() => "disputed/cannot_tell",
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
    for form in CARDS {
        let mut world = scripted(form, [once().act(Delivery::Cut)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        world.unplug(0);
        for _ in 0..20 {
            world.restart().await;
            world.pass(2).await;
        }
        world.plug(0);
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
