//! The same till and interface in an ordinary browser of this computer: pages, commands, queries, and the
//! newest view through a WebSocket.
//!
//! Invariant: nothing but the printed address opens it: loopback only, with a token, for the same origin.

mod gate;
mod pages;
mod sockets;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use till::api::{Dispatch, Problem, ProblemCode, Query};
use till::host::Host;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::limits;
pub use gate::Gate;
pub use pages::Pages;

/// What every request needs.
#[derive(Debug)]
pub struct Served {
    /// The till, or what there is before it.
    pub host: Host,
    /// Who may come in.
    pub gate: Gate,
    /// The interface.
    pub pages: Pages,
    /// How many sockets may be open.
    pub sockets: Semaphore,
}

/// Serves until it is dropped.
///
/// # Errors
/// The system does not let a connection be taken.
pub async fn serve(listener: TcpListener, host: Host, gate: Gate, pages: Pages) -> std::io::Result<()> {
    let sockets = Semaphore::new(limits::SERVE_SOCKETS);
    let served = Arc::new(Served { host, gate, pages, sockets });
    axum::serve(listener, routes(served)).await
}

fn routes(served: Arc<Served>) -> Router {
    Router::new()
        .route("/api/dispatch", post(dispatch).layer(DefaultBodyLimit::max(limits::SERVE_COMMAND_BYTES)))
        .route("/api/query", post(query))
        .route("/api/views", get(sockets::views))
        .route("/api/customer", get(sockets::customer))
        .route("/api/sight", get(sockets::sight))
        .route("/api/scans", get(sockets::scans))
        .route("/api/pairing", get(sockets::pairing))
        .fallback(pages::page)
        .layer(DefaultBodyLimit::max(limits::SERVE_BODY_BYTES))
        .layer(middleware::from_fn_with_state(served.clone(), gate::guard))
        .with_state(served)
}

async fn dispatch(State(served): State<Arc<Served>>, body: Bytes) -> Response {
    match read::<Dispatch>(&body) {
        Ok(dispatch) => told(served.host.dispatch(dispatch).await),
        Err(problem) => told::<()>(Err(problem)),
    }
}

async fn query(State(served): State<Arc<Served>>, body: Bytes) -> Response {
    match read::<Query>(&body) {
        Ok(query) => told(served.host.query(query).await),
        Err(problem) => told::<()>(Err(problem)),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        let problem = Problem::new(ProblemCode::FieldWrong).with("field", "body");
        problem.with("what", "cannot be read").with("detail", error)
    })
}

/// The answer, or a problem under a status that no proxy takes for success.
fn told<T: Serialize>(answer: Result<T, Problem>) -> Response {
    let (status, text) = match answer {
        Ok(answer) => (StatusCode::OK, serde_json::to_string(&answer)),
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, serde_json::to_string(&problem)),
    };
    match text {
        Ok(text) => (status, [(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
