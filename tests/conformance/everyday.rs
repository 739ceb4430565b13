//! What happens every day: approve, decline, cancel, tip, cash-back, refund, reversal.

use super::scene::{
    CAN_ABORT, CARDS, CASH_BACK, FORMS, PARTIAL, REFUNDS_ALONE, REVERSES, REVERSES_LAST, SIGNS,
    WITHOUT_HOSTS, abort, agree, all, banked, becomes, detail, forms, made, once, refused, reply, rest,
    scripted, stands, steps, stored, without_hosts, world,
};
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use domain::operation::Kind;
use domain::prompt::Answer;
use simulator::bank::State;
use simulator::script::{Outcome, Source};
use till::api::{Command, CustomerStage, PaymentView, ProblemCode};

#[tokio::test(start_paused = true)]
async fn approved() {
    for form in WITHOUT_HOSTS {
        let world = world(form).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let running = made(&world, id, "sent").await;
        assert_eq!((running.state.as_str(), running.outcome.as_str()), ("running", "unknown"));
        assert_eq!(world.till().customer_views().borrow().stage, CustomerStage::Pay);
        let payment = becomes(&world, id, "approved").await;
        assert_eq!((payment.amount, payment.tip), (World::money(12_50), World::money(0)), "{form:?}");
        assert!(!payment.late && !payment.attention && payment.detail.is_none(), "{form:?}");
        assert_eq!(payment.closed_by.as_deref(), Some("provider"));
        // A gateway opens a transaction first, which moves nothing.
        let expected: &[&str] = match form.is_wallet() {
            true => &["intended", "prepared", "sent", "settled"],
            false => &["intended", "sent", "settled"],
        };
        assert_eq!(steps(&payment), expected, "{form:?}");
        let bank = banked(&world, id).await;
        let number = if form.is_wallet() { "transactionNo" } else { "poi_transaction_id" };
        assert_eq!(payment.evidence.get(number), Some(bank[0].receipt_number.as_str()));
        assert_eq!(payment.evidence.get("masked_number"), bank[0].card.as_deref());
        assert_eq!(world.till().customer_views().borrow().stage, CustomerStage::Paid);
        agree(&world).await;
    }
}

/// A row of the amount convention: last two digits, outcome and reason, what becomes of 100.xx, whether the
/// outcome is found rather than told.
const CONVENTION: [(i64, &str, i64, bool); 17] = [
    (0, "approved", 100_00, false),
    (1, "declined/refused", 0, false),
    (2, "declined/refused", 0, false),
    (3, "cancelled/customer_cancelled", 0, false),
    (4, "declined/wrong_pin", 0, false),
    (5, "declined/host_unreachable", 0, false),
    (6, "declined/invalid_card", 0, false),
    (7, "declined/payment_restriction", 0, false),
    (9, "approved", 110_09, false),
    (10, "approved", 100_10, false),
    (11, "approved", 100_11, true),
    (12, "approved", 100_12, false),
    (13, "approved", 100_13, false),
    (15, "approved", 100_15, true),
    (16, "approved", 100_00 + 16, true),
    (17, "approved", 100_17, false),
    (18, "approved", 100_18, false),
];

