//! paydeskctl: the till without a window, for scripts, installers and tests.
//!
//! Invariant: once a payment is begun, neither Ctrl-C nor a reader that goes away ends the program before
//! the payment's outcome is known or waiting for it is of no more use.

mod case;
mod cli;
mod commands;
mod exit;
mod fields;
mod folder;
mod follow;
mod limits;
mod lines;
mod opened;
mod out;
mod prompts;
mod serve;
mod signals;
mod table;
mod words;

use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use std::process::ExitCode;
use till::api::Problem;
use tokio::runtime::{Builder, Runtime};

use cli::Cli;
use exit::Exit;
use lines::Line;
use out::Out;

/// Threads of the till's own: a reader that stops reading our lines must not stop the payment.
const THREADS: usize = 2;

/// The programs' own: on the way of a request the system's takes a tenth of the time.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let exit = match Cli::try_parse() {
        Ok(cli) => run(cli),
        Err(error) => unreadable(&error),
    };
    ExitCode::from(exit.code())
}

fn run(cli: Cli) -> Exit {
    let out = Out { json: cli.json };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            let error = anyhow::Error::from(error).context("The system lets no program start that waits");
            return failed(out, &error);
        }
    };
    let ended = runtime.block_on(commands::run(cli));
    // Nothing is left to wait for: the till has been stopped in order.
    runtime.shutdown_background();
    ended.unwrap_or_else(|error| failed(out, &error))
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()
}

fn failed(out: Out, error: &anyhow::Error) -> Exit {
    match error.downcast_ref::<Problem>() {
        Some(problem) => {
            out.problem(problem);
            Exit::of_problem(problem)
        }
        None => {
            let message = words::other(error);
            out.line(&Line::other(&message));
            out.say(&message);
            Exit::Failed
        }
    }
}

/// What clap could not read, or the help that was asked for.
fn unreadable(error: &clap::Error) -> Exit {
    if !error.use_stderr() {
        // Nobody may be reading.
        let _ = error.print();
        return Exit::Done;
    }
    // The flag itself may be all that could be read.
    let out = Out { json: std::env::args_os().any(|argument| argument == "--json") };
    let named = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(field)) => field.clone(),
        Some(ContextValue::Strings(fields)) => fields.join(", "),
        Some(_) | None => String::new(),
    };
    let field = field_of(&named);
    let message = error.to_string();
    out.line(&Line::usage(&field, &message));
    out.say(message.trim_end());
    Exit::Usage
}

/// `--terminal <ID>, --amount <AMOUNT>` as the fields that they are.
fn field_of(named: &str) -> String {
    let name = |argument: &str| {
        let first = argument.split_whitespace().next().unwrap_or_default();
        first.trim_start_matches('-').trim_matches(['<', '>', '[', ']']).to_lowercase()
    };
    named.split(", ").map(name).collect::<Vec<_>>().join(", ")
}
