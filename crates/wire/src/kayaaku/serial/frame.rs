//! Frames: `02h`, message, checksum, `03h` (dossier section 7.1).

/// Most bytes between the two marks that are collected.
pub const LONGEST: usize = 512;
/// Milliseconds of silence that end a frame which is not complete.
pub const GAP_MS: u64 = 500;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;

/// XOR of all bytes, as two upper-case hexadecimal digits.
pub fn checksum(message: &[u8]) -> [u8; 2] {
    let sum = message.iter().fold(0u8, |sum, byte| sum ^ byte);
    let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'A' + (nibble - 10) };
    [digit(sum >> 4), digit(sum & 15)]
}

/// A message as a frame.
pub fn framed(message: &str) -> Vec<u8> {
    let message = message.as_bytes();
    [&[STX], message, &checksum(message), &[ETX]].concat()
}

/// What was collected and is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// The checksum is another one.
    Checksum,
    /// Longer than a frame may be, or too short to have a checksum.
    Length,
    /// Silence in the middle, or another beginning before the end.
    CutOff,
    /// A byte that no field may have.
    Byte,
}

/// One find among the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The text of a frame whose checksum fits.
    Frame(String),
    /// Something that is no frame.
    Bad(Bad),
    /// The other side has a frame of ours (`06h`).
    Ack,
    /// The other side could not read one (`15h`).
    Nak,
}

/// Collects frames out of bytes as they come.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    held: Option<Vec<u8>>,
    last_ms: u64,
}

impl Collector {
    /// Takes bytes that came at this time.
    pub fn take(&mut self, bytes: &[u8], now_ms: u64) -> Vec<Found> {
        let mut found = Vec::new();
        found.extend(self.silence(now_ms));
        self.last_ms = now_ms;
        for byte in bytes {
            found.extend(self.byte(*byte));
        }
        found
    }

    /// What the silence until now has made of a frame that is not complete.
    pub fn silence(&mut self, now_ms: u64) -> Option<Found> {
        let is_over = self.held.is_some() && now_ms.saturating_sub(self.last_ms) > GAP_MS;
        is_over.then(|| {
            self.held = None;
            Found::Bad(Bad::CutOff)
        })
    }

    /// When [`Collector::silence`] would end what is held.
    pub fn until(&self) -> Option<u64> {
        self.held.as_ref().map(|_| self.last_ms.saturating_add(GAP_MS).saturating_add(1))
    }

    fn byte(&mut self, byte: u8) -> Option<Found> {
        if byte == STX {
            let was_open = self.held.replace(Vec::new()).is_some();
            return was_open.then_some(Found::Bad(Bad::CutOff));
        }
        let Some(held) = &mut self.held else {
            return match byte {
                ACK => Some(Found::Ack),
                NAK => Some(Found::Nak),
                // Noise between frames means nothing.
                _ => None,
            };
        };
        if byte == ETX {
            let message = std::mem::take(held);
            self.held = None;
            return Some(read(message));
        }
        if held.len() == LONGEST {
            self.held = None;
            return Some(Found::Bad(Bad::Length));
        }
        held.push(byte);
        None
    }
}

fn read(mut bytes: Vec<u8>) -> Found {
    let Some(end) = bytes.len().checked_sub(2).filter(|end| *end >= 4) else {
        return Found::Bad(Bad::Length);
    };
    let told = bytes.split_off(end);
    if told != checksum(&bytes) {
        return Found::Bad(Bad::Checksum);
    }
    if !bytes.iter().all(|byte| (0x20..=0x7e).contains(byte)) {
        return Found::Bad(Bad::Byte);
    }
    String::from_utf8(bytes).map_or(Found::Bad(Bad::Byte), Found::Frame)
}
