//! Pairing over real WebSockets: a terminal asks, a person says yes or no; two of the same name; strangers who
//! say nothing, too much or something else.

use acceptance::hub_shop::{HubShop, quick, settings_at};
use acceptance::program::{Program, free_port};
use futures_util::{SinkExt, StreamExt};
use simulator::serve::{Introducing, introduce};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use tempfile::TempDir;
use tokio::net::TcpStream as Stream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::protocol::Message;

use super::hubs::runtime;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = SocketAddr::from(([127, 0, 0, 1], free_port()));
    std::fs::write(folder.path().join("settings.toml"), settings_at(nowhere, "")).unwrap();
    folder
}

/// A room of `paydeskctl pair`, and where it is.
fn room(folder: &Path, arguments: &[&str]) -> (Program, SocketAddr) {
    let mut room = Program::start(&[], folder, &[&["pair"], arguments].concat());
    let open = room.kind("pairing_open").expect("it is open");
    let port = u16::try_from(open["port"].as_u64().unwrap()).unwrap();
    (room, SocketAddr::from(([127, 0, 0, 1], port)))
}

fn terminal(id: &str, serial: &str, place: SocketAddr) -> Introducing {
    Introducing { id: id.to_owned(), name: "P5".to_owned(), serial: serial.to_owned(), place }
}

