//! Memory and reversal: dossier chapters 8, 10 and 18.5.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

mod support;

use std::sync::Arc;

use simulator::bank::{Bank, State};
use simulator::nexo::{NexoTerminal, Settings, WireReply};
use support::*;

#[tokio::test(start_paused = true)]
async fn answers_are_found_by_service_id_category_and_last() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let mut ids = Vec::new();
    for (transaction, amount) in [("T1", "10.00"), ("T2", "20.01"), ("T3", "30.00")] {
        let id = desk.id();
        message(&desk.send("Payment", &id, &payment(transaction, amount)).await);
        ids.push(id);
        wait(3_100).await;
    }
    for (id, transaction) in ids.iter().zip(["T1", "T2", "T3"]) {
        let found = desk.status_of(id).await;
        let reference = found.message_reference.clone().unwrap();
        assert_eq!(reference.service_id.as_ref(), Some(id));
        let sale = repeated(found).sale_data.unwrap().sale_transaction_id.unwrap();
        assert_eq!(sale.transaction_id.as_deref(), Some(transaction));
    }
    let sale = repeated(desk.last().await).sale_data.unwrap().sale_transaction_id.unwrap();
    assert_eq!(sale.transaction_id.as_deref(), Some("T3"));
    for reference in ["MessageCategory=\"Reversal\"", "SaleID=\"KASSA9\"", "POIID=\"BUTIK-09\""] {
        let body =
            format!("<TransactionStatusRequest><MessageReference {reference}/></TransactionStatusRequest>");
        assert_eq!(outcome(&desk.ask("TransactionStatus", &body).await), "NotFound", "{reference}");
    }
}

#[tokio::test(start_paused = true)]
async fn last_belongs_to_one_till_and_one_point_of_sale() {
    let mut desk = Desk::open(Settings::default(), LIGHT).await;
    let id = desk.id();
    message(&desk.send("Payment", &id, &payment("T1", "10.00")).await);
    desk.sale_id = "KASSA3".to_owned();
    desk.login(LIGHT).await;
    assert_eq!(said(&desk.last().await.response), "NotFound");
    assert_eq!(said(&desk.status_of(&id).await.response), "NotFound");
    let other = format!(
        "<TransactionStatusRequest><MessageReference ServiceID=\"{id}\" SaleID=\"KASSA2\"/>\
         </TransactionStatusRequest>"
    );
    assert_eq!(said(&repeated(status(desk.ask("TransactionStatus", &other).await)).response), "Success");
}

#[tokio::test(start_paused = true)]
async fn refused_requests_leave_no_trace() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let first = desk.id();
    message(&desk.send("Payment", &first, &payment("T1", "10.00")).await);
    let busy = desk.id();
    assert_eq!(outcome(&message(&desk.send("Payment", &busy, &payment("T2", "20.00")).await)), "Busy");
    assert_eq!(said(&desk.status_of(&busy).await.response), "NotFound");
    assert_eq!(desk.bank.transactions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn restart_keeps_answers_and_ends_the_session() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let id = desk.id();
    message(&desk.send("Payment", &id, &payment("T1", "10.00")).await);
    desk.terminal.reboot();
    assert_eq!(said(&desk.status_of(&id).await.response), "NotAllowed");
    desk.login(LIGHT).await;
    assert_eq!(said(&repeated(desk.status_of(&id).await).response), "Success");
    desk.terminal.reboot_forgetting();
    desk.login(LIGHT).await;
    assert_eq!(said(&desk.status_of(&id).await.response), "NotFound");
    assert_eq!(desk.bank.balance("SEK"), 1_000);
}

