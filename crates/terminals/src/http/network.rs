//! [`Http`] over real sockets: plain lines to terminals, and gateways behind certificates.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use reqwest::Url;

use super::exchange::{Built, Exchange, parse};
use super::gateway::Gateway;
use super::line::Line;
use super::{Ahead, Cause, Http, HttpFault, HttpReply, HttpRequest, Socket, web};

/// HTTP/1.1, one connection per request.
#[derive(Clone)]
pub struct Network {
    line: Line,
    gateway: Gateway,
    urls: Urls,
}

/// The address that was read last: reading one takes a good part of the way to the first byte, and a
/// terminal's is the same every time.
#[derive(Clone, Default)]
struct Urls {
    newest: Arc<Mutex<Option<(String, Url)>>>,
}

impl Urls {
    fn parse(&self, text: &str) -> Result<Url, Cause> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, url)) = newest.as_ref().filter(|(known, _)| known == text) {
            return Ok(url.clone());
        }
        let url = parse(text)?;
        *newest = Some((text.to_owned(), url.clone()));
        Ok(url)
    }
}

impl Network {
    /// For any number of terminals and gateways.
    ///
    /// # Errors
    /// As [`Gateway::new`].
    pub fn new() -> Result<Network, HttpFault> {
        Ok(Network { line: Line::new(), gateway: Gateway::new()?, urls: Urls::default() })
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
        let not_sent = |cause| HttpFault::NotSent { cause };
        let url = self.urls.parse(&request.url).map_err(not_sent)?;
        if url.scheme() == "https" {
            return self.gateway.send(request).await;
        }
        let (connect_ms, answer_ms) = (request.connect_ms, request.answer_ms);
        let max_reply_bytes = request.max_reply_bytes;
        let built = Built::of(request, url).map_err(not_sent)?;
        let exchange = Exchange::default();
        tokio::select! {
            // The exchange first: a connection made in the same instant as the deadline is seen as made.
            biased;
            result = self.line.exchange(built, &exchange, max_reply_bytes) => {
                result.map_err(|failure| exchange.judge(&failure))
            }
            fault = exchange.overdue(connect_ms, answer_ms) => Err(fault),
        }
    }

    async fn socket(&self, url: &str, connect_ms: u64) -> Result<Socket, HttpFault> {
        web::open(url, connect_ms).await.map_err(|cause| HttpFault::NotSent { cause })
    }

    fn get_ready(&self, url: &str) -> Ahead {
        match self.urls.parse(url) {
            Ok(url) if url.scheme() == "http" => self.line.get_ready(&url),
            Ok(_) | Err(_) => Ahead::default(),
        }
    }
}