/// Asked, accepted, its settings taken over: it takes orders, which it did not before.
#[test]
fn a_terminal_that_is_paired_takes_payments() {
    let folder = folder();
    let place = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (mut room, address) = room(folder.path(), &["--accept", "TESTSN0000000001"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let (place_text, room_text) = (place.to_string(), address.to_string());
    let simulate = ["simulate", "ecrhub-wlan", "--listen", &place_text, "--pair", &room_text];
    let mut device = Program::start(&[], elsewhere.path(), &simulate);
    let introduced = device.kind("introduced").expect("it hears a word");
    assert_eq!(introduced["accepted"], true);
    let paired = room.kind("paired").expect("the till tells its settings");
    assert_eq!(room.end().code, Some(0));
    let text = |key: &str| paired["settings"][key].as_str().unwrap().to_owned();
    assert_eq!((text("serial").as_str(), text("paired").as_str()), ("TESTSN0000000001", "A1B2C3D4E5F6"));
    let found: SocketAddr = format!("{}:{}", text("host"), text("port")).parse().unwrap();
    let more = format!("serial = \"{}\"\npaired = \"{}\"\n", text("serial"), text("paired"));
    std::fs::write(folder.path().join("settings.toml"), settings_at(found, &more)).unwrap();
    let checked = Program::start(&[], folder.path(), &["check", "desk"]).end();
    assert_eq!(checked.code, Some(0), "{:#?} {}", checked.lines, checked.words);
    let paid = Program::start(&[], folder.path(), &["pay", "--terminal", "desk", "--amount", "9.90"]).end();
    assert_eq!(paid.code, Some(0), "{:#?}", paid.lines);
}

/// Nobody says yes: the terminal hears no word, or "no", and goes on refusing orders.
#[test]
fn a_terminal_that_nobody_accepts_stays_unpaired() {
    let runtime = runtime();
    let shop = HubShop::open(
        runtime.handle(),
        simulator::ecrhub::Settings { wants_pairing: true, ..quick() },
        None,
        "",
    );
    let folder = folder();
    let (mut room, address) = room(folder.path(), &["--accept", "SOMEBODYELSE"]);
    let who = terminal("A1B2C3D4E5F6", "TESTSN0000000001", address);
    let device = shop.terminal.clone();
    let asking = runtime.spawn(async move { introduce(address, &who, &device).await });
    let guest = room.kind("pairing_guest").expect("it is shown");
    assert_eq!(guest["serial"], "TESTSN0000000001");
    room.signal("INT");
    let ended = room.end();
    assert!(ended.of("paired").is_empty(), "{:#?}", ended.lines);
    let told = runtime.block_on(asking).unwrap();
    assert!(!matches!(told, Ok(true)), "{told:?}");
    assert_eq!(shop.pay("18.00").end().code, Some(6), "it still drops whoever is not paired");
}

/// Two of the same name: both are shown as what they are, and the number says which one is meant.
#[test]
fn a_second_terminal_under_the_same_name_is_told_apart() {
    let runtime = runtime();
    let shop = HubShop::open(runtime.handle(), quick(), None, "");
    let folder = folder();
    let (mut room, address) = room(folder.path(), &["--accept", "TESTSN0000000003"]);
    let first = ask(&runtime, address, &shop, "A1B2C3D4E5F1", "TESTSN0000000001");
    let shown = room.kind("pairing_guest").expect("the first is shown");
    assert_eq!((&shown["name"], &shown["has_namesake"]), (&"P5".into(), &false.into()));
    let second = ask(&runtime, address, &shop, "A1B2C3D4E5F2", "TESTSN0000000002");
    let shown = room.kind("pairing_guest").expect("the second is shown");
    assert_eq!((&shown["serial"], &shown["has_namesake"]), (&"TESTSN0000000002".into(), &true.into()));
    let third = ask(&runtime, address, &shop, "A1B2C3D4E5F3", "TESTSN0000000003");
    let paired = room.kind("paired").expect("the one that is meant");
    assert_eq!(paired["serial"], "TESTSN0000000003");
    assert!(runtime.block_on(third).unwrap().unwrap());
    for asking in [first, second] {
        assert!(!matches!(runtime.block_on(asking).unwrap(), Ok(true)));
    }
    assert_eq!(room.end().code, Some(0));
}

type Asking = tokio::task::JoinHandle<std::io::Result<bool>>;

fn ask(
    runtime: &tokio::runtime::Runtime,
    room: SocketAddr,
    shop: &HubShop,
    id: &str,
    serial: &str,
) -> Asking {
    let (who, device) = (terminal(id, serial, room), shop.terminal.clone());
    runtime.spawn(async move { introduce(room, &who, &device).await })
}

/// Whoever says nothing, too much or something else is not shown, and keeps nobody out.
#[test]
fn strangers_keep_nobody_out() {
    let runtime = runtime();
    let shop = HubShop::open(runtime.handle(), quick(), None, "");
    let folder = folder();
    let (mut room, address) = room(folder.path(), &["--accept", "TESTSN0000000001"]);
    // More connections than there are seats, which say nothing and go.
    let silent: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(address).unwrap()).collect();
    drop(silent);
    let mut web = TcpStream::connect(address).unwrap();
    web.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let _ = web.read(&mut [0; 64]);
    drop(web);
    let who = terminal("A1B2C3D4E5F6", "TESTSN0000000001", address);
    let wrong = [
        "{}".to_owned(),
        "no JSON".to_owned(),
        who.written("ecrhub.pay.order"),
        who.written("ecrhub.pair").replace("A1B2C3D4E5F6", ""),
        format!("{}{}", who.written("ecrhub.pair"), " ".repeat(20_000)),
    ];
    runtime.block_on(async {
        for text in wrong {
            // Whoever went away a moment ago may still have a seat.
            let mut socket = loop {
                let stream = Stream::connect(address).await.unwrap();
                if let Ok((socket, _)) = client_async(format!("ws://{address}/"), stream).await {
                    break socket;
                }
            };
            socket.send(Message::text(text)).await.unwrap();
            socket.close(None).await.ok();
            while socket.next().await.is_some_and(|came| came.is_ok()) {}
        }
    });
    let asking = ask(&runtime, address, &shop, "A1B2C3D4E5F6", "TESTSN0000000001");
    assert!(room.kind("paired").is_some());
    assert!(runtime.block_on(asking).unwrap().unwrap());
    let ended = room.end();
    assert_eq!((ended.code, ended.of("pairing_guest").len()), (Some(0), 1), "{:#?}", ended.lines);
}
