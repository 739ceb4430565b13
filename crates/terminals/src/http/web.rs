//! WebSockets over TCP: the handshake, messages, signs of life, and a goodbye on every way out.
//!
//! The terminal's server answers the upgrade with a reason phrase of its own: only the number counts
//! (dossier of the ECR Hub, section 3.2). Invariant: pings are answered while nobody reads, and a silent
//! other side ends the socket.

use super::socket::{FarEnd, Post, Socket};
use super::{Cause, milliseconds};
use crate::limits::socket as limits;
use crate::serial::Unwritten;
use futures_util::{SinkExt, StreamExt};
use std::io::ErrorKind;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{interval, sleep, timeout};
use tokio_tungstenite::tungstenite::error::{CapacityError, Error};
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

type Stream = WebSocketStream<TcpStream>;

/// Connects and shakes hands.
///
/// # Errors
/// There is no socket; nothing but the handshake can have left.
pub(super) async fn open(url: &str, connect_ms: u64) -> Result<Socket, Cause> {
    let limit = Duration::from_millis(connect_ms);
    let stream = timeout(limit, shake_hands(url)).await.map_err(|_| Cause::ConnectTimeout)??;
    let (socket, far) = Socket::pair();
    tokio::spawn(carry(stream, far));
    Ok(socket)
}

async fn shake_hands(url: &str) -> Result<Stream, Cause> {
    let rest =
        url.strip_prefix("ws://").ok_or_else(|| Cause::BadUrl("it must begin with ws://".to_owned()))?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let stream = TcpStream::connect(authority).await.map_err(|error| unreachable(&error, authority))?;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "messages may wait for each other");
    }
    let config = WebSocketConfig::default()
        .max_message_size(Some(limits::MESSAGE_BYTES))
        .max_frame_size(Some(limits::MESSAGE_BYTES));
    match client_async_with_config(url, stream, Some(config)).await {
        Ok((stream, _)) => Ok(stream),
        Err(Error::Http(reply)) => {
            Err(Cause::Undecodable(format!("no WebSocket there: status {}", reply.status().as_u16())))
        }
        Err(error) => Err(Cause::Undecodable(error.to_string())),
    }
}

fn unreachable(error: &std::io::Error, authority: &str) -> Cause {
    let is = |kind| error.kind() == kind;
    if is(ErrorKind::ConnectionRefused) {
        Cause::Refused
    } else if is(ErrorKind::InvalidInput) {
        Cause::BadUrl(authority.to_owned())
    } else if is(ErrorKind::TimedOut) {
        Cause::ConnectTimeout
    } else if error.raw_os_error().is_none() {
        Cause::Name(authority.to_owned())
    } else {
        Cause::Unreachable(error.to_string())
    }
}

/// Carries messages until one side has gone.
async fn carry(mut stream: Stream, mut far: FarEnd) {
    let mut rhythm = interval(limits::PING);
    rhythm.reset();
    let mut silence = pin!(sleep(limits::SILENT));
    let why = loop {
        tokio::select! {
            came = stream.next() => {
                silence.set(sleep(limits::SILENT));
                match came {
                    Some(Ok(Message::Text(text))) => {
                        if far.to.send(Ok(text.as_bytes().to_vec())).await.is_err() {
                            break None;
                        }
                    }
                    Some(Ok(Message::Binary(bytes))) => {
                        if far.to.send(Ok(bytes.to_vec())).await.is_err() {
                            break None;
                        }
                    }
                    // The library answers pings with the next write.
                    Some(Ok(Message::Ping(_))) => {
                        if let Err(error) = stream.flush().await {
                            break Some(words(&error));
                        }
                    }
                    Some(Ok(Message::Pong(_) | Message::Frame(_))) => {}
                    Some(Ok(Message::Close(_))) => {
                        break Some("the terminal closed the connection".to_owned());
                    }
                    Some(Err(error)) => break Some(words(&error)),
                    None => break Some("the connection ended".to_owned()),
                }
            }
            post = far.from.recv() => match post {
                Some(Post { text, reply }) => {
                    let sent = stream.send(Message::text(text)).await;
                    let is_lost = sent.is_err();
                    let _ = reply.send(sent.map_err(|error| unwritten(&error)));
                    if is_lost {
                        break Some("the connection ended while it was written to".to_owned());
                    }
                }
                None => break None,
            },
            () = silence.as_mut() => {
                let silent = milliseconds(limits::SILENT) / 1_000;
                break Some(format!("no sign of life for {silent} seconds"));
            }
            _ = rhythm.tick() => {
                if let Err(error) = stream.send(Message::Ping(Vec::new().into())).await {
                    break Some(words(&error));
                }
            }
        }
    };
    if let Some(why) = why {
        let _ = far.to.send(Err(why)).await;
    }
    // What is still to be sent has not left.
    far.from.close();
    while let Ok(Post { reply, .. }) = far.from.try_recv() {
        let _ = reply.send(Err(Unwritten::NothingLeft("the connection has ended".to_owned())));
    }
    goodbye(stream).await;
}

/// Sockets that nobody closed slow the terminal down.
async fn goodbye(mut stream: Stream) {
    let _ = timeout(limits::GOODBYE, async {
        stream.close(None).await?;
        while stream.next().await.is_some_and(|came| came.is_ok()) {}
        Ok::<(), Error>(())
    })
    .await;
}

/// A connection that was closed before takes nothing; anything else may have taken a part.
fn unwritten(error: &Error) -> Unwritten {
    if matches!(error, Error::ConnectionClosed | Error::AlreadyClosed) {
        return Unwritten::NothingLeft(words(error));
    }
    Unwritten::MaybeLeft(words(error))
}

fn words(error: &Error) -> String {
    if matches!(error, Error::Capacity(CapacityError::MessageTooLong { .. })) {
        return "the message is larger than allowed".to_owned();
    }
    error.to_string()
}
