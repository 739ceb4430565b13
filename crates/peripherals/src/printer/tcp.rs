//! A printer on the network: connect, ask for paper and cover, send, ask for paper once more.
//!
//! Many printers never answer the question for paper, and some print servers cannot; silence is no fault.
//! Invariant: a printer that says it has no paper, or that its cover is open, gets no byte of the slip.

use std::io::{Error, ErrorKind};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::paper::{Paper, is_answer, is_cover_open};
use super::{Fault, Printed};
use crate::escpos::{ASK_OFFLINE, ASK_PAPER};
use crate::limits::Limits;

/// An unasked-for message of a printer (four bytes each) may come before the answer.
const BYTES_BEFORE_ANSWER: usize = 16;
const SILENT: &str = "it takes no more and says nothing";

/// Name or number of a machine, and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    /// The byte of an answer, or silence.
    Said(Option<u8>),
    /// It has closed its side.
    Closed,
}

impl Heard {
    const fn paper(self) -> Paper {
        match self {
            Self::Said(answer) => Paper::of(answer),
            Self::Closed => Paper::Silent,
        }
    }
}

impl Address {
    /// Reads `HOST:PORT`.
    pub(super) fn of(target: &str) -> Result<Self, Fault> {
        let port = target.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port);
        match port.and_then(|port| port.parse::<u16>().ok()) {
            Some(1..) => Ok(Self(target.to_owned())),
            Some(0) | None => Err(Fault::Setting {
                field: "target",
                needed: "an address with a port, for example 192.0.2.7:9100",
            }),
        }
    }

    pub(super) async fn print(&self, bytes: &[u8], limits: &Limits) -> Result<Printed, Fault> {
        let mut stream = self.connect(limits.connect).await?;
        let before = self.ask(&mut stream, ASK_PAPER, limits.status).await?;
        let spoke = matches!(before, Heard::Said(Some(_)));
        // With the cover open the paper may seem to be out: the cover is what somebody must see to first.
        let cover = match spoke {
            true => self.ask(&mut stream, ASK_OFFLINE, limits.status).await?,
            false => Heard::Said(None),
        };
        if matches!(cover, Heard::Said(Some(answer)) if is_cover_open(answer)) {
            return Err(Fault::CoverOpen);
        }
        let before = before.paper();
        if before == Paper::Out {
            return Err(Fault::PaperOut);
        }
        match timeout(limits.write, stream.write_all(bytes)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(self.stopped(&error)),
            Err(_) => return Err(self.stopped(&SILENT)),
        }
        // A printer that was silent before will not be asked to speak; its side is only watched for an end. A
        // late answer about the cover may be taken for one about paper: then somebody looks once for nothing.
        let after = match spoke {
            false => self.goodbye(&mut stream, limits.status).await?,
            true => self.ask(&mut stream, ASK_PAPER, limits.done).await?,
        };
        if spoke && after == Heard::Closed {
            return Err(self.stopped(&"it hung up before it was done"));
        }
        let after = after.paper();
        match after {
            Paper::Out => Err(Fault::PaperOut),
            Paper::Enough | Paper::Low | Paper::Silent => {
                Ok(Printed { paper_low: [before, after].contains(&Paper::Low) })
            }
        }
    }

    async fn connect(&self, limit: Duration) -> Result<TcpStream, Fault> {
        let away = |detail: String| Fault::Away { target: self.0.clone(), detail };
        match timeout(limit, TcpStream::connect(&self.0)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
                Err(Fault::Refused { target: self.0.clone() })
            }
            Ok(Err(error)) => Err(away(error.to_string())),
            Err(_) => Err(away("no answer".to_owned())),
        }
    }

    /// Asks, and waits for the answer within the limit.
    async fn ask(
        &self,
        stream: &mut TcpStream,
        question: [u8; 3],
        limit: Duration,
    ) -> Result<Heard, Fault> {
        let asked = async {
            stream.write_all(&question).await?;
            answer(stream).await
        };
        timeout(limit, asked).await.unwrap_or(Ok(Heard::Said(None))).map_err(|error| self.stopped(&error))
    }

    /// Says that nothing follows and listens for a connection that is torn down instead of closed.
    async fn goodbye(&self, stream: &mut TcpStream, limit: Duration) -> Result<Heard, Fault> {
        let closed = async {
            stream.shutdown().await?;
            answer(stream).await
        };
        match timeout(limit, closed).await {
            Ok(Err(error)) if is_torn(&error) => Err(self.stopped(&error)),
            Ok(Ok(heard)) => Ok(heard),
            Ok(Err(_)) | Err(_) => Ok(Heard::Said(None)),
        }
    }

    fn stopped(&self, detail: &impl ToString) -> Fault {
        Fault::Stopped { target: self.0.clone(), detail: detail.to_string() }
    }
}

fn is_torn(error: &Error) -> bool {
    [ErrorKind::ConnectionReset, ErrorKind::ConnectionAborted, ErrorKind::BrokenPipe]
        .contains(&error.kind())
}

/// The first byte that is an answer.
async fn answer(stream: &mut TcpStream) -> Result<Heard, Error> {
    for _ in 0..BYTES_BEFORE_ANSWER {
        let mut byte = [0_u8];
        if stream.read(&mut byte).await? == 0 {
            return Ok(Heard::Closed);
        }
        let [byte] = byte;
        if is_answer(byte) {
            return Ok(Heard::Said(Some(byte)));
        }
    }
    Ok(Heard::Said(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        for good in ["192.0.2.7:9100", "printer.shop:9100", "[::1]:9100"] {
            assert!(Address::of(good).is_ok(), "{good}");
        }
        for bad in ["", "192.0.2.7", ":9100", "printer:", "printer:0", "printer:70000"] {
            assert!(Address::of(bad).is_err(), "{bad}");
        }
    }
}
