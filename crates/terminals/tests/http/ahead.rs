//! Connections that are made before their request is ready.

use crate::support::{patiently, post, read_request, reply, url};
use terminals::http::{Ahead, Cause, Http, HttpFault, Network};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npaid";

async fn answer(mut stream: TcpStream) -> String {
    let request = read_request(&mut stream).await;
    stream.write_all(OK).await.unwrap();
    request
}

/// A network that has a connection to this listener, what holds it, and the listener's end of it.
async fn ready(listener: &TcpListener) -> (Network, Ahead, TcpStream) {
    let network = Network::new().unwrap();
    let ahead = network.get_ready(&url(listener.local_addr().unwrap()));
    let (stream, _) = patiently(listener.accept()).await.unwrap();
    (network, ahead, stream)
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

#[tokio::test]
async fn a_request_takes_the_connection_that_waits_for_it() {
    let listener = listener().await;
    let (network, _ahead, stream) = ready(&listener).await;
    let request = post(url(listener.local_addr().unwrap()));
    let (sent, seen) = tokio::join!(patiently(network.send(request.clone())), answer(stream));
    assert_eq!(sent, reply(200, "paid"));
    assert!(seen.starts_with("POST /EPASSaleToPOI/3.1 HTTP/1.1\r\n"), "{seen}");
    // The next one has a connection of its own again.
    let next = tokio::spawn(async move { network.send(request).await });
    let (stream, _) = patiently(listener.accept()).await.unwrap();
    answer(stream).await;
    assert_eq!(patiently(next).await.unwrap(), reply(200, "paid"));
}

#[tokio::test]
async fn nothing_is_sent_ahead_and_what_nobody_takes_is_closed() {
    let listener = listener().await;
    let (network, ahead, mut stream) = ready(&listener).await;
    drop(ahead);
    assert_eq!(patiently(stream.read(&mut [0])).await.unwrap(), 0);
    // Nobody has anything ready any more.
    let request = post(url(listener.local_addr().unwrap()));
    let sending = tokio::spawn(async move { network.send(request).await });
    let (stream, _) = patiently(listener.accept()).await.unwrap();
    answer(stream).await;
    assert_eq!(patiently(sending).await.unwrap(), reply(200, "paid"));
}

#[tokio::test]
async fn a_terminal_that_hangs_up_meanwhile_gets_the_request_on_another_connection() {
    let listener = listener().await;
    let (network, _ahead, stream) = ready(&listener).await;
    drop(stream);
    let request = post(url(listener.local_addr().unwrap()));
    let sending = tokio::spawn(async move { network.send(request).await });
    let (stream, _) = patiently(listener.accept()).await.unwrap();
    answer(stream).await;
    assert_eq!(patiently(sending).await.unwrap(), reply(200, "paid"));
}

#[tokio::test]
async fn bytes_that_came_before_the_request_are_no_answer_to_it() {
    let listener = listener().await;
    let (network, _ahead, mut early) = ready(&listener).await;
    early.write_all(OK).await.unwrap();
    let request = post(url(listener.local_addr().unwrap()));
    let sending = tokio::spawn(async move { network.send(request).await });
    let (stream, _) = patiently(listener.accept()).await.unwrap();
    assert!(answer(stream).await.ends_with("<Hello/>"));
    assert_eq!(patiently(sending).await.unwrap(), reply(200, "paid"));
}

#[tokio::test]
async fn a_connection_to_somebody_else_is_not_taken() {
    let (here, there) = (listener().await, listener().await);
    let (network, ahead, mut unused) = ready(&there).await;
    let request = post(url(here.local_addr().unwrap()));
    let sending = tokio::spawn(async move { network.send(request).await });
    let (stream, _) = patiently(here.accept()).await.unwrap();
    answer(stream).await;
    assert_eq!(patiently(sending).await.unwrap(), reply(200, "paid"));
    drop(ahead);
    assert_eq!(patiently(unused.read(&mut [0])).await.unwrap(), 0);
}

#[tokio::test]
async fn two_terminals_each_have_a_connection_that_waits() {
    let network = Network::new().unwrap();
    let ends = [listener().await, listener().await];
    let urls = ends.each_ref().map(|end| url(end.local_addr().unwrap()));
    let _held = urls.each_ref().map(|url| network.get_ready(url));
    for (end, url) in ends.iter().zip(urls) {
        let (stream, _) = patiently(end.accept()).await.unwrap();
        let exchange = async { tokio::join!(network.send(post(url)), answer(stream)) };
        let (sent, seen) = patiently(exchange).await;
        assert_eq!(sent, reply(200, "paid"));
        assert!(seen.ends_with("<Hello/>"), "{seen}");
    }
}

/// A terminal that loses its power while the customer looks for the card says nothing: the system must ask.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_line_that_waits_for_an_answer_is_probed() {
    let listener = listener().await;
    let there = listener.local_addr().unwrap();
    let network = Network::new().unwrap();
    let sending = tokio::spawn(async move { network.send(post(url(there))).await });
    let (mut stream, here) = patiently(listener.accept()).await.unwrap();
    read_request(&mut stream).await;
    // The system's own list of connections names the timer that runs: 2 is the one of the probes.
    let line = format!(":{:04X} 0100007F:{:04X} 01", here.port(), there.port());
    let is_probed = || {
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let timer = table
            .lines()
            .find_map(|row| Some(row.split_once(&line)?.1.split_whitespace().nth(1)?[..2] == *"02"));
        timer.expect("the connection is in the list")
    };
    patiently(async {
        while !is_probed() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    stream.write_all(OK).await.unwrap();
    assert_eq!(patiently(sending).await.unwrap(), reply(200, "paid"));
}

#[tokio::test]
async fn who_cannot_connect_ahead_learns_why_when_asking() {
    let closed = listener().await.local_addr().unwrap();
    let network = Network::new().unwrap();
    let _ahead = network.get_ready(&url(closed));
    let refused = patiently(network.send(post(url(closed)))).await;
    assert_eq!(refused, Err(HttpFault::NotSent { cause: Cause::Refused }));
}
