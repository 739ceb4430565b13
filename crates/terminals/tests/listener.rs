//! The listener over real sockets, and the switchboard's rules without one.
//!
//! The peers are plain sockets that say exactly what each test writes, so that slow, greedy and broken ones
//! can be played. Limits that a test waits for are small; nothing depends on how fast the machine is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use shop::{PATHS, closed, ear_on, patiently, post, read_reply, shop};
use terminals::listener::{Inbox, Incoming, Listener, ListenerError, ListenerLimits, Switchboard};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

#[path = "listener/noise.rs"]
mod noise;
#[path = "listener/shop.rs"]
mod shop;

#[tokio::test]
async fn a_claimed_request_is_answered() {
    let mut shop = shop(ListenerLimits::default()).await;
    let reply = shop.posts("desk hello").await;
    assert_eq!(reply.short(), (200, "desk hello!"));
    assert!(reply.head.contains("content-type: text/plain\r\n"), "{}", reply.head);
    assert_eq!(shop.seen().await, "desk hello");
}

#[tokio::test]
async fn a_204_has_neither_body_nor_type_nor_length() {
    let shop = shop(ListenerLimits::default()).await;
    for word in ["desk nothing", "desk forbidden-body"] {
        let mut stream = shop.connect().await;
        let request = format!("{}{}", post(PATHS[0], word), post(PATHS[0], "desk again"));
        stream.write_all(request.as_bytes()).await.unwrap();
        let reply = read_reply(&mut stream).await.unwrap();
        assert_eq!(reply.status, 204);
        assert!(!reply.head.contains("content-"), "{}", reply.head);
        assert_eq!(read_reply(&mut stream).await.unwrap().short(), (200, "desk again!"));
    }
}

#[tokio::test]
async fn a_status_that_does_not_exist_goes_out_as_500() {
    assert_eq!(shop(ListenerLimits::default()).await.posts("desk odd-status").await.short(), (500, ""));
}

