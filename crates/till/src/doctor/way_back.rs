//! The way from a terminal to the till, as far as it can be tried without the terminal: somebody calls the
//! announced address over the network and the till's listener answers.
//!
//! Invariant: it says from where it was tried; only the terminal's own call proves the whole way.

use super::Step;
use crate::limits;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use terminals::form::url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const NAME: &str = "listener";
/// What any HTTP server answers with.
const ANSWER: &[u8] = b"HTTP/1.";

/// Tries the address that terminals are told. `is_near`: the terminal is a program of this computer;
/// `is_far`: it is a service on the internet, which calls an address that somebody forwards to this one.
pub(super) async fn step(announced: Option<String>, is_near: bool, is_far: bool) -> Step {
    let Some(announced) = announced else {
        let fix = "Free the port in [listener] bind, or use the light form of integration.";
        return Step::failed(NAME, "back_deaf", "the till does not listen", fix);
    };
    if is_far && let Some(rest) = announced.strip_prefix("https://") {
        let host = rest.split('/').next().unwrap_or_default().to_owned();
        let found = format!("the service is told to call {host}; whether that arrives here is not tested");
        let step = Step::passed(NAME, "back_forwarded", found).with("host", host);
        let next = "Take a payment: where calls arrive, it ends a moment sooner.";
        return Step { fix: Some(next.to_owned()), ..step };
    }
    let (host, port) = match url(&announced) {
        Ok(parts) => parts,
        Err(what) => {
            let fix = "Write it as http://ADDRESS:PORT, or leave it empty.";
            let words = format!("[listener] public_url {what}");
            return Step::failed(NAME, "back_url", words, fix);
        }
    };
    let ip = host.parse::<IpAddr>().ok();
    if !is_near && ip.is_some_and(|ip| ip.is_loopback()) {
        let fix = "Set [listener] bind to this computer's address in the terminal's network, or public_url \
                   to the address that is forwarded to it.";
        let words = format!("the till listens on {host} alone, which no terminal reaches");
        return Step::failed(NAME, "back_near", words, fix).with("host", host);
    }
    let reached = match ip.filter(IpAddr::is_unspecified) {
        Some(any) => here(any).to_string(),
        None => host.clone(),
    };
    if !answers(&reached, port).await {
        let fix =
            "Check [listener] bind and public_url, what forwards the one to the other, and the firewall.";
        let words = format!("nothing answers at {reached}, port {port}");
        return Step::failed(NAME, "back_closed", words, fix).with("host", reached).with("port", port);
    }
    let found = format!(
        "the till answers at {reached}, port {port}, called from this computer; whether the terminal reaches \
         it is not tested"
    );
    let next = "See that the terminal's own menu names this computer and this port, then take a payment: the \
                terminal's texts must appear.";
    let step = Step::passed(NAME, "back_open", found).with("host", reached).with("port", port);
    Step { fix: Some(next.to_owned()), ..step }
}

/// A listener on every address of the computer is called on the one that is always there.
const fn here(any: IpAddr) -> IpAddr {
    match any {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
    }
}

async fn answers(host: &str, port: u16) -> bool {
    let call = async {
        let mut stream = TcpStream::connect((host, port)).await?;
        let request = format!("GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = [0; ANSWER.len()];
        stream.read_exact(&mut answer).await?;
        Ok::<_, std::io::Error>(answer == *ANSWER)
    };
    matches!(tokio::time::timeout(limits::CHECK_CONNECT, call).await, Ok(Ok(true)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    async fn server(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 16];
            stream.read_exact(&mut request).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        format!("http://{address}")
    }

    #[tokio::test]
    async fn what_answers_is_told_with_what_was_not_tried() {
        let step = step(Some(server("HTTP/1.1 405 No").await), true, false).await;
        assert!(step.ok && step.detail.contains("not tested"), "{step:?}");
        assert!(step.fix.unwrap().contains("take a payment"));
    }

    /// Gateways post to an address of the shop's, over https.
    #[tokio::test]
    async fn an_address_that_is_forwarded_is_right_for_a_service() {
        let told = Some("https://till.example/paydesk".to_owned());
        let step = step(told, false, true).await;
        assert!(step.ok && step.detail.contains("call till.example;"), "{step:?}");
    }

    #[tokio::test]
    async fn a_way_that_ends_nowhere_or_elsewhere_fails() {
        let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        for (announced, near, told) in [
            (None, true, "does not listen"),
            (Some(format!("http://{address}")), true, "nothing answers"),
            (Some(server("SSH-2.0-x").await), true, "nothing answers"),
            (Some("https://till.example".to_owned()), true, "public_url must begin"),
            (Some("http://127.0.0.1:11001".to_owned()), false, "no terminal reaches"),
        ] {
            let step = step(announced, near, false).await;
            assert!(!step.ok && step.fix.is_some() && step.detail.contains(told), "{step:?}");
        }
    }
}
