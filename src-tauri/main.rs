//! The program `paydesk`: the till with a window.
//!
//! Only this folder knows Tauri. It opens windows and carries commands, queries and views between them
//! and the till; it holds no rule of the trade.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

mod shell;

fn main() -> ExitCode {
    let smoke = std::env::args().skip(1).any(|argument| argument == "--smoke");
    match shell::run(smoke) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("paydesk: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
