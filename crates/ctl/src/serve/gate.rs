//! Who may come in: the holder of the printed address, from a page of that address, and nobody else.
//!
//! A page of some other site that the same browser shows must not reach the till. Its requests name their
//! origin, or come without the token; a name that was made to point at this computer is seen by its Host.
//!
//! Invariant: every request passes [`guard`] before anything reads it.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use till::random::Random;

use super::Served;

/// The conditions of one run.
pub struct Gate {
    token: String,
    hosts: Vec<String>,
}

impl fmt::Debug for Gate {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

impl Gate {
    /// A gate at this address, with a token that nobody else knows.
    pub fn new(address: SocketAddr, random: &Random) -> Self {
        let seeds = [random.seed(), random.seed()];
        let token = seeds.iter().flat_map(|seed| seed.random).map(|byte| format!("{byte:02x}")).collect();
        Self { token, hosts: vec![address.to_string(), format!("localhost:{}", address.port())] }
    }

    /// The address to open.
    pub fn address(&self) -> String {
        let host = self.hosts.first().map_or("", String::as_str);
        format!("http://{host}/?token={}", self.token)
    }

    /// Why a request is refused.
    fn refuses(&self, uri: &Uri, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let is_ours = |host: &str| self.hosts.iter().any(|ours| ours == host);
        if !text(header::HOST).is_some_and(is_ours) {
            return Some((StatusCode::MISDIRECTED_REQUEST, "This is not an address of Paydesk."));
        }
        let from_us = |origin: &str| origin.strip_prefix("http://").is_some_and(is_ours);
        if !text(header::ORIGIN).is_none_or(from_us) {
            return Some((StatusCode::FORBIDDEN, "Other pages may not speak to Paydesk."));
        }
        let site = text(HeaderName::from_static("sec-fetch-site"));
        let asset = is_asset(uri.path());
        if site == Some("cross-site") || (asset && site == Some("same-site")) {
            return Some((StatusCode::FORBIDDEN, "Other pages may not speak to Paydesk."));
        }
        let bearer = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        let known = [bearer, in_query(uri)].into_iter().flatten().any(|token| self.is_token(token));
        // Scripts and styles hold no secrets, and a page cannot hand its token on to them.
        if !known && !asset {
            let words = "Open the address that paydeskctl serve printed, with its token.";
            return Some((StatusCode::UNAUTHORIZED, words));
        }
        None
    }

    /// Takes the same time for every wrong token.
    fn is_token(&self, token: &str) -> bool {
        let (ours, theirs) = (self.token.as_bytes(), token.as_bytes());
        let differs = ours.iter().zip(theirs).fold(0, |seen, (a, b)| seen | (a ^ b));
        ours.len() == theirs.len() && differs == 0
    }
}

fn in_query(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="))
}

fn is_asset(path: &str) -> bool {
    path.starts_with("/assets/")
}

/// Lets a request in, or says why not; every answer carries the rules that the browser must keep.
pub async fn guard(State(served): State<Arc<Served>>, request: Request, next: Next) -> Response {
    let mut response = match served.gate.refuses(request.uri(), request.headers()) {
        Some((status, words)) => {
            tracing::warn!(%status, path = request.uri().path(), "a request was refused");
            (status, words).into_response()
        }
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in RULES {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// Only own scripts, styles and connections; no frames, no referrer with the token in it, nothing kept.
const RULES: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("cache-control", "no-store"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
];
