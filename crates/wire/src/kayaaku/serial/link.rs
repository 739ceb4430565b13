//! The link: one request at a time, resends, results that come by themselves (dossier section 7.2, A-11).
//!
//! A pure state machine: bytes and the time come in, bytes and happenings go out. Time is milliseconds of
//! any clock that only goes forward. Invariant: a reply is for the request that waits, by its type and by
//! the payment that it names; a result is told once and answered as often as it comes.

use super::frame::{Bad, Collector, Found, framed};
use super::message::{EncodeError, Message, PaymentResult};
use crate::kayaaku::Code;
use std::collections::VecDeque;

/// A frame goes out at most so often.
const SENDS: u8 = 3;
/// An ACK comes within this, where they are in use.
const ACK_MS: u64 = 1_000;
/// Results that are remembered as told.
const REMEMBERED: usize = 64;

/// How the line is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkOptions {
    /// Every frame is answered by ACK or NAK.
    pub acknak: bool,
}

/// What the link has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// These bytes go onto the line.
    Write(Vec<u8>),
    /// The answer to the request that waited, which went out so often.
    Reply {
        /// The answer.
        message: Message,
        /// How often the request was sent.
        sends: u8,
    },
    /// A payment has ended; told for the first time.
    Result(PaymentResult),
    /// Bytes that were no frame, or a frame that was no message for us; nothing comes of it.
    Dropped(Bad),
    /// A message that nobody waits for, by its type.
    Unasked(&'static str),
    /// Nothing came after the last send: whether the request arrived, nobody knows.
    Lost,
}

/// A request on its way.
#[derive(Clone, Debug)]
struct Waiting {
    frame: Vec<u8>,
    reply: &'static str,
    mrn: Option<String>,
    within_ms: u64,
    sends: u8,
    until_ms: u64,
    is_acked: bool,
}

/// One end of the line: the till's.
#[derive(Clone, Debug, Default)]
pub struct Link {
    options: LinkOptions,
    collector: Collector,
    waiting: Option<Waiting>,
    told: VecDeque<(String, String, String)>,
}

