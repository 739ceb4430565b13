//! What a code is not, and what a gateway must not say. Under virtual time.

use super::scene::{agree, follow, gateway, paid, requests, shop};
use acceptance::goods::OWN_LABEL;
use acceptance::world::World;
use domain::ids::OperationId;
use simulator::script::{Action, Delivery, Rule, Twist};
use till::api::{ProblemCode, Query};

#[tokio::test(start_paused = true)]
async fn what_is_no_payment_code_sends_nothing() {
    let world = shop(1).await;
    let before = requests(&world);
    let long = "2".repeat(4_000);
    for text in [
        "7310865004703",
        "https://example.com/pay",
        "00020101021226",
        "6212345678901234",
        "28123",
        &long,
        "",
        "281234567890123456\u{7}",
    ] {
        let problem = world.pay_by(0, 18_50, text.to_owned()).await.unwrap_err();
        assert_eq!((problem.code, problem.parameter("field")), (ProblemCode::FieldWrong, "code"), "{text}");
    }
    for sold in ["1", OWN_LABEL] {
        let sold = world.pay_by(0, 18_50, sold.to_owned()).await.unwrap_err();
        assert_eq!(sold.parameter("why"), "product", "the shop sells it under this code");
    }
    assert_eq!(requests(&world), before);
    assert!(world.bank.transactions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_same_code_is_taken_once_in_ten_minutes() {
    let world = shop(2).await;
    let code = world.code(1);
    let id = world.pay_by(0, 18_50, code.clone()).await.unwrap();
    world.settled(id).await;
    let problem = world.pay_by(0, 18_50, code.clone()).await.unwrap_err();
    assert!(problem.parameter("what").contains("new one"));
    world.pass(601).await;
    let id = world.pay_by(0, 18_50, code).await.unwrap();
    assert_eq!(world.settled(id).await.outcome.as_str(), "declined", "the gateway knows it, too");
    agree(&world, "").await;
}

#[tokio::test(start_paused = true)]
async fn the_code_is_in_no_file() {
    let world = shop(3).await;
    let code = world.code(1);
    let id = world.pay_by(0, 18_50, code.clone()).await.unwrap();
    let paid = world.settled(id).await;
    let facts = world.store().read(move |reader| reader.payment_facts(id)).await.unwrap();
    let written: Vec<String> = facts.iter().map(|fact| format!("{:?}", fact.fact)).collect();
    let written = written.join("\n");
    assert!(!written.contains(&code) && !format!("{paid:?}").contains(&code));
    assert!(written.contains("code_digest"));
}

/// What the journal, the view and the case file hold of a payment.
async fn written(world: &World, id: OperationId) -> String {
    let facts = world.store().read(move |reader| reader.payment_facts(id)).await.unwrap();
    let facts: Vec<String> = facts.iter().map(|fact| format!("{:?}", fact.fact)).collect();
    let case = world.till().query(Query::Payment { payment: id }).await.unwrap();
    format!("{}\n{case:?}\n{:?}", facts.join("\n"), world.view())
}

#[tokio::test(start_paused = true)]
async fn a_code_that_the_gateway_repeats_is_in_no_file() {
    let repeats = |endpoint: &str| Rule::on(endpoint).act(Twist::FullPan);
    let fails = |endpoint: &str, code: &str| repeats(endpoint).act(Action::Fail(code.to_owned()));
    let everywhere = |code: &str| ["pay", "tran-query", "cancel"].map(|it| fails(it, code)).to_vec();
    let rows = [
        ("a refusal", 1, vec![fails("pay", "000023")], "paymentBarcode="),
        ("a record", 1, vec![repeats("pay")], "alipay 28"),
        ("a query's record", 80, vec![repeats("pay"), repeats("tran-query")], "alipay 28"),
        ("errors without end", 1, everywhere("000080"), "paymentBarcode="),
        ("a return code never seen before", 1, everywhere("000777"), "paymentBarcode="),
    ];
    for (case, ends, rules, proof) in rows {
        let world = shop(3).await;
        follow(&world, rules);
        let code = world.code(ends);
        let id = world.pay_by(0, 18_50, code.clone()).await.unwrap();
        world.settled(id).await;
        let written = written(&world, id).await;
        assert!(written.contains(proof), "{case}: the gateway's words are kept: {written}");
        assert!(!written.contains(&code) && !written.contains(&code[..10]), "{case}: {written}");
    }
}

#[tokio::test(start_paused = true)]
async fn nonsense_and_lies_of_the_gateway_end_in_the_truth() {
    let wrong = [
        Twist::WrongServiceId,
        Twist::WrongSaleId,
        Twist::WrongPoiId,
        Twist::WrongAmount,
        Twist::WrongCurrency,
        Twist::WrongTransaction,
        Twist::UnknownResult,
        Twist::UnknownCondition,
        Twist::Bare,
    ];
    let lost = [
        Delivery::Garbage,
        Delivery::Truncated,
        Delivery::Deep,
        Delivery::Twice,
        Delivery::Status(502),
        Delivery::Empty,
        Delivery::NoContent,
        Delivery::Oversize(1 << 20),
        Delivery::CutMiddle,
    ];
    let twists = wrong.map(Action::Twist).into_iter();
    let all: Vec<Action> = twists.chain(lost.map(Action::Deliver)).collect();
    for endpoint in ["add", "pay", "tran-query", "cancel"] {
        for action in &all {
            for ends in [1, 55, 61] {
                let world = shop(ends).await;
                follow(&world, [Rule::on(endpoint).times(1).act(action.clone())]);
                paid(&world, 18_50, ends).await;
                world.pass(1_200).await;
                agree(&world, &format!("{endpoint} {action:?} {ends}")).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_goes_on_lying_about_the_amount_is_not_believed() {
    let world = shop(4).await;
    let rule = Rule::on("pay").act(Twist::WrongAmount).act(Action::Sticky);
    follow(&world, [rule]);
    let paid = paid(&world, 18_50, 1).await;
    assert_eq!((paid.state.as_str(), paid.reason.as_deref()), ("disputed", Some("mismatch")));
}

#[tokio::test(start_paused = true)]
async fn a_clock_five_minutes_off_changes_nothing() {
    for skew_s in [-300, 300] {
        let world = shop(5).await;
        gateway(&world).turn(|knobs| knobs.skew_s = skew_s);
        assert_eq!(paid(&world, 18_50, 1).await.outcome.as_str(), "approved");
        agree(&world, "").await;
    }
}