#[tokio::test(start_paused = true)]
async fn every_row_of_the_amount_convention() {
    for (last, expected, amount, late) in CONVENTION {
        for form in CARDS {
            let case = format!("{form:?} {last}");
            let world = world(form).await;
            let id = world.pay(0, 100_00 + last).await.unwrap();
            let payment = becomes(&world, id, expected).await;
            assert_eq!(payment.amount.minor, amount, "{case}");
            assert_eq!(payment.requested.minor, 100_00 + last, "{case}");
            assert_eq!(payment.tip.minor, if last == 9 { 10_00 } else { 0 }, "{case}");
            assert_eq!(payment.late, late, "{case}");
            let approved = amount > 0;
            let state = banked(&world, id).await[0].state;
            assert_eq!(state == State::Approved, approved, "{case}: {state:?}");
            if last == 10 {
                assert_eq!(payment.evidence.get("instrument"), Some("mobile"), "{case}");
            }
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_row_of_the_amount_convention_for_a_refund() {
    for (last, expected, amount, late) in CONVENTION {
        for form in forms(REFUNDS_ALONE) {
            let case = format!("{form:?} {last}");
            let world = world(form).await;
            let id = world.refund(0, 100_00 + last, None).await.unwrap();
            let payment = becomes(&world, id, expected).await;
            // Nobody tips the shop for giving money back.
            let amount = if last == 9 { 100_09 } else { amount };
            assert_eq!((payment.amount.minor, payment.tip.minor), (amount, 0), "{case}");
            assert_eq!((payment.late, payment.kind.as_str()), (late, "refund"), "{case}");
            assert_eq!(world.bank.balance("SEK"), -amount, "{case}");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn signature_row() {
    for (answer, expected) in [(Answer::Yes, "approved"), (Answer::No, "cancelled/signature_refused")] {
        for form in forms(SIGNS) {
            let world = world(form).await;
            let id = world.pay(0, 100_08).await.unwrap();
            reply(&world, id, answer.clone()).await;
            becomes(&world, id, expected).await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn row_that_waits_for_an_abort() {
    for form in forms(CAN_ABORT) {
        let world = world(form).await;
        let id = world.pay(0, 100_14).await.unwrap();
        world.pass(120).await;
        assert_eq!(stands(&world, id, "running").await.outcome, "unknown");
        abort(&world, id).await.unwrap();
        becomes(&world, id, "cancelled/aborted").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn busy_is_waited_out_under_a_reference_of_its_own() {
    for form in CARDS {
        let world = world(form).await;
        let id = world.pay(0, 100_19).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert_eq!(steps(&payment), ["intended", "sent", "resent", "resent", "settled"], "{form:?}");
        let sent = stored(&world, id).await.sent;
        let started: Vec<bool> = sent.iter().map(|it| !it.not_started).collect();
        assert_eq!(started, [false, false, true], "{form:?}");
        let references: std::collections::BTreeSet<_> =
            sent.iter().map(|it| it.reference.0.clone()).collect();
        assert_eq!(references.len(), 3, "{form:?}");
        assert_eq!(banked(&world, id).await.len(), 1, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn declined_for_a_reason_that_no_table_lists() {
    for form in CARDS {
        let decline = Outcome::Decline { condition: "paydesk:Strange".to_owned(), receipt: false };
        let world = scripted(form, [once().act(decline)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "declined/paydesk:Strange").await;
        assert_eq!(
            payment.detail.as_deref(),
            Some("Declined"),
            "{form:?}: the terminal's words, secondary"
        );
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn approved_in_part() {
    for condition in [None, Some("PaymentRestriction".to_owned())] {
        for form in forms(PARTIAL) {
            let part = Outcome::Partial { condition: condition.clone() };
            let world = scripted(form, [once().act(part)]).await;
            let id = world.pay(0, 25_00).await.unwrap();
            let payment = becomes(&world, id, "partial").await;
            assert_eq!((payment.requested.minor, payment.amount.minor), (25_00, 12_50), "{form:?}");
            rest(&world).await;
            assert_eq!(refused(world.refund(0, 12_51, Some(id)).await), ProblemCode::NoRefund);
            let back = reverse(&world, id, false).await;
            becomes(&world, back, "approved").await;
            assert_eq!(world.bank.balance("SEK"), 0, "{form:?}");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn cash_back() {
    for form in forms(CASH_BACK) {
        let world = world(form).await;
        let id = world.pay_with(0, 300_00, 100_00, None).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert_eq!((payment.amount.minor, payment.cash_back.minor), (300_00, 100_00), "{form:?}");
        assert_eq!(banked(&world, id).await[0].cash_back, 100_00);
        agree(&world).await;
        // Nothing but cash.
        rest(&world).await;
        let id = world.pay_with(0, 50_00, 50_00, None).await.unwrap();
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

async fn reverse(world: &World, payment: OperationId, or_refund: bool) -> OperationId {
    world.dispatch(Command::Reverse { payment, or_refund }).await.unwrap().payment.expect("it began")
}

async fn paid(world: &World, minor: i64) -> OperationId {
    let id = world.pay(0, minor).await.unwrap();
    becomes(world, id, "approved").await;
    rest(world).await;
    id
}

#[tokio::test(start_paused = true)]
async fn refund_with_and_without_an_original() {
    for form in forms(REFUNDS_ALONE) {
        let world = world(form).await;
        let sale = paid(&world, 40_00).await;
        let with = world.refund(0, 15_00, Some(sale)).await.unwrap();
        let payment = becomes(&world, with, "approved").await;
        assert_eq!(payment.evidence.get("original"), Some(sale.to_string().as_str()), "{form:?}");
        rest(&world).await;
        let without = world.refund(0, 5_00, None).await.unwrap();
        let payment = becomes(&world, without, "approved").await;
        assert_eq!(payment.evidence.get("original"), None, "{form:?}");
        assert_eq!(world.bank.balance("SEK"), 20_00);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reversal_of_the_last_payment() {
    for form in without_hosts(REVERSES) {
        let world = world(form).await;
        let sale = paid(&world, 40_09).await;
        let back = reverse(&world, sale, false).await;
        let payment = becomes(&world, back, "approved").await;
        let whole = if form.is_wallet() { 40_09 } else { 44_09 };
        assert_eq!(payment.amount.minor, whole, "{form:?}: the whole, with its tip");
        assert_eq!(banked(&world, sale).await[0].state, State::Reversed);
        let again = world.dispatch(Command::Reverse { payment: sale, or_refund: true }).await;
        assert_eq!(refused(again), ProblemCode::NoRefund, "{form:?}: once");
        assert_eq!(refused(world.refund(0, 1_00, Some(sale)).await), ProblemCode::NoRefund);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reversal_of_a_refund() {
    for form in without_hosts(REVERSES) {
        let world = world(form).await;
        let sale = paid(&world, 40_00).await;
        let refund = world.refund(0, 40_00, Some(sale)).await.unwrap();
        becomes(&world, refund, "approved").await;
        rest(&world).await;
        let back = reverse(&world, refund, false).await;
        // What a gateway gave back stays given.
        let (expected, kept) =
            if form.is_wallet() { ("not_charged/goes_another_way", 0) } else { ("approved", 40_00) };
        becomes(&world, back, expected).await;
        assert_eq!(world.bank.balance("SEK"), kept, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reversal_of_what_is_not_the_last() {
    for form in forms(REVERSES_LAST) {
        let world = world(form).await;
        let first = paid(&world, 40_00).await;
        paid(&world, 30_00).await;
        let back = reverse(&world, first, false).await;
        becomes(&world, back, "declined/not_found").await;
        assert!(all(&world, Kind::Refund).await.is_empty(), "{form:?}: nobody asked for a refund");
        assert_eq!(world.bank.balance("SEK"), 70_00);
        rest(&world).await;
        let back = reverse(&world, first, true).await;
        becomes(&world, back, "declined/not_found").await;
        let refunds = all(&world, Kind::Refund).await;
        let [refund] = refunds.as_slice() else {
            panic!("{form:?}: one refund in its place: {refunds:#?}")
        };
        assert_eq!(refund.operation.original.as_ref().unwrap().operation, first, "{form:?}");
        becomes(&world, refund.id(), "approved").await;
        assert_eq!(world.bank.balance("SEK"), 30_00, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reversal_of_swish() {
    for form in forms(REVERSES_LAST) {
        let world = world(form).await;
        let card = paid(&world, 20_00).await;
        let swish = paid(&world, 40_10).await;
        let before = super::scene::money_requests(&world);
        let back = reverse(&world, swish, false).await;
        becomes(&world, back, "not_charged/goes_another_way").await;
        assert_eq!(
            super::scene::money_requests(&world),
            before,
            "{form:?}: it would reverse the card payment"
        );
        let back = reverse(&world, swish, true).await;
        becomes(&world, back, "not_charged/goes_another_way").await;
        assert!(all(&world, Kind::Refund).await.is_empty(), "{form:?}: nor would that be possible");
        // The protocol cannot name the original; without it the money would go to a card.
        let refund = world.refund(0, 40_10, Some(swish)).await.unwrap();
        becomes(&world, refund, "not_charged/goes_another_way").await;
        assert_eq!(banked(&world, card).await[0].state, State::Approved, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reversals_answer_lost() {
    use simulator::script::{Delivery, Rule};
    for form in without_hosts(REVERSES) {
        let world = scripted(form, [Rule::on("Reversal").times(1).act(Delivery::Cut)]).await;
        let sale = paid(&world, 40_00).await;
        let back = reverse(&world, sale, true).await;
        let payment: PaymentView = becomes(&world, back, "approved").await;
        // A gateway is asked within the reversal.
        let unknown = (!form.is_wallet()).then_some("answer_lost");
        assert_eq!(detail(&payment, "unknown"), unknown, "{form:?}");
        assert_eq!(world.bank.reversals().len(), 1, "{form:?}");
        assert!(all(&world, Kind::Refund).await.is_empty(), "{form:?}: no refund beside it");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn one_after_another() {
    for form in FORMS {
        let world = world(form).await;
        // Without a pause: the terminal is busy for three seconds after each, and that is waited out.
        for minor in [10_00, 11_01, 12_00, 13_03, 14_09] {
            let id = world.pay(0, minor).await.unwrap();
            world.settled(id).await;
        }
        let tip = if form.capabilities().partial { 1_40 } else { 0 };
        assert_eq!(world.bank.balance("SEK"), 10_00 + 12_00 + 14_09 + tip, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn every_way_to_hold_a_card() {
    let sources = [
        (Source::Contactless, "Contactless"),
        (Source::Chip, "ICC"),
        (Source::Stripe, "MagStripe"),
        (Source::Keyed, "Keyed"),
    ];
    for (source, entry) in sources {
        for form in [Form::Default, Form::Light] {
            let world = scripted(form, [once().act(source)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            let payment = becomes(&world, id, "approved").await;
            let told = payment.evidence.get("entry").map(str::to_lowercase);
            assert_eq!(told, Some(entry.to_lowercase()), "{form:?} {source:?}");
            agree(&world).await;
        }
    }
}
