//! The terminal's end of a cable: frames, acknowledgements, signs of life (dossier sections 4.2 to 4.8).
//!
//! Invariants: every data frame that comes whole is acknowledged at once, also one that came before; a
//! handshake makes the terminal forget which ones it had and what it was about to send; after a start anew
//! nothing is heard but a handshake.

mod end;
mod watch;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use wire::ecrhub::usb::{Decoder, Took};

use self::end::{End, Piece};
use super::{HubTerminal, Spoken};

pub use self::watch::Watch;

/// Frames that wait for the line.
const QUEUE: usize = 256;

/// What the terminal and its cable are like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cable {
    /// Between two signs of life.
    pub beat_ms: u64,
    /// Until a handshake is confirmed.
    pub confirm_ms: u64,
    /// Until a frame that is not acknowledged goes out again.
    pub again_ms: u64,
    /// So often it goes out; then the terminal waits for a handshake. 0: without end.
    pub tries: u32,
    /// The number before the one of its first data frame.
    pub last_id: u8,
    /// One in so many acknowledgements is lost. 0: none, as for all that follow.
    pub lose_ack: u64,
    /// One in so many data frames is lost on its way out.
    pub lose_data: u64,
    /// One in so many goes out twice.
    pub double_data: u64,
    /// One in so many has a wrong checksum.
    pub wrong_sum: u64,
    /// Before one in so many comes noise.
    pub noise: u64,
    /// One in so many comes in pieces.
    pub pieces: u64,
}

impl Default for Cable {
    fn default() -> Self {
        Self {
            beat_ms: 1_000,
            confirm_ms: 20,
            again_ms: 100,
            tries: 5,
            last_id: 0,
            lose_ack: 0,
            lose_data: 0,
            double_data: 0,
            wrong_sum: 0,
            noise: 0,
            pieces: 0,
        }
    }
}

impl HubTerminal {
    /// Speaks over a cable until it is pulled or the line ends. Works under paused time.
    pub async fn serve_cable(&self, line: impl AsyncRead + AsyncWrite + Send) {
        let mut plugged = self.shared.plugged.subscribe();
        let (out, outbox) = mpsc::channel(QUEUE);
        let (read, write) = tokio::io::split(line);
        tokio::select! {
            biased;
            _ = plugged.wait_for(|plugged| !*plugged) => {}
            () = self.hear(read, out) => {}
            () = speak(write, outbox) => {}
        }
    }

    /// Returns when the cable is in.
    pub async fn is_back(&self) {
        let mut plugged = self.shared.plugged.subscribe();
        let _ = plugged.wait_for(|plugged| *plugged).await;
    }

    async fn hear(&self, read: impl AsyncRead, out: mpsc::Sender<Vec<Piece>>) {
        let mut read = std::pin::pin!(read);
        let began = Instant::now();
        let now = || u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (mut decoder, mut bytes) = (Decoder::default(), [0; 512]);
        let mut end = End::new(self.shared.core().settings.cable.clone());
        let mut talk = self.talk();
        loop {
            let due = end.until().map(|at| began + Duration::from_millis(at));
            tokio::select! {
                biased;
                spoken = talk.spoken.recv() => match spoken {
                    Some(Spoken::HangUp) | None => {
                        end.starts_anew();
                        talk = self.talk();
                    }
                    Some(spoken) => end.tell(spoken, now()),
                },
                count = read.read(&mut bytes) => {
                    let Ok(count @ 1..) = count else { return };
                    end.dress(self.shared.core().settings.cable.clone());
                    for took in decoder.take(bytes.get(..count).unwrap_or_default(), now()) {
                        let Took::Frame(frame) = took else { continue };
                        if let Some(message) = end.took(frame, now()) {
                            let _ = talk.say.send(message).await;
                        }
                    }
                }
                () = until(due) => end.tick(now()),
            }
            let _ = out.send(end.goes_out()).await;
        }
    }

    /// The terminal behind its cable, as behind any connection.
    fn talk(&self) -> Talk {
        let (say, heard) = mpsc::channel(QUEUE);
        let (out, spoken) = mpsc::channel(QUEUE);
        let terminal = self.clone();
        tokio::spawn(async move { terminal.converse(heard, out).await });
        Talk { say, spoken }
    }
}

struct Talk {
    say: mpsc::Sender<Vec<u8>>,
    spoken: mpsc::Receiver<Spoken>,
}

async fn speak(write: impl AsyncWrite, mut outbox: mpsc::Receiver<Vec<Piece>>) {
    let mut write = std::pin::pin!(write);
    while let Some(pieces) = outbox.recv().await {
        for piece in pieces {
            match piece {
                Piece::Bytes(bytes) => {
                    if write.write_all(&bytes).await.is_err() || write.flush().await.is_err() {
                        return;
                    }
                }
                Piece::Pause(ms) => super::pass(ms).await,
            }
        }
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}
