//! What the operator's gateway says that is no answer, and who stands in its place: signatures that are wrong
//! or missing, other orders, other amounts, data that is none, servers that close at every point. Over real
//! sockets.

use super::scene::{every, listing, runtime, untouched};
use acceptance::hub_shop::{HubShop, quick, settings_behind};
use acceptance::program::{Program, free_port};
use simulator::ecrhub::{Gateway, HUB_KEYS, Settings};
use simulator::script::{Action, Delivery, Rule, Script, Twist};
use std::io::{Read, Write};
use std::net::TcpListener;

/// What is done to an answer, once.
fn no_answers() -> Vec<(&'static str, Action)> {
    vec![
        ("no signature", Twist::NoReceipts.into()),
        ("somebody else's signature", Twist::BadReceipts.into()),
        ("data that is no JSON", Twist::FullPan.into()),
        ("a proxy's page", Delivery::Status(503).into()),
        ("HTML in place of a reply", Delivery::Garbage.into()),
        ("nothing", Delivery::Empty.into()),
        ("204", Delivery::NoContent.into()),
        ("half of it", Delivery::Truncated.into()),
        ("twice the same", Delivery::Twice.into()),
        ("nested a thousand deep", Delivery::Deep.into()),
        ("bytes", Delivery::EntityBomb.into()),
        ("twenty megabytes", Delivery::Oversize(20 << 20).into()),
        ("it closes in its place", Delivery::Cut.into()),
        ("it closes in the middle", Delivery::CutMiddle.into()),
        ("it closes as soon as the request is read", Delivery::Close.into()),
        ("another order", Twist::WrongServiceId.into()),
        ("another amount", Twist::WrongAmount.into()),
        ("another currency", Twist::WrongCurrency.into()),
        ("another kind of order", Twist::WrongPoiId.into()),
        ("another terminal", Twist::WrongSaleId.into()),
        ("a code that tells nothing", Twist::UnknownResult.into()),
        ("a state that no list has", Twist::UnknownCondition.into()),
        ("no state", Twist::Bare.into()),
        ("a system error", Action::Fail("SYS001".to_owned())),
    ]
}

fn is_paid_once(name: &str, shop: &HubShop) -> Result<(), String> {
    let ended = shop.pay("18.00").end();
    let settled = ended.of("settled");
    let outcomes: Vec<_> = settled.iter().map(|line| line["outcome"].clone()).collect();
    let is_paid = ended.code == Some(0) && outcomes == ["approved"];
    let (orders, bank) = (shop.terminal.orders().len(), shop.bank.balance("SEK"));
    if !is_paid || orders != 1 || bank != 18_00 {
        return Err(format!("{name}: {orders} orders, {bank}: {:#?} {}", ended.lines, ended.words));
    }
    Ok(())
}

/// The answer to the order is none, or the answers to the first queries about it: the truth is asked for, and
/// the customer is charged once.
#[test]
fn answers_of_a_gateway_that_are_none() {
    let runtime = runtime();
    let cases: Vec<_> = no_answers()
        .into_iter()
        .flat_map(|row| ["pay", "query"].map(|category| (category, row.clone())))
        // A system error in the place of an order's answer: it was not taken.
        .filter(|(category, (name, _))| *category == "query" || *name != "a system error")
        .collect();
    every(&cases, |(category, (name, action))| {
        // The first query is the greeting.
        let rule = Rule::on(category).nth(if *category == "pay" { 1 } else { 2 }).act(action.clone());
        let shop = HubShop::in_cloud(runtime.handle(), quick(), Some(Script::new().rule(rule)), "");
        is_paid_once(&format!("{category} {name}"), &shop)
    });
}

/// Other writings of the same reply: numbers as texts, texts as numbers, data as an object, refusals that
/// nobody signed, a gateway that is behind with what it has written down.
#[test]
fn other_writings_of_a_reply_are_read() {
    let runtime = runtime();
    let usual = Gateway::default();
    let writings = [
        ("states as texts", Gateway { numbers: false, ..usual.clone() }),
        ("states as numbers", Gateway { numbers: true, ..usual.clone() }),
        ("data as an object", Gateway { data_object: true, ..usual.clone() }),
        ("a second behind", Gateway { lag_ms: 3_000, ..usual }),
    ];
    every(&writings, |(name, gateway)| {
        let settings = Settings { gateway: gateway.clone(), ..quick() };
        is_paid_once(name, &HubShop::in_cloud(runtime.handle(), settings, None, ""))
    });
}

