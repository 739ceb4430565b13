//! The listener under attack while a customer pays: the payment goes through as if nothing were, the
//! terminal's texts still arrive, and whoever attacks meets a limit.

use super::scene::{held, runtime};
use acceptance::program::{Ended, Shop, quick};
use acceptance::rival::{Forger, PATH};
use acceptance::world::Form;
use serde_json::Value;
use simulator::nexo::Settings;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// A socket that says nothing for so long is held open in vain: every limit of the listener is shorter.
const PATIENCE: Duration = Duration::from_secs(60);
const OVER: usize = 1024 * 1024 + 1;

fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("the till listens");
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// What comes back until the connection is closed, politely or not; nothing when it is held open for ever.
fn closed(mut stream: TcpStream) -> Option<String> {
    let (mut read, mut block) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut block) {
            Ok(0) => break,
            Ok(count) => read.extend_from_slice(&block[..count]),
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {
                return None;
            }
            Err(_) => break,
        }
    }
    Some(String::from_utf8_lossy(&read).into_owned())
}

fn head(method: &str, path: &str, more: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: till\r\nConnection: close\r\n{more}\r\n")
}

fn post(method: &str, path: &str, body: &str) -> String {
    head(method, path, &format!("Content-Length: {}\r\n", body.len())) + body
}

/// Sends bytes and tells the status that comes back; nothing where the connection is closed without one.
fn status(port: u16, bytes: &[u8]) -> Option<String> {
    let mut stream = connect(port);
    // Who is refused in the middle reads no further.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    let told = closed(stream).expect("it is answered or closed");
    told.split(' ').nth(1).map(str::to_owned)
}

/// One byte a second until the till has had enough.
fn drip(port: u16, began: &str) {
    let mut stream = connect(port);
    stream.write_all(began.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut block = [0; 4096];
    for _ in 0..PATIENCE.as_secs() {
        match stream.read(&mut block) {
            Ok(0) => return,
            // The till says why it closes.
            Ok(_) => {}
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {}
            Err(_) => return,
        }
        if stream.write_all(b"x").is_err() {
            return;
        }
    }
    panic!("a client that sends a byte a second is borne for ever: {began}");
}

fn refused(port: u16) {
    let (mut forger, mut stranger) =
        (Forger::new("KASSA1", "DESK-1"), Forger::new("KASSA1", "SOMEWHERE-ELSE"));
    let good = forger.display("1", "Approved");
    let bomb = format!("<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\">]>{good}");
    let deep = format!("{}{}", "<a>".repeat(1_000), "</a>".repeat(1_000));
    let table: [(&str, String, Option<&str>); 10] = [
        ("unknown terminal", post("POST", PATH, &stranger.display("1", "Approved")), Some("403")),
        ("wrong path", post("POST", "/nexo", &good), Some("404")),
        ("GET", post("GET", PATH, &good), Some("405")),
        ("DELETE", post("DELETE", PATH, &good), Some("405")),
        ("garbage", post("POST", PATH, "\u{0}nonsense{]"), Some("400")),
        ("empty", post("POST", PATH, ""), Some("400")),
        ("document type", post("POST", PATH, &bomb), Some("400")),
        ("1,000 nested elements", post("POST", PATH, &deep), Some("400")),
        ("over 1 MiB", head("POST", PATH, &format!("Content-Length: {OVER}\r\n")), Some("413")),
        ("64 MB", head("POST", PATH, "Content-Length: 67108864\r\n"), Some("413")),
    ];
    for (case, bytes, want) in table {
        assert_eq!(status(port, bytes.as_bytes()).as_deref(), want, "{case}");
    }
    let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000)).repeat(33);
    let chunked = head("POST", PATH, "Transfer-Encoding: chunked\r\n") + &chunk;
    let mut stream = connect(port);
    let _ = stream.write_all(chunked.as_bytes());
    // The till stops reading at its limit; what it says then can get lost with the rest.
    let told = closed(stream).expect("a body without end is cut off");
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 413"), "{told}");
    assert!(status(port, b"\x16\x03\x01 this is no HTTP\r\n\r\n").is_none_or(|code| code == "400"));
    assert_ne!(status(port, &b"X: y\r\n".repeat(20_000)).as_deref(), Some("200"));
}

/// A hundred that say nothing. More than the till bears are closed; the terminal still gets through.
fn crowd(port: u16) -> Vec<TcpStream> {
    let crowd: Vec<TcpStream> = (0..100).map(|_| connect(port)).collect();
    let is_closed = |stream: &TcpStream| {
        stream.set_nonblocking(true).unwrap();
        let mut byte = [0];
        !stream.peek(&mut byte).is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    };
    held("only so many are borne at once", || crowd.iter().filter(|it| !is_closed(it)).count() <= 32);
    crowd
}

/// What the terminal said. Its idle screen comes when it likes, and it may say the same again.
fn texts(ended: &Ended) -> Vec<Value> {
    let all = ended.of("display").into_iter().map(|line| line["text"].clone());
    let mut texts: Vec<Value> = all.filter(|text| text != "Welcome").collect();
    texts.dedup();
    texts
}

#[test]
fn a_running_payment_is_not_disturbed() {
    let runtime = runtime();
    // Longer than the listener bears somebody slow.
    let slow = || Settings { customer_ms: 13_000, ..quick() };
    let calm = runtime.block_on(Shop::open(Form::Default, quick(), 7));
    let calm = calm.ran(&["pay", "--terminal", "desk", "--amount", "50.00"]);
    assert_eq!(calm.code, Some(0), "{calm:#?}");
    let shop = runtime.block_on(Shop::open(Form::Default, slow(), 7));
    let port = shop.listener;
    let mut program = shop.run(&["pay", "--terminal", "desk", "--amount", "50.00"]);
    program.line(|line| line["type"] == "display").expect("the terminal's first text");
    std::thread::scope(|scope| {
        let slow = [
            String::new(),
            format!("POST {PATH} HTTP/1.1\r\nX-Slow: "),
            head("POST", PATH, "Content-Length: 1000\r\n"),
        ];
        for began in slow {
            scope.spawn(move || drip(port, &began));
        }
        refused(port);
    });
    assert_eq!(shop.terminal.state().phase, "paying", "all of this happened while the customer paid");
    let ended = program.end();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    let settled = ended.of("settled");
    assert_eq!([&settled[0]["outcome"], &settled[0]["amount"]], ["approved", "50.00"]);
    assert_eq!(settled[0]["late"], false);
    assert_eq!(texts(&ended), texts(&calm), "every text of the terminal, and none of anybody else");
    assert_eq!(shop.bank.balance("SEK"), 50_00);
    assert_eq!(shop.terminal.complaints(), Vec::<String>::new());
}

#[test]
fn a_hundred_silent_connections_do_not_keep_the_terminal_out() {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open(Form::Default, Settings { customer_ms: 2_000, ..quick() }, 7));
    // 08: the terminal also has a slip printed and asks about the signature.
    let pay = ["pay", "--terminal", "desk", "--amount", "50.08", "--answer", "yes"];
    let mut program = shop.run(&pay);
    program.line(|line| line["type"] == "display").expect("the terminal's first text");
    let crowd = crowd(shop.listener);
    let ended = program.end();
    drop(crowd);
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    // The slip to sign while the payment runs, and the customer's copy.
    assert_eq!((ended.of("print").len(), ended.of("prompt").len()), (2, 1), "{ended:#?}");
    assert_eq!(texts(&ended).last().unwrap(), "Approved");
    assert_eq!(shop.terminal.complaints(), Vec::<String>::new());
    assert_eq!(shop.bank.balance("SEK"), 50_08);
}
