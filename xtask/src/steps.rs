//! Steps: one after another, each timed, the first failure ends it.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::machine::Workspace;

/// The run of one command of xtask.
pub struct Steps {
    started: Instant,
}

impl Steps {
    /// Starts the clock of the whole run.
    pub fn new() -> Self {
        Self { started: Instant::now() }
    }

    /// Does `work` and prints how long it took.
    ///
    /// # Errors
    /// What `work` failed with.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("step {name} …");
        let started = Instant::now();
        let result = work();
        let taken = seconds(started.elapsed());
        match &result {
            Ok(()) => println!("step {name} … ok {taken}"),
            Err(_) => println!("step {name} … failed after {taken}"),
        }
        result
    }

    /// Prints the time of the whole run.
    pub fn total(&self) {
        println!("every step … ok {}", seconds(self.started.elapsed()));
    }
}

/// Runs cargo in the root folder, its output shown as it comes.
///
/// # Errors
/// Cargo cannot be started or does not succeed.
pub fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    succeed(&mut cargo_command(workspace, arguments))
}

/// As [`cargo`], not run yet.
pub fn cargo_command(workspace: &Workspace, arguments: &[&str]) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&workspace.root);
    command
}

/// Runs `command` and is content with exit code 0 only.
///
/// # Errors
/// The command cannot be started or ends with anything else.
pub fn succeed(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command.status().with_context(|| format!("cannot be started: {shown}"))?;
    if !status.success() {
        bail!("{status}: {shown}");
    }
    Ok(())
}

/// `12.3 s`.
pub fn seconds(duration: Duration) -> String {
    let tenths = (duration.as_millis() + 50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_one_digit_and_are_rounded() {
        assert_eq!(seconds(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(seconds(Duration::from_millis(12_350)), "12.4 s");
        assert_eq!(seconds(Duration::from_millis(999)), "1.0 s");
    }

    #[test]
    fn a_failed_step_hands_its_error_on() {
        let mut steps = Steps::new();
        let result = steps.step("doomed", || bail!("as planned"));
        assert_eq!(result.unwrap_err().to_string(), "as planned");
    }
}
