//! Old backups and late truths: a restored journal asks before it sells and proves nothing by its silence;
//! an approval that contradicts a closed payment waits for a person.

use super::scene::{
    CARDS, agree, agree_but, all, asked, backup, banked, becomes, decide, follow, made, money_requests,
    noticed, once, power_goes, refused, rest, scripted, stands, stored, swap_memory, world, worlds,
};
use acceptance::audit::books;
use acceptance::line::PowerCut;
use acceptance::world::{Form, World};
use domain::operation::Kind;
use domain::outcome::Reason;
use domain::payment::{Stage, Verdict};
use domain::sale::SaleStage;
use simulator::script::{Action, Delivery, Outcome, Restart, Rule};
use till::api::{Command, ProblemCode, Query, QueryReply, SaleSlot, TerminalWanted};

#[tokio::test(start_paused = true)]
async fn restored_backup() {
    for form in CARDS {
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
        world.unplug(0);
        world.restore(&backup).await;
        assert!(world.installation.is_some() && world.installation != installation, "{form:?}");
        assert!(noticed(&world, "restored"));
        // The terminal cannot be asked: nothing is sold on it.
        let early = world.pay(0, 30_00).await.unwrap();
        becomes(&world, early, "not_charged/not_sent").await;
        assert_eq!(money_requests(&world), 2, "{form:?}");
        world.plug(0);
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

/// A terminal that left the settings after the backup was made is one that the restored till knows nothing of
/// until it comes back: then its session from before counts for nothing, and it is asked first.
#[tokio::test(start_paused = true)]
async fn a_terminal_that_comes_back_after_a_restore_is_asked_first() {
    for form in CARDS {
        let mut world = worlds(&[form, Form::Light]).await;
        let known = world.pay(0, 10_00).await.unwrap();
        becomes(&world, known, "approved").await;
        let backup = backup(&world).await;
        let lost = world.pay(0, 20_00).await.unwrap();
        becomes(&world, lost, "approved").await;
        let number = stored(&world, lost).await.operation.transaction.0;
        let wanted = TerminalWanted::Remove { terminal: world.desks[0].id.clone() };
        world.dispatch(Command::EditTerminal { wanted }).await.unwrap();
        world.restore(&backup).await;
        let wanted = TerminalWanted::Add { form: world.form_of(0) };
        world.dispatch(Command::EditTerminal { wanted }).await.unwrap();
        let next = world.pay(0, 30_00).await.unwrap();
        becomes(&world, next, "approved").await;
        assert!(books(&world).await.unclaimed.contains(&number), "{form:?}: the lost payment is found");
        agree_but(&world, &[&number]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn power_goes_right_after_a_restore() {
    for form in CARDS {
        let mut world = world(form).await;
        let (id, backup) = backup_before_the_request(&world).await;
        let lost = world.pay(0, 20_00).await.unwrap();
        becomes(&world, lost, "approved").await;
        rest(&world).await;
        let number = stored(&world, lost).await.operation.transaction.0;
        let before = asked(&world, 0).len();
        world.restore_and_lose_power(&backup).await;
        assert!(noticed(&world, "restored"), "{form:?}: still a restored store");
        becomes(&world, id, "disputed/cannot_tell").await;
        assert!(books(&world).await.unclaimed.contains(&number), "{form:?}");
        let after = asked(&world, 0).split_off(before);
        assert!(after.iter().all(|it| it == "TransactionStatus" || it == "Login"), "{form:?}: {after:?}");
        decide(&world, id, Verdict::Approved, Some("from the terminal's own list")).await.unwrap();
        agree_but(&world, &[&number]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn approval_after_closed() {
    for (form, accept) in CARDS.into_iter().flat_map(|form| [(form, true), (form, false)]) {
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
            assert_eq!(refused(twice), ProblemCode::WrongStage);
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
    for form in CARDS {
        let late = once().act(Delivery::Close).act(Action::Hold(60_000));
        let mut world = scripted(form, [late]).await;
        let first = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, first, "not_charged/never_seen").await;
        let backup = backup(&world).await;
        world.pass(90).await;
        world.restore(&backup).await;
        world.until_payment(first, "attention", |payment| payment.attention).await;
        // The customer has paid the same sale with another card meanwhile.
        let slot = SaleSlot { sale: payment.sale.unwrap(), revision: 1, slot: 1 };
        let second = world.pay_with(0, 12_50, 0, Some(slot)).await.unwrap();
        becomes(&world, second, "approved").await;
        let accepted = world.dispatch(Command::AcceptLate { payment: first }).await;
        assert_eq!(refused(accepted), ProblemCode::SaleRefuses, "{form:?}: paid twice");
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
    for form in CARDS {
        let mut world = scripted(form, [once().act(Restart { before: false, forgets: false })]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let pages = swap_memory(&world, 0, Vec::new());
        becomes(&world, id, "disputed/cannot_tell").await;
        decide(&world, id, Verdict::NotCharged, None).await.unwrap();
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
    decide(&world, id, Verdict::Approved, Some("by telephone")).await.unwrap();
    let QueryReply::Payment { case } = world.till().query(Query::Payment { payment: id }).await.unwrap()
    else {
        panic!("no case file")
    };
    let decided = case.decided.expect("who decided, and why");
    assert_eq!((decided.person.as_deref(), decided.reason.as_str()), (Some("Eva"), "called the bank"));
    assert_eq!(decided.provider_reference.as_deref(), Some("by telephone"));
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

#[tokio::test(start_paused = true)]
async fn power_goes_while_a_late_approval_is_given_back() {
    for form in CARDS {
        for (when, left) in [(PowerCut::BeforeTheRequest, 12_50), (PowerCut::AfterTheAnswer, 0)] {
            let case = format!("{form:?} {when:?}");
            let late = once().act(Delivery::Close).act(Action::Hold(60_000));
            let mut world = scripted(form, [late]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            becomes(&world, id, "not_charged/never_seen").await;
            let backup = backup(&world).await;
            world.pass(90).await;
            world.restore(&backup).await;
            world.until_payment(id, "attention", |payment| payment.attention).await;
            rest(&world).await;
            // A login goes before it: no session of a restored journal counts.
            world.wires.order_cut(1, when);
            let back = world.dispatch(Command::GiveBack { payment: id }).await.unwrap().payment.unwrap();
            power_goes(&mut world).await;
            assert_eq!(world.bank.balance("SEK"), left, "{case}");
            world.start().await.unwrap();
            world.settled(back).await;
            if when == PowerCut::BeforeTheRequest {
                // It never left: the person is asked again.
                assert!(world.view().payment(id).unwrap().attention, "{case}");
                world.dispatch(Command::GiveBack { payment: id }).await.unwrap();
            }
            world.until_payment(id, "given back", |payment| !payment.attention).await;
            assert_eq!(world.bank.balance("SEK"), 0, "{case}");
            agree(&world).await;
        }
    }
}

/// A terminal that lost its session says so at once when it is asked for its last outcome, while an enquiry
/// takes its time: asked again without a pause, nothing else would ever happen.
#[tokio::test(start_paused = true)]
async fn a_terminal_without_a_session_is_not_asked_without_end() {
    for form in CARDS {
        let mut world = scripted(form, [once().act(Delivery::Cut)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let backup = backup(&world).await;
        world.desks[0].restart();
        follow(&world, [Rule::on("TransactionStatus").times(2).act(Action::Slow(2_000))]);
        let before = asked(&world, 0).len();
        world.restore(&backup).await;
        becomes(&world, id, "approved").await;
        let asked = asked(&world, 0).split_off(before);
        assert!(asked.len() < 12, "{form:?}: {asked:?}");
        agree(&world).await;
    }
}

/// A backup from the moment when a payment is intended and nothing of it has left.
async fn backup_before_the_request(world: &World) -> (domain::ids::OperationId, store::Snapshot) {
    follow(world, [Rule::on("Login").act(Action::Slow(10_000))]);
    let id = world.pay(0, 12_50).await.unwrap();
    world.pass(2).await;
    assert!(stored(world, id).await.sent.is_empty());
    let backup = world.store().snapshot().await.unwrap();
    becomes(world, id, "approved").await;
    rest(world).await;
    (id, backup)
}

#[tokio::test(start_paused = true)]
async fn backup_from_before_the_request_is_no_proof_that_nothing_was_sent() {
    for form in CARDS {
        let mut world = world(form).await;
        let (id, backup) = backup_before_the_request(&world).await;
        world.restore(&backup).await;
        // The terminal tells of it under a reference that the journal does not hold: a person decides.
        let payment = becomes(&world, id, "disputed/mismatch").await;
        assert_eq!(super::scene::detail(&payment, "mismatch"), Some("reference"), "{form:?}");
        assert_eq!(banked(&world, id).await.len(), 1, "{form:?}");
        decide(&world, id, Verdict::Approved, Some("from the terminal's own list")).await.unwrap();
        becomes(&world, id, "approved/by_hand").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn backup_from_before_the_request_and_another_payment_since() {
    for form in CARDS {
        let mut world = world(form).await;
        let (id, backup) = backup_before_the_request(&world).await;
        let second = world.pay(0, 20_00).await.unwrap();
        becomes(&world, second, "approved").await;
        rest(&world).await;
        let number = stored(&world, second).await.operation.transaction.0;
        world.restore(&backup).await;
        // Its reference is in no journal any more, so the terminal cannot be asked about it.
        becomes(&world, id, "disputed/cannot_tell").await;
        assert!(books(&world).await.unclaimed.contains(&number), "{form:?}: the newest one is found");
        decide(&world, id, Verdict::Approved, Some("from the terminal's own list")).await.unwrap();
        becomes(&world, id, "approved/by_hand").await;
        agree_but(&world, &[&number]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn backup_from_while_the_payment_ran() {
    for form in CARDS {
        let mut world = scripted(form, [Rule::on("Payment").act(Action::Slow(5_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        let backup = world.store().snapshot().await.unwrap();
        becomes(&world, id, "approved").await;
        rest(&world).await;
        let second = world.pay(0, 20_00).await.unwrap();
        becomes(&world, second, "approved").await;
        rest(&world).await;
        let number = stored(&world, second).await.operation.transaction.0;
        world.restore(&backup).await;
        becomes(&world, id, "approved").await;
        world.until("unclaimed", |view| view.notices.iter().any(|it| it.code == "unclaimed")).await;
        agree_but(&world, &[&number]).await;
    }
}

/// A person said "approved", which completed the sale; later the terminal remembers that it declined.
#[tokio::test(start_paused = true)]
async fn late_refusal_of_what_completed_a_sale_reopens_it() {
    for form in CARDS {
        let (mut world, id, pages) = disputed_decline(form).await;
        decide(&world, id, Verdict::Approved, Some("from the terminal's own list")).await.unwrap();
        let sale = stored(&world, id).await.operation.sale.unwrap();
        assert_eq!(stage(&world, sale).await, SaleStage::Completed, "{form:?}");
        let backup = backup(&world).await;
        swap_memory(&world, 0, pages);
        world.restore(&backup).await;
        let payment = world.until_payment(id, "attention", |payment| payment.attention).await;
        assert!(payment.late_outcome.unwrap().may_count, "{form:?}");
        world.dispatch(Command::AcceptLate { payment: id }).await.unwrap();
        let payment = becomes(&world, id, "declined/by_hand").await;
        assert_eq!(stage(&world, sale).await, SaleStage::Open, "{form:?}: R7");
        assert!(noticed(&world, "sale_reopened"), "{form:?}");
        let tender = payment.tender.expect("the sale can be paid anew");
        assert_eq!(tender.due, World::money(12_50), "{form:?}");
        world.restart().await;
        let slot = SaleSlot { sale, revision: tender.revision, slot: tender.slot };
        let again = world.pay_with(0, 12_50, 0, Some(slot)).await.unwrap();
        becomes(&world, again, "approved").await;
        assert_eq!(stage(&world, sale).await, SaleStage::Completed, "{form:?}: paid anew");
        agree(&world).await;
    }
}

async fn stage(world: &World, sale: domain::ids::SaleId) -> SaleStage {
    world.store().read(move |reader| reader.sale(sale)).await.unwrap().expect("the sale is stored").stage
}

/// A payment that the terminal declined; nobody knows it, and the terminal has forgotten: what it forgot.
async fn disputed_decline(form: Form) -> (World, domain::ids::OperationId, Vec<simulator::bank::Page>) {
    let declined = Outcome::Decline { condition: "Refusal".to_owned(), receipt: false };
    let rule = once().act(declined).act(Restart { before: false, forgets: false });
    let world = scripted(form, [rule]).await;
    let id = world.pay(0, 12_50).await.unwrap();
    made(&world, id, "unknown").await;
    let pages = swap_memory(&world, 0, Vec::new());
    becomes(&world, id, "disputed/cannot_tell").await;
    (world, id, pages)
}

/// "Not offered" is no answer to what the terminal's last payment was: it may be starting. It is asked again,
/// and sells nothing before it has told, or a named person says so.
#[tokio::test(start_paused = true)]
async fn restored_and_the_terminal_cannot_be_asked() {
    for (form, by_name) in CARDS.into_iter().flat_map(|form| [(form, false), (form, true)]) {
        let case = format!("{form:?} by name {by_name}");
        let mut world = world(form).await;
        let backup = backup(&world).await;
        let lost = world.pay(0, 20_00).await.unwrap();
        becomes(&world, lost, "approved").await;
        let number = stored(&world, lost).await.operation.transaction.0;
        let status = Rule::on("TransactionStatus").act(Action::Fail("UnavailableService".to_owned()));
        follow(&world, [status]);
        world.restore(&backup).await;
        world.pass(300).await;
        let before = money_requests(&world);
        let id = world.pay(0, 5_00).await.unwrap();
        becomes(&world, id, "not_charged/not_sent").await;
        assert_eq!(money_requests(&world), before, "{case}: nothing left");
        if by_name {
            let (person, reason) = ("Eva".to_owned(), "looked at its list".to_owned());
            let terminal = world.desks[0].id.clone();
            world.dispatch(Command::Unblock { terminal, person, reason }).await.unwrap();
            world.restart().await;
        } else {
            follow(&world, []);
            world.until("asked", |view| view.notices.iter().any(|it| it.code == "unclaimed")).await;
        }
        let next = world.pay(0, 5_00).await.unwrap();
        becomes(&world, next, "approved").await;
        agree_but(&world, &[&number]).await;
    }
}

/// A terminal that must be asked first, has no session, and takes no login: what waits for it is not sent,
/// and the cashier hears so instead of waiting.
#[tokio::test(start_paused = true)]
async fn restored_and_the_terminal_takes_no_login() {
    for form in CARDS {
        let mut world = world(form).await;
        let known = world.pay(0, 20_00).await.unwrap();
        becomes(&world, known, "approved").await;
        let backup = backup(&world).await;
        world.desks[0].restart();
        follow(&world, [Rule::on("Login").act(Action::Fail("UnavailableService".to_owned()))]);
        world.restore(&backup).await;
        let before = money_requests(&world);
        for _ in 0..3 {
            let id = world.pay(0, 5_00).await.unwrap();
            becomes(&world, id, "not_charged/not_sent").await;
            world.pass(20).await;
        }
        assert_eq!(money_requests(&world), before, "{form:?}: nothing left");
        follow(&world, []);
        world.pass(60).await;
        let next = world.pay(0, 5_00).await.unwrap();
        becomes(&world, next, "approved").await;
        agree(&world).await;
    }
}

/// The newest payment of a restored terminal is in no journal but as unclaimed, told before the next one was
/// intended: that nothing newer came is proof all the same, whatever the clock said.
#[tokio::test(start_paused = true)]
async fn request_lost_after_a_restore() {
    for (form, hours) in CARDS.into_iter().flat_map(|form| [(form, 0), (form, 1), (form, -1)]) {
        let mut world = world(form).await;
        let backup = backup(&world).await;
        let lost = world.pay(0, 20_00).await.unwrap();
        becomes(&world, lost, "approved").await;
        let number = stored(&world, lost).await.operation.transaction.0;
        rest(&world).await;
        world.restore(&backup).await;
        world.until("unclaimed", |view| view.notices.iter().any(|it| it.code == "unclaimed")).await;
        world.step_clock(jiff::SignedDuration::from_hours(hours));
        follow(&world, [once().act(Action::Unprocessed).act(Delivery::Cut)]);
        let id = world.pay(0, 5_00).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        agree_but(&world, &[&number]).await;
    }
}

/// The same where the newest payment of the lost part moved no money: it is in no journal at all.
#[tokio::test(start_paused = true)]
async fn request_lost_after_a_restore_that_lost_a_declined_one() {
    for form in CARDS {
        let mut world = world(form).await;
        let backup = backup(&world).await;
        let decline = Outcome::Decline { condition: "Refusal".to_owned(), receipt: false };
        follow(&world, [once().act(decline)]);
        let lost = world.pay(0, 20_00).await.unwrap();
        becomes(&world, lost, "declined/refused").await;
        let number = stored(&world, lost).await.operation.transaction.0;
        rest(&world).await;
        world.restore(&backup).await;
        rest(&world).await;
        follow(&world, [once().act(Action::Unprocessed).act(Delivery::Cut)]);
        let id = world.pay(0, 5_00).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        agree_but(&world, &[&number]).await;
    }
}
