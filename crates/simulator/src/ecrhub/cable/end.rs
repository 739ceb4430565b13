//! One end of the link, as a terminal plays it: a pure state machine (dossier section 4.6).

use std::collections::VecDeque;

use wire::ecrhub::usb::{Frame, Kind, after};

use super::Cable;
use crate::ecrhub::Spoken;

/// A handshake that comes so soon after another one is not looked at.
const IGNORED_MS: u64 = 1_000;
/// Without a frame of the till for so long nothing but signs of life goes out.
const SILENT_MS: u64 = 6_000;
/// Most bytes of data that a header can tell.
const MOST: usize = 0xffff;
/// Bytes that mean nothing: beginnings, ends and lengths among them.
const NOISE: &[u8] = &[0xff, 0x55, 0xaa, 0x00, 0x55, 0x01, 0xcc, 0x33, 0x80, 0x55, 0xaa, 0x02, 0x7f];

/// A piece of what goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes, by one write.
    Bytes(Vec<u8>),
    /// Milliseconds of silence.
    Pause(u64),
}

/// See the module.
#[derive(Debug)]
pub struct End {
    cable: Cable,
    /// A handshake was confirmed since it started.
    is_met: bool,
    shook_ms: Option<u64>,
    /// When the confirmation is due.
    confirms_ms: Option<u64>,
    heard_ms: u64,
    beat_ms: u64,
    last_sent: u8,
    last_came: u8,
    pending: Option<Pending>,
    queue: VecDeque<Spoken>,
    acks: u64,
    frames: u64,
    out: Vec<Piece>,
}

#[derive(Debug)]
struct Pending {
    id: u8,
    told: Spoken,
    tries: u32,
    next_ms: u64,
}

impl End {
    pub fn new(cable: Cable) -> Self {
        Self {
            cable,
            is_met: false,
            shook_ms: None,
            confirms_ms: None,
            heard_ms: 0,
            beat_ms: 0,
            last_sent: 0,
            last_came: 0,
            pending: None,
            queue: VecDeque::new(),
            acks: 0,
            frames: 0,
            out: Vec::new(),
        }
    }

    /// Knobs from now on.
    pub fn dress(&mut self, cable: Cable) {
        self.cable = cable;
    }

    /// The power went and came back.
    pub fn starts_anew(&mut self) {
        self.forget();
        (self.is_met, self.shook_ms, self.confirms_ms) = (false, None, None);
    }

    fn forget(&mut self) {
        (self.last_sent, self.last_came) = (self.cable.last_id, 0);
        (self.pending, self.queue) = (None, VecDeque::new());
    }

