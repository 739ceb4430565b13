//! The connection check: one step after another, each with what was found and a plain fix where it fails.
//!
//! Invariant: a step says only what was tried; what cannot be tried from here is named as not tested.

mod far;
mod press;
mod reach;
mod way_back;
mod wired;

use crate::api::{Command, Dispatch, Health, Problem, ProblemCode, TerminalForm, TerminalView};
use crate::limits;
use crate::settings::TerminalEntry;
use crate::{Till, actor_words::words_of_fault};
use domain::ids::{CommandId, TerminalId};
pub(crate) use press::check_printer;
pub use press::check_printer_of;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use terminals::Address;
use terminals::form::FieldKind;
use tokio::sync::watch;

/// One step.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `name`, `address`, `port`, `http`, `login`, `listener`, `identity`, `clock`, `health`; on a serial
    /// line `device`, `permission`, `speed`, `login`, `frames`; `printer`.
    pub name: String,
    /// Passed.
    pub ok: bool,
    /// What was found.
    pub detail: String,
    /// What to do, where it failed or could not be tried as a whole.
    pub fix: Option<String>,
    /// What was found, as a word for programs.
    #[serde(default)]
    pub code: String,
    /// What the words are about, by name.
    #[serde(default)]
    pub about: BTreeMap<String, String>,
}

impl Step {
    fn passed(name: &str, code: &str, detail: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            ok: true,
            detail: detail.into(),
            fix: None,
            code: code.to_owned(),
            about: BTreeMap::new(),
        }
    }
    fn failed(name: &str, code: &str, detail: impl Into<String>, fix: &str) -> Self {
        Self { ok: false, fix: Some(fix.to_owned()), ..Self::passed(name, code, detail) }
    }
    fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.about.insert(name.to_owned(), value.to_string());
        self
    }
}

/// How far a check has come.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checking {
    /// The steps that are done, in order.
    pub steps: Vec<Step>,
    /// The names of those to come; the first one is under way. Once the check has ended: those that were
    /// not tried.
    pub next: Vec<String>,
    /// It has ended.
    pub ended: bool,
}

/// What is checked: an entry of the settings, or one that is not kept yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Where it is reached; nothing where there is no network.
    address: Option<Address>,
    needs_listener: bool,
    /// It is on a serial line.
    wired: bool,
    /// It is a program of this computer.
    near: bool,
    /// It is a service on the internet, no device in the shop.
    far: bool,
}

impl Subject {
    pub(crate) fn of(entry: &TerminalEntry, address: Option<Address>) -> Self {
        let (needs_listener, near) = (entry.profiled.needs_listener, entry.profiled.loopback);
        let wired = entry.driver.form.iter().any(|field| field.kind == FieldKind::Port);
        Self { address, needs_listener, wired, near, far: entry.driver.is_service() }
    }
    fn steps(&self) -> Vec<String> {
        let reach: &[&str] =
            if self.address.is_some() { &["name", "address", "port", "http"] } else { &[] };
        let (before, after) = if self.wired { wired::STEPS } else { (&[][..], &[][..]) };
        let back: &[&str] = if self.needs_listener { &["listener"] } else { &[] };
        let all = [reach, before, &["login"], after, back, &["identity", "clock"]].concat();
        all.into_iter().map(str::to_owned).collect()
    }
}

/// What a login told.
struct Seen {
    told: Vec<String>,
    skew_ms: Option<i64>,
    warnings: Vec<String>,
}

/// Which terminal is checked.
#[derive(Clone, Debug)]
pub enum Checked {
    /// One of the settings.
    Terminal(TerminalId),
    /// A form that is not kept yet, and whether it changes a terminal of the settings.
    Form(Box<TerminalForm>, bool),
}

/// Checks the way to one terminal and back, and tells each step when it is done. Ends at the first step that
/// makes the next ones pointless.
pub async fn check(
    till: &Till,
    checked: &Checked,
    id: CommandId,
    progress: &watch::Sender<Checking>,
) -> Result<Vec<Step>, Problem> {
    let subject = subject(till, checked).await?;
    progress.send_modify(|checking| checking.next = subject.steps());
    let told = |step: Step| {
        let step = if subject.far { far::reworded(step) } else { step };
        let (before, after) = wired::STEPS;
        let way = [&["name", "address", "port", "http", "login"], before, after].concat();
        let goes_on = step.ok || !way.contains(&step.name.as_str());
        progress.send_modify(|checking| {
            checking.next.retain(|name| *name != step.name);
            checking.steps.push(step);
        });
        goes_on
    };
    let ended = walk(till, checked, &subject, id, told).await;
    progress.send_modify(|checking| checking.ended = true);
    ended?;
    Ok(progress.borrow().steps.clone())
}

async fn walk(
    till: &Till,
    checked: &Checked,
    subject: &Subject,
    id: CommandId,
    mut told: impl FnMut(Step) -> bool,
) -> Result<(), Problem> {
    if let Some(address) = &subject.address
        && !reach::walk(address, &mut told).await
    {
        return Ok(());
    }
    let seen = match checked {
        Checked::Terminal(terminal) => log_in(till, terminal, id).await?,
        Checked::Form(form, change) => try_login(till, form, *change).await?,
    };
    let seen = match seen {
        Ok(seen) => seen,
        Err(step) if subject.wired => {
            wired::failed(&step).into_iter().all(told);
            return Ok(());
        }
        Err(step) => {
            told(step);
            return Ok(());
        }
    };
    if subject.wired {
        for step in wired::before() {
            told(step);
        }
    }
    told(Step::passed("login", "login_ok", "the terminal opened a session"));
    if subject.wired {
        told(wired::whole());
    }
    if subject.needs_listener {
        told(way_back::step(till.announced(), subject.near, subject.far).await);
    }
    let identity = seen.told.join(", ");
    told(Step::passed("identity", "identity", identity.clone()).with("identity", identity));
    told(clock(seen.skew_ms));
    for warning in seen.warnings {
        let fix = "Have the terminal looked at; it may still work.";
        told(Step::failed("health", "health", warning.clone(), fix).with("warning", warning));
    }
    Ok(())
}