impl Link {
    /// A line that nothing has come over yet.
    pub fn new(options: LinkOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// Whether a request waits for its answer.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// Sends a request; one that still waits is given up for it.
    ///
    /// # Errors
    /// It has no answer of its own, or a value that does not fit.
    pub fn send(&mut self, message: &Message, now_ms: u64) -> Result<Vec<Happened>, EncodeError> {
        let (reply, within_ms) = answer_to(message).ok_or(EncodeError("mti"))?;
        let frame = framed(&message.encode()?);
        let first = if self.options.acknak { ACK_MS } else { within_ms };
        self.waiting = Some(Waiting {
            frame: frame.clone(),
            reply,
            mrn: message.mrn().map(str::to_owned),
            within_ms,
            sends: 1,
            until_ms: now_ms.saturating_add(first),
            is_acked: !self.options.acknak,
        });
        Ok(vec![Happened::Write(frame)])
    }

    /// Bytes have come.
    pub fn take(&mut self, bytes: &[u8], now_ms: u64) -> Vec<Happened> {
        let found = self.collector.take(bytes, now_ms);
        found.into_iter().flat_map(|found| self.found(found, now_ms)).collect()
    }

    /// The time has come to [`Link::until`].
    pub fn tick(&mut self, now_ms: u64) -> Vec<Happened> {
        let mut happened = Vec::new();
        if let Some(found) = self.collector.silence(now_ms) {
            happened.extend(self.found(found, now_ms));
        }
        let is_over = self.waiting.as_ref().is_some_and(|waiting| now_ms >= waiting.until_ms);
        if is_over {
            happened.push(self.again(now_ms));
        }
        happened
    }

    /// When something is to be done if nothing comes.
    pub fn until(&self) -> Option<u64> {
        let request = self.waiting.as_ref().map(|waiting| waiting.until_ms);
        [request, self.collector.until()].into_iter().flatten().min()
    }

    /// The device is gone: what waited is lost, what was told stays told.
    pub fn unplugged(&mut self) -> Vec<Happened> {
        self.collector = Collector::default();
        self.waiting.take().map(|_| Happened::Lost).into_iter().collect()
    }

    /// Nobody waits for the answer any more.
    pub fn give_up(&mut self) {
        self.waiting = None;
    }

    fn found(&mut self, found: Found, now_ms: u64) -> Vec<Happened> {
        match found {
            Found::Frame(text) => match Message::decode(&text) {
                Ok(message) => self.message(message),
                Err(_) => self.bad(Bad::Length),
            },
            Found::Bad(bad) => self.bad(bad),
            Found::Ack => {
                if let Some(waiting) = self.waiting.as_mut().filter(|waiting| !waiting.is_acked) {
                    waiting.is_acked = true;
                    waiting.until_ms = now_ms.saturating_add(waiting.within_ms);
                }
                Vec::new()
            }
            // After an acknowledgement it is noise: the other side has the frame.
            Found::Nak if self.waiting.as_ref().is_some_and(|waiting| !waiting.is_acked) => {
                vec![self.again(now_ms)]
            }
            Found::Nak => Vec::new(),
        }
    }

    fn bad(&self, bad: Bad) -> Vec<Happened> {
        let nak = self.options.acknak.then(|| Happened::Write(vec![0x15]));
        nak.into_iter().chain([Happened::Dropped(bad)]).collect()
    }

    fn message(&mut self, message: Message) -> Vec<Happened> {
        let mut happened: Vec<_> =
            self.options.acknak.then(|| Happened::Write(vec![0x06])).into_iter().collect();
        if let Message::Result(result) = message {
            let heard = Message::Heard { result: Code::of("00000") };
            happened.extend(heard.encode().ok().map(|text| Happened::Write(framed(&text))));
            happened.extend(self.first_time(&result).then_some(Happened::Result(result)));
            return happened;
        }
        let is_answer = self.waiting.as_ref().is_some_and(|waiting| {
            waiting.reply == message.mti()
                && (message.mrn().is_none() || waiting.mrn.as_deref() == message.mrn())
        });
        match self.waiting.take_if(|_| is_answer) {
            Some(waiting) => happened.push(Happened::Reply { message, sends: waiting.sends }),
            None => happened.push(Happened::Unasked(message.mti())),
        }
        happened
    }

    fn first_time(&mut self, result: &PaymentResult) -> bool {
        let key = (result.mrn.clone(), result.approval.clone(), result.result.five());
        if self.told.contains(&key) {
            return false;
        }
        if self.told.len() == REMEMBERED {
            self.told.pop_front();
        }
        self.told.push_back(key);
        true
    }

    /// The same frame once more, or the end of trying.
    fn again(&mut self, now_ms: u64) -> Happened {
        let Some(waiting) = self.waiting.as_mut().filter(|waiting| waiting.sends < SENDS) else {
            self.waiting = None;
            return Happened::Lost;
        };
        waiting.sends += 1;
        waiting.is_acked = !self.options.acknak;
        let within = if self.options.acknak { ACK_MS } else { waiting.within_ms };
        waiting.until_ms = now_ms.saturating_add(within);
        Happened::Write(waiting.frame.clone())
    }
}

/// What answers a request, and within how many milliseconds.
fn answer_to(message: &Message) -> Option<(&'static str, u64)> {
    match message {
        Message::LinkTest => Some(("0002", 3_000)),
        Message::Start(_) => Some(("0012", 3_000)),
        Message::Enquiry { .. } => Some(("0014", 10_000)),
        Message::Void { .. } => Some(("0016", 10_000)),
        Message::Abort { .. } => Some(("0018", 3_000)),
        Message::Settle { .. } => Some(("0020", 60_000)),
        Message::Refund { .. } => Some(("0022", 10_000)),
        Message::LinkTested { .. }
        | Message::Started { .. }
        | Message::Answer(_)
        | Message::Voided { .. }
        | Message::Aborted { .. }
        | Message::Settled(_)
        | Message::Refunded { .. }
        | Message::Result(_)
        | Message::Heard { .. } => None,
    }
}