#[tokio::test]
async fn both_spellings_of_the_path_and_a_query_are_accepted() {
    let shop = shop(ListenerLimits::default()).await;
    for path in ["/EPASSaleToPOI/3.1", "/EPASSaleToPOI/3.1/", "/EPASSaleToPOI/3.1?a=b"] {
        assert_eq!(shop.told(post(path, "desk hello")).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_path_is_404() {
    let shop = shop(ListenerLimits::default()).await;
    for path in ["/", "/EPASSaleToPOI", "/EPASSaleToPOI/3.1//", "/epassaletopoi/3.1", "*"] {
        assert_eq!(shop.told(post(path, "desk hello")).await.short(), (404, ""), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_405() {
    let shop = shop(ListenerLimits::default()).await;
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let request = format!("{method} {} HTTP/1.1\r\nHost: till\r\n\r\n", PATHS[0]);
        let reply = shop.told(request).await;
        assert_eq!(reply.status, 405, "{method}");
        assert!(reply.head.contains("allow: post\r\n"), "{}", reply.head);
    }
}

#[tokio::test]
async fn an_unreadable_request_is_400_with_nothing_in_it() {
    let shop = shop(ListenerLimits::default()).await;
    assert_eq!(shop.posts("garbage").await.short(), (400, ""));
    assert_eq!(shop.posts("").await.short(), (400, ""));
}

#[tokio::test]
async fn an_unknown_terminal_is_403() {
    assert_eq!(shop(ListenerLimits::default()).await.posts("elsewhere hello").await.short(), (403, ""));
}

#[tokio::test]
async fn what_is_not_http_is_400_and_closed() {
    let shop = shop(ListenerLimits::default()).await;
    for bytes in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], b"I am a printer\r\n\r\n"] {
        let mut stream = shop.connect().await;
        stream.write_all(bytes).await.unwrap();
        let read = String::from_utf8(closed(stream).await).unwrap();
        assert!(read.starts_with("HTTP/1.1 400"), "{read}");
    }
    assert_eq!(shop.posts("desk hello").await.status, 200);
}

#[tokio::test]
async fn a_body_as_long_as_the_limit_is_taken_and_one_byte_more_is_413() {
    let shop = shop(ListenerLimits::default()).await;
    let limit = 1024 * 1024;
    for (length, status) in [(limit, 200), (limit + 1, 413)] {
        let mut body = "desk ".to_owned();
        body.push_str(&"x".repeat(length - body.len()));
        let request = post(PATHS[0], &body);
        // The last byte of a body that is too long stays unsent: the length announced is enough.
        let sent = if status == 413 { request.find("\r\n\r\n").unwrap() + 4 } else { request.len() };
        assert_eq!(shop.told(&request.as_bytes()[..sent]).await.status, status);
        let head =
            format!("POST {} HTTP/1.1\r\nHost: till\r\nTransfer-Encoding: chunked\r\n\r\n", PATHS[0]);
        let end = if status == 413 { "" } else { "\r\n0\r\n\r\n" };
        assert_eq!(shop.told(format!("{head}{length:x}\r\n{body}{end}")).await.status, status);
    }
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let shop = shop(ListenerLimits::default()).await;
    let mut stream = shop.connect().await;
    let head = format!("POST {} HTTP/1.1\r\nX-Long: ", PATHS[0]);
    stream.write_all(head.as_bytes()).await.unwrap();
    while stream.write_all(&[b'x'; 1024]).await.is_ok() {}
    let many = format!("POST {} HTTP/1.1\r\n{}\r\n", PATHS[0], "X-Many: 1\r\n".repeat(65));
    assert_eq!(shop.told(many).await.status, 431);
}

#[tokio::test]
async fn a_peer_that_never_finishes_its_headers_is_dropped() {
    let limits = ListenerLimits { header_ms: 50, ..ListenerLimits::default() };
    let mut shop = shop(limits).await;
    for start in ["", "POST /EPASSaleToPOI/3.1 HT", "POST /EPASSaleToPOI/3.1 HTTP/1.1\r\nHost: till\r\n"] {
        let mut stream = shop.connect().await;
        stream.write_all(start.as_bytes()).await.unwrap();
        let read = closed(stream).await;
        assert!(!read.starts_with(b"HTTP/1.1 2"), "{start}");
    }
    assert!(shop.seen.try_recv().is_err());
}

#[tokio::test]
async fn a_peer_that_drips_its_headers_is_dropped() {
    let shop = shop(ListenerLimits { header_ms: 100, ..ListenerLimits::default() }).await;
    let mut stream = shop.connect().await;
    stream.write_all(b"POST /EPASSaleToPOI/3.1 HTTP/1.1\r\nX-Slow: ").await.unwrap();
    patiently(async {
        let mut pace = tokio::time::interval(Duration::from_millis(5));
        while stream.write_all(b"x").await.is_ok() {
            pace.tick().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_peer_that_never_finishes_its_body_is_dropped() {
    let mut shop = shop(ListenerLimits { body_ms: 50, ..ListenerLimits::default() }).await;
    let mut stream = shop.connect().await;
    let request = post(PATHS[0], "desk hello");
    stream.write_all(&request.as_bytes()[..request.len() - 1]).await.unwrap();
    let read = String::from_utf8(closed(stream).await).unwrap();
    assert!(read.starts_with("HTTP/1.1 408"), "{read}");
    assert!(shop.seen.try_recv().is_err());
}

#[tokio::test]
async fn a_peer_that_hangs_up_in_its_body_reaches_no_inbox() {
    let mut shop = shop(ListenerLimits::default()).await;
    let mut stream = shop.connect().await;
    let request = post(PATHS[0], "desk hello");
    stream.write_all(&request.as_bytes()[..request.len() - 1]).await.unwrap();
    stream.shutdown().await.unwrap();
    assert!(!closed(stream).await.starts_with(b"HTTP/1.1 2"));
    assert!(shop.seen.try_recv().is_err());
}

/// 31 of the hundred have a place in the end and say nothing, 69 are closed at once, and the request that is
/// being answered all the while comes to its end.
#[tokio::test]
async fn a_hundred_connections_do_not_disturb_a_request() {
    let mut shop = shop(ListenerLimits::default()).await;
    let mut terminal = shop.connect().await;
    terminal.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
    assert_eq!(shop.seen().await, "desk wait");
    let mut crowd = JoinSet::new();
    for _ in 0..100 {
        let stream = shop.connect().await;
        crowd.spawn(closed(stream));
    }
    for _ in 0..69 {
        assert_eq!(patiently(crowd.join_next()).await.unwrap().unwrap(), b"");
    }
    shop.ear.gate.notify_one();
    assert_eq!(read_reply(&mut terminal).await.unwrap().short(), (200, "desk wait!"));
    assert_eq!(crowd.len(), 31);
    crowd.shutdown().await;
    // The places are given back as the listener notices, one after another.
    patiently(async {
        loop {
            let mut stream = shop.connect().await;
            let sent = stream.write_all(post(PATHS[0], "desk again").as_bytes()).await;
            if let (Ok(()), Ok(reply)) = (sent, read_reply(&mut stream).await) {
                return assert_eq!(reply.status, 200);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn silent_connections_in_every_place_do_not_keep_a_terminal_out() {
    let mut shop = shop(ListenerLimits { connections: 3, ..ListenerLimits::default() }).await;
    let mut known = shop.connect().await;
    known.write_all(post(PATHS[0], "desk first").as_bytes()).await.unwrap();
    assert_eq!(read_reply(&mut known).await.unwrap().short(), (200, "desk first!"));
    let mut crowd = JoinSet::new();
    for number in 0..2 {
        let mut stream = shop.connect().await;
        // One says nothing at all, the other stops in the middle of its body.
        let began = "POST /EPASSaleTerminal HTTP/1.1\r\nHost: till\r\nContent-Length: 9\r\n\r\ndesk";
        stream.write_all(if number == 0 { b"" } else { began.as_bytes() }).await.unwrap();
        crowd.spawn(closed(stream));
    }
    for number in 0..2 {
        let mut terminal = shop.connect().await;
        terminal.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
        assert_eq!(patiently(crowd.join_next()).await.unwrap().unwrap(), b"", "{number}: gives way");
        crowd.spawn(closed(terminal));
    }
    known.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
    for body in ["desk first", "desk wait", "desk wait", "desk wait"] {
        assert_eq!(shop.seen().await, body);
    }
    // A request is being answered at every place now.
    assert_eq!(closed(shop.connect().await).await, b"", "nobody gives way to the next one");
}

#[tokio::test]
async fn two_requests_on_one_connection_are_answered_in_turn() {
    let shop = shop(ListenerLimits::default()).await;
    let mut stream = shop.connect().await;
    for body in ["desk one", "desk two"] {
        stream.write_all(post(PATHS[0], body).as_bytes()).await.unwrap();
        assert_eq!(read_reply(&mut stream).await.unwrap().short(), (200, format!("{body}!").as_str()));
    }
}

#[tokio::test]
async fn a_peer_that_wants_the_connection_closed_gets_it_closed() {
    let shop = shop(ListenerLimits::default()).await;
    let closing = post(PATHS[0], "desk hello").replace("Host: till", "Host: till\r\nConnection: close");
    let old = post(PATHS[0], "desk hello").replace("HTTP/1.1", "HTTP/1.0");
    for request in [closing, old] {
        let mut stream = shop.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        assert!(closed(stream).await.ends_with(b"desk hello!"));
    }
}

#[tokio::test]
async fn a_peer_that_has_closed_its_direction_gets_its_answer() {
    let shop = shop(ListenerLimits::default()).await;
    let mut stream = shop.connect().await;
    stream.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    shop.ear.gate.notify_one();
    assert!(closed(stream).await.ends_with(b"desk wait!"));
}

#[tokio::test]
async fn a_request_whose_peer_is_gone_is_worked_on_to_the_end() {
    let mut shop = shop(ListenerLimits::default()).await;
    let mut stream = shop.connect().await;
    stream.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
    assert_eq!(shop.seen().await, "desk wait");
    stream.set_zero_linger().unwrap();
    drop(stream);
    assert_eq!(shop.posts("desk hello").await.status, 200);
    assert_eq!(shop.seen().await, "desk hello");
    assert!(shop.seen.try_recv().is_err(), "the work was dropped");
    shop.ear.gate.notify_one();
    assert_eq!(shop.seen().await, "ended");
}

#[tokio::test]
async fn a_waiting_inbox_holds_up_neither_itself_nor_another() {
    let mut shop = shop(ListenerLimits::default()).await;
    let (other, _others) = ear_on("counter", &PATHS);
    shop.switchboard.add(other);
    let mut waiting = shop.connect().await;
    waiting.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
    assert_eq!(shop.seen().await, "desk wait");
    assert_eq!(shop.posts("counter hello").await.short(), (200, "counter hello!"));
    assert_eq!(shop.posts("desk hello").await.short(), (200, "desk hello!"));
    shop.ear.gate.notify_one();
    assert_eq!(read_reply(&mut waiting).await.unwrap().short(), (200, "desk wait!"));
}

#[tokio::test]
async fn a_request_that_outlasts_its_time_is_503_and_dropped() {
    let mut shop = shop(ListenerLimits { request_ms: 50, ..ListenerLimits::default() }).await;
    assert_eq!(shop.posts("desk wait").await.short(), (503, ""));
    assert_eq!(shop.seen().await, "desk wait");
    assert_eq!(shop.seen().await, "ended");
}

#[tokio::test]
async fn an_inbox_that_panics_is_500_and_the_listener_goes_on() {
    let shop = shop(ListenerLimits::default()).await;
    let mut stream = shop.connect().await;
    for (body, status) in [("desk panic", 500), ("desk hello", 200)] {
        stream.write_all(post(PATHS[0], body).as_bytes()).await.unwrap();
        assert_eq!(read_reply(&mut stream).await.unwrap().status, status);
    }
    assert_eq!(shop.posts("desk hello").await.status, 200);
}

#[tokio::test]
async fn a_connection_is_not_kept_for_ever() {
    let shop = shop(ListenerLimits { connection_ms: 50, ..ListenerLimits::default() }).await;
    let mut stream = shop.connect().await;
    stream.write_all(post(PATHS[0], "desk hello").as_bytes()).await.unwrap();
    assert_eq!(read_reply(&mut stream).await.unwrap().status, 200);
    assert_eq!(closed(stream).await, b"");
}

#[tokio::test]
async fn closing_lets_a_running_request_be_answered() {
    let mut shop = shop(ListenerLimits { close_ms: 30_000, ..ListenerLimits::default() }).await;
    let address = shop.address();
    let mut idle = shop.connect().await;
    idle.write_all(post(PATHS[0], "desk hello").as_bytes()).await.unwrap();
    assert_eq!(read_reply(&mut idle).await.unwrap().status, 200);
    assert_eq!(shop.seen().await, "desk hello");
    let mut stream = shop.connect().await;
    stream.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
    assert_eq!(shop.seen().await, "desk wait");
    let closing = tokio::spawn(shop.listener.close());
    // That the idle connection is gone shows that closing has begun.
    assert_eq!(closed(idle).await, b"");
    shop.ear.gate.notify_one();
    let reply = read_reply(&mut stream).await.unwrap();
    assert_eq!(reply.short(), (200, "desk wait!"));
    assert!(reply.head.contains("connection: close"), "{}", reply.head);
    patiently(closing).await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn closing_drops_a_request_that_does_not_end() {
    let mut shop = shop(ListenerLimits { close_ms: 50, ..ListenerLimits::default() }).await;
    let mut stream = shop.connect().await;
    stream.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
    assert_eq!(shop.seen().await, "desk wait");
    patiently(shop.listener.close()).await;
    assert_eq!(shop.seen.try_recv().unwrap(), "ended");
    assert!(!closed(stream).await.starts_with(b"HTTP/1.1 2"));
}

#[tokio::test]
async fn a_dropped_listener_ends_everything() {
    let mut shop = shop(ListenerLimits::default()).await;
    let address = shop.address();
    let mut stream = shop.connect().await;
    stream.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
    assert_eq!(shop.seen().await, "desk wait");
    drop(shop.listener);
    assert_eq!(patiently(shop.seen.recv()).await.unwrap(), "ended");
    assert!(!closed(stream).await.starts_with(b"HTTP/1.1 2"));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_closed_port_can_be_listened_on_again_at_once() {
    let shop = shop(ListenerLimits::default()).await;
    let address = shop.address();
    assert_eq!(shop.posts("desk hello").await.status, 200);
    patiently(shop.listener.close()).await;
    let again = Listener::bind(address, shop.switchboard, ListenerLimits::default()).await;
    assert_eq!(again.unwrap().local_addr(), address);
}

#[tokio::test]
async fn a_port_in_use_and_a_foreign_address_are_told_apart() {
    let shop = shop(ListenerLimits::default()).await;
    let bind = |address| Listener::bind(address, Switchboard::new(), ListenerLimits::default());
    let taken = bind(shop.address()).await.unwrap_err();
    assert!(matches!(taken, ListenerError::InUse { address } if address == shop.address()), "{taken:?}");
    assert!(taken.to_string().contains(&shop.address().to_string()), "{taken}");
    let foreign = bind("192.0.2.1:11001".parse().unwrap()).await.unwrap_err();
    assert!(matches!(foreign, ListenerError::NotAvailable { .. }), "{foreign:?}");
}

fn incoming(method: &str, path: &str, body: &str) -> Incoming {
    Incoming {
        peer: None,
        method: method.into(),
        path: path.into(),
        headers: Vec::new(),
        body: body.into(),
    }
}

#[tokio::test]
async fn the_switchboard_finds_the_inbox_among_several() {
    let switchboard = Switchboard::new();
    let (desk, _desks) = ear_on("desk", &PATHS);
    let (counter, _counters) = ear_on("counter", &PATHS);
    let (gateway, _gateways) = ear_on("gateway", &["/notify"]);
    let all: [Arc<dyn Inbox>; 3] = [desk, counter, gateway];
    all.iter().for_each(|inbox| switchboard.add(Arc::clone(inbox)));
    let cases = [
        ("POST", PATHS[0], "desk x", 200),
        ("POST", PATHS[1], "counter x", 200),
        ("POST", "/notify", "gateway x", 200),
        ("POST", "/notify", "desk x", 403),
        ("POST", PATHS[0], "gateway x", 403),
        ("POST", PATHS[0], "unreadable", 400),
        ("post", PATHS[0], "desk x", 405),
        ("GET", "/", "desk x", 404),
    ];
    for (method, path, body, status) in cases {
        let answer = switchboard.dispatch(incoming(method, path, body)).await;
        assert_eq!(answer.status, status, "{method} {path} {body}");
        assert_eq!(answer.body.is_empty(), status != 200);
    }
}

#[tokio::test]
async fn what_inboxes_share_reaches_each_of_them_and_is_answered_once() {
    let switchboard = Switchboard::new();
    let (desk, mut desks) = ear_on("desk", &PATHS);
    let (counter, mut counters) = ear_on("counter", &PATHS);
    let (gateway, mut gateways) = ear_on("gateway", &["/notify"]);
    let all: [Arc<dyn Inbox>; 3] = [desk, counter, gateway];
    all.iter().for_each(|inbox| switchboard.add(Arc::clone(inbox)));
    let answer = switchboard.dispatch(incoming("POST", PATHS[0], "all hello")).await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"all hello!"[..]));
    assert!(desks.try_recv().is_ok() && counters.try_recv().is_ok() && gateways.try_recv().is_err());
    assert!(desks.try_recv().is_err() && counters.try_recv().is_err(), "once each");
}

#[tokio::test]
async fn inboxes_come_and_go() {
    let switchboard = Switchboard::new();
    let (desk, mut seen) = ear_on("desk", &PATHS);
    let (namesake, mut namesakes) = ear_on("desk", &PATHS);
    let (desk, namesake): (Arc<dyn Inbox>, Arc<dyn Inbox>) = (desk, namesake);
    let hello = || switchboard.dispatch(incoming("POST", PATHS[0], "desk hello"));
    assert_eq!(hello().await.status, 404);
    switchboard.add(desk.clone());
    switchboard.add(desk.clone());
    switchboard.add(namesake.clone());
    assert_eq!(hello().await.status, 200);
    assert!(seen.try_recv().is_ok() && namesakes.try_recv().is_err(), "the older one gets it");
    switchboard.remove(&desk);
    assert_eq!(hello().await.status, 200);
    assert!(seen.try_recv().is_err() && namesakes.try_recv().is_ok(), "added twice, removed once");
    switchboard.remove(&namesake);
    assert_eq!(hello().await.status, 404);
}

#[tokio::test]
async fn a_removed_inbox_still_answers_what_it_has() {
    let mut shop = shop(ListenerLimits::default()).await;
    let mut stream = shop.connect().await;
    stream.write_all(post(PATHS[0], "desk wait").as_bytes()).await.unwrap();
    assert_eq!(shop.seen().await, "desk wait");
    let inbox: Arc<dyn Inbox> = shop.ear.clone();
    shop.switchboard.remove(&inbox);
    assert_eq!(shop.posts("desk hello").await.status, 404);
    shop.ear.gate.notify_one();
    assert_eq!(read_reply(&mut stream).await.unwrap().status, 200);
}
