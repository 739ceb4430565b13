//! `cargo xtask test`, `run` and `bench`: install what is missing, then do it.
//!
//! One program instead of a list of instructions, so that a machine which has only Rust can be brought to
//! a tested Paydesk by one line. Nothing is built before everything it needs is there: a machine that
//! cannot be set up is told exactly what is missing within a second, not after ten minutes of compiling.

mod interface;
mod machine;
mod needs;
mod practice;
mod setup;
mod smoke;
mod steps;

use std::process::ExitCode;

use anyhow::Result;

use crate::machine::Workspace;
use crate::needs::Goal;
use crate::steps::{Steps, cargo};

const USAGE: &str = "\
usage: cargo xtask COMMAND
  test    install what is missing, build everything, run every test
  run     install what is missing, build everything, start Paydesk
  bench   measure, and print one table of ratios
";
/// Something is missing, or the command is not known: nothing was built.
const NOT_STARTED: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let goal = match arguments.first().map(String::as_str) {
        Some("test") => Goal::Test,
        Some("run") => Goal::Run,
        Some("bench") => Goal::Bench,
        Some(_) | None => {
            eprint!("{USAGE}");
            return ExitCode::from(NOT_STARTED);
        }
    };
    match prepare_and_do(goal, &arguments[1..]) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(NOT_STARTED),
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// False when something is missing that cannot be installed here.
fn prepare_and_do(goal: Goal, rest: &[String]) -> Result<bool> {
    let workspace = Workspace::here()?;
    if !setup::prepare(goal, &workspace)? {
        return Ok(false);
    }
    let mut steps = Steps::new();
    match goal {
        Goal::Test => test(&workspace, &mut steps)?,
        Goal::Run => run(&workspace, &mut steps)?,
        Goal::Bench => bench(&workspace, &mut steps, rest)?,
    }
    Ok(true)
}

/// Cheap checks first; the shell, which takes longest to build, after the tests that matter most.
fn test(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    // The interface first: the programs embed it.
    steps.step("packages of the interface", || interface::install(workspace))?;
    steps.step("interface", || interface::build(workspace))?;
    steps.step("tests of the interface", || interface::check(workspace))?;
    steps.step("format", || cargo(workspace, &["fmt", "--all", "--check"]))?;
    steps.step("clippy", || {
        cargo(
            workspace,
            &["clippy", "--workspace", "--exclude", "paydesk", "--all-targets", "--", "-D", "warnings"],
        )
    })?;
    steps.step("tests", || cargo(workspace, &["test", "--workspace", "--exclude", "paydesk"]))?;
    steps.step("screens in a browser", || interface::browse(workspace))?;
    steps.step("clippy of the shell", || {
        cargo(workspace, &["clippy", "-p", "paydesk", "--all-targets", "--", "-D", "warnings"])
    })?;
    steps.step("build of the shell", || cargo(workspace, &["build", "-p", "paydesk"]))?;
    steps.step("window", || smoke::window_opens(workspace))?;
    steps.total();
    Ok(())
}

/// The same selection of packages as in `test`, so that either finds what the other has built.
fn run(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("packages of the interface", || interface::install(workspace))?;
    steps.step("interface", || interface::build(workspace))?;
    steps.step("build", || cargo(workspace, &["build", "--workspace", "--exclude", "paydesk"]))?;
    practice::explain(workspace);
    practice::serve(workspace)
}

fn bench(workspace: &Workspace, steps: &mut Steps, rest: &[String]) -> Result<()> {
    steps.step("bench", || {
        let mut arguments = vec!["run", "--release", "-p", "acceptance", "--bin", "bench", "--"];
        arguments.extend(rest.iter().map(String::as_str));
        cargo(workspace, &arguments)
    })
}
