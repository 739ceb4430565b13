//! HTTP/1.1 as far as the protocol needs it: one request, one reply, every way to break it.
//!
//! Invariant: sizes are bounded before anything is allocated for them.

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::nexo::{Framing, WireReply};

const LONGEST_HEAD: usize = 16 << 10;
/// Bodies beyond this are refused.
pub const LONGEST_BODY: usize = 8 << 20;
const CHUNK: usize = 512;

/// A request read from a socket.
#[derive(Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub content_type: Option<String>,
    pub headers: Vec<(String, String)>,
    pub keep_alive: bool,
    pub body: Vec<u8>,
}

/// Why there is no request.
#[derive(Debug)]
pub enum ReadError {
    /// The other side closed, or broke off.
    Closed,
    /// To be answered by this status, then closed.
    Bad(u16),
}

/// First line and headers; names in lower case.
#[derive(Debug)]
pub struct Head {
    pub first: String,
    headers: Vec<(String, String)>,
}

impl Head {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads first line and headers.
pub async fn read_head(reader: &mut (impl AsyncBufRead + Unpin)) -> Result<Head, ReadError> {
    let mut lines: Vec<String> = Vec::new();
    let mut read = 0;
    loop {
        let mut line = Vec::new();
        let left = (LONGEST_HEAD - read) as u64;
        let count = reader.take(left).read_until(b'\n', &mut line).await.map_err(|_| ReadError::Closed)?;
        read += count;
        if count == 0 || !line.ends_with(b"\n") {
            return Err(if read >= LONGEST_HEAD { ReadError::Bad(431) } else { ReadError::Closed });
        }
        let line = String::from_utf8(line).map_err(|_| ReadError::Bad(400))?;
        let line = line.trim_end_matches(['\r', '\n']);
        match (line.is_empty(), lines.is_empty()) {
            (true, true) => {}
            (true, false) => break,
            (false, _) => lines.push(line.to_owned()),
        }
    }
    let mut lines = lines.into_iter();
    let first = lines.next().unwrap_or_default();
    let headers = lines
        .map(|line| {
            line.split_once(':').map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        })
        .collect::<Option<_>>()
        .ok_or(ReadError::Bad(400))?;
    Ok(Head { first, headers })
}

/// Reads a request with its body. Bodies need `Content-Length` (dossier chapter 2.1).
pub async fn read_request(reader: &mut (impl AsyncBufRead + Unpin)) -> Result<Request, ReadError> {
    let head = read_head(reader).await?;
    let mut words = head.first.split(' ');
    let (Some(method), Some(path), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(ReadError::Bad(400));
    };
    if !["HTTP/1.1", "HTTP/1.0"].contains(&version) {
        return Err(ReadError::Bad(505));
    }
    let connection = head.header("connection").unwrap_or_default().to_ascii_lowercase();
    let length = match (head.header("content-length"), head.header("transfer-encoding")) {
        (_, Some(_)) => return Err(ReadError::Bad(411)),
        (None, None) if method == "POST" || method == "PUT" => return Err(ReadError::Bad(411)),
        (None, None) => 0,
        (Some(length), None) => length.parse().map_err(|_| ReadError::Bad(400))?,
    };
    if length > LONGEST_BODY {
        return Err(ReadError::Bad(413));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await.map_err(|_| ReadError::Closed)?;
    Ok(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        content_type: head.header("content-type").map(str::to_owned),
        keep_alive: version == "HTTP/1.1" && connection != "close",
        headers: head.headers,
        body,
    })
}

/// Writes a reply; true when the connection can go on.
pub async fn write_reply(
    write: &mut (impl AsyncWrite + Unpin),
    reply: &WireReply,
) -> std::io::Result<bool> {
    match reply {
        WireReply::Refused | WireReply::Cut => Ok(false),
        WireReply::CutMiddle { status, announced, part } => {
            let head = format!("HTTP/1.1 {} \r\nContent-Length: {announced}\r\n\r\n", named(*status));
            write.write_all(head.as_bytes()).await?;
            write.write_all(part).await?;
            write.flush().await?;
            Ok(false)
        }
        WireReply::Answer { status: 204, .. } => {
            write.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
            write.flush().await?;
            Ok(true)
        }
        WireReply::Answer { status, headers, body, framing } => {
            write.write_all(&framed(*status, headers, body, *framing)).await?;
            write.flush().await?;
            Ok(*framing != Framing::Http10)
        }
    }
}

fn framed(status: u16, headers: &[(String, String)], body: &[u8], framing: Framing) -> Vec<u8> {
    let (version, length) = match framing {
        Framing::Length => ("1.1", format!("Content-Length: {}\r\n", body.len())),
        Framing::Chunked => ("1.1", "Transfer-Encoding: chunked\r\n".to_owned()),
        Framing::Http10 => ("1.0", String::new()),
    };
    let kind = content_type(body);
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let mut out = format!("HTTP/{version} {}\r\n{kind}{length}{more}\r\n", named(status)).into_bytes();
    if framing != Framing::Chunked {
        out.extend_from_slice(body);
        return out;
    }
    for chunk in body.chunks(CHUNK) {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

/// The header that fits what the body is.
fn content_type(body: &[u8]) -> &'static str {
    match body.first() {
        None => "",
        Some(b'{') => "Content-type: application/json;charset=UTF-8\r\n",
        Some(_) => "Content-type: application/xml; charset=utf-8\r\n",
    }
}

fn named(status: u16) -> String {
    let name = match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Other",
    };
    format!("{status} {name}")
}

/// Reads the body of an answer: by length, by chunks, or to the end of the connection.
pub async fn read_body(head: &Head, reader: &mut (impl AsyncBufRead + Unpin)) -> Option<Vec<u8>> {
    let chunked =
        head.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    if chunked {
        return read_chunks(reader).await;
    }
    let mut body = Vec::new();
    let Some(length) = head.header("content-length") else {
        reader.take(LONGEST_BODY as u64).read_to_end(&mut body).await.ok()?;
        return Some(body);
    };
    let length: usize = length.parse().ok().filter(|length| *length <= LONGEST_BODY)?;
    body.resize(length, 0);
    reader.read_exact(&mut body).await.ok()?;
    Some(body)
}

async fn read_chunks(reader: &mut (impl AsyncBufRead + Unpin)) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        reader.take(64).read_line(&mut line).await.ok()?;
        let size = usize::from_str_radix(line.trim().split(';').next()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let start = body.len();
        let end = start.checked_add(size).filter(|end| *end <= LONGEST_BODY)?;
        body.resize(end, 0);
        reader.read_exact(body.get_mut(start..)?).await.ok()?;
        reader.take(2).read_line(&mut line).await.ok()?;
    }
}
