//! A terminal that introduces itself to a till (dossier section 3.5).

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::protocol::Message;
use wire::ecrhub::{HUB, Json};

use crate::ecrhub::HubTerminal;

/// How long a terminal waits for a person at the till.
const PATIENCE: Duration = Duration::from_secs(300);

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introducing {
    /// What it is known by.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its serial number.
    pub serial: String,
    /// Where it takes payments.
    pub place: SocketAddr,
}

impl Introducing {
    /// As it writes that.
    pub fn written(&self, topic: &str) -> String {
        let text = |(name, value): (&str, &str)| (name.to_owned(), Json::text(value));
        let (host, port) = (self.place.ip().to_string(), self.place.port().to_string());
        let device = [
            ("mac_address", self.id.as_str()),
            ("device_name", &self.name),
            ("alias_name", &self.serial),
            ("ip_address", &host),
            ("port", &port),
        ];
        let device = Json::Object(device.map(text).into());
        let members =
            vec![text(("topic", topic)), text(("app_id", "")), ("device_data".to_owned(), device)];
        Json::Object(members).to_string()
    }
}

/// Asks the till at this address to be paired. Accepted, the terminal takes its orders from then on.
///
/// # Errors
/// The till cannot be reached, goes away, or answers something else than the introduction with its word.
pub async fn introduce(till: SocketAddr, who: &Introducing, terminal: &HubTerminal) -> io::Result<bool> {
    let broken = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let stream = TcpStream::connect(till).await?;
    let shaken = client_async(format!("ws://{till}/"), stream).await;
    let (mut socket, _) = shaken.map_err(|error| broken(error.to_string()))?;
    let asked = who.written("ecrhub.pair");
    let sent = socket.send(Message::text(asked.clone())).await;
    sent.map_err(|error| broken(error.to_string()))?;
    let answered = async {
        while let Some(Ok(came)) = socket.next().await {
            if let Message::Text(text) = came {
                return Some(text.as_bytes().to_vec());
            }
        }
        None
    };
    let answer = timeout(PATIENCE, answered).await.ok().flatten();
    let answer = answer.ok_or_else(|| broken("the till went away without a word".to_owned()))?;
    let _ = socket.close(None).await;
    let said = word(&asked, &answer).ok_or_else(|| broken("that is no answer to a pairing".to_owned()))?;
    if said {
        terminal.turn(|knobs| knobs.wants_pairing = false);
    }
    Ok(said)
}

/// The till repeats what was said, and adds its word.
fn word(asked: &str, answer: &[u8]) -> Option<bool> {
    let (asked, answer) = (Json::decode(asked.as_bytes(), &HUB).ok()?, Json::decode(answer, &HUB).ok()?);
    let Json::Object(members) = &asked else { return None };
    let repeats = members.iter().all(|(name, value)| answer.get(name) == Some(value));
    match answer.get("response_code") {
        Some(Json::Text(code)) if repeats && code == "000" => Some(true),
        Some(Json::Text(code)) if repeats && code == "001" => Some(false),
        Some(_) | None => None,
    }
}
