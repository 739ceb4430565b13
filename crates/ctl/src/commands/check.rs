//! `check`: the way to a terminal and back, step by step.

use till::api::Problem;
use till::doctor::{self, Checked, Step};
use till::seams::domain::ids::TerminalId;
use till::settings::Settings;

use tokio::sync::watch;

use super::Call;
use crate::exit::Exit;
use crate::fields;
use crate::lines::Line;
use crate::opened::Opened;

/// What `check` calls the printer, where no terminal has this id.
const PRINTER: &str = "printer";

/// Checks one terminal, or the printer.
///
/// # Errors
/// The folder cannot be used, or an operation is open on the terminal.
pub async fn check(call: &Call, terminal: &str) -> anyhow::Result<Exit> {
    let settings = Settings::load(&call.folder)?;
    let is_terminal = settings.terminals.iter().any(|entry| entry.id.0 == terminal);
    if terminal == PRINTER && !is_terminal {
        let step = doctor::check_printer_of(&call.folder, &settings).await?;
        return Ok(tell(call, vec![step]));
    }
    let terminal = fields::terminal(terminal, &settings)?;
    let mut opened = Opened::talking(call, Some(terminal.clone()), None).await?;
    let steps = examine(&mut opened, &terminal).await;
    opened.stop().await;
    Ok(tell(call, steps?))
}

fn tell(call: &Call, steps: Vec<Step>) -> Exit {
    let all_passed = steps.iter().all(|step| step.ok);
    for step in steps {
        call.out.text(&words(&step));
        call.out.line(&Line::step(step));
    }
    if all_passed { Exit::Done } else { Exit::Failed }
}

async fn examine(opened: &mut Opened, terminal: &TerminalId) -> Result<Vec<Step>, Problem> {
    opened.earlier_settled(terminal, |_| false).await?;
    let (till, id) = (&opened.started.till, opened.follow.command_id());
    doctor::check(till, &Checked::Terminal(terminal.clone()), id, &watch::Sender::default()).await
}

fn words(step: &Step) -> String {
    let mark = if step.ok { "ok " } else { "NOT OK" };
    let fix = step.fix.as_ref().map(|fix| format!("\n        {fix}")).unwrap_or_default();
    format!("{mark:6}  {:9} {}{fix}", step.name, step.detail)
}
