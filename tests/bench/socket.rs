//! The stand-in behind a socket of its own: a plain thread that notes when the first byte of a payment was
//! handed over. The kernel stamps it then; when this thread gets to run is not the sender's.

use crate::stand_in::StandIn;
use anyhow::{Context, Result, bail};
use nix::cmsg_space;
use nix::sys::socket::sockopt::ReceiveTimestampns;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt};
use nix::sys::time::TimeSpec;
use std::io::{IoSliceMut, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, SystemTime};
use tokio::sync::mpsc;

/// The protocol's one path.
pub const PATH: &str = "/EPASSaleToPOI/3.1";
const QUEUE: usize = 16;

/// A terminal that listens.
pub struct Socket {
    /// Where.
    pub address: SocketAddr,
    /// When the first byte of each payment request was handed to the socket.
    pub seen: mpsc::Receiver<SystemTime>,
    /// One token lets one held payment be answered.
    release: SyncSender<()>,
}

impl Socket {
    /// Listens on loopback. `holds`: a payment is answered only when it is released.
    pub fn start(terminal: StandIn, holds: bool) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        // Its connections inherit this; set on one of them it would come after the first byte.
        setsockopt(&listener, ReceiveTimestampns, &true)?;
        let (tell, seen) = mpsc::channel(QUEUE);
        let (release, released) = sync_channel(QUEUE);
        let line = Line { terminal, tell, released: holds.then_some(released) };
        std::thread::Builder::new().name("terminal".to_owned()).spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Err(error) = line.serve(stream) {
                    eprintln!("the terminal: {error:#}");
                }
            }
        })?;
        Ok(Self { address, seen, release })
    }

    /// Lets the held payment be answered.
    pub fn release(&self) -> Result<()> {
        self.release.send(()).context("the terminal is gone")
    }
}

struct Line {
    terminal: StandIn,
    tell: mpsc::Sender<SystemTime>,
    released: Option<Receiver<()>>,
}

impl Line {
    /// One connection, one request, one answer.
    fn serve(&self, mut stream: TcpStream) -> Result<()> {
        let mut bytes = vec![0; 1 << 16];
        let (mut length, first) = stamped(&stream, &mut bytes)?;
        let body = loop {
            if let Some(body) = body_of(bytes.get(..length).unwrap_or_default())? {
                break body;
            }
            match stream.read(bytes.get_mut(length..).unwrap_or_default())? {
                0 => bail!("the request ended early"),
                read => length += read,
            }
        };
        if body.windows(16).any(|part| part == b"<PaymentRequest>") {
            self.tell.blocking_send(first).context("nobody waits for the first byte")?;
            if let Some(released) = &self.released {
                released.recv()?;
            }
        }
        let answer = self.terminal.answer(body)?;
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            answer.len()
        );
        stream.write_all(&[head.as_bytes(), &answer].concat())?;
        Ok(())
    }
}

/// Reads for the first time; tells when the kernel took these bytes from their sender.
fn stamped(stream: &TcpStream, bytes: &mut [u8]) -> Result<(usize, SystemTime)> {
    let (mut parts, mut space) = ([IoSliceMut::new(bytes)], cmsg_space!(TimeSpec));
    let read = recvmsg::<()>(stream.as_raw_fd(), &mut parts, Some(&mut space), MsgFlags::empty())?;
    let stamp = read.cmsgs()?.find_map(|message| match message {
        ControlMessageOwned::ScmTimestampns(at) => Some(Duration::from(at)),
        _ => None,
    });
    let at = stamp.context("the kernel stamped nothing")?;
    Ok((read.bytes, SystemTime::UNIX_EPOCH + at))
}

/// The body, once all of it is there.
fn body_of(bytes: &[u8]) -> Result<Option<&[u8]>> {
    let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default())?.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.context("no length")?.trim().parse()?;
    Ok(bytes.get(end + 4..end + 4 + length))
}

/// A POST to `address`.
pub fn post(address: SocketAddr, body: &str) -> Vec<u8> {
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/xml; charset=utf-8\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
