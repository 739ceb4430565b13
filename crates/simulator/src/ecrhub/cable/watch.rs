//! Somebody who watches a cable: which messages went over it, each told once however often its frame goes.

use wire::ecrhub::usb::{Decoder, Kind, Took};

use crate::ecrhub::money_request;

/// What was seen of one direction.
#[derive(Debug, Default)]
pub struct Watch {
    decoder: Decoder,
    last: u8,
}

/// What some bytes bring.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Messages that were not seen before.
    pub messages: usize,
    /// What money depends on among them: the category, and the order.
    pub money: Vec<(&'static str, String)>,
}

impl Watch {
    /// Looks at bytes that go over the cable. A frame of the number of the one before it is that one again;
    /// numbers begin anew with a handshake.
    pub fn saw(&mut self, bytes: &[u8]) -> Seen {
        let mut seen = Seen::default();
        for took in self.decoder.take(bytes, 0) {
            let Took::Frame(frame) = took else { continue };
            match frame.kind {
                Kind::Handshake => self.last = 0,
                Kind::Common if frame.id != 0 && frame.id != self.last => {
                    self.last = frame.id;
                    seen.messages += 1;
                    seen.money.extend(money_request(&frame.data));
                }
                Kind::Common | Kind::Confirm | Kind::Other(_) => {}
            }
        }
        seen
    }
}
