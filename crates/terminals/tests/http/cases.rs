//! What counts as not sent, what as sent perhaps, and what goes over the wire.

use super::Client;
use crate::support::{assert_broken, far_side, patiently, post, read_request, reply, url};
use std::time::Duration;
use terminals::http::{Cause, Http, HttpFault, HttpReply, HttpRequest, Method};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

async fn send(request: HttpRequest) -> Result<HttpReply, HttpFault> {
    patiently(Client::new().unwrap().send(request)).await
}

/// The result of a request that is answered with exactly these bytes, after which the far side closes.
async fn answered(bytes: &'static [u8]) -> Result<HttpReply, HttpFault> {
    let (address, _) = far_side(move |mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(bytes).await.unwrap();
    })
    .await;
    send(post(url(address))).await
}

#[tokio::test]
async fn a_refused_port_is_not_sent() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let fault = send(post(url(address))).await.unwrap_err();
    assert_eq!(fault, HttpFault::NotSent { cause: Cause::Refused });
}

#[tokio::test]
async fn an_unknown_name_is_not_sent() {
    let fault = send(post("http://no-such-host.invalid:11000/".into())).await.unwrap_err();
    assert_eq!(fault, HttpFault::NotSent { cause: Cause::Name("no-such-host.invalid".into()) });
}

#[tokio::test]
async fn an_address_without_a_way_to_it_is_not_sent() {
    let fault = send(post("http://255.255.255.255:11000/".into())).await.unwrap_err();
    assert!(matches!(fault, HttpFault::NotSent { .. }), "{fault:?}");
}

/// A listener whose queue is full and who accepts nobody: the system ignores further connections.
#[tokio::test]
async fn a_connection_that_never_comes_is_not_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    while let Ok(stream) =
        tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await
    {
        held.push(stream.unwrap());
        assert!(held.len() < 900, "the queue has no end");
    }
    let fault = send(HttpRequest { connect_ms: 50, ..post(url(address)) }).await.unwrap_err();
    assert_eq!(fault, HttpFault::NotSent { cause: Cause::ConnectTimeout });
}

#[tokio::test]
async fn an_unusable_url_is_not_sent() {
    for url in ["", "terminal:11000", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:99999/", "/path"] {
        let result = send(post(url.into())).await;
        assert!(matches!(result, Err(HttpFault::NotSent { cause: Cause::BadUrl(_) })), "{url}: {result:?}");
    }
}

#[tokio::test]
async fn an_unusable_header_is_not_sent() {
    let cases = [
        ("X-Token", "line\r\nbreak"),
        ("na me", "x"),
        ("Content-Length", "3"),
        ("transfer-encoding", "chunked"),
        ("Host", "elsewhere"),
    ];
    for (name, value) in cases {
        let mut request = post("http://127.0.0.1:1/".into());
        request.headers.push((name.into(), value.into()));
        let fault = send(request).await.unwrap_err();
        assert_eq!(fault, HttpFault::NotSent { cause: Cause::BadHeader(name.into()) });
    }
}

#[tokio::test]
async fn closing_after_the_accept_is_sent_perhaps() {
    let (address, _) = far_side(|stream| async move { drop(stream) }).await;
    assert_broken(send(post(url(address))).await);
}

#[tokio::test]
async fn closing_after_the_request_is_sent_perhaps() {
    assert_broken(answered(b"").await);
}

