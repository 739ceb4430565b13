//! The program `paydesk`: the till with a window.
//!
//! Only this folder knows Tauri. It opens windows and carries commands, queries and views between them
//! and the till; it holds no rule of the trade.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use desk::Desk;
use shell::Call;
use std::path::PathBuf;
use std::process::ExitCode;

mod commands;
mod desk;
mod limits;
mod place;
mod shell;
mod windows;

/// There is no screen to open a window on.
const NO_SCREEN: u8 = 3;

/// The programs' own: on the way of a request the system's takes a tenth of the time.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let call = match called(std::env::args().skip(1)) {
        Ok(call) => call,
        Err(what) => {
            eprintln!("paydesk: {what}. Use: paydesk [--data DIR]");
            return ExitCode::from(2);
        }
    };
    take_small_pages();
    paint_plainly();
    let desk = Desk::on(call.folder.clone().or_else(till::default_folder));
    if !has_screen() {
        eprintln!("paydesk: there is no screen to open a window on. paydeskctl serve needs none");
        return ExitCode::from(NO_SCREEN);
    }
    match shell::run(call, desk) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("paydesk: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Memory comes in pages of the usual size, here and in the views' processes: a start touches a little of
/// much, and the system would clear two megabytes for each.
#[cfg(target_os = "linux")]
fn take_small_pages() {
    if let Err(error) = nix::sys::prctl::set_thp_disable(true) {
        eprintln!("paydesk: the start takes longer: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
fn take_small_pages() {}

/// Windows are painted without the graphics processor ([`windows`]), so its drivers need not be made ready
/// either: that takes longer than everything that a till does at its start. Whoever has chosen otherwise is
/// left alone.
#[cfg(target_os = "linux")]
fn paint_plainly() {
    if let Err(error) = gtk::glib::setenv("GDK_GL", "disable", false) {
        eprintln!("paydesk: the start takes longer: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
fn paint_plainly() {}

/// Asked first, because the window's library ends the program where there is none.
#[cfg(target_os = "linux")]
fn has_screen() -> bool {
    gtk::init().is_ok()
}

#[cfg(not(target_os = "linux"))]
fn has_screen() -> bool {
    true
}

fn called(mut arguments: impl Iterator<Item = String>) -> Result<Call, String> {
    let mut call = Call::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--smoke" => call.smoke = true,
            "--announce" => call.announce = true,
            "--data" => {
                let folder = arguments.next().ok_or("--data needs a folder")?;
                call.folder = Some(PathBuf::from(folder));
            }
            other => return Err(format!("{other} is not known")),
        }
    }
    Ok(call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let of = |words: &[&str]| called(words.iter().map(|word| (*word).to_owned()));
        assert!(of(&["--smoke"]).unwrap().smoke && of(&["--announce"]).unwrap().announce);
        assert_eq!(of(&["--data", "here"]).unwrap().folder, Some(PathBuf::from("here")));
        assert!(of(&[]).unwrap().folder.is_none());
        assert!(of(&["--data"]).is_err() && of(&["pay"]).is_err());
    }
}
