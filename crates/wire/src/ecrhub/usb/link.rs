//! The link: handshake, heartbeats, one data frame at a time until it is acknowledged (dossier section 4.6).
//!
//! A pure state machine: bytes and the time come in, bytes and happenings go out. Time is milliseconds of
//! any clock that only goes forward. Invariants: a data frame is sent again only while the terminal can
//! know it as the same one. A handshake makes the terminal forget which frames it had, so what was on its
//! way is dropped there and never sent again: it could be carried out twice. What came is acknowledged as
//! often as it comes, and told once.

use super::frame::{Decoder, Frame, Kind, LONGEST_DATA, TooLong, Took};
use std::collections::VecDeque;

/// Between two handshakes; terminals ignore one within a second of another.
const SHAKE_MS: u64 = 1_100;
/// The terminal confirms within this, or is not there.
const SHAKE_LIMIT_MS: u64 = 10_000;
/// A handshake that comes so soon after one of ours is its echo, or crossed it.
const SHAKE_IGNORED_MS: u64 = 1_000;
/// Between two signs of life.
const BEAT_MS: u64 = 1_000;
/// Without a frame for so long the other side is gone.
const SILENT_MS: u64 = 6_000;
/// Before the same frame goes out again, at first.
const AGAIN_MS: u64 = 300;
/// So many times.
const AGAIN_FAST: u32 = 3;
/// And then.
const AGAIN_SLOW_MS: u64 = 1_000;
/// Without an acknowledgement for so long nobody takes the frame.
const UNACKED_MS: u64 = 10_000;
/// Messages that wait for their turn.
const QUEUE: usize = 16;

/// Names one message that was handed to the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(u64);

/// Why the link is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody confirmed the handshake.
    Unconfirmed,
    /// Nothing has come for 6 s.
    Silent,
    /// A frame was not acknowledged within 10 s.
    Unacknowledged,
    /// The other side has begun anew.
    Anew,
}

/// What the link has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// These bytes go onto the line, by one write; no message is among them.
    Write(Vec<u8>),
    /// These bytes go onto the line, by one write: the message of this name, for the first time or again.
    Send(Token, Vec<u8>),
    /// The handshake is confirmed: messages can be sent.
    Up,
    /// A message has come; told for the first time.
    Came(Vec<u8>),
    /// The terminal has this message.
    Delivered(Token),
    /// This message is not sent any more; where it went out before, nobody knows whether it arrived.
    Dropped(Token),
    /// The link is down; a handshake on a line that is opened again may bring it back.
    Down(Why),
}

/// A message that the link does not take. Nothing of it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It does not fit into a frame.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// Too many wait.
    #[error("too many requests wait for the cable")]
    Full,
    /// The handshake is not confirmed.
    #[error("the terminal is not there")]
    Down,
}

/// A data frame that is not acknowledged yet.
#[derive(Clone, Debug)]
struct Pending {
    token: Token,
    id: u8,
    bytes: Vec<u8>,
    sends: u32,
    first_ms: u64,
    next_ms: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Down,
    Shaking {
        since_ms: u64,
        next_ms: u64,
    },
    Up {
        beat_ms: u64,
    },
}

/// What has come since the handshake began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// A frame that was whole.
    pub whole: bool,
    /// The beginning of one that was not.
    pub damaged: bool,
}

/// One end of the line: the till's.
#[derive(Clone, Debug, Default)]
pub struct Link {
    decoder: Decoder,
    state: State,
    heard: Heard,
    /// When the last whole frame came.
    heard_ms: u64,
    /// When the last handshake went out.
    shook_ms: u64,
    tokens: u64,
    last_sent: u8,
    last_came: u8,
    pending: Option<Pending>,
    queue: VecDeque<(Token, Vec<u8>)>,
}

