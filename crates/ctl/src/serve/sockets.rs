//! The newest view to one page. A page says when it has taken a view; only then it gets the next one, which
//! is the newest there is by then. A page that sleeps therefore finds one view when it wakes, not a queue.
//!
//! Invariant: at most one view is on the way to a page; a page that takes none for long is given up.

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;
use till::api::Problem;
use till::sight::Watching;
use tokio::sync::watch::Receiver;
use tokio::time::{sleep, timeout};

use super::Served;
use crate::limits;

/// One message to a page.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Pushed<'a, T> {
    /// The newest view.
    View { view: &'a T },
    /// Nothing is new; the line is up.
    Beat,
}

/// The cashier's view.
pub async fn views(State(served): State<Arc<Served>>, upgrade: WebSocketUpgrade) -> Response {
    match served.host.till().await {
        Ok(till) => open(served, upgrade, till.views(), ()),
        Err(problem) => away(&problem),
    }
}

/// The customer's view.
pub async fn customer(State(served): State<Arc<Served>>, upgrade: WebSocketUpgrade) -> Response {
    match served.host.till().await {
        Ok(till) => open(served, upgrade, till.customer_views(), ()),
        Err(problem) => away(&problem),
    }
}

/// What the camera sees. It looks while a page is there to be told.
pub async fn sight(State(served): State<Arc<Served>>, upgrade: WebSocketUpgrade) -> Response {
    match served.host.till().await {
        Ok(till) => watched(served, upgrade, till.sight()),
        Err(problem) => away(&problem),
    }
}

/// What the hand scanner reads.
pub async fn scans(State(served): State<Arc<Served>>, upgrade: WebSocketUpgrade) -> Response {
    match served.host.till().await {
        Ok(till) => watched(served, upgrade, till.scans()),
        Err(problem) => away(&problem),
    }
}

/// Who asks to be paired. Terminals can ask while a page is there to be told.
pub async fn pairing(State(served): State<Arc<Served>>, upgrade: WebSocketUpgrade) -> Response {
    match served.host.till().await {
        Ok(till) => watched(served, upgrade, till.pairing()),
        Err(problem) => away(&problem),
    }
}

fn watched<T: Serialize + Send + Sync + 'static>(
    served: Arc<Served>,
    upgrade: WebSocketUpgrade,
    watching: Watching<T>,
) -> Response {
    let Watching { values, until } = watching;
    open(served, upgrade, values, until)
}

/// There is no view before the till runs; the page asks how it stands.
fn away(problem: &Problem) -> Response {
    tracing::debug!(%problem, "somebody watches a till that does not run");
    (StatusCode::SERVICE_UNAVAILABLE, "The till does not run.").into_response()
}

/// `until` lasts as long as the page watches.
fn open<T: Serialize + Send + Sync + 'static>(
    served: Arc<Served>,
    upgrade: WebSocketUpgrade,
    views: Receiver<Arc<T>>,
    until: impl Send + 'static,
) -> Response {
    if served.sockets.available_permits() == 0 {
        return (StatusCode::SERVICE_UNAVAILABLE, "Too many windows are open.").into_response();
    }
    let upgrade = upgrade.max_message_size(limits::SERVE_TAKEN_BYTES);
    upgrade.on_upgrade(async move |socket| {
        if let Ok(_permit) = served.sockets.try_acquire() {
            push(socket, views).await;
        }
        drop(until);
    })
}

/// Ends when the page goes away, takes nothing, or the till stops.
async fn push<T: Serialize>(mut socket: WebSocket, mut views: Receiver<Arc<T>>) {
    views.mark_changed();
    loop {
        let message = tokio::select! {
            changed = views.changed() => match changed {
                Ok(()) => {
                    let view = views.borrow_and_update().clone();
                    text(&Pushed::View { view: view.as_ref() })
                }
                Err(_) => return,
            },
            () = sleep(limits::SERVE_BEAT) => text(&Pushed::<T>::Beat),
            // What a page says unasked tells only that it is there, or gone.
            said = socket.recv() => match said {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
        };
        let Some(message) = message else { return };
        if !matches!(timeout(limits::SERVE_TAKEN, handed(&mut socket, message)).await, Ok(true)) {
            return;
        }
    }
}

/// Sends one message and waits until the page has taken it.
async fn handed(socket: &mut WebSocket, message: String) -> bool {
    if socket.send(Message::Text(message.into())).await.is_err() {
        return false;
    }
    loop {
        match socket.recv().await {
            Some(Ok(Message::Text(_))) => return true,
            Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => return false,
        }
    }
}

fn text<T: Serialize>(pushed: &Pushed<'_, T>) -> Option<String> {
    serde_json::to_string(pushed)
        .inspect_err(|error| tracing::error!(%error, "a view could not be written as JSON"))
        .ok()
}