#[tokio::test]
async fn a_reset_after_the_request_is_sent_perhaps() {
    let (address, _) = far_side(|mut stream| async move {
        read_request(&mut stream).await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    assert_broken(send(post(url(address))).await);
}

#[tokio::test]
async fn closing_in_the_middle_of_the_headers_is_sent_perhaps() {
    assert_broken(answered(b"HTTP/1.1 200 OK\r\nContent-Le").await);
}

#[tokio::test]
async fn closing_in_the_middle_of_the_answer_is_sent_perhaps() {
    assert_broken(answered(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this").await);
}

#[tokio::test]
async fn closing_in_the_middle_of_a_chunked_answer_is_sent_perhaps() {
    assert_broken(answered(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n").await);
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_sent_perhaps() {
    for bytes in [&b"I am a printer, not a terminal\r\n\r\n"[..], b"\x00\x01\x02\x03\xff\xfe\r\n\r\n"] {
        let result = answered(bytes).await;
        assert!(matches!(result, Err(HttpFault::MaybeSent { cause: Cause::Undecodable(_) })), "{result:?}");
    }
}

#[tokio::test]
async fn no_answer_in_time_is_sent_perhaps_and_the_connection_is_closed() {
    let (address, playing) = far_side(|mut stream| async move {
        read_request(&mut stream).await;
        stream.read(&mut [0]).await
    })
    .await;
    let fault = send(HttpRequest { answer_ms: 50, ..post(url(address)) }).await.unwrap_err();
    assert_eq!(fault, HttpFault::MaybeSent { cause: Cause::Timeout });
    assert_eq!(patiently(playing).await.unwrap().unwrap(), 0);
}

#[tokio::test]
async fn an_answer_that_drips_does_not_outlast_the_deadline() {
    let (address, _) = far_side(|mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").await.unwrap();
        let mut pace = tokio::time::interval(Duration::from_millis(5));
        while stream.write_all(b".").await.is_ok() {
            pace.tick().await;
        }
    })
    .await;
    let request = HttpRequest { answer_ms: 100, max_reply_bytes: 2_000_000, ..post(url(address)) };
    assert_eq!(send(request).await, Err(HttpFault::MaybeSent { cause: Cause::Timeout }));
}

#[tokio::test]
async fn an_empty_204_is_a_reply() {
    assert_eq!(answered(b"HTTP/1.1 204 No Content\r\n\r\n").await, reply(204, ""));
}

#[tokio::test]
async fn an_error_500_is_a_reply() {
    assert_eq!(answered(b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops").await, reply(500, "oops"));
}

#[tokio::test]
async fn a_continue_before_the_answer_is_skipped() {
    let bytes = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    assert_eq!(answered(bytes).await, reply(200, "ok"));
}

#[tokio::test]
async fn a_chunked_answer_is_joined() {
    let bytes =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    assert_eq!(answered(bytes).await, reply(200, "hello world"));
}

#[tokio::test]
async fn an_old_answer_that_ends_with_the_connection_is_read() {
    assert_eq!(answered(b"HTTP/1.0 200 OK\r\n\r\nuntil the end").await, reply(200, "until the end"));
    assert_eq!(answered(b"HTTP/1.1 200 OK\r\n\r\nuntil the end").await, reply(200, "until the end"));
}

#[tokio::test]
async fn a_compressed_answer_is_left_as_it_is() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc";
    assert_eq!(answered(bytes).await, reply(200, "abc"));
}

#[tokio::test]
async fn an_answer_as_long_as_the_limit_is_read_and_one_byte_more_is_not() {
    const CHUNKED: &str = "Transfer-Encoding: chunked";
    for (bytes, fits) in [(1024, true), (1025, false)] {
        for chunked in [true, false] {
            let (address, _) = far_side(move |mut stream| async move {
                read_request(&mut stream).await;
                let body = "x".repeat(bytes);
                let answer = if chunked {
                    format!("HTTP/1.1 200 OK\r\n{CHUNKED}\r\n\r\n{bytes:x}\r\n{body}\r\n0\r\n\r\n")
                } else {
                    format!("HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n{body}")
                };
                stream.write_all(answer.as_bytes()).await.unwrap();
            })
            .await;
            let result = send(post(url(address))).await;
            if fits {
                assert_eq!(result.unwrap().body.len(), bytes);
            } else {
                assert_eq!(result, Err(HttpFault::MaybeSent { cause: Cause::TooLarge }));
            }
        }
    }
}

/// The far side finds the connection closed long before it has sent everything: the client stops reading.
#[tokio::test]
async fn an_answer_of_64_mb_is_cut_at_the_limit() {
    const BLOCK: usize = 64 * 1024;
    for length in ["Content-Length: 67108864\r\n", ""] {
        let (address, playing) = far_side(move |mut stream| async move {
            read_request(&mut stream).await;
            let head = format!("HTTP/1.1 200 OK\r\n{length}\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            let mut blocks = 0;
            while blocks < 1024 && stream.write_all(&[b'x'; BLOCK]).await.is_ok() {
                blocks += 1;
            }
            blocks
        })
        .await;
        let fault = send(HttpRequest { max_reply_bytes: BLOCK, ..post(url(address)) }).await.unwrap_err();
        assert_eq!(fault, HttpFault::MaybeSent { cause: Cause::TooLarge });
        assert!(patiently(playing).await.unwrap() < 1024);
    }
}

#[tokio::test]
async fn a_redirect_is_a_reply_and_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = elsewhere.local_addr().unwrap();
    for status in [301, 302, 307, 308] {
        let (address, _) = far_side(move |mut stream| async move {
            read_request(&mut stream).await;
            let head = format!(
                "HTTP/1.1 {status} Moved\r\nLocation: http://{target}/\r\nContent-Length: 0\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
        })
        .await;
        assert_eq!(send(post(url(address))).await, reply(status, ""));
    }
    let nobody = tokio::time::timeout(Duration::from_millis(20), elsewhere.accept()).await;
    assert!(nobody.is_err(), "somebody followed the redirect");
}

#[tokio::test]
async fn the_request_on_the_wire_is_plain() {
    let (address, playing) = far_side(|mut stream| async move {
        let request = read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        (request, rest)
    })
    .await;
    send(post(url(address))).await.unwrap();
    let (request, rest) = patiently(playing).await.unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<String> = head.lines().map(str::to_owned).collect();
    assert_eq!(lines.remove(0), "POST /EPASSaleToPOI/3.1 HTTP/1.1");
    lines.sort();
    let expected = [
        "accept: */*".to_owned(),
        "content-length: 8".to_owned(),
        "content-type: application/xml; charset=utf-8".to_owned(),
        format!("host: {address}"),
    ];
    assert_eq!(lines, expected);
    assert_eq!(body, "<Hello/>");
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn an_empty_post_has_a_length_and_a_get_has_no_body() {
    for (method, first, length) in [(Method::Post, "POST /", true), (Method::Get, "GET /", false)] {
        let (address, playing) = far_side(|mut stream| async move {
            let request = read_request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
            request
        })
        .await;
        send(HttpRequest { method, body: Vec::new(), ..post(url(address)) }).await.unwrap();
        let request = patiently(playing).await.unwrap();
        assert!(request.starts_with(first), "{request}");
        assert_eq!(request.contains("content-length: 0\r\n"), length, "{request}");
        assert!(!request.to_lowercase().contains("transfer-encoding"), "{request}");
    }
}

/// The far side keeps its connections open and would take a second request on each.
#[tokio::test]
async fn every_request_has_a_connection_of_its_own() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let playing = tokio::spawn(async move {
        let mut closed = Vec::new();
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
            closed.push(stream.read(&mut [0]).await.unwrap());
        }
        closed
    });
    let network = Client::new().unwrap();
    for _ in 0..2 {
        assert_eq!(patiently(network.send(post(url(address)))).await, reply(200, "ok"));
    }
    assert_eq!(patiently(playing).await.unwrap(), [0, 0]);
}

#[tokio::test]
async fn requests_run_side_by_side() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let network = Client::new().unwrap();
    let (first, second) = (network.clone(), network);
    let payment = tokio::spawn(async move { first.send(post(url(address))).await });
    let (mut waiting, _) = patiently(listener.accept()).await.unwrap();
    read_request(&mut waiting).await;
    let abort = tokio::spawn(async move { second.send(post(url(address))).await });
    let (mut quick, _) = patiently(listener.accept()).await.unwrap();
    read_request(&mut quick).await;
    quick.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
    assert_eq!(patiently(abort).await.unwrap(), reply(204, ""));
    waiting.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npaid").await.unwrap();
    assert_eq!(patiently(payment).await.unwrap(), reply(200, "paid"));
}

#[tokio::test]
async fn a_broken_exchange_is_not_repeated() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let network = Client::new().unwrap();
    let sending = tokio::spawn(async move { network.send(post(url(address))).await });
    let (mut stream, _) = patiently(listener.accept()).await.unwrap();
    read_request(&mut stream).await;
    drop(stream);
    assert_broken(patiently(sending).await.unwrap());
    let again = tokio::time::timeout(Duration::from_millis(20), listener.accept()).await;
    assert!(again.is_err(), "the request was repeated");
}

#[tokio::test]
async fn a_dropped_exchange_closes_the_connection() {
    let (arrived, arrival) = oneshot::channel();
    let (address, playing) = far_side(|mut stream| async move {
        read_request(&mut stream).await;
        arrived.send(()).unwrap();
        stream.read(&mut [0]).await
    })
    .await;
    let sending = tokio::spawn(send(post(url(address))));
    patiently(arrival).await.unwrap();
    sending.abort();
    assert_eq!(patiently(playing).await.unwrap().unwrap(), 0);
}

#[tokio::test]
async fn a_dropped_exchange_closes_the_connection_in_the_middle_of_the_answer() {
    let (arrived, arrival) = oneshot::channel();
    let (address, playing) = far_side(|mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this").await.unwrap();
        arrived.send(()).unwrap();
        stream.read(&mut [0]).await
    })
    .await;
    let sending = tokio::spawn(send(post(url(address))));
    patiently(arrival).await.unwrap();
    sending.abort();
    // A far side whose unread bytes were dropped with the connection sees a reset.
    assert!(matches!(patiently(playing).await.unwrap(), Ok(0) | Err(_)));
}

#[test]
fn what_is_printed_holds_no_secret() {
    let mut request = post("http://gateway/pay?token=SECRET#SECRET".into());
    request.headers.push(("Authorization".into(), "Bearer SECRET".into()));
    request.body = b"SECRET".to_vec();
    let printed = format!("{request:?}");
    assert!(printed.contains("http://gateway/pay") && printed.contains("Authorization"), "{printed}");
    assert!(!printed.contains("SECRET"), "{printed}");
    request.url = "http://till:SECRET@gateway/".into();
    assert!(!format!("{request:?}").contains("SECRET"));
    let reply = HttpReply::new(200, b"SECRET".to_vec());
    assert!(!format!("{reply:?}").contains("83"), "{reply:?}");
}

#[tokio::test]
async fn a_fault_holds_no_secret() {
    let faults = [
        send(post("http://no-such-host.invalid/?token=SECRET".into())).await,
        send(post("http://127.0.0.1:99999/?token=SECRET".into())).await,
        send(post("ftp://till:SECRET@host/".into())).await,
        answered(b"SECRET SECRET SECRET\r\n\r\n").await,
    ];
    for fault in faults {
        let fault = fault.unwrap_err();
        assert!(!format!("{fault} {fault:?}").contains("SECRET"), "{fault:?}");
    }
}
