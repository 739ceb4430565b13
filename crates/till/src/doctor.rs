//! The connection check: one step after another, each with what was found and a plain fix where it fails.
//!
//! Invariant: a step says only what was tried; what cannot be tried from here is named as not tested.

mod way_back;

use crate::api::{Command, Dispatch, Health, Problem};
use crate::limits;
use crate::settings::{Settings, TerminalEntry};
use crate::{Till, actor_words::words_of_fault};
use domain::ids::CommandId;
use peripherals::printer::{Fault as PrinterFault, Printed, Prints};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::Path;
use terminals::form::url;

/// One step.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `name`, `port`, `login`, `identity`, `clock`, `listener`; `printer`.
    pub name: String,
    /// Passed.
    pub ok: bool,
    /// What was found.
    pub detail: String,
    /// What to do, where it failed or could not be tried as a whole.
    pub fix: Option<String>,
}

fn passed(name: &str, detail: impl Into<String>) -> Step {
    Step { name: name.to_owned(), ok: true, detail: detail.into(), fix: None }
}

fn failed(name: &str, detail: impl Into<String>, fix: &str) -> Step {
    Step { name: name.to_owned(), ok: false, detail: detail.into(), fix: Some(fix.to_owned()) }
}

/// Asks the printer how it is, without printing.
pub async fn check_printer(printer: &dyn Prints) -> Step {
    let fault = match printer.print(&[], &peripherals::limits::Limits::SHOP).await {
        Ok(Printed { paper_low: false }) => return passed("printer", "the printer is ready"),
        Ok(Printed { paper_low: true }) => {
            return passed("printer", "the printer is ready, and its paper ends soon");
        }
        Err(fault) => fault,
    };
    let (detail, fix) = match &fault {
        PrinterFault::NotSetUp => ("no printer is set up", "Name one under [printer] in settings.toml."),
        PrinterFault::Setting { .. } => {
            ("the settings name no printer", "Correct [printer] in settings.toml.")
        }
        PrinterFault::Away { .. } => (
            "the printer does not answer",
            "Switch it on, check its cable and network, and the target in settings.toml.",
        ),
        PrinterFault::Refused { .. } => (
            "something answers at the printer's address and takes nothing",
            "Check the port (usually 9100), and that no other till prints right now.",
        ),
        PrinterFault::PaperOut => ("the printer is out of paper", "Load a new roll and close the lid."),
        PrinterFault::Stopped { .. } => {
            ("the printer stopped answering", "Switch it off and on, then check again.")
        }
    };
    failed("printer", detail, fix)
}

/// The printer of these settings, as a till in this folder would use it.
pub async fn check_printer_of(folder: &Path, settings: &Settings) -> Result<Step, Problem> {
    Ok(check_printer(&crate::start::printer(settings, folder)?).await)
}

/// Checks the way to one terminal and back. Ends at the first step that makes the next ones pointless.
pub async fn check(
    till: &Till,
    entry: &TerminalEntry,
    listener: Option<SocketAddr>,
    id: CommandId,
) -> Result<Vec<Step>, Problem> {
    let mut steps = Vec::new();
    if let Some(address) = entry.settings.get("url").and_then(toml::Value::as_str)
        && !reach(address, &mut steps).await
    {
        return Ok(steps);
    }
    let command = Command::OpenTerminal { terminal: entry.id.clone() };
    till.instruct(Dispatch::new(id, command)).await?;
    let Some(view) = opened(till, entry).await else {
        steps.push(failed(
            "login",
            "no answer in time",
            "Check that the terminal is idle, then try again.",
        ));
        return Ok(steps);
    };
    let detail = view.detail.clone().unwrap_or_default();
    if view.health != Health::Ready {
        let fix = words_of_fault(&detail);
        let words = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
        steps.push(failed("login", format!("the terminal opened no session{words}"), fix));
        return Ok(steps);
    }
    steps.push(passed("login", "the terminal opened a session"));
    let identity = [view.serial.clone(), view.software.clone()].into_iter().flatten().collect::<Vec<_>>();
    steps.push(passed("identity", identity.join(", ")));
    for warning in &view.warnings {
        steps.push(failed("health", warning.clone(), "Have the terminal looked at; it may still work."));
    }
    if entry.profiled.needs_listener {
        steps.push(way_back::step(till.announced(listener), entry.profiled.loopback).await);
    }
    Ok(steps)
}

async fn opened(till: &Till, entry: &TerminalEntry) -> Option<crate::api::TerminalView> {
    let mut views = till.views();
    let settled = views.wait_for(|view| {
        view.terminals.iter().any(|terminal| terminal.terminal == entry.id && is_settled(terminal.health))
    });
    let view = tokio::time::timeout(limits::OPEN, settled).await.ok()?.ok()?;
    view.terminals.iter().find(|terminal| terminal.terminal == entry.id).cloned()
}

fn is_settled(health: Health) -> bool {
    match health {
        Health::Ready | Health::Unreachable | Health::OutOfOrder => true,
        Health::Unknown | Health::Opening | Health::Working | Health::Maintenance => false,
    }
}

async fn reach(address: &str, steps: &mut Vec<Step>) -> bool {
    let Ok((host, port)) = url(address) else { return true };
    let lookup = tokio::net::lookup_host((host.as_str(), port));
    let found = match tokio::time::timeout(limits::CHECK_NAME, lookup).await {
        Ok(Ok(addresses)) => addresses.collect::<Vec<_>>(),
        Ok(Err(_)) | Err(_) => Vec::new(),
    };
    let Some(first) = found.first() else {
        let fix = "Correct the address in the settings, or use the terminal's IP address.";
        steps.push(failed("name", format!("{host} has no address"), fix));
        return false;
    };
    let is_address = host == first.ip().to_string();
    let found =
        if is_address { format!("{host} is an address") } else { format!("{host} is {}", first.ip()) };
    steps.push(passed("name", found));
    let connect = tokio::net::TcpStream::connect(first);
    match tokio::time::timeout(limits::CHECK_CONNECT, connect).await {
        Ok(Ok(_)) => {
            steps.push(passed("port", format!("port {port} is open")));
            true
        }
        Ok(Err(error)) => {
            let fix =
                "Switch the terminal on, check that it is in the same network, and the port in its menu.";
            steps.push(failed("port", format!("nothing answers on port {port} ({error})"), fix));
            false
        }
        Err(_) => {
            let fix = "Check the address, the network cable or Wi-Fi, and any firewall in between.";
            steps.push(failed("port", format!("port {port} does not answer"), fix));
            false
        }
    }
}