    /// What goes onto the line now.
    pub fn goes_out(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.out)
    }

    /// When something is to be done if nothing comes.
    pub fn until(&self) -> Option<u64> {
        let beat = self.is_met.then_some(self.beat_ms);
        let again = self.pending.as_ref().map(|pending| pending.next_ms);
        [self.confirms_ms, beat, again].into_iter().flatten().min()
    }

    /// The terminal has something to say.
    pub fn tell(&mut self, spoken: Spoken, now_ms: u64) {
        self.queue.push_back(spoken);
        self.next(now_ms);
    }

    /// A frame has come. What it brings is told once.
    pub fn took(&mut self, frame: Frame, now_ms: u64) -> Option<Vec<u8>> {
        self.heard_ms = now_ms;
        match frame.kind {
            Kind::Handshake => {
                if self.shook_ms.is_none_or(|shook| now_ms.saturating_sub(shook) >= IGNORED_MS) {
                    self.forget();
                    self.shook_ms = Some(now_ms);
                    let confirms_ms = now_ms + self.cable.confirm_ms;
                    self.confirms_ms = Some(self.confirms_ms.unwrap_or(confirms_ms));
                }
                None
            }
            Kind::Common if self.is_met => self.common(frame, now_ms),
            Kind::Common | Kind::Confirm | Kind::Other(_) => None,
        }
    }

    fn common(&mut self, frame: Frame, now_ms: u64) -> Option<Vec<u8>> {
        let is_told = self.pending.as_ref().is_some_and(|pending| pending.id == frame.ack);
        if is_told {
            self.pending = None;
            self.next(now_ms);
        }
        if frame.id == 0 {
            return None;
        }
        self.acks += 1;
        if !nth(self.acks, self.cable.lose_ack) {
            self.write(&Frame::ack(frame.id));
        }
        let is_new = frame.id != self.last_came;
        self.last_came = frame.id;
        (is_new && !frame.data.is_empty()).then_some(frame.data)
    }

    /// The time has come to [`End::until`].
    pub fn tick(&mut self, now_ms: u64) {
        if self.confirms_ms.is_some_and(|at| now_ms >= at) {
            (self.confirms_ms, self.is_met) = (None, true);
            self.write(&Frame::CONFIRM);
            self.beat_ms = now_ms;
        }
        if self.is_met && now_ms >= self.beat_ms {
            self.beat_ms = now_ms + self.cable.beat_ms;
            self.write(&Frame::HEARTBEAT);
        }
        if self.pending.as_ref().is_some_and(|pending| now_ms >= pending.next_ms) {
            self.again(now_ms);
        }
        self.next(now_ms);
    }

    fn again(&mut self, now_ms: u64) {
        let (tries, again_ms) = (self.cable.tries, self.cable.again_ms);
        let is_silent = self.is_silent(now_ms);
        let Some(mut pending) = self.pending.take() else { return };
        pending.next_ms = now_ms + again_ms;
        if is_silent {
            self.pending = Some(pending);
            return;
        }
        if tries > 0 && pending.tries >= tries {
            // Nobody takes it: the terminal waits for a handshake.
            self.starts_anew();
            return;
        }
        pending.tries += 1;
        self.send(pending.id, &pending.told);
        self.pending = Some(pending);
    }

    /// Begins with the next message where none is on its way.
    fn next(&mut self, now_ms: u64) {
        if !self.is_met || self.pending.is_some() || self.is_silent(now_ms) {
            return;
        }
        let Some(told) = self.queue.pop_front() else { return };
        self.last_sent = after(self.last_sent);
        self.send(self.last_sent, &told);
        let next_ms = now_ms + self.cable.again_ms;
        self.pending = Some(Pending { id: self.last_sent, told, tries: 1, next_ms });
    }

    fn is_silent(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.heard_ms) >= SILENT_MS
    }

    /// A data frame goes out, through whatever the cable does to it.
    fn send(&mut self, id: u8, told: &Spoken) {
        let (data, in_pieces) = match told {
            Spoken::Text(text) => (text.as_bytes().to_vec(), false),
            Spoken::Binary(bytes) => (bytes.clone(), false),
            Spoken::Pieces(pieces) => (pieces.concat().into_bytes(), true),
            Spoken::HangUp => return,
        };
        let data = data.get(..MOST).unwrap_or(&data);
        let Ok(mut bytes) = Frame::data(id, data).encode(MOST) else { return };
        self.frames += 1;
        let (cable, frames) = (self.cable.clone(), self.frames);
        if nth(frames, cable.lose_data) {
            return;
        }
        if nth(frames, cable.noise) {
            self.out.push(Piece::Bytes(NOISE.to_vec()));
        }
        let sum = bytes.len().saturating_sub(3);
        if nth(frames, cable.wrong_sum)
            && let Some(sum) = bytes.get_mut(sum)
        {
            *sum ^= 0x40;
        }
        if in_pieces || nth(frames, cable.pieces) {
            let (one, two) = bytes.split_at(bytes.len() / 3);
            self.out.extend([Piece::Bytes(one.to_vec()), Piece::Pause(40), Piece::Bytes(two.to_vec())]);
        } else {
            self.out.push(Piece::Bytes(bytes.clone()));
        }
        if nth(frames, cable.double_data) {
            self.out.push(Piece::Bytes(bytes));
        }
    }

    fn write(&mut self, frame: &Frame) {
        self.out.extend(frame.encode(MOST).ok().map(Piece::Bytes));
    }
}

/// Whether it is one of those: the last of every `every`.
fn nth(count: u64, every: u64) -> bool {
    every > 0 && count.is_multiple_of(every)
}
