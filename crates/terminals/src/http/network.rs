//! [`Http`] over real sockets, by reqwest with everything clever switched off.
//!
//! The client reuses no connection, repeats nothing, follows nothing and knows no proxy. Invariant: whether a
//! request can have left is decided by one mark, set before the client gets hold of a connection. Without the
//! mark there was nothing to write to, whatever the library's error says.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use reqwest::{Client, Request, Url, redirect, retry};
use tokio::sync::Notify;
use tokio::time;
use tower::{Layer, Service};

use super::{Cause, Http, HttpFault, HttpReply, HttpRequest, Method};

type BoxError = Box<dyn Error + Send + Sync>;

tokio::task_local! {
    /// The exchange that is being polled. Without a pool the client connects inside the caller's own future,
    /// so the connector finds the exchange it connects for here.
    static EXCHANGE: Arc<Exchange>;
}

/// HTTP/1.1 over TCP, one connection per request.
#[derive(Clone)]
pub struct Network {
    client: Client,
}

impl Network {
    /// A client for one terminal or gateway.
    ///
    /// # Errors
    /// [`HttpFault::NotSent`] when the system gives the client nothing to work with.
    pub fn new() -> Result<Network, HttpFault> {
        let client = Client::builder()
            .http1_only()
            .pool_max_idle_per_host(0)
            .retry(retry::never())
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .dns_resolver(SystemNames)
            .connector_layer(MarkConnected)
            .build()
            .map_err(|error| HttpFault::NotSent { cause: Cause::Other(words(&error)) })?;
        Ok(Network { client })
    }

    async fn exchange(&self, request: Request, max_reply_bytes: usize) -> Result<HttpReply, Failure> {
        let mut response = self.client.execute(request).await?;
        let status = response.status().as_u16();
        let announced = response.content_length().unwrap_or(0);
        if usize::try_from(announced).map_or(true, |bytes| bytes > max_reply_bytes) {
            return Err(Failure::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if chunk.len() > max_reply_bytes - body.len() {
                return Err(Failure::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpReply { status, body })
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

#[async_trait]
impl Http for Network {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFault> {
        let (connect_ms, answer_ms) = (request.connect_ms, request.answer_ms);
        let max_reply_bytes = request.max_reply_bytes;
        let built = build(request).map_err(|cause| HttpFault::NotSent { cause })?;
        let exchange = Arc::new(Exchange::default());
        tokio::select! {
            // The exchange first: a connection made in the same instant as the deadline is seen as made.
            biased;
            result = EXCHANGE.scope(Arc::clone(&exchange), self.exchange(built, max_reply_bytes)) => {
                result.map_err(|failure| exchange.judge(&failure))
            }
            fault = exchange.overdue(connect_ms, answer_ms) => Err(fault),
        }
    }
}

fn build(request: HttpRequest) -> Result<Request, Cause> {
    let url = Url::parse(&request.url).map_err(|error| Cause::BadUrl(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Cause::BadUrl(format!("the scheme is {}", url.scheme())));
    }
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
        // Said here because the client leaves it out where the body is empty.
        headers.insert(CONTENT_LENGTH, HeaderValue::from(request.body.len()));
    }
    let mut built = Request::new(method, url);
    *built.headers_mut() = headers;
    *built.body_mut() = Some(request.body.into());
    Ok(built)
}

/// How far one exchange is.
#[derive(Default)]
struct Exchange {
    connected: AtomicBool,
    on_connected: Notify,
}

impl Exchange {
    fn mark_connected(&self) {
        self.connected.store(true, Ordering::SeqCst);
        self.on_connected.notify_one();
    }

    /// Waits until a deadline has passed and says what that means. The caller drops the exchange with it, so
    /// a request that has no connection by then never gets one.
    async fn overdue(&self, connect_ms: u64, answer_ms: u64) -> HttpFault {
        let connect = Duration::from_millis(connect_ms);
        if time::timeout(connect, self.on_connected.notified()).await.is_err() {
            return HttpFault::NotSent { cause: Cause::ConnectTimeout };
        }
        time::sleep(Duration::from_millis(answer_ms)).await;
        HttpFault::MaybeSent { cause: Cause::Timeout }
    }

    fn judge(&self, failure: &Failure) -> HttpFault {
        if self.connected.load(Ordering::SeqCst) {
            HttpFault::MaybeSent { cause: failure.after_connecting() }
        } else {
            HttpFault::NotSent { cause: failure.before_connecting() }
        }
    }
}

enum Failure {
    TooLarge,
    Library(reqwest::Error),
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Failure {
        Failure::Library(error)
    }
}

impl Failure {
    fn before_connecting(&self) -> Cause {
        let error = match self {
            Failure::TooLarge => return Cause::TooLarge,
            Failure::Library(error) => error,
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
            Failure::Library(error) => error,
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

/// The nearest error of type `T` among the sources of `error`.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    sources(error).find_map(|source| source.downcast_ref::<T>())
}

/// The innermost error's words. The outer ones name the URL, which can hold a token.
fn words(error: &reqwest::Error) -> String {
    sources(error).skip(1).last().map_or_else(|| "the request failed".to_owned(), ToString::to_string)
}

fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (**error).source())
}

/// Marks the exchange once its connection stands and before the client can write to it.
#[derive(Clone)]
struct MarkConnected;

impl<S> Layer<S> for MarkConnected {
    type Service = Marking<S>;

    fn layer(&self, connector: S) -> Marking<S> {
        Marking { connector }
    }
}

#[derive(Clone)]
struct Marking<S> {
    connector: S,
}

impl<S, D> Service<D> for Marking<S>
where
    S: Service<D, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, destination: D) -> Self::Future {
        let exchange = EXCHANGE.try_with(Arc::clone);
        let connecting = self.connector.call(destination);
        Box::pin(async move {
            // A connection that belongs to no exchange could carry a request unseen, so there is none.
            let exchange = exchange?;
            let connection = connecting.await?;
            exchange.mark_connected();
            Ok(connection)
        })
    }
}

/// The system's resolver, with an error of our own so that an unknown name is told from a dead network.
struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let addresses: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
            if addresses.is_empty() {
                return Err(BoxError::from(UnknownName { name }));
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the name {name} is not known")]
struct UnknownName {
    name: String,
}
