//! What a terminal with an ECR Hub says that is no answer, over real WebSockets; and what stands in its
//! place.

use super::scene::{every, listing, runtime, untouched};
use acceptance::hub_shop::{HubShop, quick, settings_at};
use acceptance::program::Program;
use simulator::ecrhub::Settings;
use simulator::script::{Action, Delivery, Rule, Script, Twist};
use std::io::{Read, Write};
use std::net::TcpListener;

/// What is done to the answer of the order, once.
pub fn no_answers() -> Vec<(&'static str, Action)> {
    vec![
        ("HTML in place of a message", Delivery::Garbage.into()),
        ("nothing in a message", Delivery::Empty.into()),
        ("half of it", Delivery::Truncated.into()),
        ("the connection ends in its place", Delivery::Cut.into()),
        ("the connection ends as soon as the order is read", Delivery::Close.into()),
        ("twice the same", Delivery::Twice.into()),
        ("nested a thousand deep", Delivery::Deep.into()),
        ("the dialect of 2023", Delivery::EntityBomb.into()),
        ("twenty megabytes", Delivery::Oversize(20 << 20).into()),
        ("fragments with a ping in between", Delivery::Chunked.into()),
        ("a binary message", Delivery::Http10.into()),
        ("another order", Twist::WrongServiceId.into()),
        ("another amount", Twist::WrongAmount.into()),
        ("another currency", Twist::WrongCurrency.into()),
        ("another kind of order", Twist::WrongPoiId.into()),
        ("a code that tells nothing", Twist::UnknownResult.into()),
        ("a state that no list has", Twist::UnknownCondition.into()),
        ("no state", Twist::Bare.into()),
    ]
}

/// The forms that terminals answer in.
fn forms() -> [Settings; 2] {
    [quick(), Settings { echoes_id: false, junk: false, success: "000".to_owned(), ..quick() }]
}

/// The money is booked: the truth is asked for, the customer is charged once, and nobody is told of a
/// decline.
#[test]
fn answers_of_a_hub_that_are_none_end_in_the_truth() {
    let runtime = runtime();
    let cases: Vec<_> = no_answers()
        .into_iter()
        .flat_map(|row| forms().into_iter().enumerate().map(move |form| (form, row.clone())))
        .collect();
    every(&cases, |((number, form), (name, action))| {
        let script = Script::new().rule(Rule::on("pay").times(1).act(action.clone()));
        let shop = HubShop::open(runtime.handle(), form.clone(), Some(script), "");
        let ended = shop.pay("18.00").end();
        let settled = ended.of("settled");
        let outcomes: Vec<_> = settled.iter().map(|line| line["outcome"].clone()).collect();
        let is_paid = ended.code == Some(0) && outcomes == ["approved"];
        let (orders, bank) = (shop.terminal.orders().len(), shop.bank.balance("SEK"));
        if !is_paid || orders != 1 || bank != 18_00 {
            return Err(format!("{number} {name}: {orders} orders, {bank}: {:#?}", ended.lines));
        }
        Ok(())
    });
}

/// The same lie whenever somebody asks: it is unknown to the end, and never taken for a decline or for
/// nothing.
#[test]
fn a_hub_that_goes_on_lying_ends_in_a_person() {
    let runtime = runtime();
    let lies = [("another amount", Twist::WrongAmount), ("another currency", Twist::WrongCurrency)];
    every(&lies, |(name, twist)| {
        let lie = Rule::on("pay").act(Action::Sticky).act(*twist);
        let shop = HubShop::open(runtime.handle(), quick(), Some(Script::new().rule(lie)), "");
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

/// A terminal that drops whoever is not paired, one that speaks as in 2023, one that does not know the app
/// id: nothing is charged, and the words say what to do.
#[test]
fn a_terminal_that_cannot_be_used_is_said() {
    let runtime = runtime();
    let strange = [
        ("not paired", Settings { wants_pairing: true, ..quick() }, "pair it"),
        ("the dialect of 2023", Settings { old_dialect: true, ..quick() }, "must be updated"),
        ("another app id", Settings { app_ids: vec!["wzother".to_owned()], ..quick() }, "app id"),
    ];
    every(&strange, |(name, settings, words)| {
        let shop = HubShop::open(runtime.handle(), settings.clone(), None, "");
        let checked = shop.ran(&["check", "desk"]);
        let said = format!("{:?} {}", checked.lines, checked.words);
        if checked.code == Some(0) || !said.contains(words) {
            return Err(format!("{name}: {said}"));
        }
        let ended = shop.pay("18.00").end();
        let is_safe = ended.code == Some(6) && shop.terminal.orders().is_empty();
        if is_safe { Ok(()) } else { Err(format!("{name}: {ended:#?}")) }
    });
}

/// What listens there is no terminal: it closes at every point of the greeting, or says something else.
#[test]
fn a_server_that_is_no_terminal_charges_nobody() {
    let greetings: [(&str, &[u8]); 5] = [
        ("it closes at once", b""),
        ("it is a web server", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
        ("it forbids", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
        ("half a greeting", b"HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: webso"),
        (
            "another one's key",
            b"HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        ),
    ];
    every(&greetings, |(name, greeting)| {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let greeting = greeting.to_vec();
        std::thread::spawn(move || {
            for stream in server.incoming() {
                let Ok(mut stream) = stream else { return };
                let _ = stream.read(&mut [0; 1_024]);
                let _ = stream.write_all(&greeting);
            }
        });
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("settings.toml"), settings_at(address, "")).unwrap();
        let pay = ["pay", "--terminal", "desk", "--amount", "18.00"];
        let ended = Program::start(&[], folder.path(), &pay).end();
        if ended.code == Some(6) { Ok(()) } else { Err(format!("{name}: {ended:#?}")) }
    });
}

/// Settings that name no terminal: said with file and line, and nothing is touched.
#[test]
fn settings_of_a_hub_that_cannot_be_used() {
    let address = "127.0.0.1:35779".parse().unwrap();
    let rows = [
        ("expires_ms = 1000\n", "expires_ms"),
        ("expires_ms = 900000\n", "expires_ms"),
        ("pay_scenario = \"cash\"\n", "pay_scenario"),
        ("pay_method_id = \"0123456789012345678901234567890123456789\"\n", "pay_method_id"),
        ("pay_scenario = \"shown\"\n", "pay_method_id"),
        ("surprise = 1\n", "surprise"),
    ];
    for (more, key) in rows {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("settings.toml"), settings_at(address, more)).unwrap();
        let before = listing(folder.path());
        let ended = Program::start(&[], folder.path(), &["check", "desk"]).end();
        assert_ne!(ended.code, Some(0), "{key}");
        let said = format!("{:?} {}", ended.lines, ended.words);
        assert!(said.contains(key) && said.contains("settings.toml"), "{key}: {said}");
        untouched(&before, folder.path(), key);
    }
}
