//! The listener's socket: HTTP/1.1 in, by hyper, with a limit on everything a stranger can hold open.
//!
//! Invariant: accepting never waits for a connection, a connection never waits for another, and everything
//! that runs here has ended when [`Listener::close`] returns, save an inbox that blocks its thread.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time;

use super::seats::{Seat, Seats};
use super::{Answer, Incoming, Switchboard};

/// Terminals send a handful of headers.
const HEADERS: usize = 64;
const HEADER_BYTES: usize = 32 * 1024;
/// Pause after the system could not accept, which as a rule is a lack of file handles that lasts a while.
const ACCEPT_PAUSE_MS: u64 = 100;

/// What a peer may take of the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenerLimits {
    /// Most bytes of a body; a longer one is answered 413.
    pub body_bytes: usize,
    /// Milliseconds until a request's headers are complete, idle time before them included.
    pub header_ms: u64,
    /// Milliseconds from the headers until the body is complete; a slower one is answered 408.
    pub body_ms: u64,
    /// Milliseconds an inbox may take; then 503 is answered and its work is dropped.
    pub request_ms: u64,
    /// Connections open at once. A further one gets the place of the oldest that has not asked for anything,
    /// which is closed; where every place has a request at an inbox, the newcomer is closed.
    pub connections: usize,
    /// Milliseconds that a connection is kept for further requests. The running one is still answered.
    pub connection_ms: u64,
    /// Milliseconds that closing waits for running requests.
    pub close_ms: u64,
}

impl Default for ListenerLimits {
    /// Wide enough for a cashier who takes five minutes to answer a terminal (nexo dossier 2.3).
    fn default() -> ListenerLimits {
        ListenerLimits {
            body_bytes: 1024 * 1024,
            header_ms: 10_000,
            body_ms: 10_000,
            request_ms: 10 * 60_000,
            connections: 32,
            connection_ms: 15 * 60_000,
            close_ms: 5_000,
        }
    }
}

/// Why the port cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum ListenerError {
    /// Another program, or another till, has the port.
    #[error("{address} is in use by another program")]
    InUse {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The system reserves the port, as a rule those below 1024.
    #[error("this user may not listen on {address}")]
    NotPermitted {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The address is not one of this machine's.
    #[error("{address} is not an address of this machine")]
    NotAvailable {
        /// The address asked for.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}")]
    Other {
        /// The address asked for.
        address: SocketAddr,
        /// The system's words.
        source: io::Error,
    },
}

/// A port that is being listened on. Dropping it ends everything at once; [`Listener::close`] is kinder.
#[derive(Debug)]
pub struct Listener {
    local: SocketAddr,
    close_ms: u64,
    stage: watch::Sender<Stage>,
}

/// How far the listener's life is. Everything that runs for it holds a receiver, which is also how closing
/// knows that nothing runs any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Open,
    Closing,
    Ended,
}

impl Listener {
    /// Listens on `address` (port 0: any free one) and serves `switchboard` from tasks of this runtime.
    ///
    /// # Errors
    /// A [`ListenerError`] that names the address and what stands in the way.
    pub async fn bind(
        address: SocketAddr,
        switchboard: Switchboard,
        limits: ListenerLimits,
    ) -> Result<Listener, ListenerError> {
        let told = |source| explain(address, source);
        let socket = TcpListener::bind(address).await.map_err(told)?;
        let local = socket.local_addr().map_err(told)?;
        let (stage, staged) = watch::channel(Stage::Open);
        tokio::spawn(accept(socket, switchboard, limits, staged));
        Ok(Listener { local, close_ms: limits.close_ms, stage })
    }

    /// The address listened on, with the port that the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Accepts no more, lets running requests be answered for `close_ms`, then drops what is left.
    pub async fn close(self) {
        let patience = Duration::from_millis(self.close_ms);
        for stage in [Stage::Closing, Stage::Ended] {
            self.stage.send_replace(stage);
            if time::timeout(patience, self.stage.closed()).await.is_ok() {
                return;
            }
        }
        tracing::warn!(address = %self.local, "an inbox outlives the listener");
    }
}

#[allow(clippy::wildcard_enum_match_arm)] // the standard library's list is open
fn explain(address: SocketAddr, source: io::Error) -> ListenerError {
    match source.kind() {
        io::ErrorKind::AddrInUse => ListenerError::InUse { address },
        io::ErrorKind::PermissionDenied => ListenerError::NotPermitted { address },
        io::ErrorKind::AddrNotAvailable => ListenerError::NotAvailable { address },
        _ => ListenerError::Other { address, source },
    }
}

/// Returns once the listener has come as far as `stage`, or is gone.
async fn reached(stage: Stage, staged: &mut watch::Receiver<Stage>) {
    // An error means that the listener was dropped, which ends everything as `Ended` does.
    let _ = staged.wait_for(|now| *now >= stage).await;
}

async fn accept(
    socket: TcpListener,
    switchboard: Switchboard,
    limits: ListenerLimits,
    mut staged: watch::Receiver<Stage>,
) {
    let seats = Seats::new(limits.connections);
    loop {
        let accepted = tokio::select! {
            biased;
            () = reached(Stage::Closing, &mut staged) => return,
            accepted = socket.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
                continue;
            }
        };
        let Some(seat) = seats.take() else {
            tracing::debug!(%peer, "closed a connection: too many at once");
            continue;
        };
        let line = Line {
            peer,
            switchboard: switchboard.clone(),
            limits,
            seat: Arc::new(seat),
            staged: staged.clone(),
        };
        tokio::spawn(serve(stream, line));
    }
}

