//! Windows: the cashier's on the embedded interface, and the customer's beside it where there is a second
//! screen.
//!
//! `--smoke` ends the program by itself once the cashier's page is really there. A finished load alone proves
//! little, since an error page finishes loading too: the page is asked for its title, which every page of
//! the interface has.

use crate::commands;
use crate::desk::Desk;
use std::path::PathBuf;
use tauri::webview::{PageLoadEvent, PageLoadPayload};
use tauri::{App, AppHandle, Builder, Manager, RunEvent, Webview, WebviewUrl, WebviewWindowBuilder, Wry};

const CASHIER: &str = "cashier";
const CUSTOMER: &str = "customer";
const PAGE_TITLE: &str = "Paydesk";

/// How the program was called.
#[derive(Debug, Default)]
pub struct Call {
    /// End once the page is there.
    pub smoke: bool,
    /// The data folder; the platform's where none is named.
    pub folder: Option<PathBuf>,
}

/// Opens the windows and returns when they have been closed.
///
/// # Errors
/// The system has no display, or its web view cannot be started.
pub fn run(call: Call) -> tauri::Result<()> {
    let mut builder = Builder::default()
        .invoke_handler(tauri::generate_handler![
            commands::dispatch,
            commands::query,
            commands::watch_views,
            commands::watch_customer,
        ])
        .setup(|app| {
            customer_window(app)?;
            Ok(())
        });
    if call.smoke {
        builder = builder.on_page_load(report_and_end);
    }
    let app = builder.manage(Desk::on(call.folder)).build(tauri::generate_context!())?;
    app.run(|app, event| {
        if matches!(event, RunEvent::Exit) {
            app.state::<Desk>().stop();
        }
    });
    Ok(())
}

/// The customer's window, whole on the second screen; none where there is but one.
fn customer_window(app: &App) -> tauri::Result<()> {
    let Some(cashier) = app.get_webview_window(CASHIER) else { return Ok(()) };
    let own = cashier.current_monitor()?.map(|monitor| *monitor.position());
    let monitors = cashier.available_monitors()?;
    let Some(other) = monitors.iter().find(|monitor| Some(*monitor.position()) != own) else {
        return Ok(());
    };
    let place = other.position().to_logical::<f64>(other.scale_factor());
    WebviewWindowBuilder::new(app, CUSTOMER, WebviewUrl::App("customer.html".into()))
        .title(PAGE_TITLE)
        .position(place.x, place.y)
        .fullscreen(true)
        .build()?;
    Ok(())
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