impl Link {
    /// A line was opened, or is to be begun anew: nothing that was on its way is sent again.
    pub fn shake(&mut self, now_ms: u64) -> Vec<Happened> {
        let mut happened = self.unplugged();
        (self.last_sent, self.last_came, self.heard) = (0, 0, Heard::default());
        self.shook_ms = now_ms;
        self.state = State::Shaking { since_ms: now_ms, next_ms: now_ms.saturating_add(SHAKE_MS) };
        happened.extend(written(&Frame::HANDSHAKE).map(Happened::Write));
        happened
    }

    /// Whether messages can be sent.
    pub fn is_up(&self) -> bool {
        matches!(self.state, State::Up { .. })
    }

    /// What has come since the handshake began.
    pub fn heard(&self) -> Heard {
        self.heard
    }

    /// Sends a message when its turn comes, and names it.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn send(&mut self, message: &[u8], now_ms: u64) -> Result<(Token, Vec<Happened>), Refused> {
        if message.len() > LONGEST_DATA {
            return Err(TooLong { bytes: message.len() }.into());
        }
        if !self.is_up() {
            return Err(Refused::Down);
        }
        if self.queue.len() >= QUEUE {
            return Err(Refused::Full);
        }
        self.tokens += 1;
        let token = Token(self.tokens);
        self.queue.push_back((token, message.to_vec()));
        Ok((token, self.next(now_ms)))
    }

    /// Bytes have come.
    pub fn take(&mut self, bytes: &[u8], now_ms: u64) -> Vec<Happened> {
        let took = self.decoder.take(bytes, now_ms);
        took.into_iter().flat_map(|took| self.took(took, now_ms)).collect()
    }

    /// The time has come to [`Link::until`].
    pub fn tick(&mut self, now_ms: u64) -> Vec<Happened> {
        let took = self.decoder.tick(now_ms);
        let mut happened: Vec<_> = took.into_iter().flat_map(|took| self.took(took, now_ms)).collect();
        match self.state {
            State::Down => {}
            State::Shaking { since_ms, .. } if now_ms.saturating_sub(since_ms) >= SHAKE_LIMIT_MS => {
                happened.extend(self.down(Why::Unconfirmed));
            }
            State::Shaking { since_ms, next_ms } => {
                if now_ms >= next_ms {
                    self.shook_ms = now_ms;
                    self.state = State::Shaking { since_ms, next_ms: now_ms.saturating_add(SHAKE_MS) };
                    happened.extend(written(&Frame::HANDSHAKE).map(Happened::Write));
                }
            }
            State::Up { beat_ms } => happened.extend(self.beat(beat_ms, now_ms)),
        }
        happened
    }

    /// When something is to be done if nothing comes.
    pub fn until(&self) -> Option<u64> {
        let state = match self.state {
            State::Down => None,
            State::Shaking { since_ms, next_ms } => {
                Some(next_ms.min(since_ms.saturating_add(SHAKE_LIMIT_MS)))
            }
            State::Up { beat_ms } => Some(beat_ms.min(self.heard_ms.saturating_add(SILENT_MS))),
        };
        let data = self
            .pending
            .as_ref()
            .map(|pending| pending.next_ms.min(pending.first_ms.saturating_add(UNACKED_MS)));
        [state, data, self.decoder.until()].into_iter().flatten().min()
    }

    /// The line is gone: what was on its way is dropped.
    pub fn unplugged(&mut self) -> Vec<Happened> {
        self.decoder = Decoder::default();
        self.state = State::Down;
        let pending = self.pending.take().map(|pending| pending.token);
        let queue = self.queue.drain(..).map(|(token, _)| token);
        pending.into_iter().chain(queue).map(Happened::Dropped).collect()
    }

    fn down(&mut self, why: Why) -> Vec<Happened> {
        let mut happened = self.unplugged();
        happened.push(Happened::Down(why));
        happened
    }

    /// What the time does to a link that is up.
    fn beat(&mut self, beat_ms: u64, now_ms: u64) -> Vec<Happened> {
        if now_ms.saturating_sub(self.heard_ms) >= SILENT_MS {
            return self.down(Why::Silent);
        }
        let mut happened = Vec::new();
        if let Some(pending) = &mut self.pending {
            if now_ms.saturating_sub(pending.first_ms) >= UNACKED_MS {
                return self.down(Why::Unacknowledged);
            }
            if now_ms >= pending.next_ms {
                pending.sends += 1;
                let pause = if pending.sends > AGAIN_FAST { AGAIN_SLOW_MS } else { AGAIN_MS };
                pending.next_ms = now_ms.saturating_add(pause);
                happened.push(Happened::Send(pending.token, pending.bytes.clone()));
            }
        }
        if now_ms >= beat_ms {
            self.state = State::Up { beat_ms: now_ms.saturating_add(BEAT_MS) };
            happened.extend(written(&Frame::HEARTBEAT).map(Happened::Write));
        }
        happened
    }

    fn took(&mut self, took: Took, now_ms: u64) -> Vec<Happened> {
        let frame = match took {
            Took::Frame(frame) => frame,
            Took::Damaged => {
                self.heard.damaged = true;
                return Vec::new();
            }
        };
        self.heard.whole = true;
        self.heard_ms = now_ms;
        match frame.kind {
            Kind::Common => self.common(frame, now_ms),
            Kind::Confirm => self.confirmed(now_ms),
            Kind::Handshake => {
                let is_fresh = now_ms.saturating_sub(self.shook_ms) < SHAKE_IGNORED_MS;
                if self.is_up() && !is_fresh { self.down(Why::Anew) } else { Vec::new() }
            }
            Kind::Other(_) => Vec::new(),
        }
    }

    fn confirmed(&mut self, now_ms: u64) -> Vec<Happened> {
        match self.state {
            State::Down => Vec::new(),
            State::Shaking { .. } => {
                self.last_came = 0;
                self.state = State::Up { beat_ms: now_ms };
                let mut happened = vec![Happened::Up];
                happened.extend(self.beat(now_ms, now_ms));
                happened
            }
            // The terminal tells of a handshake that it took late: it has forgotten what it had, and the
            // same frame would be another message to it. The number of the next one goes on, which is right
            // whether it has forgotten or not.
            State::Up { .. } => {
                self.last_came = 0;
                let dropped = self.pending.take().map(|pending| Happened::Dropped(pending.token));
                dropped.into_iter().chain(self.next(now_ms)).collect()
            }
        }
    }

    fn common(&mut self, frame: Frame, now_ms: u64) -> Vec<Happened> {
        let mut happened = Vec::new();
        if let Some(pending) = self.pending.take_if(|pending| pending.id == frame.ack) {
            happened.push(Happened::Delivered(pending.token));
            happened.extend(self.next(now_ms));
        }
        if frame.id == 0 {
            return happened;
        }
        happened.extend(written(&Frame::ack(frame.id)).map(Happened::Write));
        if frame.id != self.last_came {
            self.last_came = frame.id;
            // Also where it is empty: an answer that says nothing is asked about at once, not waited for.
            happened.push(Happened::Came(frame.data));
        }
        happened
    }

    /// Begins with the next message where none is on its way.
    fn next(&mut self, now_ms: u64) -> Vec<Happened> {
        if self.pending.is_some() || !self.is_up() {
            return Vec::new();
        }
        let Some((token, message)) = self.queue.pop_front() else { return Vec::new() };
        self.last_sent = after(self.last_sent);
        let id = self.last_sent;
        // Whatever is too long was refused before it was queued.
        let Some(bytes) = written(&Frame::data(id, &message)) else {
            return vec![Happened::Dropped(token)];
        };
        let happened = vec![Happened::Send(token, bytes.clone())];
        let next_ms = now_ms.saturating_add(AGAIN_MS);
        self.pending = Some(Pending { token, id, bytes, sends: 1, first_ms: now_ms, next_ms });
        happened
    }
}

/// The number of the next data frame: after FF comes 01.
pub fn after(id: u8) -> u8 {
    id.checked_add(1).unwrap_or(1)
}

fn written(frame: &Frame) -> Option<Vec<u8>> {
    frame.encode(LONGEST_DATA).ok()
}
