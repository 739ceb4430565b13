//! What a code is not, and what a gateway must not say. Under virtual time.

use acceptance::wallets::Wallets;
use simulator::script::{Action, Delivery, Rule, Script, Twist};
use till::api::{Health, ProblemCode};

#[tokio::test(start_paused = true)]
async fn what_is_no_payment_code_sends_nothing() {
    let shop = Wallets::open(1, "").await;
    shop.world.until("ready", |view| view.terminals[0].health == Health::Ready).await;
    let before = shop.world.wires.requests.load(std::sync::atomic::Ordering::SeqCst);
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
        let problem = shop.pay(18_50, Some(text.to_owned())).await.unwrap_err();
        assert_eq!((problem.code, problem.parameter("field")), (ProblemCode::FieldWrong, "code"), "{text}");
    }
    assert_eq!(shop.world.wires.requests.load(std::sync::atomic::Ordering::SeqCst), before);
    assert!(shop.world.bank.transactions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_same_code_is_taken_once_in_ten_minutes() {
    let mut shop = Wallets::open(2, "").await;
    let code = shop.code(1);
    let id = shop.pay(18_50, Some(code.clone())).await.unwrap();
    shop.world.settled(id).await;
    let problem = shop.pay(18_50, Some(code.clone())).await.unwrap_err();
    assert!(problem.parameter("what").contains("new one"));
    shop.world.pass(601).await;
    let id = shop.pay(18_50, Some(code)).await.unwrap();
    assert_eq!(shop.world.settled(id).await.outcome.as_str(), "declined", "the gateway knows it, too");
    assert_eq!(shop.differences(true).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_code_is_in_no_file() {
    let mut shop = Wallets::open(3, "").await;
    let code = shop.code(1);
    let id = shop.pay(18_50, Some(code.clone())).await.unwrap();
    let paid = shop.world.settled(id).await;
    let facts = shop.world.store().read(move |reader| reader.payment_facts(id)).await.unwrap();
    let written: Vec<String> = facts.iter().map(|fact| format!("{:?}", fact.fact)).collect();
    let written = written.join("\n");
    assert!(!written.contains(&code) && !format!("{paid:?}").contains(&code));
    assert!(written.contains("code_digest"));
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
                let mut shop = Wallets::open(ends, "").await;
                shop.gateway.follow(Script::new().rule(Rule::on(endpoint).times(1).act(action.clone())));
                shop.paid(18_50, ends).await;
                shop.world.pass(1_200).await;
                let wrong = shop.differences(true).await;
                assert_eq!(wrong, Vec::<String>::new(), "{endpoint} {action:?} {ends}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_goes_on_lying_about_the_amount_is_not_believed() {
    let mut shop = Wallets::open(4, "").await;
    let rule = Rule::on("pay").act(Twist::WrongAmount).act(Action::Sticky);
    shop.gateway.follow(Script::new().rule(rule));
    let paid = shop.paid(18_50, 1).await;
    assert_eq!((paid.state.as_str(), paid.reason.as_deref()), ("disputed", Some("mismatch")));
}

#[tokio::test(start_paused = true)]
async fn a_clock_five_minutes_off_changes_nothing() {
    for skew_s in [-300, 300] {
        let mut shop = Wallets::open(5, "").await;
        shop.gateway.turn(|knobs| knobs.skew_s = skew_s);
        assert_eq!(shop.paid(18_50, 1).await.outcome.as_str(), "approved");
        assert_eq!(shop.differences(true).await, Vec::<String>::new());
    }
}
