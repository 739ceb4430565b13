//! The room where terminals with an ECR Hub ask to be paired: a small WebSocket server, told of on the
//! network while it is open.
//!
//! Dossier section 3.5. Invariants: a terminal is answered once, by a person's word, or with a refusal when
//! nobody has said anything for long; strangers can neither fill the memory nor the list.

use crate::limits::ecrhub_pairing as limits;
use crate::nearby::Service;
use crate::pairing::{Door, Guest, Host, Opened, Opening, Room, Word};
use futures_util::{SinkExt, StreamExt};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, accept_async_with_config};
use wire::ecrhub::pairing::{Device, INTRODUCTION, Introduction, TILLS, TillCard};

type Stream = WebSocketStream<TcpStream>;

/// Opens a room.
pub fn open(opening: Opening) -> Opened {
    Box::pin(keep(opening))
}

async fn keep(opening: Opening) {
    let Opening { host, nearby, told, words } = opening;
    let listener = match listen(host.bind).await {
        Ok(listener) => listener,
        Err(error) => {
            let why = format!("the ports from {} on cannot be opened ({error})", limits::PORT);
            return change(&told, |room| room.door = Door::Shut(why));
        }
    };
    let port = listener.local_addr().map_or(limits::PORT, |address| address.port());
    let card = TillCard { id: host.id.clone(), name: host.name.clone(), place: place(&host, port).await };
    let service = Service { kind: TILLS, instance: card.instance(), port, texts: vec![card.text()] };
    let announced = nearby.announce(&service);
    let unseen = announced.as_ref().err().cloned();
    change(&told, |room| room.door = Door::Open { name: card.instance(), port, unseen });
    receive(listener, &told, words).await;
    drop(announced);
}

