//! The real program on temporary data folders: lines, exit codes, questions, Ctrl-C and reading beside a
//! running till. Waits are for lines, never for the clock.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "ctl/program.rs"]
mod program;

#[path = "ctl/books.rs"]
mod books;
#[path = "ctl/code.rs"]
mod code;
#[path = "ctl/decisions.rs"]
mod decisions;
#[path = "ctl/folder.rs"]
mod folder;
#[path = "ctl/interrupt.rs"]
mod interrupt;
#[path = "ctl/money_back.rs"]
mod money_back;
#[path = "ctl/outcomes.rs"]
mod outcomes;
#[path = "ctl/page.rs"]
mod page;
#[path = "ctl/paper.rs"]
mod paper;
#[path = "ctl/prompts.rs"]
mod prompts;
#[path = "ctl/recovery.rs"]
mod recovery;
#[path = "ctl/secrets.rs"]
mod secrets;
#[path = "ctl/serve.rs"]
mod serve;
#[path = "ctl/settings.rs"]
mod settings;
#[path = "ctl/sight.rs"]
mod sight;
#[path = "ctl/simulated.rs"]
mod simulated;
#[path = "ctl/terminals.rs"]
mod terminals;
#[path = "ctl/usage.rs"]
mod usage;
