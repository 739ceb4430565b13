//! The two windows: the cashier's, and the customer's beside it.
//!
//! The customer's window is whole on a second screen from the start; on the only screen it is a window that
//! the cashier opens. Places are remembered by the window-state plugin, and corrected here where a screen is
//! gone since. A view whose process ends is loaded again: the till behind it has not noticed. Views are
//! painted without the graphics processor: nothing here moves, and a start does not wait for its drivers.
//!
//! Invariant: the program lives as long as the cashier's window.

use crate::place::{Area, fitted};
use tauri::{
    AppHandle, Manager, Monitor, PhysicalPosition, PhysicalSize, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};
use tauri_plugin_window_state::StateFlags;

/// The label of the cashier's window, as in `tauri.conf.json` and `capabilities/`.
pub const CASHIER: &str = "cashier";
/// The label of the customer's window, as in `capabilities/`.
pub const CUSTOMER: &str = "customer";
/// The title of every window.
pub const TITLE: &str = "Paydesk";

/// What is remembered of a window.
pub fn remembered() -> StateFlags {
    StateFlags::POSITION | StateFlags::SIZE | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN
}

/// Opens the cashier's window, and the customer's where there is a second screen. `painted` is called when
/// the page shows the till: it names the shop in its title then, and so does the window.
///
/// # Errors
/// The system gives no window.
pub fn open(app: &AppHandle, painted: impl Fn() + Clone + Send + 'static) -> tauri::Result<()> {
    let configs = app.config().app.windows.clone();
    for config in configs.iter().filter(|config| config.label == CASHIER) {
        let painted = painted.clone();
        let window = WebviewWindowBuilder::from_config(app, config)?
            .on_document_title_changed(move |window, title| {
                if title != TITLE && window.set_title(&title).is_ok() {
                    painted();
                }
            })
            .build()?;
        fit_out(&window)?;
        on_a_screen(&window)?;
        let app = app.clone();
        window.on_window_event(move |event| {
            if matches!(event, WindowEvent::Destroyed) {
                app.exit(0);
            }
        });
    }
    if second_screen(app)?.is_some() {
        open_customer(app)?;
    }
    Ok(())
}

/// Opens or closes the customer's window where that is wanted; whether it is open now.
///
/// # Errors
/// As [`open`].
pub fn customer(app: &AppHandle, wanted: Option<bool>) -> tauri::Result<bool> {
    match (app.get_webview_window(CUSTOMER), wanted) {
        (None, Some(true)) => open_customer(app).map(|()| true),
        (Some(window), Some(true)) => window.set_focus().map(|()| true),
        (Some(window), Some(false)) => window.destroy().map(|()| false),
        (None, Some(false) | None) => Ok(false),
        (Some(_), None) => Ok(true),
    }
}

/// Brings the cashier's window to the front.
pub fn forward(app: &AppHandle) {
    let Some(window) = app.get_webview_window(CASHIER) else { return };
    // Each of these may be refused by a desktop that moves windows by its own rules.
    let done = [window.unminimize(), window.show(), window.set_focus()];
    for error in done.into_iter().filter_map(Result::err) {
        eprintln!("paydesk: the window does not come forward: {error}");
    }
}

fn open_customer(app: &AppHandle) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, CUSTOMER, WebviewUrl::App("customer.html".into()))
        .title(TITLE)
        .inner_size(1024.0, 768.0)
        .focused(false)
        .build()?;
    fit_out(&window)?;
    // The plugin has put it where it was, which may have been whole on a screen that is gone since.
    match second_screen(app)? {
        Some(screen) => {
            window.set_position(*screen.position())?;
            window.set_fullscreen(true)?;
        }
        None => {
            window.set_fullscreen(false)?;
            on_a_screen(&window)?;
        }
    }
    Ok(())
}

/// A screen that the cashier's window is not on.
fn second_screen(app: &AppHandle) -> tauri::Result<Option<Monitor>> {
    let Some(cashier) = app.get_webview_window(CASHIER) else { return Ok(None) };
    let own = cashier.current_monitor()?.map(|monitor| *monitor.position());
    let monitors = cashier.available_monitors()?;
    Ok(monitors.into_iter().find(|monitor| own.is_some_and(|own| *monitor.position() != own)))
}

/// Moves a window back where it can be seen.
fn on_a_screen(window: &WebviewWindow) -> tauri::Result<()> {
    let screens: Vec<Area> = window.available_monitors()?.iter().map(screen).collect();
    let now = area(window.outer_position()?, window.outer_size()?);
    let then = fitted(now, &screens);
    if (then.width, then.height) != (now.width, now.height) {
        let size = PhysicalSize::new(then.width.unsigned_abs(), then.height.unsigned_abs());
        window.set_size(size)?;
    }
    if then != now {
        window.set_position(PhysicalPosition::new(then.x, then.y))?;
    }
    Ok(())
}

/// The part of a screen that is not the desktop's own.
fn screen(monitor: &Monitor) -> Area {
    let free = monitor.work_area();
    area(free.position, free.size)
}

fn area(at: PhysicalPosition<i32>, size: PhysicalSize<u32>) -> Area {
    let pixels = |length| i32::try_from(length).unwrap_or(i32::MAX);
    Area { x: at.x, y: at.y, width: pixels(size.width), height: pixels(size.height) }
}

/// A view that cannot be kept alive is left as it is after so many deaths.
#[cfg(target_os = "linux")]
const LIVES: u32 = 20;

/// How a view is painted, and what happens when its process ends. Right after it is made: how it is painted
/// is settled when its process starts.
#[cfg(target_os = "linux")]
fn fit_out(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{CacheModel, HardwareAccelerationPolicy, SettingsExt, WebContextExt, WebViewExt};
    window.with_webview(|view| {
        let view = view.inner();
        if let Some(context) = view.context() {
            // One page that never leaves: nothing is gone back to.
            context.set_cache_model(CacheModel::DocumentViewer);
        }
        if let Some(settings) = view.settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
            settings.set_enable_page_cache(false);
            settings.set_enable_webgl(false);
            settings.set_enable_webaudio(false);
            settings.set_enable_media(false);
        }
        outlive_its_process(&view);
    })
}

#[cfg(target_os = "linux")]
fn outlive_its_process(view: &webkit2gtk::WebView) {
    use std::cell::Cell;
    use webkit2gtk::WebViewExt;
    let lives = Cell::new(LIVES);
    view.connect_web_process_terminated(move |view, reason| {
        eprintln!("paydesk: the view's process ended ({reason:?})");
        if let Some(left) = lives.get().checked_sub(1) {
            lives.set(left);
            view.reload();
        }
    });
}

#[cfg(not(target_os = "linux"))]
fn fit_out(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}
