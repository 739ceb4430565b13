//! The narrow seam to HTTP: one request, one reply, or a fault that says whether the request can have left.
//!
//! Every driver that speaks HTTP goes through [`Http`], so that tests put a simulated terminal in its place.
//! Invariant: [`HttpFault::NotSent`] is proof that not one byte of the request left this machine. Whatever
//! cannot be proven is [`HttpFault::MaybeSent`] (DESIGN section 4, nexo dossier 10.3).

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

mod cause;
mod exchange;
mod gateway;
mod line;
mod lost;
mod network;
mod socket;
mod web;

pub use cause::Cause;
pub use gateway::Gateway;
pub(crate) use lost::{lost, milliseconds};
pub use network::Network;
pub use socket::{FarEnd, Post, Socket};

/// One exchange over HTTP.
#[async_trait]
pub trait Http: Send + Sync + fmt::Debug {
    /// Sends `request` once, on a connection that nothing else uses, and reads the whole reply. Never repeats
    /// it and never follows a redirect; every status is a reply. Dropping the future closes the connection,
    /// after which the request counts as maybe sent.
    ///
    /// # Errors
    /// A [`HttpFault`], which tells whether the request can have reached the other side.
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFault>;

    /// Opens a WebSocket to this URL, `ws://address:port/path`, within so many milliseconds. Sends no
    /// message.
    ///
    /// # Errors
    /// There is none: no message can have left.
    async fn socket(&self, url: &str, connect_ms: u64) -> Result<Socket, HttpFault> {
        let _nobody_there = (url, connect_ms);
        Err(HttpFault::NotSent { cause: Cause::Refused })
    }

    /// A request to this URL is about to follow: whoever can begins to connect. Nothing is sent, and nothing
    /// depends on it.
    fn get_ready(&self, url: &str) -> Ahead {
        let _nothing_to_do = url;
        Ahead::default()
    }
}

/// Holds a connection that waits for its request, where there is one. Dropped before the request came, it is
/// closed.
#[derive(Clone, Default)]
pub struct Ahead {
    held: Option<Arc<dyn Any + Send + Sync>>,
}

impl Ahead {
    fn of(held: Arc<dyn Any + Send + Sync>) -> Ahead {
        Ahead { held: Some(held) }
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").field("held", &self.held.is_some()).finish()
    }
}

/// The methods that terminals and gateways use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Carries a body.
    Post,
    /// Carries none, as a rule.
    Get,
}

/// A request with its deadlines and its bound. It prints without header values, query and body, because they
/// hold tokens and wallet codes.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// POST or GET.
    pub method: Method,
    /// Absolute URL, `http://address:port/path?query`.
    pub url: String,
    /// Names and values to send beside `Host` and `Content-Length`, which are not the caller's to give.
    /// Without an `Accept` here, `Accept: */*` is sent.
    pub headers: Vec<(String, String)>,
    /// Sent as it is, with its length in `Content-Length`.
    pub body: Vec<u8>,
    /// Milliseconds to find the name and to connect.
    pub connect_ms: u64,
    /// Milliseconds from the connection to the last byte of the reply.
    pub answer_ms: u64,
    /// Most bytes of a reply's body that are read.
    pub max_reply_bytes: usize,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &without_secrets(&self.url))
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .field("connect_ms", &self.connect_ms)
            .field("answer_ms", &self.answer_ms)
            .finish_non_exhaustive()
    }
}

/// The part of `url` that may be printed: neither a query nor what stands before an `@`.
fn without_secrets(url: &str) -> &str {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let shown = url.get(..end).unwrap_or_default();
    if shown.contains('@') { "(address with a password)" } else { shown }
}

/// A complete reply, whatever its status. It prints without its body.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpReply {
    /// Status code, 100 to 999.
    pub status: u16,
    /// Names, in lower case, and values of those headers that do not speak of the way it came.
    pub headers: Vec<(String, String)>,
    /// The body as it came, at most `max_reply_bytes` long.
    pub body: Vec<u8>,
}

impl HttpReply {
    /// A reply of which only this matters.
    pub fn new(status: u16, body: Vec<u8>) -> HttpReply {
        HttpReply { status, headers: Vec::new(), body }
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        named(&self.headers, name)
    }
}

/// The first value of this name, however it is written.
pub(crate) fn named<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// What a message's headers say of its way: nobody decides by them.
const OF_THE_WAY: [&str; 10] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "host",
    "keep-alive",
    "location",
    "server",
    "transfer-encoding",
];

/// The headers that say something of the message itself: names in lower case, values that are text.
pub(crate) fn readable(headers: &hyper::HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    let is_own = |(name, _): &(String, String)| !OF_THE_WAY.contains(&name.as_str());
    headers.iter().filter_map(text).filter(is_own).collect()
}

impl fmt::Debug for HttpReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpReply")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// Why there is no reply, and what that says about the request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpFault {
    /// Not one byte left: repeating or giving up is safe.
    #[error("not sent: {cause}")]
    NotSent {
        /// What failed before a connection existed.
        cause: Cause,
    },
    /// A connection existed: the other side may have acted on the request.
    #[error("sent perhaps, no usable reply: {cause}")]
    MaybeSent {
        /// What failed after the connection existed.
        cause: Cause,
    },
}