#[tokio::test(start_paused = true)]
async fn restart_before_and_after_the_host_decided() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let (early, task) = desk.start("Payment", payment("T1", "10.00"));
    wait(500).await;
    desk.terminal.reboot();
    assert_eq!(task.await.unwrap(), WireReply::Cut);
    desk.login(LIGHT).await;
    assert_eq!(said(&desk.status_of(&early).await.response), "NotFound");
    assert_eq!(desk.bank.transactions()[0].state, State::Aborted);
    let (late, task) = desk.start("Payment", payment("T2", "20.00"));
    wait(2_000).await;
    desk.terminal.reboot();
    assert_eq!(task.await.unwrap(), WireReply::Cut);
    desk.login(LIGHT).await;
    assert_eq!(said(&repeated(desk.status_of(&late).await).response), "Success");
    assert_eq!(desk.bank.balance("SEK"), 2_000);
}

#[tokio::test(start_paused = true)]
async fn restart_during_the_signature_question_undoes_the_payment() {
    let desk = Arc::new(Desk::open(Settings::default(), DEFAULT).await);
    desk.listener.cashier(Cashier::Silent);
    let (id, task) = desk.start("Payment", payment("T1", "10.08"));
    wait(30_000).await;
    assert_eq!(desk.bank.balance("SEK"), 1_008);
    desk.terminal.reboot();
    assert_eq!(task.await.unwrap(), WireReply::Cut);
    desk.login(DEFAULT).await;
    assert_eq!(said(&repeated(desk.status_of(&id).await).response), "Aborted");
    assert_eq!(desk.bank.balance("SEK"), 0);
}

#[tokio::test(start_paused = true)]
async fn payment_goes_on_when_the_till_closes_its_socket() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let (id, task) = desk.start("Payment", payment("T1", "10.00"));
    wait(100).await;
    task.abort();
    wait(10).await;
    assert_eq!(said(&desk.status_of(&id).await.response), "Busy");
    wait(5_000).await;
    assert_eq!(said(&repeated(desk.status_of(&id).await).response), "Success");
}

#[tokio::test(start_paused = true)]
async fn bank_file_survives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.json");
    let desk = Desk::with_bank(Settings::default(), Bank::open(&path).unwrap());
    desk.login(LIGHT).await;
    let id = desk.id();
    let answer = paid(message(&desk.send("Payment", &id, &payment("T1", "10.00")).await));
    drop(desk);

    let desk = Desk::with_bank(Settings::default(), Bank::open(&path).unwrap());
    desk.login(LIGHT).await;
    assert_eq!(repeated(desk.status_of(&id).await), answer);
    assert_eq!(outcome(&desk.ask("Reversal", &reversal(&answer)).await), "Success");
    let next = desk.pay("20.00").await.poi_data.unwrap().poi_transaction_id.unwrap();
    assert_eq!(next.transaction_id.as_deref(), Some("5550010002"), "numbers go on");
    assert_eq!(Bank::open(&path).unwrap().balance("SEK"), 2_000);
}

#[tokio::test(start_paused = true)]
async fn reversal_takes_back_the_last_approved_payment_once() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let answer = desk.pay("10.00").await;
    let request = reversal(&answer);
    assert_eq!(outcome(&desk.ask("Reversal", &request).await), "Busy");
    wait(3_100).await;
    let id = desk.id();
    let done = message(&desk.send("Reversal", &id, &request).await);
    assert_eq!(outcome(&done), "Success");
    let wire::nexo::Body::ReversalResponse(done) = done.body else { panic!() };
    assert_eq!(done.poi_data, answer.poi_data);
    assert_eq!(done.payment_receipts.len(), 2);
    assert_eq!(desk.bank.balance("SEK"), 0);
    assert_eq!(desk.bank.reversals()[0].service_id.as_ref(), Some(&id));
    let found = desk.status_of(&id).await;
    assert_eq!(found.repeated_message.unwrap().header.category, wire::nexo::MessageCategory::Reversal);
    assert_eq!(outcome(&desk.ask("Reversal", &request).await), "NotFound");
    assert_eq!(desk.bank.reversals().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn reversal_that_is_dropped_is_done_all_the_same() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let answer = desk.pay("10.00").await;
    wait(3_100).await;
    let (id, task) = desk.start("Reversal", reversal(&answer));
    wait(100).await;
    assert_eq!(said(&desk.status_of(&id).await.response), "Busy");
    desk.login(LIGHT).await;
    assert_eq!(task.await.unwrap(), WireReply::Cut);
    let found = desk.status_of(&id).await.repeated_message.unwrap();
    assert_eq!(outcome(&wire::nexo::Message::new(found.header, *found.body)), "Success");
    assert_eq!(desk.bank.balance("SEK"), 0);
}