async fn subject(till: &Till, checked: &Checked) -> Result<Subject, Problem> {
    let terminal = match checked {
        Checked::Form(form, change) => return till.subject(form.clone(), *change).await,
        Checked::Terminal(terminal) => terminal,
    };
    let unknown = || Problem::new(ProblemCode::UnknownTerminal).with("terminal", terminal);
    let entry = till.settings().terminal(terminal).cloned().ok_or_else(unknown)?;
    let shown = shown(till, terminal).ok_or_else(unknown)?;
    if let Some(payment) = shown.blocked_by {
        // A terminal that serves one connection would drop the payment for it (R8).
        return Err(Problem::new(ProblemCode::TerminalBusy).with("terminal", terminal).about(payment));
    }
    let address = shown.address.as_deref().and_then(split);
    Ok(Subject::of(&entry, address))
}

fn split(address: &str) -> Option<Address> {
    let (host, port) = address.rsplit_once(':')?;
    Some(Address { host: host.to_owned(), port: port.parse().ok()?, secure: false })
}

fn shown(till: &Till, terminal: &TerminalId) -> Option<TerminalView> {
    till.views().borrow().terminals.iter().find(|one| one.terminal == *terminal).cloned()
}

/// A login by the fleet, which keeps the session.
async fn log_in(till: &Till, terminal: &TerminalId, id: CommandId) -> Result<Result<Seen, Step>, Problem> {
    let command = Command::OpenTerminal { terminal: terminal.clone() };
    till.instruct(Dispatch::new(id, command)).await?;
    let mut views = till.views();
    let settled = views.wait_for(|view| {
        view.terminals.iter().any(|one| one.terminal == *terminal && is_settled(one.health))
    });
    if !matches!(tokio::time::timeout(limits::OPEN, settled).await, Ok(Ok(_))) {
        return Ok(Err(no_answer()));
    }
    let Some(view) = shown(till, terminal) else { return Ok(Err(no_answer())) };
    if view.health != Health::Ready {
        return Ok(Err(no_session(&view.detail.unwrap_or_default())));
    }
    let told = [view.serial, view.software].into_iter().flatten().collect();
    Ok(Ok(Seen { told, skew_ms: view.skew_ms, warnings: view.warnings }))
}

/// A login by a driver of the form's own, which nobody keeps.
async fn try_login(till: &Till, form: &TerminalForm, change: bool) -> Result<Result<Seen, Step>, Problem> {
    Ok(match till.probe(form, change).await? {
        Ok(identity) => Ok(Seen {
            told: [identity.serial, identity.software].into_iter().flatten().collect(),
            skew_ms: identity.skew_ms,
            warnings: identity.warnings,
        }),
        Err(fault) => Err(no_session(&fault.detail)),
    })
}

fn no_answer() -> Step {
    Step::failed(
        "login",
        "login_late",
        "no answer in time",
        "Check that the terminal is idle, then try again.",
    )
}

fn no_session(detail: &str) -> Step {
    let words = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
    let (kind, fix) = words_of_fault(detail);
    let told = format!("the terminal opened no session{words}");
    Step::failed("login", &format!("login_{kind}"), told, fix).with("detail", detail)
}

fn clock(skew_ms: Option<i64>) -> Step {
    let Some(skew_ms) = skew_ms else {
        return Step::passed("clock", "clock_unknown", "the terminal does not tell its time; not tested");
    };
    let off = skew_ms.unsigned_abs() / 1_000;
    let way = if skew_ms < 0 { "behind" } else { "ahead of" };
    let words = format!("the terminal's clock is {off} s {way} this computer's");
    if off == 0 {
        let words = "the terminal's clock agrees with this computer's";
        return Step::passed("clock", "clock_same", words).with("seconds", off);
    }
    if off <= limits::CHECK_SKEW.as_secs() {
        return Step::passed("clock", "clock_ok", words).with("seconds", off);
    }
    let fix =
        "Set the clock that is wrong: this computer's in its system settings, the terminal's in its menu.";
    Step::failed("clock", &format!("clock_{}", if skew_ms < 0 { "slow" } else { "fast" }), words, fix)
        .with("seconds", off)
}

fn is_settled(health: Health) -> bool {
    match health {
        Health::Ready | Health::Unreachable | Health::OutOfOrder => true,
        Health::Unknown | Health::Opening | Health::Working | Health::Maintenance => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_by_more_than_a_minute_fails() {
        for (skew_ms, ok, code) in [
            (None, true, "clock_unknown"),
            (Some(-60_000), true, "clock_ok"),
            (Some(61_000), false, "clock_fast"),
            (Some(-240_000), false, "clock_slow"),
        ] {
            let step = clock(skew_ms);
            assert_eq!((step.ok, step.code.as_str(), step.fix.is_some()), (ok, code, !ok), "{step:?}");
        }
    }
}
