//! The terminal's HTTP client: one connection per request to the till's listener.
//!
//! Invariant: every wait ends; the caller sets how long an answer may take, this file how long a
//! connection may.

use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::http;
use crate::nexo::{LineDown, TillLine};

const CONNECT: Duration = Duration::from_secs(3);

/// The way to a till's listener at `http://host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpLine {
    authority: String,
    content_type: &'static str,
}

impl HttpLine {
    /// The line to a URL of the form `http://host:port`; a path is not looked at, the protocol has its
    /// own.
    pub fn new(url: &str) -> Option<Self> {
        let authority = url.strip_prefix("http://")?.split('/').next()?;
        let (host, port) = authority.rsplit_once(':')?;
        port.parse::<u16>().ok()?;
        let content_type = "application/xml; charset=utf-8";
        (!host.is_empty()).then(|| Self { authority: authority.to_owned(), content_type })
    }

    /// The same line for encrypted texts.
    #[must_use]
    pub fn for_texts(self) -> Self {
        Self { content_type: "text/plain; charset=utf-8", ..self }
    }

    /// The same line for JSON.
    #[must_use]
    pub fn for_json(self) -> Self {
        Self { content_type: "application/json; charset=UTF-8", ..self }
    }

    /// The same line for forms, as gateways post them.
    #[must_use]
    pub fn for_forms(self) -> Self {
        Self { content_type: "application/x-www-form-urlencoded", ..self }
    }
}

#[async_trait]
impl TillLine for HttpLine {
    async fn post(&self, path: &str, body: Vec<u8>) -> Result<(u16, Vec<u8>), LineDown> {
        self.post_with(path, Vec::new(), body).await
    }

    async fn post_with(
        &self,
        path: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<(u16, Vec<u8>), LineDown> {
        let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let connected = tokio::time::timeout(CONNECT, TcpStream::connect(&self.authority)).await;
        let mut stream = connected.map_err(|_| LineDown)?.map_err(|_| LineDown)?;
        let head = format!(
            "POST {path} HTTP/1.1\r\nAccept: */*\r\nContent-type: {}\r\n\
             Host: {}\r\nConnection: close\r\nContent-Length: {}\r\n{more}\r\n",
            self.content_type,
            self.authority,
            body.len()
        );
        stream.write_all(head.as_bytes()).await.map_err(|_| LineDown)?;
        stream.write_all(&body).await.map_err(|_| LineDown)?;
        stream.flush().await.map_err(|_| LineDown)?;
        let mut reader = BufReader::new(stream);
        let head = http::read_head(&mut reader).await.map_err(|_| LineDown)?;
        let status = head.first.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(LineDown)?;
        let body = if status == 204 { Some(Vec::new()) } else { http::read_body(&head, &mut reader).await };
        Ok((status, body.ok_or(LineDown)?))
    }
}
