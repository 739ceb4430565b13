//! The program around the windows: one of it per data folder, the till behind it, and its end.
//!
//! `--smoke` ends the program by itself once the cashier's page is really there. A finished load alone proves
//! little, since an error page finishes loading too: the page is asked for its title, which every page of
//! the interface has.

use crate::desk::Desk;
use crate::{commands, windows};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use tauri::plugin::TauriPlugin;
use tauri::webview::{PageLoadEvent, PageLoadPayload};
use tauri::{AppHandle, Builder, Manager, RunEvent, Webview, Wry};

/// How the program was called.
#[derive(Debug, Default)]
pub struct Call {
    /// End once the page is there.
    pub smoke: bool,
    /// Say `painted` on standard output when the first screen has been painted.
    pub announce: bool,
    /// The data folder; the platform's where none is named.
    pub folder: Option<PathBuf>,
}

/// Opens the windows and returns when they have been closed.
///
/// # Errors
/// The system's web view cannot be started.
pub fn run(call: Call, desk: Desk) -> tauri::Result<()> {
    let folder = call.folder.or_else(till::default_folder);
    let mut builder = Builder::default()
        // First of all, so that a second start ends before its till begins.
        .plugin(one_per_folder(folder.as_deref()))
        .plugin(tauri_plugin_window_state::Builder::new().with_state_flags(windows::remembered()).build())
        .invoke_handler(tauri::generate_handler![
            commands::dispatch,
            commands::query,
            commands::watch_views,
            commands::watch_customer,
            commands::customer_window,
            commands::watch_sight,
            commands::took_sight,
            commands::unwatch_sight,
            commands::watch_scans,
            commands::unwatch_scans,
            commands::watch_pairing,
            commands::unwatch_pairing,
        ])
        .setup(move |app| {
            // The till before the windows: their pages ask for it at once.
            desk.begin();
            app.manage(desk);
            windows::open(app.handle(), move || {
                if call.announce {
                    println!("painted");
                }
            })?;
            Ok(())
        });
    if call.smoke {
        builder = builder.on_page_load(report_and_end);
    }
    let app = builder.build(tauri::generate_context!())?;
    app.run(|app, event| {
        if matches!(event, RunEvent::Exit) {
            app.state::<Desk>().stop();
        }
    });
    Ok(())
}

/// A second start on the same folder brings the first one's window forward and ends. Folders are told apart:
/// a till for practice may run beside the shop's.
fn one_per_folder(folder: Option<&Path>) -> TauriPlugin<Wry> {
    let name = format!("example.paydesk.till.folder{:016x}", digest(folder));
    tauri_plugin_single_instance::Builder::new()
        .callback(|app, _arguments, _folder| windows::forward(app))
        .dbus_id(name)
        .build()
}

fn digest(folder: Option<&Path>) -> u64 {
    let mut hasher = DefaultHasher::new();
    folder
        .map(|folder| std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()))
        .hash(&mut hasher);
    hasher.finish()
}

fn report_and_end(webview: &Webview<Wry>, load: &PageLoadPayload<'_>) {
    if webview.label() != windows::CASHIER || load.event() != PageLoadEvent::Finished {
        return;
    }
    println!("loaded {}", load.url());
    let app = webview.app_handle().clone();
    if let Err(error) = webview.eval_with_callback("document.title", move |title| end(&app, &title)) {
        eprintln!("smoke: the page cannot be asked for its title: {error}");
        webview.app_handle().exit(1);
    }
}

/// `title` arrives as JSON, quotes included.
fn end(app: &AppHandle, title: &str) {
    println!("title {title}");
    let expected = title.trim_matches('"').starts_with(windows::TITLE);
    app.exit(if expected { 0 } else { 1 });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_apart_and_one_folder_is_one_however_it_is_named() {
        let of = |folder: &str| digest(Some(Path::new(folder)));
        assert_ne!(of("/data/shop"), of("/data/practice"));
        assert_eq!(of("practice"), digest(Some(&std::env::current_dir().unwrap().join("practice"))));
        assert_ne!(of("/data/shop"), digest(None));
    }
}
