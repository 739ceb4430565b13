//! What every way out shares: the checked request, the mark that says whether it can have left, the
//! deadlines, and what a failure means.

use std::error::Error;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use tokio::sync::Notify;
use tokio::time;

use super::{Cause, HttpFault, HttpRequest, Method};

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// A request that can be sent as it is.
pub(super) struct Built {
    pub method: reqwest::Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// An address that HTTP can be sent to.
pub(super) fn parse(url: &str) -> Result<Url, Cause> {
    let url = Url::parse(url).map_err(|error| Cause::BadUrl(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Cause::BadUrl(format!("the scheme is {}", url.scheme())));
    }
    Ok(url)
}

impl Built {
    /// `url`: the request's own, as [`parse`] reads it.
    pub fn of(request: HttpRequest, url: Url) -> Result<Built, Cause> {
        let mut headers = HeaderMap::new();
        for (name, value) in request.headers {
            let parsed = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value));
            let (Ok(known), Ok(value)) = parsed else { return Err(Cause::BadHeader(name)) };
            // The body's framing and its addressee follow from the request and cannot contradict it.
            if [CONTENT_LENGTH, TRANSFER_ENCODING, HOST].contains(&known) {
                return Err(Cause::BadHeader(name));
            }
            headers.append(known, value);
        }
        let method = match request.method {
            Method::Post => reqwest::Method::POST,
            Method::Get => reqwest::Method::GET,
        };
        if request.method == Method::Post {
            // Said here because the clients leave it out where the body is empty.
            headers.insert(CONTENT_LENGTH, HeaderValue::from(request.body.len()));
        }
        Ok(Built { method, url, headers, body: request.body })
    }
}

/// How far one exchange is.
#[derive(Default)]
pub(super) struct Exchange {
    connected: AtomicBool,
    on_connected: Notify,
}

impl Exchange {
    /// A connection stands: from here on the request may have left.
    pub fn mark_connected(&self) {
        self.connected.store(true, Ordering::SeqCst);
        self.on_connected.notify_one();
    }

    /// Waits until a deadline has passed and says what that means. The caller drops the exchange with it, so
    /// a request that has no connection by then never gets one.
    pub async fn overdue(&self, connect_ms: u64, answer_ms: u64) -> HttpFault {
        let connect = Duration::from_millis(connect_ms);
        if time::timeout(connect, self.on_connected.notified()).await.is_err() {
            return HttpFault::NotSent { cause: Cause::ConnectTimeout };
        }
        time::sleep(Duration::from_millis(answer_ms)).await;
        HttpFault::MaybeSent { cause: Cause::Timeout }
    }

    pub fn judge(&self, failure: &Failure) -> HttpFault {
        if self.connected.load(Ordering::SeqCst) {
            HttpFault::MaybeSent { cause: failure.after_connecting() }
        } else {
            HttpFault::NotSent { cause: failure.before_connecting() }
        }
    }
}

/// Why an exchange ended without a reply.
pub(super) enum Failure {
    /// The reply is longer than it may be.
    TooLarge,
    /// A library says so.
    Library(BoxError),
}

impl<E: Into<BoxError>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::Library(error.into())
    }
}

impl Failure {
    fn before_connecting(&self) -> Cause {
        let error = match self {
            Failure::TooLarge => return Cause::TooLarge,
            Failure::Library(error) => error.as_ref(),
        };
        if let Some(unknown) = find::<UnknownName>(error) {
            return Cause::Name(unknown.name.clone());
        }
        match find::<io::Error>(error) {
            Some(system) => before_connecting(system),
            None => Cause::Other(words(error)),
        }
    }

    fn after_connecting(&self) -> Cause {
        let error = match self {
            Failure::TooLarge => return Cause::TooLarge,
            Failure::Library(error) => error.as_ref(),
        };
        match find::<hyper::Error>(error) {
            Some(http) if http.is_parse() => Cause::Undecodable(words(error)),
            Some(_) | None => Cause::Broken(words(error)),
        }
    }
}

#[allow(clippy::wildcard_enum_match_arm)] // the standard library's list is open
fn before_connecting(system: &io::Error) -> Cause {
    match system.kind() {
        io::ErrorKind::ConnectionRefused => Cause::Refused,
        io::ErrorKind::TimedOut => Cause::ConnectTimeout,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => Cause::Unreachable(system.to_string()),
        _ => Cause::Other(system.to_string()),
    }
}

/// The nearest error of type `T` among `error` and its sources.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    sources(error).find_map(|source| source.downcast_ref::<T>())
}

/// The innermost error's words. reqwest's own name the URL, which can hold a token.
pub(super) fn words(error: &(dyn Error + 'static)) -> String {
    let innermost = sources(error).last().filter(|inner| !inner.is::<reqwest::Error>());
    innermost.map_or_else(|| "the request failed".to_owned(), ToString::to_string)
}

fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (**error).source())
}

/// The addresses of a host by the system's resolver, with an error of our own so that an unknown name is told
/// from a dead network.
pub(super) async fn resolve(name: &str) -> Result<Vec<std::net::SocketAddr>, BoxError> {
    let found = tokio::net::lookup_host((name, 0)).await;
    let addresses: Vec<_> = found.map(Iterator::collect).unwrap_or_default();
    if addresses.is_empty() {
        return Err(BoxError::from(UnknownName { name: name.to_owned() }));
    }
    Ok(addresses)
}

#[derive(Debug, thiserror::Error)]
#[error("the name {name} is not known")]
struct UnknownName {
    name: String,
}
