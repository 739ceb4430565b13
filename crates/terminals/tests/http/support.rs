//! A far side that each test scripts byte by byte, so that nothing tidies up what the client sends or what it
//! has to read.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use terminals::http::{Cause, HttpFault, HttpReply, HttpRequest, Method};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Ends a test that hangs; no test passes or fails by it on a slow machine.
pub async fn patiently<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("the test hangs")
}

pub fn post(url: String) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        url,
        headers: vec![("Content-type".into(), "application/xml; charset=utf-8".into())],
        body: b"<Hello/>".to_vec(),
        connect_ms: 20_000,
        answer_ms: 20_000,
        max_reply_bytes: 1024,
    }
}

pub fn url(address: SocketAddr) -> String {
    format!("http://{address}/EPASSaleToPOI/3.1")
}

/// Accepts one connection and plays `script` on it; what the script returns can be awaited.
pub async fn far_side<F, T>(
    script: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> (SocketAddr, JoinHandle<T>)
where
    F: Future<Output = T> + Send,
    T: Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let playing = tokio::spawn(async move { script(listener.accept().await.unwrap().0).await });
    (address, playing)
}

/// Reads a request with its body, as `Content-Length` says, and returns it as text.
pub async fn read_request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).await.unwrap();
        read.push(byte[0]);
    }
    let head = String::from_utf8(read).unwrap();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    head + &String::from_utf8(body).unwrap()
}

pub fn reply(status: u16, body: &str) -> Result<HttpReply, HttpFault> {
    Ok(HttpReply::new(status, body.into()))
}

#[track_caller]
pub fn assert_broken(result: Result<HttpReply, HttpFault>) {
    assert!(matches!(result, Err(HttpFault::MaybeSent { cause: Cause::Broken(_) })), "{result:?}");
}
