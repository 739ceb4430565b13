//! Lost answers and power cuts at every exchange. Under virtual time.

use super::scene::{agree, follow, paid, requests, reverse, shop};
use acceptance::line::PowerCut;
use simulator::script::{Action, Delivery, Rule};

#[tokio::test(start_paused = true)]
async fn the_lost_answer_of_every_call_is_resolved() {
    for endpoint in ["add", "pay", "tran-query", "cancel"] {
        for processed in [true, false] {
            for ends in [1, 55, 61] {
                let case = format!("{endpoint}, processed {processed}, code {ends}");
                let world = shop(ends).await;
                let mut rule = Rule::on(endpoint).times(1).act(Delivery::Cut);
                if !processed {
                    rule = rule.act(Action::Unprocessed);
                }
                follow(&world, [rule]);
                paid(&world, 18_50, ends).await;
                world.pass(900).await;
                agree(&world, &case).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_lost_answer_of_a_refund_or_reversal_is_resolved() {
    for endpoint in ["refund", "cancel"] {
        for processed in [true, false] {
            let case = format!("{endpoint}, processed {processed}");
            let world = shop(7).await;
            let paid = paid(&world, 18_50, 1).await;
            let mut rule = Rule::on(endpoint).times(1).act(Delivery::Cut);
            if !processed {
                rule = rule.act(Action::Unprocessed);
            }
            follow(&world, [rule]);
            let id = match endpoint {
                "refund" => world.refund(0, 5_00, Some(paid.payment)).await.unwrap(),
                _ => reverse(&world, paid.payment).await.unwrap(),
            };
            assert_eq!(world.settled(id).await.outcome.as_str(), "approved", "{case}");
            agree(&world, &case).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_power_cut_at_any_exchange_loses_and_invents_nothing() {
    for when in [PowerCut::BeforeTheRequest, PowerCut::AfterTheAnswer] {
        for exchange in 0..5 {
            for (ends, shown) in [(1, false), (55, false), (61, false), (0, true)] {
                let case = format!("{when:?} {exchange}, code {ends}, shown {shown}");
                let mut world = shop(ends).await;
                world.wires.order_cut(exchange, when);
                let begun = match shown {
                    true => world.pay_by_screen(0, 18_50).await,
                    false => world.pay_by_code(0, 18_50, ends).await,
                };
                begun.unwrap();
                let power = world.wires.power.clone();
                let cut = tokio::time::timeout(std::time::Duration::from_secs(200), power.notified()).await;
                if cut.is_ok() {
                    world.restart().await;
                }
                world.pass(1_200).await;
                agree(&world, &case).await;
            }
        }
    }
}

/// Found by the storm: the charge and the cancel were both on their way for a minute, and a query between
/// them found the sale paid.
#[tokio::test(start_paused = true)]
async fn a_cancel_that_arrives_after_the_sale_was_seen_paid_is_waited_for() {
    let mut world = shop(11).await;
    let late = |endpoint: &str| Rule::on(endpoint).times(1).act(Delivery::Close).act(Action::Hold(60_000));
    follow(&world, [late("pay"), late("cancel")]);
    let code = world.code(1);
    let id = world.pay_by(0, 18_50, code).await.unwrap();
    while requests(&world) < 13 {
        world.pass(1).await;
    }
    world.restart().await;
    world.settled(id).await;
    world.pass(1_200).await;
    agree(&world, "a late cancel").await;
}
