//! Lost answers and power cuts at every exchange. Under virtual time.

use acceptance::line::PowerCut;
use acceptance::wallets::Wallets;
use simulator::script::{Action, Delivery, Rule, Script};
use till::api::Health;

async fn agrees(shop: &Wallets, case: &str) {
    assert_eq!(shop.differences(true).await, Vec::<String>::new(), "{case}");
}

#[tokio::test(start_paused = true)]
async fn the_lost_answer_of_every_call_is_resolved() {
    for endpoint in ["add", "pay", "tran-query", "cancel"] {
        for processed in [true, false] {
            for ends in [1, 55, 61] {
                let case = format!("{endpoint}, processed {processed}, code {ends}");
                let mut shop = Wallets::open(ends, "").await;
                let mut rule = Rule::on(endpoint).times(1).act(Delivery::Cut);
                if !processed {
                    rule = rule.act(Action::Unprocessed);
                }
                shop.gateway.follow(Script::new().rule(rule));
                shop.paid(18_50, ends).await;
                shop.world.pass(900).await;
                agrees(&shop, &case).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_lost_answer_of_a_refund_or_reversal_is_resolved() {
    for endpoint in ["refund", "cancel"] {
        for processed in [true, false] {
            let case = format!("{endpoint}, processed {processed}");
            let mut shop = Wallets::open(7, "").await;
            let paid = shop.paid(18_50, 1).await;
            let mut rule = Rule::on(endpoint).times(1).act(Delivery::Cut);
            if !processed {
                rule = rule.act(Action::Unprocessed);
            }
            shop.gateway.follow(Script::new().rule(rule));
            let id = match endpoint {
                "refund" => shop.refund(5_00, paid.payment).await.unwrap(),
                _ => shop.reverse(paid.payment).await.unwrap(),
            };
            assert_eq!(shop.world.settled(id).await.outcome.as_str(), "approved", "{case}");
            agrees(&shop, &case).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_power_cut_at_any_exchange_loses_and_invents_nothing() {
    for when in [PowerCut::BeforeTheRequest, PowerCut::AfterTheAnswer] {
        for exchange in 0..5 {
            for (ends, shown) in [(1, false), (55, false), (61, false), (0, true)] {
                let case = format!("{when:?} {exchange}, code {ends}, shown {shown}");
                let mut shop = Wallets::open(ends, "").await;
                shop.world.until("ready", |view| view.terminals[0].health == Health::Ready).await;
                shop.world.wires.order_cut(exchange, when);
                let code = (!shown).then(|| shop.code(ends));
                shop.pay(18_50, code).await.unwrap();
                let power = shop.world.wires.power.clone();
                let cut = tokio::time::timeout(std::time::Duration::from_secs(200), power.notified()).await;
                if cut.is_ok() {
                    shop.world.restart().await;
                }
                shop.world.pass(1_200).await;
                agrees(&shop, &case).await;
            }
        }
    }
}

/// Found by the storm: the charge and the cancel were both on their way for a minute, and a query between
/// them found the sale paid.
#[tokio::test(start_paused = true)]
async fn a_cancel_that_arrives_after_the_sale_was_seen_paid_is_waited_for() {
    let mut shop = Wallets::open(11, "").await;
    shop.world.until("ready", |view| view.terminals[0].health == Health::Ready).await;
    let late = |endpoint: &str| Rule::on(endpoint).times(1).act(Delivery::Close).act(Action::Hold(60_000));
    shop.gateway.follow(Script::new().rule(late("pay")).rule(late("cancel")));
    let code = shop.code(1);
    let id = shop.pay(18_50, Some(code)).await.unwrap();
    while shop.world.wires.requests.load(std::sync::atomic::Ordering::SeqCst) < 13 {
        shop.world.pass(1).await;
    }
    shop.world.restart().await;
    shop.world.settled(id).await;
    shop.world.pass(1_200).await;
    agrees(&shop, "a late cancel").await;
}
