//! A wallet gateway over real sockets: every ending of a code, both encodings and both paths of a charge, a
//! shown code, notifications, Ctrl-C.

use acceptance::program::until;
use acceptance::wallet_shop::{WalletShop, quick};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Ending of the code, exit code, outcome, amount, reason.
type Row = (u64, i32, &'static str, &'static str, Option<&'static str>);

const ROWS: &[Row] = &[
    (0, 0, "approved", "18.50", None),
    (51, 0, "approved", "18.50", None),
    (66, 3, "declined", "0.00", Some("refused")),
    (70, 3, "declined", "0.00", Some("refused")),
    (81, 0, "approved", "18.50", None),
    (91, 0, "approved", "18.50", None),
    (96, 3, "cancelled", "0.00", Some("host_unreachable")),
];

/// How the till speaks to it.
const WAYS: [&str; 3] =
    ["", "encoding = \"form\"\npay_path = \"prepay\"\n", "pay_path = \"prepay\"\nnotifications = true\n"];

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn balance(shop: &WalletShop) -> i64 {
    shop.bank.balance("SEK")
}

#[test]
fn every_ending_of_a_code_in_every_way_to_speak() {
    let (runtime, next) = (runtime(), AtomicUsize::new(0));
    let wrong = Mutex::<Vec<String>>::default();
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(row) = ROWS.get(index / WAYS.len()) else { return };
                    let way = WAYS[index % WAYS.len()];
                    let shop = runtime.block_on(WalletShop::open(quick(), None, way));
                    if let Err(report) = pays(row, &shop) {
                        wrong.lock().unwrap().push(format!("code {} {way:?}: {report}", row.0));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn pays(row: &Row, shop: &WalletShop) -> Result<(), String> {
    let (ends, code, outcome, amount, reason) = *row;
    let ended = shop.pay("18.50", &shop.code(ends)).end();
    let settled = ended.of("settled");
    let told: Vec<_> =
        settled.iter().map(|it| (&it["outcome"], &it["amount"], it["reason"].as_str())).collect();
    if ended.code != Some(code) || told != [(&outcome.into(), &amount.into(), reason)] {
        return Err(format!("exit {:?}: {:#?}\n{}", ended.code, ended.lines, ended.words));
    }
    let complaints = shop.gateway.complaints();
    if !complaints.is_empty() {
        return Err(format!("the gateway complains: {complaints:?}"));
    }
    let minor: i64 = amount.replace('.', "").parse().unwrap();
    if balance(shop) != minor {
        return Err(format!("the bank has {}", balance(shop)));
    }
    Ok(())
}

#[test]
fn a_shown_code_is_told_and_paid() {
    let runtime = runtime();
    let shop = runtime.block_on(WalletShop::open(quick(), None, ""));
    let ended = shop.ran(&["pay", "--terminal", "wallets", "--amount", "18.50", "--method", "qr"]);
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    let codes = ended.of("code");
    let link = codes.first().and_then(|line| line["data"].as_str()).expect("a code is shown");
    assert!(link.starts_with("https://pay.example/alipay/"), "{link}");
    assert_eq!(balance(&shop), 18_50);
}

/// The customer never confirms: Ctrl-C cancels at the gateway, and the program waits for what became of it.
#[test]
fn a_waiting_customer_is_called_off_by_ctrl_c() {
    let runtime = runtime();
    let shop = runtime.block_on(WalletShop::open(quick(), None, ""));
    let program = shop.pay("18.50", &shop.code(60));
    until("the gateway has the charge", || shop.heard("pay") == 1);
    program.signal("INT");
    let ended = program.end();
    assert_eq!(ended.code, Some(3), "{:#?}", ended.lines);
    assert_eq!(ended.of("settled")[0]["outcome"], "cancelled");
    assert_eq!((shop.heard("cancel"), balance(&shop)), (1, 0));
}

/// What anybody may post to the listener: nothing of it is acknowledged, and nothing of it is believed.
#[test]
fn a_forged_notification_changes_nothing() {
    let runtime = runtime();
    let shop = runtime.block_on(WalletShop::open(quick(), None, "notifications = true\n"));
    let program = shop.pay("18.50", &shop.code(66));
    until("the gateway has the charge", || shop.heard("pay") == 1);
    let reference = shop.gateway.transactions()[0].reference.clone();
    let forged = format!(
        "amount=18.50&currency=SEK&reference={reference}&status=success&verifySign={}",
        "0".repeat(32)
    );
    for body in [forged.as_str(), "", "<html>", "status=success&status=failed"] {
        let mut stream = TcpStream::connect(("127.0.0.1", shop.listener)).expect("the till listens");
        let length = body.len();
        write!(
            stream,
            "POST /pockyt/ipn HTTP/1.1\r\nHost: till\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut told = String::new();
        stream.read_to_string(&mut told).unwrap();
        assert!(told.starts_with("HTTP/1.1 40"), "{body:?}: {told}");
        assert!(!told.contains("success"), "{body:?}: {told}");
    }
    let ended = program.end();
    assert_eq!((ended.code, &ended.of("settled")[0]["outcome"]), (Some(3), &"declined".into()));
    assert_eq!(balance(&shop), 0);
}
