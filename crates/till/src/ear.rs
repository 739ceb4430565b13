//! The till's ear: the one port where terminals and gateways call it. It is opened when the first terminal
//! needs it, at the start or when one is added, and stays open.
//!
//! Invariant: a terminal that needs the port is never driven without it.

use crate::api::{Problem, ProblemCode};
use crate::limits;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use terminals::listener::{Listener, ListenerLimits, Switchboard};

/// See the module. Clones share it.
#[derive(Clone, Debug)]
pub struct Ear {
    /// Finds the inbox that a call is meant for.
    pub switchboard: Switchboard,
    bind: Option<SocketAddr>,
    listener: Arc<Mutex<Option<Listener>>>,
}

impl Ear {
    /// An ear on this address; not open yet.
    pub fn on(bind: SocketAddr) -> Self {
        Self { switchboard: Switchboard::new(), bind: Some(bind), listener: Arc::default() }
    }
    /// An ear without a port: somebody else feeds the switchboard, or nobody calls.
    pub fn without_port(switchboard: Switchboard) -> Self {
        Self { switchboard, bind: None, listener: Arc::default() }
    }
    /// Opens the port, where it is not open yet.
    pub async fn open(&self) -> Result<(), Problem> {
        let Some(bind) = self.bind.filter(|_| self.address().is_none()) else { return Ok(()) };
        let limits = ListenerLimits { close_ms: close_ms(), ..ListenerLimits::default() };
        let opened = Listener::bind(bind, self.switchboard.clone(), limits).await;
        let opened = opened.map_err(|error| {
            Problem::new(ProblemCode::ListenerUnavailable).with("address", bind).with("detail", error)
        })?;
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(opened);
        Ok(())
    }
    /// Where it is open; nothing while it is not.
    pub fn address(&self) -> Option<SocketAddr> {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        listener.as_ref().map(Listener::local_addr)
    }
    /// Closes the port in order.
    pub async fn close(&self) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(listener) = listener {
            listener.close().await;
        }
    }
}

fn close_ms() -> u64 {
    u64::try_from(limits::CLOSE.as_millis()).unwrap_or(0)
}
