//! [`Http`] by reqwest with everything clever switched off: for gateways, whose certificates it checks.
//!
//! The client reuses no connection, repeats nothing, follows nothing and knows no proxy. Invariant: whether a
//! request can have left is decided by one mark, set before the client gets hold of a connection. Without the
//! mark there was nothing to write to, whatever the library's error says.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Request, redirect, retry, tls};
use tower::{Layer, Service};

use super::exchange::{BoxError, Built, Exchange, Failure, parse, resolve, words};
use super::{Cause, Http, HttpFault, HttpReply, HttpRequest, readable};

tokio::task_local! {
    /// The exchange that is being polled. Without a pool the client connects inside the caller's own future,
    /// so the connector finds the exchange it connects for here.
    static EXCHANGE: Arc<Exchange>;
}

/// HTTP/1.1, one connection per request.
#[derive(Clone, Default)]
pub struct Gateway {
    /// Made for the first request: it reads the system's certificates, which a till without gateways may
    /// lack.
    client: Arc<OnceLock<Client>>,
}

impl Gateway {
    /// A client for any number of gateways. Sends nothing yet.
    ///
    /// # Errors
    /// None so far: what the system may lack is looked for with the first request.
    pub fn new() -> Result<Gateway, HttpFault> {
        Ok(Gateway { client: Arc::default() })
    }

    /// [`HttpFault::NotSent`] when the system gives the client nothing to work with.
    fn client(&self) -> Result<&Client, HttpFault> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // The first one counts; a second is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .tls_version_min(tls::Version::TLS_1_2)
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
        Ok(self.client.get_or_init(|| client))
    }

    async fn exchange(
        client: &Client,
        request: Request,
        max_reply_bytes: usize,
    ) -> Result<HttpReply, Failure> {
        let mut response = client.execute(request).await?;
        let status = response.status().as_u16();
        let headers = readable(response.headers());
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
        Ok(HttpReply { status, headers, body })
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gateway")
    }
}

#[async_trait]
impl Http for Gateway {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFault> {
        let (connect_ms, answer_ms) = (request.connect_ms, request.answer_ms);
        let max_reply_bytes = request.max_reply_bytes;
        let built = parse(&request.url).and_then(|url| Built::of(request, url));
        let built = built.map_err(|cause| HttpFault::NotSent { cause })?;
        let client = self.client()?;
        let exchange = Arc::new(Exchange::default());
        let sent = Self::exchange(client, built.into(), max_reply_bytes);
        tokio::select! {
            // The exchange first: a connection made in the same instant as the deadline is seen as made.
            biased;
            result = EXCHANGE.scope(Arc::clone(&exchange), sent) => {
                result.map_err(|failure| exchange.judge(&failure))
            }
            fault = exchange.overdue(connect_ms, answer_ms) => Err(fault),
        }
    }
}

impl From<Built> for Request {
    fn from(built: Built) -> Request {
        let mut request = Request::new(built.method, built.url);
        *request.headers_mut() = built.headers;
        *request.body_mut() = Some(built.body.into());
        request
    }
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

struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses: Addrs = Box::new(resolve(name.as_str()).await?.into_iter());
            Ok(addresses)
        })
    }
}
