//! Frames: `55 AA`, type, ACK, ID, length, data, checksum, `CC 33` (dossier sections 4.2 to 4.5).

/// Most bytes of data that a terminal takes: its frames end at 1024 bytes.
pub const LONGEST_DATA: usize = 1_014;
/// Most bytes of data that are waited for; a header that tells more is none.
pub const SANE_DATA: usize = 16_384;
/// Milliseconds of silence that end a frame which is not complete.
pub const GAP_MS: u64 = 500;
/// Milliseconds that a whole frame may take, the longest one with pauses. A damaged header that tells a long
/// frame would otherwise swallow heartbeats and answers for minutes where the line is never silent.
pub const WHOLE_MS: u64 = 3_000;

const STX: [u8; 2] = [0x55, 0xAA];
const ETX: [u8; 2] = [0xCC, 0x33];
/// Everything before the data.
const HEADER: usize = 7;
/// Everything after it.
const TRAILER: usize = 3;

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Data, acknowledgement, heartbeat.
    Common,
    /// The till begins.
    Handshake,
    /// The terminal has begun anew, too.
    Confirm,
    /// None of them.
    Other(u8),
}

impl Kind {
    fn of(byte: u8) -> Self {
        match byte {
            0 => Self::Common,
            1 => Self::Handshake,
            2 => Self::Confirm,
            other => Self::Other(other),
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Common => 0,
            Self::Handshake => 1,
            Self::Confirm => 2,
            Self::Other(byte) => byte,
        }
    }
}

/// One frame, either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is for.
    pub kind: Kind,
    /// The data frame that is acknowledged; 0: none.
    pub ack: u8,
    /// Number of this data frame; 0: it has no data.
    pub id: u8,
    /// UTF-8 JSON, or nothing.
    pub data: Vec<u8>,
}

/// A message does not fit into a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request is too long for the cable ({bytes} bytes, at most {LONGEST_DATA})")]
pub struct TooLong {
    /// Bytes of its data.
    pub bytes: usize,
}

impl Frame {
    /// The till begins.
    pub const HANDSHAKE: Self = Self::empty(Kind::Handshake, 0);
    /// The terminal has begun anew.
    pub const CONFIRM: Self = Self::empty(Kind::Confirm, 0);
    /// A sign of life.
    pub const HEARTBEAT: Self = Self::empty(Kind::Common, 0);

    /// A frame without data.
    pub const fn empty(kind: Kind, ack: u8) -> Self {
        Self { kind, ack, id: 0, data: Vec::new() }
    }

    /// The data frame of this number has come.
    pub const fn ack(id: u8) -> Self {
        Self::empty(Kind::Common, id)
    }

    /// A message.
    pub fn data(id: u8, data: &[u8]) -> Self {
        Self { kind: Kind::Common, ack: 0, id, data: data.to_vec() }
    }

    /// As it goes onto the line, by one write: some terminals lose what comes in two.
    ///
    /// # Errors
    /// More data than `most` bytes; a terminal takes [`LONGEST_DATA`].
    pub fn encode(&self, most: usize) -> Result<Vec<u8>, TooLong> {
        let bytes = self.data.len();
        let too_long = |_| TooLong { bytes };
        let length = u16::try_from(bytes).map_err(too_long)?.to_be_bytes();
        if bytes > most {
            return Err(TooLong { bytes });
        }
        let body = [&[self.kind.byte(), self.ack, self.id], length.as_slice(), &self.data].concat();
        let sum = checksum(&body);
        Ok([STX.as_slice(), &body, &[sum], &ETX].concat())
    }
}

/// XOR of all bytes from the type to the last one of the data.
pub fn checksum(body: &[u8]) -> u8 {
    body.iter().fold(0, |sum, byte| sum ^ byte)
}

/// One find among the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Took {
    /// A frame whose checksum and end fit.
    Frame(Frame),
    /// A beginning that nothing whole came of.
    Damaged,
}

/// Finds frames among bytes as they come. Its memory is bounded by one frame of [`SANE_DATA`].
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    held: Vec<u8>,
    began_ms: u64,
    last_ms: u64,
}

/// What the beginning of the held bytes is.
enum Begins {
    /// A frame of so many bytes.
    Whole(Frame, usize),
    /// It may become one.
    Partly,
    /// It is none.
    Never,
}

impl Decoder {
    /// Takes bytes that came at this time.
    pub fn take(&mut self, bytes: &[u8], now_ms: u64) -> Vec<Took> {
        let mut took = self.tick(now_ms);
        self.last_ms = now_ms;
        for byte in bytes {
            if self.held.is_empty() {
                self.began_ms = now_ms;
            }
            self.held.push(*byte);
            took.extend(self.look(now_ms));
        }
        took
    }

    /// What the time until now has made of a frame that is not complete: its beginning was none, and what
    /// came after it is looked through.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Took> {
        let mut took = Vec::new();
        while self.until().is_some_and(|until| now_ms >= until) {
            if self.held.starts_with(&STX) {
                took.push(Took::Damaged);
            }
            self.skip(1);
            took.extend(self.look(now_ms));
            if now_ms.saturating_sub(self.last_ms) <= GAP_MS {
                // It was too slow, not cut off: what follows it has a time of its own.
                self.began_ms = now_ms;
            }
        }
        took
    }

    /// When [`Decoder::tick`] would end what is held.
    pub fn until(&self) -> Option<u64> {
        let silence = self.last_ms.saturating_add(GAP_MS);
        let whole = self.began_ms.saturating_add(WHOLE_MS);
        (!self.held.is_empty()).then_some(silence.min(whole).saturating_add(1))
    }

    /// Finds what is whole in what is held.
    fn look(&mut self, now_ms: u64) -> Vec<Took> {
        let mut took = Vec::new();
        while !self.held.is_empty() {
            match self.begins() {
                Begins::Whole(frame, length) => {
                    took.push(Took::Frame(frame));
                    self.held.drain(..length);
                    self.began_ms = now_ms;
                }
                Begins::Partly => break,
                Begins::Never => {
                    if self.held.starts_with(&STX) {
                        took.push(Took::Damaged);
                    }
                    self.skip(1);
                    self.began_ms = now_ms;
                }
            }
        }
        took
    }

    /// Drops so many bytes, and all up to the next beginning.
    fn skip(&mut self, least: usize) {
        let next = self.held.iter().skip(least).position(|byte| *byte == STX[0]);
        let end = next.map_or(self.held.len(), |next| next + least);
        self.held.drain(..end);
    }

    fn begins(&self) -> Begins {
        let held = &self.held;
        if !held.starts_with(&STX) {
            return if held.as_slice() == [STX[0]] { Begins::Partly } else { Begins::Never };
        }
        let Some((&[_, _, kind, ack, id, high, low], rest)) = held.split_first_chunk::<HEADER>() else {
            return Begins::Partly;
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length > SANE_DATA {
            return Begins::Never;
        }
        let Some((data, trailer)) = rest.split_at_checked(length) else { return Begins::Partly };
        let Some((&[sum, end @ ..], _)) = trailer.split_first_chunk::<TRAILER>() else {
            return Begins::Partly;
        };
        let body = held.get(STX.len()..HEADER + length).unwrap_or_default();
        if end != ETX || sum != checksum(body) {
            return Begins::Never;
        }
        let frame = Frame { kind: Kind::of(kind), ack, id, data: data.to_vec() };
        Begins::Whole(frame, HEADER + length + TRAILER)
    }
}
