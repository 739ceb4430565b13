//! What terminals and gateways send to the till: the inboxes that receive it and the switchboard that finds
//! the right one. [`Listener`] puts the switchboard on a port; tests call [`Switchboard::dispatch`] directly.
//!
//! One port serves all terminals of the till, so an inbox says by the message itself whether it is meant
//! (nexo dossier 2.2, 2.4). Invariant: a request reaches at most one inbox, or all those that share it, and
//! no inbox waits for another.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures_util::future::join_all;

mod seats;
mod server;

pub use server::{Listener, ListenerError, ListenerLimits};

/// A complete request from outside. It prints without its body.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Who sent it, as far as the connection tells; `None` in memory.
    pub peer: Option<SocketAddr>,
    /// The method as written, `POST`.
    pub method: String,
    /// The path without query, not decoded.
    pub path: String,
    /// Names, in lower case, and values of those headers that do not speak of the way it came.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Incoming {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        crate::http::named(&self.headers, name)
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("peer", &self.peer)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// The answer to an [`Incoming`]. It prints without its body.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status code, 200 to 599; anything else goes out as 500.
    pub status: u16,
    /// `Content-Type`, where there is a body.
    pub content_type: Option<&'static str>,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body; left out where the status forbids one (204, 304).
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Answer {
        Answer { status, content_type: None, headers: Vec::new(), body: Vec::new() }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// Whether a request is meant for an inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It names this inbox's terminal.
    Mine,
    /// It names no terminal, and is meant for one of those that can read it: nobody can tell which.
    Shared,
    /// It is readable and names another.
    NotMine,
    /// It is not a message of this protocol.
    Unreadable,
}

/// One terminal's ear: takes what that terminal sends on its own account. What arrives here is not
/// authenticated and must not change an outcome or an address (DESIGN section 4).
#[async_trait]
pub trait Inbox: Send + Sync + fmt::Debug {
    /// The exact paths it listens on; a path that also comes with a trailing slash is listed twice.
    fn paths(&self) -> &[&'static str];

    /// Whether `incoming`, which came to one of its paths, is meant for it. Quick and without effect.
    fn claims(&self, incoming: &Incoming) -> Claim;

    /// Takes the request and answers it. The answer may take as long as the cashier needs; over sockets the
    /// future is dropped at [`ListenerLimits::request_ms`] and goes on when the peer hangs up.
    async fn receive(&self, incoming: Incoming) -> Answer;
}

/// The inboxes behind one port. Clones share the same set.
#[derive(Debug, Clone, Default)]
pub struct Switchboard {
    inboxes: Arc<Mutex<Vec<Arc<dyn Inbox>>>>,
}

impl Switchboard {
    /// A switchboard that answers 404 to everything.
    #[must_use]
    pub fn new() -> Switchboard {
        Switchboard::default()
    }

    /// Lets `inbox` take part from the next request on. Where two claim a request, the older one gets it.
    pub fn add(&self, inbox: Arc<dyn Inbox>) {
        let mut inboxes = self.lock();
        if !inboxes.iter().any(|known| is_same(known, &inbox)) {
            inboxes.push(inbox);
        }
    }

    /// Takes `inbox` out; requests that it has already are answered to the end.
    pub fn remove(&self, inbox: &Arc<dyn Inbox>) {
        self.lock().retain(|known| !is_same(known, inbox));
    }

    /// Finds the inbox that `incoming` is meant for and returns its answer; where inboxes share it, each of
    /// them receives it, and the oldest one's answer is returned. Without one: 404 for a path that
    /// nobody listens on, 405 for a method other than POST, 400 when no inbox of the path can read it, and
    /// else 403.
    pub async fn dispatch(&self, incoming: Incoming) -> Answer {
        let mut inboxes = self.lock().clone();
        inboxes.retain(|inbox| inbox.paths().contains(&incoming.path.as_str()));
        if inboxes.is_empty() {
            return refuse(404, &incoming);
        }
        if incoming.method != "POST" {
            return refuse(405, &incoming);
        }
        let (mut readable, mut shared) = (false, Vec::new());
        for inbox in inboxes {
            match inbox.claims(&incoming) {
                Claim::Mine => return inbox.receive(incoming).await,
                Claim::Shared => shared.push(inbox),
                Claim::NotMine => readable = true,
                Claim::Unreadable => {}
            }
        }
        let answers = shared.iter().map(|inbox| inbox.receive(incoming.clone()));
        if let Some(answer) = join_all(answers).await.into_iter().next() {
            return answer;
        }
        refuse(if readable { 403 } else { 400 }, &incoming)
    }

    /// A panic while the lock is held cannot leave the list half changed, so a poisoned lock is used on.
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<dyn Inbox>>> {
        self.inboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether both are the same object; the type's table may differ from crate to crate and does not count.
fn is_same(one: &Arc<dyn Inbox>, other: &Arc<dyn Inbox>) -> bool {
    std::ptr::addr_eq(Arc::as_ptr(one), Arc::as_ptr(other))
}

fn refuse(status: u16, incoming: &Incoming) -> Answer {
    tracing::info!(status, ?incoming, "refused a request from outside");
    Answer::empty(status)
}