/// The same lie whenever somebody asks: it is unknown to the end, and never taken for a decline or for
/// nothing.
#[test]
fn a_gateway_that_goes_on_lying_ends_in_a_person() {
    let runtime = runtime();
    let lies = [("another amount", Twist::WrongAmount), ("another currency", Twist::WrongCurrency)];
    every(&lies, |(name, twist)| {
        let lie = Rule::on("pay").act(Action::Sticky).act(*twist);
        let shop = HubShop::in_cloud(runtime.handle(), quick(), Some(Script::new().rule(lie)), "");
        let code = shop.pay("18.00").end().code;
        if code != Some(5) {
            return Err(format!("{name}: {code:?}"));
        }
        let recovered = shop.ran(&["recover", "--for", "8"]);
        if recovered.code != Some(5) || shop.pay("2.00").end().code != Some(8) {
            return Err(format!("{name}: not blocked: {recovered:#?}"));
        }
        let orders = shop.terminal.orders().len();
        if orders == 1 { Ok(()) } else { Err(format!("{name}: {orders} orders")) }
    });
}

/// A gateway that cannot be used: nothing is charged, and the words say what to do.
#[test]
fn a_gateway_that_cannot_be_used_is_said() {
    let runtime = runtime();
    let usual = Gateway::default();
    let strange = [
        ("another till's key", Gateway { till_key: HUB_KEYS.gateway.to_owned(), ..usual.clone() }, "keys"),
        ("another gateway", Gateway { key: HUB_KEYS.till.to_owned(), ..usual.clone() }, "gateway's key"),
        ("a clock that is wrong", Gateway { skew_s: 1_000, ..usual.clone() }, "clock"),
        ("nothing is released", Gateway { released: vec!["x".to_owned()], ..usual.clone() }, "release"),
        ("it is offline", Gateway { is_offline: true, ..usual }, "switched on"),
    ];
    every(&strange, |(name, gateway, words)| {
        let settings = Settings { gateway: gateway.clone(), ..quick() };
        let shop = HubShop::in_cloud(runtime.handle(), settings, None, "");
        let checked = shop.ran(&["check", "desk"]);
        let ended = shop.pay("18.00").end();
        let said = format!("{:?} {} {:?} {}", checked.lines, checked.words, ended.lines, ended.words);
        if !said.contains(words) {
            return Err(format!("{name}: {said}"));
        }
        let is_safe = ended.code == Some(6) && shop.terminal.orders().is_empty();
        if is_safe { Ok(()) } else { Err(format!("{name}: {ended:#?}")) }
    });
}

/// What listens there is no gateway: it closes at every point, or says something else.
#[test]
fn a_server_that_is_no_gateway_charges_nobody() {
    let replies: [(&str, &[u8]); 7] = [
        ("it closes at once", b""),
        ("half a status", b"HTTP/1.1 2"),
        ("half a head", b"HTTP/1.1 200 OK\r\nContent-Le"),
        ("a head without a body", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n"),
        ("half a body", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"code\":\"0\",\"msg\""),
        ("a web server", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
        ("nobody signed it", b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"code\":\"E04111\"}"),
    ];
    every(&replies, |(name, reply)| {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", server.local_addr().unwrap());
        let reply = reply.to_vec();
        std::thread::spawn(move || {
            for stream in server.incoming() {
                let Ok(mut stream) = stream else { return };
                let _ = stream.read(&mut [0; 4_096]);
                let _ = stream.write_all(&reply);
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let text = settings_behind(&base_url, free_port(), "");
        std::fs::write(folder.path().join("settings.toml"), text).unwrap();
        let pay = ["pay", "--terminal", "desk", "--amount", "18.00"];
        let ended = Program::start(&[], folder.path(), &pay).end();
        if ended.code == Some(6) { Ok(()) } else { Err(format!("{name}: {ended:#?}")) }
    });
}

/// Settings that name no gateway: said with file and line, and nothing is touched.
#[test]
fn settings_of_a_gateway_that_cannot_be_used() {
    let good = settings_behind("https://open.example", 11_001, "");
    let rows = [
        ("https://open.example", "http://open.example", "base_url"),
        ("merchant_no = \"300000000001\"", "merchant_no = \"a b\"", "merchant_no"),
        ("store_no = \"4000000001\"\n", "", "store_no"),
        ("terminal_sn = \"TESTSN0000000001\"", "terminal_sn = \"\"", "terminal_sn"),
        ("BEGIN PRIVATE KEY", "BEGIN EC KEY", "private_key"),
        ("BEGIN PUBLIC KEY", "BEGIN PRIVATE KEY", "gateway_public_key"),
        ("notifications = true", "notifications = true\nanswer_ms = 90000", "answer_ms"),
        ("notifications = true", "notifications = true\nsurprise = 1", "surprise"),
    ];
    for (right, wrong, key) in rows {
        assert!(good.contains(right), "{right}");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("settings.toml"), good.replace(right, wrong)).unwrap();
        let before = listing(folder.path());
        let ended = Program::start(&[], folder.path(), &["check", "desk"]).end();
        assert_ne!(ended.code, Some(0), "{key}");
        let said = format!("{:?} {}", ended.lines, ended.words);
        assert!(said.contains(key) && said.contains("settings.toml"), "{key}: {said}");
        untouched(&before, folder.path(), key);
    }
}