/// One connection and what its requests need.
#[derive(Clone)]
struct Line {
    peer: SocketAddr,
    switchboard: Switchboard,
    limits: ListenerLimits,
    /// Given back when both the connection and its last request have ended: a peer that hangs up and comes
    /// again cannot pile up running requests.
    seat: Arc<Seat>,
    staged: watch::Receiver<Stage>,
}

async fn serve(stream: TcpStream, line: Line) {
    let (limits, peer, seat, mut staged) =
        (line.limits, line.peer, Arc::clone(&line.seat), line.staged.clone());
    // Without it answers only come a little later.
    let _ = stream.set_nodelay(true);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(limits.header_ms))
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES)
        // A peer that has said all it has to say may close its direction and still gets its answer.
        .half_close(true);
    let service = service_fn(|request| answer(line.clone(), request));
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        biased;
        _ = connection.as_mut() => return,
        () = seat.lost() => {
            tracing::debug!(%peer, "closed a connection that asked for nothing: too many at once");
            return;
        }
        () = reached(Stage::Closing, &mut staged) => {}
        () = time::sleep(Duration::from_millis(limits.connection_ms)) => {}
    }
    connection.as_mut().graceful_shutdown();
    // The longest that a request which has just begun can take, and as much again as its body for the answer.
    let rest = [limits.header_ms, limits.body_ms, limits.request_ms, limits.body_ms];
    tokio::select! {
        biased;
        _ = connection.as_mut() => {}
        () = seat.lost() => {}
        () = reached(Stage::Ended, &mut staged) => {}
        () = time::sleep(rest.map(Duration::from_millis).iter().sum()) => {}
    }
}

async fn answer(
    line: Line,
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let answer = match read(body, line.limits).await {
        Err(status) => Answer::empty(status.as_u16()),
        Ok(body) => {
            let path = head.uri.path().to_owned();
            let method = head.method.as_str().to_owned();
            let headers = crate::http::readable(&head.headers);
            let incoming = Incoming { peer: Some(line.peer), method, path, headers, body };
            // A task of its own: a panic stays in it, and it goes on when the peer hangs up.
            tokio::spawn(receive(line, incoming)).await.unwrap_or_else(|error| {
                tracing::error!(%error, "an inbox failed on a request from outside");
                Answer::empty(500)
            })
        }
    };
    Ok(response(answer))
}

async fn read(body: hyper::body::Incoming, limits: ListenerLimits) -> Result<Vec<u8>, StatusCode> {
    if usize::try_from(body.size_hint().lower()).map_or(true, |bytes| bytes > limits.body_bytes) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let reading = Limited::new(body, limits.body_bytes).collect();
    match time::timeout(Duration::from_millis(limits.body_ms), reading).await {
        Ok(Ok(read)) => Ok(read.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

async fn receive(line: Line, incoming: Incoming) -> Answer {
    let Line { switchboard, limits, seat, mut staged, peer } = line;
    if !seat.begin() {
        return Answer::empty(503);
    }
    let deadline = Duration::from_millis(limits.request_ms);
    let answer = tokio::select! {
        biased;
        answered = time::timeout(deadline, switchboard.dispatch(incoming)) => {
            answered.unwrap_or_else(|_| {
                tracing::warn!(%peer, "a request from outside was not answered in time");
                Answer::empty(503)
            })
        }
        () = reached(Stage::Ended, &mut staged) => Answer::empty(503),
    };
    seat.end();
    answer
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(answer.status)
        .ok()
        .filter(|status| !status.is_informational())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let bodiless = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let body = if bodiless { Bytes::new() } else { Bytes::from(answer.body) };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    if let Some(content_type) = answer.content_type.filter(|_| !bodiless) {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
        {
            response.headers_mut().insert(name, value);
        }
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}
