//! Windows: opens the cashier's window on the embedded interface.
//!
//! `--smoke` ends the program by itself once that page is really there. A finished load alone proves
//! little, since an error page finishes loading too: the page is asked for its title, which every page of
//! the interface has.

use tauri::webview::{PageLoadEvent, PageLoadPayload};
use tauri::{AppHandle, Builder, Manager, Webview, Wry};

const CASHIER: &str = "cashier";
const PAGE_TITLE: &str = "Paydesk";

/// Opens the window and returns when it has been closed.
///
/// # Errors
/// The system has no display, or its web view cannot be started.
pub fn run(smoke: bool) -> tauri::Result<()> {
    let mut builder = Builder::default();
    if smoke {
        builder = builder.on_page_load(report_and_end);
    }
    builder.run(tauri::generate_context!())
}

fn report_and_end(webview: &Webview<Wry>, load: &PageLoadPayload<'_>) {
    if webview.label() != CASHIER || load.event() != PageLoadEvent::Finished {
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
    let expected = title.trim_matches('"') == PAGE_TITLE;
    app.exit(if expected { 0 } else { 1 });
}
