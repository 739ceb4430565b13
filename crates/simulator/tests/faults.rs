//! Every fault that a script can ask for, what the till sees of it, and what the bank holds afterwards.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

mod support;

use std::sync::Arc;
use std::time::Duration;

use simulator::faults::Plan;
use simulator::nexo::{Framing, Settings, WireReply};
use simulator::script::Script;
use support::*;

/// A desk in light form whose terminal follows one rule for payments.
async fn scripted(rule: &str) -> Arc<Desk> {
    let desk = Arc::new(Desk::open(Settings { convention: false, ..Settings::default() }, LIGHT).await);
    let script = format!("[[rule]]\ncategory = \"Payment\"\n{rule}\n");
    desk.terminal.follow(Script::from_toml(&script).unwrap());
    desk
}

/// The reply to one payment, and what a status query finds afterwards.
async fn one(rule: &str) -> (Arc<Desk>, WireReply, String) {
    let desk = scripted(rule).await;
    let id = desk.id();
    let reply = desk.send("Payment", &id, &payment("T1", "10.00")).await;
    desk.login(LIGHT).await;
    let found = desk.status_of(&id).await;
    let found = if found.repeated_message.is_some() {
        said(&repeated(found).response)
    } else {
        said(&found.response)
    };
    (desk, reply, found)
}

fn body(reply: &WireReply) -> String {
    let WireReply::Answer { status: 200, body, .. } = reply else { panic!("{reply:?}") };
    String::from_utf8_lossy(body).into_owned()
}