/// The first free port: several tills can be on one computer.
async fn listen(bind: IpAddr) -> std::io::Result<TcpListener> {
    let mut last = None;
    for port in limits::PORT..limits::PORT + limits::PORTS {
        match TcpListener::bind(SocketAddr::new(bind, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into()))
}

/// Where terminals find it: the address that this computer reaches others from.
async fn place(host: &Host, port: u16) -> String {
    let outside = async {
        let socket = UdpSocket::bind((host.bind, 0)).await.ok()?;
        // Nothing is sent: the system only chooses the way.
        socket.connect(limits::ANYWHERE).await.ok()?;
        socket.local_addr().ok().map(|address| address.ip())
    };
    let address = outside.await.unwrap_or(host.bind);
    SocketAddr::new(address, port).to_string()
}

/// Somebody has said who they are, and is to be told yes or no.
struct Asks {
    introduction: Introduction,
    peer: IpAddr,
    reply: oneshot::Sender<bool>,
}

async fn receive(listener: TcpListener, told: &watch::Sender<Arc<Room>>, mut words: mpsc::Receiver<Word>) {
    let (ask, mut asks) = mpsc::channel::<Asks>(limits::GUESTS);
    let seats = Arc::new(Semaphore::new(limits::GUESTS));
    let (mut talks, mut waiting, mut number) = (JoinSet::new(), Vec::<Waiting>::new(), 0_u64);
    let mut look = tokio::time::interval(limits::LOOK);
    loop {
        tokio::select! {
            taken = listener.accept() => {
                let Ok((stream, peer)) = taken else { continue };
                // Whoever finds no seat is not heard.
                let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else { continue };
                let ask = ask.clone();
                talks.spawn(async move {
                    talk(stream, peer.ip(), ask).await;
                    drop(seat);
                });
            }
            asks = asks.recv() => {
                let Some(asks) = asks else { break };
                number += 1;
                // The same terminal on another connection: the newer one counts.
                waiting.retain(|known| known.guest.id != asks.introduction.device.id);
                let guest = guest(number, &asks.introduction.device, asks.peer);
                waiting.push(Waiting { guest, reply: asks.reply });
            }
            word = words.recv() => {
                let Some(word) = word else { break };
                if let Some(at) = waiting.iter().position(|known| known.guest.number == word.number) {
                    let _ = waiting.remove(at).reply.send(word.accepts);
                }
            }
            _ = talks.join_next(), if !talks.is_empty() => {}
            _ = look.tick() => {}
        }
        waiting.retain(|known| !known.reply.is_closed());
        change(told, |room| room.guests = guests(&waiting));
    }
    // Nobody asks any more; whoever was answered hears it, and all others hear "no".
    drop((listener, waiting));
    let _ = timeout(limits::HANDSHAKE, async { while talks.join_next().await.is_some() {} }).await;
}

struct Waiting {
    guest: Guest,
    reply: oneshot::Sender<bool>,
}

fn guests(waiting: &[Waiting]) -> Vec<Guest> {
    let named = |name: &str| waiting.iter().filter(|known| known.guest.name == name).count();
    let guest =
        |known: &Waiting| Guest { has_namesake: named(&known.guest.name) > 1, ..known.guest.clone() };
    waiting.iter().map(guest).collect()
}

/// What it says of itself, with the address that it has: one that it only claims counts where it is private.
fn guest(number: u64, device: &Device, peer: IpAddr) -> Guest {
    let claimed = device.host.as_deref().and_then(|host| host.split(':').next()?.parse::<IpAddr>().ok());
    let host = claimed.filter(|claimed| *claimed == peer || is_private(*claimed)).unwrap_or(peer);
    let port = device.port.unwrap_or(limits::PORT);
    Guest {
        number,
        id: device.id.clone(),
        name: device.name.clone(),
        serial: device.serial.clone(),
        place: SocketAddr::new(host, port).to_string(),
        has_namesake: false,
        settings: vec![
            ("host", host.to_string()),
            ("port", port.to_string()),
            ("serial", device.serial.clone()),
            ("paired", device.id.clone()),
        ],
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// One terminal, from its first word to its answer.
async fn talk(stream: TcpStream, peer: IpAddr, ask: mpsc::Sender<Asks>) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(INTRODUCTION.bytes))
        .max_frame_size(Some(INTRODUCTION.bytes));
    let shaken = timeout(limits::HANDSHAKE, accept_async_with_config(stream, Some(config))).await;
    let Ok(Ok(mut socket)) = shaken else { return };
    if let Ok(Some(introduction)) = timeout(limits::INTRODUCTION, introduced(&mut socket)).await {
        let accepts = introduction.ends || is_accepted(&mut socket, &introduction, peer, ask).await;
        let _ = socket.send(Message::text(introduction.answered(accepts))).await;
    }
    // It closes by itself once it has read that; a silent one is not waited for.
    let _ = timeout(limits::HANDSHAKE, async {
        let _ = socket.close(None).await;
        while socket.next().await.is_some_and(|came| came.is_ok()) {}
    })
    .await;
}

async fn introduced(socket: &mut Stream) -> Option<Introduction> {
    loop {
        let bytes = match socket.next().await? {
            Ok(Message::Text(text)) => text.as_bytes().to_vec(),
            Ok(Message::Binary(bytes)) => bytes.to_vec(),
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => continue,
            Ok(Message::Close(_)) | Err(_) => return None,
        };
        match Introduction::decode(&bytes) {
            Ok(introduction) => return Some(introduction),
            Err(error) => tracing::info!(%error, "somebody says something that is no introduction"),
        }
    }
}

/// A person's word; "no" where the terminal goes away or nobody says anything.
async fn is_accepted(
    socket: &mut Stream,
    introduction: &Introduction,
    peer: IpAddr,
    ask: mpsc::Sender<Asks>,
) -> bool {
    let (reply, word) = oneshot::channel();
    if ask.send(Asks { introduction: introduction.clone(), peer, reply }).await.is_err() {
        return false;
    }
    let mut word = std::pin::pin!(timeout(limits::PATIENCE, word));
    loop {
        tokio::select! {
            biased;
            said = word.as_mut() => return matches!(said, Ok(Ok(true))),
            came = socket.next() => match came {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return false,
                Some(Ok(_)) => {}
            },
        }
    }
}

fn change(told: &watch::Sender<Arc<Room>>, change: impl FnOnce(&mut Room)) {
    told.send_if_modified(|room| {
        let mut next = Room::clone(room);
        change(&mut next);
        let is_new = next != **room;
        if is_new {
            *room = Arc::new(next);
        }
        is_new
    });
}
