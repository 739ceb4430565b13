//! Plain HTTP/1.1 to a terminal in the shop's own network, on a connection that may be made ahead.
//!
//! Invariant: the exchange is marked as soon as it holds a connection and before anything can be written to
//! it. A connection made ahead carries nothing until its request takes it, and is closed where none does.

use std::future::{Future, ready};
use std::io::ErrorKind;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use std::vec::IntoIter;

use futures_util::FutureExt;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, HOST, HeaderValue};
use hyper::{Request, Response};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioIo;
use reqwest::Url;
use socket2::{Domain, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tower::Service;

use super::exchange::{BoxError, Built, Exchange, Failure, resolve};
use super::{Ahead, HttpReply, readable};
use crate::limits;

type Connection = TokioIo<TcpStream>;
type Connecting = Pin<Box<dyn Future<Output = std::io::Result<TcpStream>> + Send>>;

/// The way to terminals.
#[derive(Clone)]
pub(super) struct Line {
    connector: HttpConnector<SystemNames>,
    /// Connections made ahead, one for each address; each as long as somebody holds its [`Ahead`].
    ahead: Arc<Mutex<Vec<Weak<Waiting>>>>,
}

/// A connection that waits for its request.
struct Waiting {
    /// Where it goes.
    to: String,
    /// What makes it.
    connecting: Mutex<Option<Connecting>>,
}

impl Line {
    pub fn new() -> Line {
        let mut connector = HttpConnector::new_with_resolver(SystemNames);
        connector.set_nodelay(true);
        Line { connector, ahead: Arc::default() }
    }

    /// Begins to connect: the system goes on with it while the caller has other work. Only where the address
    /// needs no looking up.
    pub fn get_ready(&self, url: &Url) -> Ahead {
        let (Ok(_runtime), Some(address)) = (Handle::try_current(), address(url)) else {
            return Ahead::default();
        };
        let mut connecting: Connecting = Box::pin(connect(address));
        let begun = match connecting.as_mut().now_or_never() {
            None => connecting,
            Some(connected) => Box::pin(ready(connected)),
        };
        let waiting = Arc::new(Waiting { to: authority(url), connecting: Mutex::new(Some(begun)) });
        let mut ahead = lock(&self.ahead);
        ahead.retain(|other| other.upgrade().is_some_and(|other| other.to != waiting.to));
        ahead.push(Arc::downgrade(&waiting));
        Ahead::of(waiting)
    }

    /// Sends the request and reads its reply.
    pub async fn exchange(
        &self,
        built: Built,
        exchange: &Exchange,
        max: usize,
    ) -> Result<HttpReply, Failure> {
        let connection = match self.made_ahead(&built.url).await? {
            Some(connection) => connection,
            None => self.connector.clone().call(built.url.as_str().parse()?).await?,
        };
        exchange.mark_connected();
        if let Err(error) = keep_alive(connection.inner()) {
            tracing::debug!(%error, "a dead line is noticed at the deadline only");
        }
        let request = request(built)?;
        let (mut sender, connection) = http1::handshake(connection).await?;
        let mut connection = pin!(connection);
        let mut asking = pin!(async { read(sender.send_request(request).await?, max).await });
        tokio::select! {
            biased;
            reply = &mut asking => reply,
            // A connection that ends tells the asking side why.
            _ = &mut connection => asking.await,
        }
    }

    /// The connection that was made ahead to this address, where there is one and the other side still holds
    /// it.
    ///
    /// # Errors
    /// It could not be made: nothing else would come of another try right after it.
    async fn made_ahead(&self, url: &Url) -> std::io::Result<Option<Connection>> {
        let to = authority(url);
        let waiting = lock(&self.ahead).iter().filter_map(Weak::upgrade).find(|waiting| waiting.to == to);
        let connecting = waiting.and_then(|waiting| lock(&waiting.connecting).take());
        let Some(connecting) = connecting else { return Ok(None) };
        let connection = connecting.await?;
        // The system is asked, not the runtime, which may not have heard yet that the other side hung up.
        let unasked = SockRef::from(&connection).peek(&mut [MaybeUninit::uninit()]);
        let stands = unasked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
        Ok(stands.then(|| TokioIo::new(connection)))
    }
}

/// A customer takes minutes, and a terminal that lost its power says nothing: the system asks for it.
fn keep_alive(connection: &TcpStream) -> std::io::Result<()> {
    let socket = SockRef::from(connection);
    let probes = TcpKeepalive::new()
        .with_time(limits::KEEP_ALIVE)
        .with_interval(limits::KEEP_ALIVE)
        .with_retries(limits::KEEP_ALIVE_RETRIES);
    socket.set_tcp_keepalive(&probes)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(limits::UNACKNOWLEDGED))?;
    Ok(())
}

/// Nothing can be half done under these locks.
fn lock<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.set_tcp_nodelay(true)?;
    TcpSocket::from_std_stream(socket.into()).connect(address).await
}

/// Where the URL leads without looking up a name.
fn address(url: &Url) -> Option<SocketAddr> {
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
    Some(SocketAddr::new(host.parse().ok()?, url.port_or_known_default()?))
}

/// Host and port, the port only where it is not the scheme's own.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn request(built: Built) -> Result<Request<Full<Bytes>>, Failure> {
    let Built { method, url, mut headers, body } = built;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    headers.insert(HOST, HeaderValue::from_str(&authority(&url))?);
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}{query}", url.path()))
        .body(Full::new(Bytes::from(body)))?;
    *request.headers_mut() = headers;
    Ok(request)
}

async fn read(response: Response<Incoming>, max: usize) -> Result<HttpReply, Failure> {
    let status = response.status().as_u16();
    let headers = readable(response.headers());
    let mut incoming = response.into_body();
    if usize::try_from(incoming.size_hint().lower()).map_or(true, |bytes| bytes > max) {
        return Err(Failure::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(chunk) = frame?.into_data() else { continue };
        if chunk.len() > max - body.len() {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpReply { status, headers, body })
}

#[derive(Clone)]
struct SystemNames;

impl Service<Name> for SystemNames {
    type Response = IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move { Ok(resolve(name.as_str()).await?.into_iter()) })
    }
}
