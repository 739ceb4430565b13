//! A printer on the network: connect, ask for paper, send, ask once more.
//!
//! Many printers never answer the question for paper, and some print servers cannot; silence is no fault.
//! Invariant: a printer that says it has no paper gets no byte of the slip.

use std::io::{Error, ErrorKind};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Fault, Printed};
use crate::escpos::ASK_PAPER;
use crate::limits::Limits;

/// Bits that every answer to a real-time question has, and their values.
const ANSWER: (u8, u8) = (0b1001_0011, 0b0001_0010);
/// The sensor at the end of the roll sees none.
const ENDED: u8 = 0b0110_0000;
/// The sensor near the end of the roll sees none.
const ENDS_SOON: u8 = 0b0000_1100;
/// An unasked-for message of a printer (four bytes each) may come before the answer.
const BYTES_BEFORE_ANSWER: usize = 16;
const SILENT: &str = "it takes no more and says nothing";

/// Name or number of a machine, and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// What a printer says about its paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paper {
    Enough,
    Low,
    Out,
    /// It does not say.
    Silent,
    /// It has closed its side.
    Closed,
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
        let before = self.paper(&mut stream, limits.status).await?;
        if before == Paper::Out {
            return Err(Fault::PaperOut);
        }
        match timeout(limits.write, stream.write_all(bytes)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(self.stopped(&error)),
            Err(_) => return Err(self.stopped(&SILENT)),
        }
        // A printer that was silent before will not be asked to speak; its side is only watched for an end.
        let after = match before {
            Paper::Silent | Paper::Closed => self.goodbye(&mut stream, limits.status).await?,
            Paper::Enough | Paper::Low | Paper::Out => self.paper(&mut stream, limits.done).await?,
        };
        match after {
            Paper::Out => Err(Fault::PaperOut),
            Paper::Closed if before != Paper::Closed && before != Paper::Silent => {
                Err(self.stopped(&"it hung up before it was done"))
            }
            Paper::Enough | Paper::Low | Paper::Silent | Paper::Closed => {
                Ok(Printed { paper_low: before == Paper::Low || after == Paper::Low })
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
    async fn paper(&self, stream: &mut TcpStream, limit: Duration) -> Result<Paper, Fault> {
        let asked = async {
            stream.write_all(&ASK_PAPER).await?;
            answer(stream).await
        };
        timeout(limit, asked).await.unwrap_or(Ok(Paper::Silent)).map_err(|error| self.stopped(&error))
    }

    /// Says that nothing follows and listens for a connection that is torn down instead of closed.
    async fn goodbye(&self, stream: &mut TcpStream, limit: Duration) -> Result<Paper, Fault> {
        let closed = async {
            stream.shutdown().await?;
            answer(stream).await
        };
        match timeout(limit, closed).await {
            Ok(Err(error)) if is_torn(&error) => Err(self.stopped(&error)),
            Ok(Ok(paper)) => Ok(paper),
            Ok(Err(_)) | Err(_) => Ok(Paper::Silent),
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
async fn answer(stream: &mut TcpStream) -> Result<Paper, Error> {
    for _ in 0..BYTES_BEFORE_ANSWER {
        let mut byte = [0_u8];
        if stream.read(&mut byte).await? == 0 {
            return Ok(Paper::Closed);
        }
        let [byte] = byte;
        if byte & ANSWER.0 == ANSWER.1 {
            return Ok(meaning(byte));
        }
    }
    Ok(Paper::Silent)
}

const fn meaning(byte: u8) -> Paper {
    if byte & ENDED != 0 {
        Paper::Out
    } else if byte & ENDS_SOON != 0 {
        Paper::Low
    } else {
        Paper::Enough
    }
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

    #[test]
    fn paper_is_read_from_the_sensors() {
        assert_eq!(meaning(0x12), Paper::Enough);
        assert_eq!(meaning(0x1e), Paper::Low);
        assert_eq!(meaning(0x7e), Paper::Out);
        assert_eq!(meaning(0x72), Paper::Out);
    }
}