#[tokio::test(start_paused = true)]
async fn reversal_is_found_by_text_only() {
    let desk = Desk::open(Settings { vary: false, ..Settings::default() }, LIGHT).await;
    let answer = desk.pay("10.00").await;
    wait(3_100).await;
    let id = answer.poi_data.clone().unwrap().poi_transaction_id.unwrap();
    let (number, time) = (id.transaction_id.unwrap(), id.time_stamp.unwrap());
    let reformatted = time.raw().replace('Z', "+00:00");
    for request in [reversal_of(&number, &reformatted), reversal_of("5550010009", time.raw())] {
        assert_eq!(outcome(&desk.ask("Reversal", &request).await), "NotFound");
    }
    assert_eq!(outcome(&desk.ask("Reversal", &reversal_of(&number, time.raw())).await), "Success");
}

#[tokio::test(start_paused = true)]
async fn reversal_does_not_reach_past_another_transaction() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let first = desk.pay("10.00").await;
    wait(3_100).await;
    let declined = desk.pay("10.01").await;
    wait(3_100).await;
    assert_eq!(outcome(&desk.ask("Reversal", &reversal(&first)).await), "NotFound");
    assert_eq!(outcome(&desk.ask("Reversal", &reversal(&declined)).await), "NotFound");
}

#[tokio::test(start_paused = true)]
async fn refund_can_be_reversed_too() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let answer = paid(desk.ask("Payment", &refund("T1", "10.00")).await);
    assert_eq!(desk.bank.balance("SEK"), -1_000);
    wait(3_100).await;
    assert_eq!(outcome(&desk.ask("Reversal", &reversal(&answer)).await), "Success");
    assert_eq!(desk.bank.balance("SEK"), 0);
}

#[tokio::test(start_paused = true)]
async fn two_terminals_on_one_till_share_a_bank_and_a_listener() {
    let bank = Bank::new();
    let mut one =
        Desk::with_bank(Settings { number: "555001".into(), ..Settings::default() }, bank.clone());
    let mut two =
        Desk::with_bank(Settings { number: "555002".into(), ..Settings::default() }, bank.clone());
    (one.poi_id, two.poi_id) = ("K1".to_owned(), "K2".to_owned());
    two.terminal.connect(one.listener.clone());
    one.login(DEFAULT).await;
    two.login(DEFAULT).await;
    let (first, second) = tokio::join!(one.pay("10.00"), two.pay("20.01"));
    assert_eq!((said(&first.response).as_str(), said(&second.response).as_str()), ("Success", "Refusal"));
    assert_eq!(bank.balance("SEK"), 1_000);
    let terminals: Vec<String> = bank.transactions().into_iter().map(|entry| entry.terminal).collect();
    assert_eq!(terminals.len(), 2);
    let heard = one.listener.heard.lock().unwrap().clone();
    for name in ["K1", "K2"] {
        assert!(heard.iter().any(|message| message.header.poi_id == name));
    }
    assert!(two.listener.story().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_messages() {
    let mut runs = Vec::new();
    for seed in [3, 3, 4] {
        let desk = Desk::open(Settings { seed, ..Settings::default() }, DEFAULT).await;
        for amount in ["10.00", "10.08", "10.01", "10.09"] {
            desk.pay(amount).await;
            wait(4_000).await;
        }
        let terminal: &NexoTerminal = &desk.terminal;
        runs.push(terminal.trace());
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}
