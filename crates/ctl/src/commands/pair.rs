//! `pair`: terminals on the local network ask to be paired, and a person names the one that is meant.

use anyhow::Context;
use std::sync::Arc;
use till::api::{Command, Dispatch, Pairing, PairingGuest, PairingRoom, Problem, ProblemCode};
use till::clock::Clock;
use till::random::Random;
use till::seams::domain::ids::CommandId;
use till::sight::Watching;
use till::{Options, Started, Till};
use tokio::sync::watch;

use super::Call;
use crate::cli::Pair;
use crate::exit::Exit;
use crate::lines::Line;
use crate::out::Out;
use crate::signals::{NO_SIGNALS, Signals};

/// Lets terminals ask until one is accepted or somebody ends it.
///
/// # Errors
/// The folder cannot be used, or no terminal can ask.
pub async fn pair(call: &Call, wanted: Pair) -> anyhow::Result<Exit> {
    let mut signals = Signals::taken().context(NO_SIGNALS)?;
    let started = till::start(&call.folder, Options { deaf: true, ..Options::default() }).await?;
    let exit = tokio::select! {
        exit = host(call.out, &started, &wanted) => exit,
        _ = signals.next() => Ok(Exit::Failed),
    };
    started.stop().await;
    Ok(exit?)
}

async fn host(out: Out, started: &Started, wanted: &Pair) -> Result<Exit, Problem> {
    let Watching { mut values, until } = started.till.pairing();
    let (mut is_open, mut newest) = (false, 0);
    loop {
        let pairing = next(&mut values).await?;
        match &pairing.room {
            PairingRoom::Opening => {}
            PairingRoom::Open { name, port, unseen } => {
                if !is_open {
                    opened(out, name, *port, *unseen);
                }
                is_open = true;
            }
            PairingRoom::Shut { why } => {
                return Err(Problem::new(ProblemCode::FolderUnusable).with("detail", why));
            }
        }
        for guest in pairing.guests.iter().filter(|guest| guest.number > newest) {
            tell(out, guest);
        }
        newest = pairing.guests.iter().map(|guest| guest.number).fold(newest, u64::max);
        if let Some(guest) = meant(out, &pairing.guests, wanted) {
            accept(&started.till, guest.number).await?;
            accepted(out, guest);
            drop(until);
            started.till.pairing_ended().await;
            return Ok(Exit::Done);
        }
    }
}

async fn next(values: &mut watch::Receiver<Arc<Pairing>>) -> Result<Arc<Pairing>, Problem> {
    values.changed().await.map_err(|_| Problem::new(ProblemCode::Stopping))?;
    Ok(values.borrow_and_update().clone())
}

fn opened(out: Out, name: &str, port: u16, unseen: bool) {
    out.line(&Line::PairingOpen { name: name.to_owned(), port, unseen });
    out.text(&format!(
        "Terminals can ask to be paired now. On the terminal: Settings, General, ECR Hub, mode WLAN, then \
         choose {name}. Ctrl-C ends it."
    ));
    if unseen {
        out.say(&format!(
            "The network does not let this till be found: type its address and port {port} on the terminal."
        ));
    }
}

fn tell(out: Out, guest: &PairingGuest) {
    out.line(&Line::PairingGuest(Box::new(guest.clone())));
    let PairingGuest { name, serial, place, .. } = guest;
    out.text(&format!("{name} (serial number {serial}) at {place} asks to be paired."));
    if guest.has_namesake {
        out.say(&format!("Another terminal called {name} asks as well: compare the serial number."));
    }
}

/// The one that is called so; nobody where two are.
fn meant<'g>(out: Out, guests: &'g [PairingGuest], wanted: &Pair) -> Option<&'g PairingGuest> {
    let name = wanted.accept.as_deref()?.trim();
    let known_by = |guest: &PairingGuest| {
        let id = guest.settings.get("paired");
        guest.serial == name || guest.name == name || id.is_some_and(|id| id == name)
    };
    let all: Vec<&PairingGuest> = guests.iter().filter(|guest| known_by(guest)).collect();
    match all.as_slice() {
        [one] => Some(*one),
        [] => None,
        _ => {
            out.say(&format!("Two terminals are called {name}: neither is accepted."));
            None
        }
    }
}

async fn accept(till: &Till, guest: u64) -> Result<(), Problem> {
    let id = CommandId::of(&Random::system(Clock::system(jiff::tz::TimeZone::UTC)).seed());
    let command = Command::AnswerPairing { guest, accepts: true };
    till.instruct(Dispatch::new(id, command)).await.map(drop)
}

fn accepted(out: Out, guest: &PairingGuest) {
    out.line(&Line::Paired(Box::new(guest.clone())));
    let rows: String =
        guest.settings.iter().map(|(key, value)| format!("  {key} = \"{value}\"\n")).collect();
    out.text(&format!(
        "{} is paired. These lines belong in its [terminal.settings]:\n{}",
        guest.name,
        rows.trim_end()
    ));
}
