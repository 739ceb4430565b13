//! `cargo xtask test`, `run`, `bench`, `screenshots` and `package`: install what is missing, then do it.
//!
//! One program instead of a list of instructions, so that a machine which has only Rust can be brought to
//! a tested Paydesk by one line. Nothing is built before everything it needs is there: a machine that
//! cannot be set up is told exactly what is missing within a second, not after ten minutes of compiling.

mod interface;
mod machine;
mod needs;
mod package;
mod practice;
mod setup;
mod smoke;
mod steps;

use std::process::ExitCode;

use anyhow::Result;

use crate::machine::Workspace;
use crate::needs::Goal;
use crate::steps::{Steps, cargo, cargo_command, succeed};

const USAGE: &str = "\
usage: cargo xtask COMMAND
  test         install what is missing, build everything, run every test
  run          install what is missing, build everything, start Paydesk
  bench        measure, and print one table of ratios
  screenshots  take the pictures of the README again
  package      build the package that a shop installs, and look into it
";
/// Something is missing, or the command is not known: nothing was built.
const NOT_STARTED: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let goal = match arguments.first().map(String::as_str) {
        Some("test") => Goal::Test,
        Some("run") => Goal::Window,
        Some("bench") => Goal::Bench,
        Some("screenshots") => Goal::Screenshots,
        Some("package") => Goal::Package,
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
    let mut goal = if goal == Goal::Window && !practice::has_screen() { Goal::Run } else { goal };
    if !setup::prepare(goal, &workspace)? {
        if goal != Goal::Window || !needs::missing(Goal::Run).is_empty() {
            return Ok(false);
        }
        eprintln!("Paydesk is built without its window instead.");
        goal = Goal::Run;
    }
    let mut steps = Steps::new();
    match goal {
        Goal::Test => test(&workspace, &mut steps)?,
        Goal::Run | Goal::Window => run(&workspace, &mut steps, goal)?,
        Goal::Bench => bench(&workspace, &mut steps, rest)?,
        Goal::Screenshots => screenshots(&workspace, &mut steps)?,
        Goal::Package => package(&workspace, &mut steps)?,
    }
    Ok(true)
}

/// Cheap checks first; the shell, which takes longest to build, after the tests that matter most. One look of
/// clippy at everything: twice would check most libraries twice.
fn test(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    // The interface first: the programs embed it.
    steps.step("packages of the interface", || interface::install(workspace))?;
    steps.step("interface", || interface::build(workspace))?;
    steps.step("tests of the interface", || interface::check(workspace))?;
    steps.step("format", || cargo(workspace, &["fmt", "--all", "--check"]))?;
    // What needs no window is looked at alone, as a plain `cargo test` builds it. All else is built in one
    // selection: what libraries can do depends on who else wants them, and each selection builds them anew.
    steps.step("clippy", || cargo(workspace, &["clippy", "--all-targets", "--", "-D", "warnings"]))?;
    steps.step("clippy of the shell", || {
        cargo(workspace, &["clippy", "-p", "paydesk", "--all-targets", "--", "-D", "warnings"])
    })?;
    steps.step("tests", || {
        let mut tests = cargo_command(workspace, &["test", "--workspace"]);
        // Cargo builds every program before it runs the first test.
        succeed(tests.env("PAYDESKCTL_IS_BUILT", "1"))
    })?;
    steps.step("screens in a browser", || interface::browse(workspace))?;
    steps.step("build of the shell", || cargo(workspace, &["build", "--workspace"]))?;
    steps.step("window", || smoke::window_opens(workspace))?;
    steps.step("payments in the window", || interface::drive_the_window(workspace))?;
    steps.total();
    Ok(())
}

/// In its window; without a screen in a browser of this computer, and without what only the window needs.
/// The same selection of packages as in `test`, so that either finds what the other has built.
fn run(workspace: &Workspace, steps: &mut Steps, goal: Goal) -> Result<()> {
    steps.step("packages of the interface", || interface::install(workspace))?;
    steps.step("interface", || interface::build(workspace))?;
    let selection: &[&str] = if goal == Goal::Window { &["build", "--workspace"] } else { &["build"] };
    steps.step("build", || cargo(workspace, selection))?;
    if goal == Goal::Window {
        practice::explain(workspace);
        println!("The window is open; this command ends with it.");
        if practice::open(workspace)? {
            return Ok(());
        }
        println!("The screen that this session names cannot be used.");
    } else {
        practice::explain(workspace);
    }
    println!("Without a screen here: open the address below in a browser on this computer.");
    practice::serve(workspace)
}

fn screenshots(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("packages of the interface", || interface::install(workspace))?;
    steps.step("interface", || interface::build(workspace))?;
    steps.step("build", || cargo(workspace, &["build", "-p", "ctl"]))?;
    steps.step("pictures", || interface::take_pictures(workspace))
}

fn package(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.step("packages of the interface", || interface::install(workspace))?;
    steps.step("interface", || interface::build(workspace))?;
    steps.step("package", || package::build(workspace))?;
    steps.step("contents", || package::inspect(workspace))
}

fn bench(workspace: &Workspace, steps: &mut Steps, rest: &[String]) -> Result<()> {
    steps.step("packages of the interface", || interface::install(workspace))?;
    steps.step("interface", || interface::build(workspace))?;
    let programs = ["build", "--release", "-p", "ctl", "-p", "paydesk", "--bins", "--examples"];
    steps.step("programs", || cargo(workspace, &programs))?;
    steps.step("bench", || {
        let mut arguments = vec!["run", "--release", "-p", "acceptance", "--bin", "bench", "--"];
        arguments.extend(rest.iter().map(String::as_str));
        cargo(workspace, &arguments)
    })
}
