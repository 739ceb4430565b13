//! `terminal`: session, services and an announced address.

use till::api::{Command, Health, Problem, ProblemCode, ServiceWanted, TerminalView, View};
use till::seams::domain::ids::TerminalId;
use till::settings::Settings;

use super::Call;
use crate::cli::{AddressVerdict, Terminal, TerminalAction};
use crate::exit::Exit;
use crate::lines::{Line, Named, TerminalLine};
use crate::opened::Opened;
use crate::prompts::spoken;
use crate::{fields, limits};

/// Does it.
///
/// # Errors
/// The terminal or the folder does not allow it.
pub async fn terminal(call: &Call, terminal: Terminal) -> anyhow::Result<Exit> {
    let settings = Settings::load(&call.folder)?;
    let id = fields::terminal(&terminal.terminal, &settings)?;
    let mut opened = match terminal.action {
        TerminalAction::Address { .. } => Opened::deaf(call).await?,
        TerminalAction::Login
        | TerminalAction::Logout
        | TerminalAction::Diagnosis
        | TerminalAction::Totals
        | TerminalAction::Reconcile
        | TerminalAction::Show { .. }
        | TerminalAction::Ask { .. } => Opened::talking(call, Some(id.clone()), None).await?,
    };
    let done = match terminal.action {
        TerminalAction::Login => login(call, &mut opened, &id).await,
        TerminalAction::Logout => service(call, &mut opened, &id, "logout", ServiceWanted::Logout).await,
        TerminalAction::Diagnosis => {
            service(call, &mut opened, &id, "diagnosis", ServiceWanted::Diagnosis).await
        }
        TerminalAction::Totals => service(call, &mut opened, &id, "totals", ServiceWanted::Totals).await,
        TerminalAction::Reconcile => {
            service(call, &mut opened, &id, "reconcile", ServiceWanted::Reconcile).await
        }
        TerminalAction::Show { lines } => {
            service(call, &mut opened, &id, "show", ServiceWanted::Show { lines }).await
        }
        TerminalAction::Ask { text, digits } => {
            service(call, &mut opened, &id, "ask", ServiceWanted::Ask { text, digits }).await
        }
        TerminalAction::Address { verdict } => address(call, &mut opened, &id, verdict).await,
    };
    opened.stop().await;
    done?;
    Ok(Exit::Done)
}

async fn login(call: &Call, opened: &mut Opened, id: &TerminalId) -> Result<(), Problem> {
    opened.earlier_settled(id, |_| false).await?;
    opened.follow.dispatch(Command::OpenTerminal { terminal: id.clone() }).await?;
    let settled = |view: &View| {
        let terminal = view.terminals.iter().find(|terminal| terminal.terminal == *id)?;
        is_settled(terminal.health).then(|| terminal.clone())
    };
    let found = opened.follow.wait_for(till::limits::OPEN, settled).await?;
    match found {
        Some(terminal) if terminal.health == Health::Ready => {
            show(call, &terminal);
            Ok(())
        }
        Some(terminal) => Err(fault(id, terminal.detail.as_deref().unwrap_or_default())),
        None => Err(fault(id, "no answer in time")),
    }
}

fn is_settled(health: Health) -> bool {
    match health {
        Health::Ready | Health::Unreachable | Health::OutOfOrder => true,
        Health::Unknown | Health::Opening | Health::Working | Health::Maintenance => false,
    }
}

fn fault(terminal: &TerminalId, detail: &str) -> Problem {
    Problem::new(ProblemCode::TerminalFault).with("terminal", terminal).with("detail", detail)
}

fn show(call: &Call, terminal: &TerminalView) {
    let device = [terminal.software.clone(), terminal.serial.clone()];
    let device = device.into_iter().flatten().collect::<Vec<_>>().join(", ");
    call.out.text(&format!("{} is in session ({device}).", terminal.name));
    terminal.warnings.iter().for_each(|warning| call.out.text(&format!("It warns: {warning}")));
    call.out.line(&Line::Terminal(Box::new(TerminalLine::new(terminal))));
}

async fn service(
    call: &Call,
    opened: &mut Opened,
    id: &TerminalId,
    service: &'static str,
    wanted: ServiceWanted,
) -> Result<(), Problem> {
    opened.earlier_settled(id, |_| false).await?;
    let command = Command::Service { terminal: id.clone(), service: wanted };
    let accepted = opened.follow.dispatch(command).await?;
    let mut told = accepted.lines;
    told.extend(accepted.answer.map(|answer| ("answer".to_owned(), spoken(&answer))));
    let width = told.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, value) in &told {
        call.out.text(&format!("{name:width$}  {value}"));
    }
    if told.is_empty() {
        call.out.text("Done.");
    }
    let lines = told.into_iter().map(|(name, value)| Named { name, value }).collect();
    call.out.line(&Line::Service { terminal: id.clone(), service, lines });
    Ok(())
}

/// Whoever announces an address is not known: a person looks at it before the till uses it.
async fn address(
    call: &Call,
    opened: &mut Opened,
    id: &TerminalId,
    verdict: Option<AddressVerdict>,
) -> Result<(), Problem> {
    let find = |view: &View| view.terminals.iter().find(|known| known.terminal == *id).cloned();
    let terminal = opened.follow.wait_for(limits::STOP, find).await?;
    let Some(mut terminal) = terminal else {
        return Err(Problem::new(ProblemCode::UnknownTerminal).with("terminal", id));
    };
    let words = match (&terminal.proposed_address, verdict) {
        (None, None) => format!("No address was announced for the terminal {id}."),
        (None, Some(_)) => return Err(fields::wrong("address", "none was announced for this terminal")),
        (Some(address), None) => format!("Announced for the terminal {id}, and not in use: {address}"),
        (Some(address), Some(verdict)) => {
            let (terminal, address) = (id.clone(), address.clone());
            let confirm = verdict == AddressVerdict::Confirm;
            let words = match verdict {
                AddressVerdict::Confirm => {
                    format!("The terminal {id} is reached at {address} from now on.")
                }
                AddressVerdict::Refuse => {
                    format!("{address} is refused; the terminal {id} stays where it was.")
                }
            };
            opened.follow.dispatch(Command::Address { terminal, address, confirm }).await?;
            words
        }
    };
    if verdict.is_some() {
        terminal.proposed_address = None;
    }
    call.out.text(&words);
    call.out.line(&Line::Terminal(Box::new(TerminalLine::new(&terminal))));
    Ok(())
}
