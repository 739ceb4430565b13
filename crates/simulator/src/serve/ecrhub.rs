//! A WiseCashier terminal on a real network: a WebSocket server with the reason phrase that real ones have.
//!
//! Dossier sections 3.2 and 3.6.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{Message, Role};

use super::{SimulatorError, http};
use crate::bank::Bank;
use crate::clock::Clock;
use crate::ecrhub::{HubTerminal, Settings, Spoken};
use crate::script::Script;

/// How often the terminal asks whether the till is still there, and how long it waits for a word of it.
const PING: Duration = Duration::from_secs(5);
const PONG: Duration = Duration::from_millis(12_500);

/// What `paydeskctl simulate ecrhub-wlan` is told.
pub struct HubOptions {
    /// Where the till finds the terminal.
    pub listen: SocketAddr,
    /// The terminal before the script turns its knobs.
    pub settings: Settings,
    /// Rules and knobs.
    pub script: Option<Script>,
    /// Keeps bank and memory over restarts of the process.
    pub bank_file: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
}

/// A terminal that runs until dropped.
pub struct HubSimulation {
    /// Where the till finds it; the port is the real one.
    pub local_addr: SocketAddr,
    /// The terminal.
    pub terminal: HubTerminal,
    /// Its bank.
    pub bank: Bank,
    task: JoinHandle<()>,
}

impl Drop for HubSimulation {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a terminal on a real socket.
///
/// # Errors
/// An address, file or knob cannot be used.
pub async fn simulate_hub(options: HubOptions) -> Result<HubSimulation, SimulatorError> {
    let HubOptions { listen, settings, script, bank_file, clock } = options;
    let (terminal, bank) = terminal(settings, script, bank_file.as_deref(), clock)?;
    let taken = |cause| SimulatorError::Listen { address: listen, cause };
    let listener = TcpListener::bind(listen).await.map_err(taken)?;
    let local_addr = listener.local_addr().map_err(taken)?;
    let task = tokio::spawn(accept(listener, terminal.clone()));
    Ok(HubSimulation { local_addr, terminal, bank, task })
}

/// A terminal as it is told to be, and its bank.
///
/// # Errors
/// A file or knob cannot be used.
pub(super) fn terminal(
    mut settings: Settings,
    script: Option<Script>,
    bank_file: Option<&Path>,
    clock: Clock,
) -> Result<(HubTerminal, Bank), SimulatorError> {
    if let Some(knobs) = script.as_ref().and_then(Script::knobs) {
        settings = settings.with_knobs(knobs).map_err(SimulatorError::Knobs)?;
    }
    let bank = match bank_file {
        Some(path) => Bank::open(path)?,
        None => Bank::new(),
    };
    let terminal = HubTerminal::new(settings, bank.clone(), clock);
    if let Some(script) = script {
        terminal.follow(script);
    }
    Ok((terminal, bank))
}

async fn accept(listener: TcpListener, terminal: HubTerminal) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let terminal = terminal.clone();
        tokio::spawn(async move {
            // Out of reach it takes the connection like a router does, and says nothing on it.
            if terminal.is_plugged()
                && let Some(socket) = shake_hands(stream).await
            {
                converse(socket, terminal).await;
            }
        });
    }
}

/// The upgrade, with the odd phrase; nothing where it is none.
async fn shake_hands(stream: TcpStream) -> Option<WebSocketStream<TcpStream>> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream);
    let head = http::read_head(&mut reader).await.ok()?;
    let key = head.header("sec-websocket-key").map(|key| derive_accept_key(key.as_bytes()));
    let is_upgrade = head.first.starts_with("GET ") && head.header("sec-websocket-version") == Some("13");
    let answer = match key.filter(|_| is_upgrade) {
        Some(accept) => format!(
            "HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        ),
        None => "HTTP/1.1 404 WebSocket Upgrade Failure\r\nContent-Length: 0\r\n\r\n".to_owned(),
    };
    reader.get_mut().write_all(answer.as_bytes()).await.ok()?;
    if !answer.starts_with("HTTP/1.1 101") {
        let _ = reader.read(&mut [0]).await;
        return None;
    }
    Some(WebSocketStream::from_raw_socket(reader.into_inner(), Role::Server, None).await)
}

async fn converse(mut socket: WebSocketStream<TcpStream>, terminal: HubTerminal) {
    let (say, heard) = mpsc::channel(64);
    let (out, mut spoken) = mpsc::channel(64);
    let mut serving = tokio::spawn(async move { terminal.serve(heard, out).await });
    let (mut rhythm, mut last) = (interval(PING), Instant::now());
    loop {
        tokio::select! {
            biased;
            told = spoken.recv() => {
                let sent = match told {
                    Some(Spoken::Text(text)) => socket.send(Message::text(text)).await,
                    Some(Spoken::Binary(bytes)) => socket.send(Message::Binary(bytes.into())).await,
                    Some(Spoken::Pieces(pieces)) => in_pieces(&mut socket, pieces).await,
                    Some(Spoken::HangUp) | None => break,
                };
                if sent.is_err() {
                    break;
                }
            }
            came = socket.next() => {
                last = Instant::now();
                let bytes = match came {
                    Some(Ok(Message::Text(text))) => text.as_bytes().to_vec(),
                    Some(Ok(Message::Binary(bytes))) => bytes.to_vec(),
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {
                        let _ = socket.flush().await;
                        continue;
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                };
                let _ = say.send(bytes).await;
            }
            _ = rhythm.tick() => {
                if last.elapsed() > PONG || socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    break;
                }
            }
        }
    }
    // What is under way on the terminal goes on without the connection.
    drop(say);
    if !serving.is_finished() {
        serving.abort();
    }
    let _ = (&mut serving).await;
}

/// One message in fragments, with a ping between them.
async fn in_pieces(
    socket: &mut WebSocketStream<TcpStream>,
    pieces: Vec<String>,
) -> Result<(), tokio_tungstenite::tungstenite::Error> {
    let last = pieces.len().saturating_sub(1);
    for (number, piece) in pieces.into_iter().enumerate() {
        let kind = if number == 0 { Data::Text } else { Data::Continue };
        let frame = Frame::message(piece.into_bytes(), OpCode::Data(kind), number == last);
        socket.send(Message::Frame(frame)).await?;
        if number == 0 {
            socket.send(Message::Ping(Vec::new().into())).await?;
        }
    }
    Ok(())
}
