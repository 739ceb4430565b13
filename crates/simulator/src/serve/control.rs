//! The control interface: what a person with the terminal in hand would do, over plain HTTP on loopback.
//!
//! Routes are listed in `docs/SIMULATORS.md`. Invariant: nothing here changes the bank.

use std::net::SocketAddr;

use serde_json::json;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::http::{self, ReadError};
use crate::nexo::NexoTerminal;
use crate::script::Script;

const PREFIX: &str = "/control/";

/// One request, one answer, done.
pub async fn connection(stream: TcpStream, terminal: NexoTerminal, terminal_addr: SocketAddr) {
    let mut stream = BufReader::new(stream);
    let read = tokio::time::timeout(super::IDLE, http::read_request(&mut stream)).await;
    let (status, body) = match read {
        Ok(Ok(request)) => {
            let route = request.path.strip_prefix(PREFIX).unwrap_or_default();
            let body = String::from_utf8_lossy(&request.body);
            answer(&request.method, route, &body, &terminal, terminal_addr).await
        }
        Ok(Err(ReadError::Bad(status))) => (status, "bad request\n".to_owned()),
        Ok(Err(ReadError::Closed)) | Err(_) => return,
    };
    let head = format!(
        "HTTP/1.1 {status} \r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    let _ = stream.flush().await;
}

async fn answer(
    method: &str,
    route: &str,
    body: &str,
    terminal: &NexoTerminal,
    terminal_addr: SocketAddr,
) -> (u16, String) {
    let (route, query) = route.split_once('?').unwrap_or((route, ""));
    match (method, route) {
        ("GET", "state") => (200, json!(terminal.state()).to_string()),
        ("GET", "trace") => (200, json!(terminal.trace()).to_string()),
        ("GET", "bank") => (200, terminal.bank().to_json()),
        ("POST", "script") => script(terminal, body),
        ("POST", "announce") => {
            let address = query.strip_prefix("address=").map_or(Ok(terminal_addr), str::parse);
            match address {
                Ok(address) => done(terminal.announce(address).await),
                Err(_) => (400, problem("address is not of the form 192.0.2.41:11000")),
            }
        }
        ("POST", route) => act(route, terminal).await,
        _ => (404, problem("no such route")),
    }
}

async fn act(route: &str, terminal: &NexoTerminal) -> (u16, String) {
    match route {
        "reboot" => terminal.reboot(),
        "reboot-forgetting" => terminal.reboot_forgetting(),
        "unplug" => terminal.unplug(),
        "plug" => terminal.plug(),
        "update" => terminal.offer_update().await,
        "maintenance/begin" => terminal.begin_maintenance().await,
        "maintenance/end" => terminal.end_maintenance().await,
        _ => {
            return match route.strip_prefix("event/").filter(|name| !name.is_empty()) {
                Some(name) => done(terminal.event(name).await),
                None => (404, problem("no such route")),
            };
        }
    }
    done(true)
}

fn script(terminal: &NexoTerminal, body: &str) -> (u16, String) {
    match Script::from_toml(body) {
        Ok(script) => {
            terminal.follow(script);
            done(true)
        }
        Err(error) => (400, problem(&error.to_string())),
    }
}

fn done(sent: bool) -> (u16, String) {
    if sent { (200, json!({ "done": true }).to_string()) } else { (409, problem("no till listens")) }
}

fn problem(text: &str) -> String {
    json!({ "done": false, "problem": text }).to_string()
}