#[tokio::test(start_paused = true)]
async fn lost_before_it_is_processed() {
    for rule in [
        "do = \"cut_before\"",
        "do = [\"status\", \"unprocessed\"]\ncode = 503",
        "do = \"refuse_connection\"",
    ] {
        let (desk, reply, found) = one(rule).await;
        assert!(!matches!(reply, WireReply::Answer { status: 200, .. }), "{reply:?}");
        assert_eq!(found, "NotFound", "{rule}");
        assert!(desk.bank.transactions().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn lost_after_it_was_approved() {
    for (rule, expected) in [
        ("do = \"cut_after\"", WireReply::Cut),
        ("do = \"empty_200\"", WireReply::empty(200)),
        ("do = \"no_content\"", WireReply::empty(204)),
        ("do = \"status\"\ncode = 500", WireReply::empty(500)),
        ("do = \"reboot\"", WireReply::Cut),
    ] {
        let (desk, reply, found) = one(rule).await;
        assert_eq!((reply, found.as_str()), (expected, "Success"), "{rule}");
        assert_eq!(desk.bank.approvals_for("T1"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn memory_is_lost_with_the_restart() {
    let (desk, reply, found) = one("do = \"reboot_lose_memory\"").await;
    assert_eq!((reply, found.as_str()), (WireReply::Cut, "NotFound"));
    assert_eq!(desk.bank.approvals_for("T1"), 1, "money moved all the same");
    let (desk, reply, found) = one("do = \"reboot_before\"").await;
    assert_eq!((reply, found.as_str()), (WireReply::Cut, "NotFound"));
    assert!(desk.bank.transactions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_no_messages() {
    for (rule, sign) in [
        ("do = \"garbage\"", "nonsense"),
        ("do = \"truncated_xml\"", "<SaleToPOIResponse>"),
        ("do = \"entity_bomb\"", "<!ENTITY"),
        ("do = \"deep_nesting\"", "<a><a><a>"),
        ("do = \"answer_twice\"", "</SaleToPOIResponse><"),
        ("do = \"oversize\"", "          "),
    ] {
        let (_, reply, found) = one(rule).await;
        let text = body(&reply);
        assert!(text.contains(sign), "{rule}");
        assert!(wire::nexo::decode(text.as_bytes(), &wire::nexo::Limits::REPLY).is_err(), "{rule}");
        assert_eq!(found, "Success", "{rule}");
    }
}

#[tokio::test(start_paused = true)]
async fn answers_framed_otherwise_are_proper_answers() {
    for (rule, expected) in [("do = \"chunked\"", Framing::Chunked), ("do = \"http10\"", Framing::Http10)] {
        let (_, reply, _) = one(rule).await;
        assert!(matches!(&reply, WireReply::Answer { framing, .. } if *framing == expected));
        assert_eq!(outcome(&message(&reply)), "Success");
    }
    let (_, reply, found) = one("do = \"cut_middle\"").await;
    let WireReply::CutMiddle { announced, part, .. } = reply else { panic!("{reply:?}") };
    assert!(part.len() < announced && part.len() > 100);
    assert_eq!(found, "Success");
}

#[tokio::test(start_paused = true)]
async fn answers_of_somebody_else() {
    for (rule, from, to) in [
        ("wrong_service_id", "7777777", "ServiceID"),
        ("wrong_sale_id", "OTHERTILL", "SaleID"),
        ("wrong_poi_id", "OTHER-POI", "POIID"),
        ("wrong_amount", "11.00", "AuthorizedAmount"),
        ("wrong_currency", "EUR", "Currency"),
        ("wrong_transaction", "99999999", "TransactionID"),
        ("unknown_condition", "paydesk:Strange", "ErrorCondition"),
        ("unknown_result", "Perhaps", "Result"),
    ] {
        let (desk, reply, found) = one(&format!("do = \"{rule}\"")).await;
        assert!(body(&reply).contains(&format!("{to}=\"{from}\"")), "{rule}: {}", body(&reply));
        assert_eq!(found, "Success", "{rule}: the terminal remembers the truth");
        assert_eq!(desk.bank.balance("SEK"), 1_000);
    }
    let (_, reply, _) = one("do = \"bare\"").await;
    assert!(!body(&reply).contains("SaleData") && !body(&reply).contains("POIData"));
}

#[tokio::test(start_paused = true)]
async fn a_lie_can_be_remembered() {
    let desk = scripted("do = [\"wrong_amount\", \"sticky\", \"cut_after\"]").await;
    let id = desk.id();
    assert_eq!(desk.send("Payment", &id, &payment("T1", "10.00")).await, WireReply::Cut);
    let told = repeated(desk.status_of(&id).await).payment_result.unwrap().amounts_resp.unwrap();
    assert_eq!(told.authorized_amount.unwrap().to_minor(2), Some(1_100));
    assert_eq!(desk.bank.balance("SEK"), 1_000);
}

#[tokio::test(start_paused = true)]
async fn status_answers_can_be_twisted_inside() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let rule =
        "[[rule]]\ncategory = \"TransactionStatus\"\ndo = [\"wrong_transaction\", \"wrong_amount\"]\n";
    desk.terminal.follow(Script::from_toml(rule).unwrap());
    desk.pay("10.00").await;
    let told = repeated(desk.last().await);
    let sale = told.sale_data.unwrap().sale_transaction_id.unwrap();
    assert_eq!(sale.transaction_id.as_deref(), Some("99999999"));
    let amounts = told.payment_result.unwrap().amounts_resp.unwrap();
    assert_eq!(amounts.authorized_amount.unwrap().to_minor(2), Some(1_100));
}

#[tokio::test(start_paused = true)]
async fn outcomes_by_script() {
    for (rule, expected, amount) in [
        ("do = \"partial\"", "Partial None", 500),
        ("do = \"partial\"\ncondition = \"Refusal\"", "Partial Some(Refusal)", 500),
        ("do = \"tip\"", "Success", 1_100),
        ("do = \"decline\"\ncondition = \"UnreachableHost\"", "UnreachableHost", 0),
        ("do = \"cancel\"", "Cancel", 0),
        ("do = \"fail\"\ncondition = \"DeviceOut\"", "DeviceOut", 0),
        ("do = \"logged_out\"", "LoggedOut", 0),
        ("do = [\"chip\", \"slow\"]\nms = 60000", "Success", 1_000),
    ] {
        let desk = scripted(rule).await;
        assert_eq!(said(&desk.pay("10.00").await.response), expected, "{rule}");
        assert_eq!(desk.bank.balance("SEK"), amount, "{rule}");
    }
    let desk = scripted("do = \"busy\"\ncount = 3").await;
    for expected in ["Busy", "Busy", "Busy", "Success"] {
        assert_eq!(said(&desk.pay("10.00").await.response), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn receipts_by_script() {
    let desk = scripted("do = \"full_pan\"").await;
    let id = desk.id();
    let reply = desk.send("Payment", &id, &payment("T1", "10.00")).await;
    let pans = ["5413330089020014", "4761739001010010", "6799998900000200018"];
    assert!(pans.iter().any(|pan| body(&reply).contains(&format!("MaskedPAN=\"{pan}\""))));
    let desk = scripted("do = \"no_receipt_lines\"").await;
    assert_eq!(desk.pay("10.00").await.payment_receipts.len(), 2);
    let desk = scripted("do = \"no_receipts\"").await;
    assert!(desk.pay("10.00").await.payment_receipts.is_empty());
}

#[tokio::test(start_paused = true)]
async fn silence_lasts_until_the_restart() {
    let desk = scripted("do = \"never\"").await;
    let (id, task) = desk.start("Payment", payment("T1", "10.00"));
    wait(3_600_000).await;
    assert!(!task.is_finished());
    assert_eq!(said(&repeated(desk.status_of(&id).await).response), "Success");
    desk.terminal.reboot();
    assert_eq!(task.await.unwrap(), WireReply::Cut);
}

#[tokio::test(start_paused = true)]
async fn connection_closes_at_once_and_the_payment_goes_on() {
    let desk = scripted("do = \"close\"").await;
    let id = desk.id();
    assert_eq!(desk.send("Payment", &id, &payment("T1", "10.00")).await, WireReply::Cut);
    wait(100).await;
    assert_eq!(said(&desk.status_of(&id).await.response), "Busy");
    wait(10_000).await;
    assert_eq!(said(&repeated(desk.status_of(&id).await).response), "Success");
}

#[tokio::test(start_paused = true)]
async fn a_request_arrives_although_the_till_has_given_up() {
    let desk = scripted("do = \"hold\"\nms = 20000").await;
    let (id, task) = desk.start("Payment", payment("T1", "10.00"));
    wait(1_000).await;
    task.abort();
    wait(10_000).await;
    assert_eq!(said(&desk.status_of(&id).await.response), "NotFound");
    wait(20_000).await;
    assert_eq!(said(&repeated(desk.status_of(&id).await).response), "Success");
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_an_abort_can_be_lost_too() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let rule = "[[rule]]\ncategory = \"Abort\"\ndo = \"cut_after\"\n";
    desk.terminal.follow(Script::from_toml(rule).unwrap());
    let (id, task) = desk.start("Payment", payment("T1", "10.14"));
    wait(100).await;
    let own = desk.id();
    assert_eq!(desk.send("Abort", &own, &abort("Payment", &id)).await, WireReply::Cut);
    assert_eq!(outcome(&message(&task.await.unwrap())), "Aborted");
}

#[tokio::test(start_paused = true)]
async fn unplugged_terminals_refuse_connections() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let (_, task) = desk.start("Payment", payment("T1", "10.00"));
    wait(100).await;
    desk.terminal.unplug();
    assert_eq!(task.await.unwrap(), WireReply::Cut);
    assert_eq!(desk.send("Login", "1", &login(LIGHT)).await, WireReply::Refused);
    desk.terminal.plug();
    desk.login(LIGHT).await;
}

#[tokio::test(start_paused = true)]
async fn oddities_reach_the_listener() {
    let desk = Desk::open(Settings::default(), DEFAULT).await;
    wait(2_000).await;
    desk.listener.forget();
    let all = "do = [\"parallel_displays\", \"unknown_print\", \"unknown_event\", \"foreign_poi_id\", \
               \"input_twice\", \"signature\"]";
    desk.terminal.follow(Script::from_toml(&format!("[[rule]]\ncategory = \"Payment\"\n{all}")).unwrap());
    assert_eq!(said(&desk.pay("10.00").await.response), "Success");
    let story = desk.listener.story();
    for expected in ["Print paydesk:Coupon", "Event paydesk:Strange"] {
        assert!(story.contains(&expected.to_owned()), "{story:?}");
    }
    assert_eq!(story.iter().filter(|heard| *heard == "InputRequest").count(), 2);
    let heard = desk.listener.heard.lock().unwrap().clone();
    assert!(heard.iter().any(|message| message.header.poi_id == "SOMEWHERE-ELSE"));
}

#[tokio::test(start_paused = true)]
async fn any_plan_ends_with_a_healed_terminal_that_tells_the_truth() {
    for seed in 0..15 {
        let desk = Arc::new(Desk::open(Settings { seed, ..Settings::default() }, DEFAULT).await);
        let plan = Plan::new(seed, 500);
        desk.terminal.suffer(plan.clone());
        let mut ids = Vec::new();
        for number in 0..12 {
            let id = desk.id();
            ids.push(id.clone());
            let body = payment(&format!("T{number}"), "10.00");
            let exchange = desk.send("Payment", &id, &body);
            let _ = tokio::time::timeout(Duration::from_secs(120), exchange).await;
            let _ = tokio::time::timeout(
                Duration::from_secs(9),
                desk.send("Login", &desk.id(), &login(DEFAULT)),
            )
            .await;
            wait(4_000).await;
        }
        plan.heal();
        wait(120_000).await;
        desk.login(DEFAULT).await;
        let mut told = 0;
        for id in &ids {
            let found = desk.status_of(id).await;
            let Some(repeated) = found.repeated_message else { continue };
            let answer = paid(wire::nexo::Message::new(repeated.header, *repeated.body));
            let amounts = answer.payment_result.and_then(|result| result.amounts_resp);
            told += amounts.and_then(|amounts| amounts.authorized_amount?.to_minor(2)).unwrap_or(0);
        }
        assert_eq!(desk.bank.balance("SEK"), told, "seed {seed}");
        assert_eq!(desk.terminal.complaints(), Vec::<String>::new(), "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_amount_tells_of_the_payment_and_not_of_the_busy_before_it() {
    for amount in ["10.11", "10.15", "10.16", "10.19"] {
        let desk = Desk::open(Settings::default(), LIGHT).await;
        desk.pay("10.00").await;
        // Cooling: refused in plain words, and nothing of it is charged.
        let refused = desk.ask("Payment", &payment("T2", amount)).await;
        assert_eq!(outcome(&refused), "Busy", "{amount}");
        assert_eq!(desk.bank.transactions().len(), 1, "{amount}");
    }
}
