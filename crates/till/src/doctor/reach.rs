//! The way to a terminal over the network: its name, our own address, its port, and whether it speaks HTTP.
//!
//! Invariant: nothing that a terminal could take for a request of money or a session leaves from here.

use super::Step;
use crate::limits;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use terminals::Address;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

/// What every answer over HTTP begins with.
const HTTP: &[u8] = b"HTTP/";
/// What a TLS alert begins with.
const TLS: &[u8] = &[0x15, 0x03];

/// Tries one after another; false where the next steps are pointless.
pub(super) async fn walk(address: &Address, told: &mut impl FnMut(Step) -> bool) -> bool {
    let (host, port) = (address.host.as_str(), address.port);
    let Some(found) = look_up(host, port).await else {
        let fix = "Correct the address in the settings, or use the terminal's IP address.";
        let step = Step::failed("name", "name_missing", format!("{host} has no address"), fix);
        return told(step.with("host", host));
    };
    let is_address = host == found.ip().to_string();
    let words =
        if is_address { format!("{host} is an address") } else { format!("{host} is {}", found.ip()) };
    let code = if is_address { "name_address" } else { "name_found" };
    if !told(Step::passed("name", code, words).with("host", host).with("address", found.ip())) {
        return false;
    }
    if !told(own_address(found).await) {
        return false;
    }
    let connect = timeout(limits::CHECK_CONNECT, TcpStream::connect(found)).await;
    let stream = match connect {
        Ok(Ok(stream)) => {
            told(Step::passed("port", "port_open", format!("port {port} is open")).with("port", port));
            stream
        }
        Ok(Err(error)) => {
            let words = format!("nothing answers on port {port} ({})", said(&error));
            let fix =
                "Switch the terminal on, check that it is in the same network, and the port in its menu.";
            return told(Step::failed("port", "port_refused", words, fix).with("port", port));
        }
        Err(_) => {
            let words = format!("port {port} does not answer");
            let fix = "Check the address, the network cable or Wi-Fi, and any firewall in between.";
            return told(Step::failed("port", "port_silent", words, fix).with("port", port));
        }
    };
    if address.secure {
        // A plain question would be noise to it; the login checks the certificate.
        drop(stream);
        let words = "it is asked over TLS, and the login checks its certificate";
        return told(Step::passed("http", "http_secure", words));
    }
    told(speaks(stream, host, port).await)
}

/// What the system says, without its number.
fn said(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

async fn look_up(host: &str, port: u16) -> Option<SocketAddr> {
    match timeout(limits::CHECK_NAME, tokio::net::lookup_host((host, port))).await {
        Ok(Ok(mut addresses)) => addresses.next(),
        Ok(Err(_)) | Err(_) => None,
    }
}

/// The address of this computer on the way there. Nothing is sent: the system only chooses the way.
async fn own_address(to: SocketAddr) -> Step {
    let any: IpAddr = match to.ip() {
        IpAddr::V4(_) => std::net::Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
    };
    let chosen = async {
        let socket = UdpSocket::bind((any, 0)).await?;
        socket.connect(to).await?;
        socket.local_addr()
    };
    match chosen.await {
        Ok(own) => {
            let words = format!("this computer is {} on the way there", own.ip());
            Step::passed("address", "address_own", words).with("own", own.ip())
        }
        Err(error) => {
            let words = format!("this computer has no way to {} ({})", to.ip(), said(&error));
            let fix =
                "Connect this computer to the terminal's network: cable, Wi-Fi, or the right address.";
            Step::failed("address", "address_none", words, fix).with("address", to.ip())
        }
    }
}

/// Asks for a page that no terminal has. Only an answer proves anything: what stays silent may still take
/// requests of its own protocol.
async fn speaks(mut stream: TcpStream, host: &str, port: u16) -> Step {
    let mut answer = [0; HTTP.len()];
    let asked = async {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        stream.read_exact(&mut answer).await
    };
    let silent = || {
        let words = "it takes connections but does not answer a plain question; the login tells more";
        Step::passed("http", "http_silent", words)
    };
    match timeout(limits::CHECK_HTTP, asked).await {
        Ok(Ok(_)) if answer == *HTTP => Step::passed("http", "http_ok", "it speaks HTTP"),
        Ok(Ok(_)) if answer.starts_with(TLS) => {
            let fix = "Switch encryption off in the terminal's network menu, or use its plain port.";
            Step::failed("http", "http_tls", "it speaks TLS, which this terminal's protocol does not", fix)
        }
        Ok(Ok(_)) => {
            let words = format!("something else than a terminal answers on port {port}");
            let fix =
                "Compare address and port with the terminal's menu: this is another device or program.";
            Step::failed("http", "http_other", words, fix).with("port", port)
        }
        Ok(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => silent(),
        Ok(Err(_)) | Err(_) => silent(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// Something that answers every connection with these bytes.
    async fn answering(bytes: &'static [u8]) -> Address {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 16];
            stream.read_exact(&mut asked).await.unwrap();
            stream.write_all(bytes).await.unwrap();
        });
        Address { host: "127.0.0.1".to_owned(), port, secure: false }
    }

    async fn steps(address: &Address) -> (Vec<(String, bool)>, bool) {
        let mut codes = Vec::new();
        let mut told = |step: Step| {
            assert_eq!(step.fix.is_some(), !step.ok, "{step:?}");
            codes.push((step.code, step.ok));
            step.ok
        };
        let goes_on = walk(address, &mut told).await;
        (codes, goes_on)
    }

    #[tokio::test]
    async fn each_step_fails_in_its_place() {
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let of = |host: &str, port| Address { host: host.to_owned(), port, secure: false };
        let rows = [
            (of("no-such-terminal.invalid", 1), "name_missing", 1),
            (of("127.0.0.1", closed), "port_refused", 3),
            (answering(b"SSH-2.0-x\r\n").await, "http_other", 4),
            (answering(&[0x15, 0x03, 0x01, 0, 2, 2, 50]).await, "http_tls", 4),
        ];
        for (address, code, count) in rows {
            let (codes, goes_on) = steps(&address).await;
            assert_eq!((codes.len(), goes_on), (count, false), "{codes:?}");
            assert_eq!(codes.last().unwrap(), &(code.to_owned(), false));
            assert!(codes.iter().rev().skip(1).all(|(_, ok)| *ok), "{codes:?}");
        }
    }

    #[tokio::test]
    async fn what_answers_or_only_listens_goes_on() {
        for (bytes, code) in [(&b"HTTP/1.1 405 No\r\n\r\n"[..], "http_ok"), (b"", "http_silent")] {
            let (codes, goes_on) = steps(&answering(bytes).await).await;
            assert!(goes_on);
            assert_eq!(codes.last().unwrap(), &(code.to_owned(), true));
        }
    }
}
