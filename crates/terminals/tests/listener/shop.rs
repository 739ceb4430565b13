//! The cast of the listener's tests: a shop with one terminal's inbox, and peers that are plain sockets.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use terminals::listener::{Answer, Claim, Inbox, Incoming, Listener, ListenerLimits, Switchboard};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};

pub const PATHS: [&str; 2] = ["/EPASSaleToPOI/3.1", "/EPASSaleToPOI/3.1/"];

/// Ends a test that hangs; no test passes or fails by it on a slow machine.
pub async fn patiently<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("the test hangs")
}

/// The inbox of the terminal `name`. A body is `name`, a blank and a word that says what to do with it.
#[derive(Debug)]
pub struct Ear {
    pub name: &'static str,
    pub paths: &'static [&'static str],
    pub events: mpsc::Sender<String>,
    pub gate: Notify,
}

/// Tells that a request's work has ended, whether it was answered or dropped.
struct Farewell(mpsc::Sender<String>);

impl Drop for Farewell {
    fn drop(&mut self) {
        let _ = self.0.try_send("ended".to_owned());
    }
}

#[async_trait]
impl Inbox for Ear {
    fn paths(&self) -> &[&'static str] {
        self.paths
    }

    fn claims(&self, incoming: &Incoming) -> Claim {
        match std::str::from_utf8(&incoming.body).ok().and_then(|body| body.split_once(' ')) {
            Some((name, _)) if name == self.name => Claim::Mine,
            Some(("all", _)) => Claim::Shared,
            Some(_) => Claim::NotMine,
            None => Claim::Unreadable,
        }
    }

    async fn receive(&self, incoming: Incoming) -> Answer {
        let text = String::from_utf8(incoming.body).unwrap();
        self.events.try_send(text.clone()).unwrap();
        let word = text.split_once(' ').unwrap().1;
        match word {
            "wait" => {
                let _farewell = Farewell(self.events.clone());
                self.gate.notified().await;
            }
            "panic" => panic!("as the test asks"),
            "nothing" => return Answer::empty(204),
            "forbidden-body" => {
                return Answer { content_type: Some("text/plain"), body: vec![1], ..Answer::empty(204) };
            }
            "odd-status" => return Answer::empty(42),
            _ => {}
        }
        Answer {
            content_type: Some("text/plain"),
            body: format!("{text}!").into_bytes(),
            ..Answer::empty(200)
        }
    }
}

pub fn ear_on(name: &'static str, paths: &'static [&'static str]) -> (Arc<Ear>, mpsc::Receiver<String>) {
    let (events, seen) = mpsc::channel(1000);
    (Arc::new(Ear { name, paths, events, gate: Notify::new() }), seen)
}

/// One inbox behind a listener.
pub struct Shop {
    pub listener: Listener,
    pub switchboard: Switchboard,
    pub ear: Arc<Ear>,
    pub seen: mpsc::Receiver<String>,
}

pub async fn shop(limits: ListenerLimits) -> Shop {
    let (ear, seen) = ear_on("desk", &PATHS);
    let switchboard = Switchboard::new();
    switchboard.add(ear.clone());
    let any = "127.0.0.1:0".parse().unwrap();
    let listener = Listener::bind(any, switchboard.clone(), limits).await.unwrap();
    Shop { listener, switchboard, ear, seen }
}

impl Shop {
    pub fn address(&self) -> SocketAddr {
        self.listener.local_addr()
    }

    pub async fn seen(&mut self) -> String {
        patiently(self.seen.recv()).await.unwrap()
    }

    pub async fn connect(&self) -> TcpStream {
        patiently(TcpStream::connect(self.address())).await.unwrap()
    }

    /// Sends `bytes` and reads one reply.
    pub async fn told(&self, bytes: impl AsRef<[u8]>) -> Reply {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_ref()).await.unwrap();
        read_reply(&mut stream).await.unwrap()
    }

    pub async fn posts(&self, body: &str) -> Reply {
        self.told(post(PATHS[0], body)).await
    }
}

pub fn post(path: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: till\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

#[derive(Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn short(&self) -> (u16, &str) {
        (self.status, &self.body)
    }
}

pub async fn read_reply(stream: &mut TcpStream) -> io::Result<Reply> {
    patiently(async {
        let mut read = Vec::new();
        while !read.ends_with(b"\r\n\r\n") {
            read.push(stream.read_u8().await?);
        }
        let head = String::from_utf8(read).unwrap().to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).await?;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Ok(Reply { status, head, body: String::from_utf8(body).unwrap() })
    })
    .await
}

/// Reads until the listener closes the connection, whether it does so politely or not.
pub async fn closed(mut stream: TcpStream) -> Vec<u8> {
    let mut read = Vec::new();
    let _ = patiently(stream.read_to_end(&mut read)).await;
    read
}
