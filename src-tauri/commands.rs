//! What a window may ask of the till. Which window may ask what is in `capabilities/`.

use crate::desk::{Desk, Watched};
use crate::windows;
use std::sync::Arc;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use till::api::{
    Accepted, CustomerView, Dispatch, Pairing, Problem, Query, QueryReply, Scans, Sight, View,
};

/// Wants something changed.
#[tauri::command]
pub async fn dispatch(desk: State<'_, Desk>, dispatch: Dispatch) -> Result<Accepted, Problem> {
    desk.dispatch(dispatch).await
}

/// Reads.
#[tauri::command]
pub async fn query(desk: State<'_, Desk>, query: Query) -> Result<QueryReply, Problem> {
    desk.query(query).await
}

/// The cashier's views, until the window loads another page or goes away.
#[tauri::command]
pub async fn watch_views(desk: State<'_, Desk>, channel: Channel<Arc<View>>) -> Result<(), Problem> {
    desk.watch_views(channel).await
}

/// The customer's views.
#[tauri::command]
pub async fn watch_customer(
    desk: State<'_, Desk>,
    channel: Channel<Arc<CustomerView>>,
) -> Result<(), Problem> {
    desk.watch_customer(channel).await
}

/// What the camera sees, from now on until the page ends it, takes no more of it, or goes away. The next one
/// is told once the page has [taken](took_sight) this one.
#[tauri::command]
pub async fn watch_sight(
    desk: State<'_, Desk>,
    number: u64,
    channel: Channel<Option<Arc<Sight>>>,
) -> Result<(), Problem> {
    desk.watch_sight(number, channel).await
}

/// The page has taken what the camera saw last.
#[tauri::command]
pub async fn took_sight(desk: State<'_, Desk>) -> Result<(), Problem> {
    desk.took_sight();
    Ok(())
}

/// The page looks no more: the camera is given back.
#[tauri::command]
pub async fn unwatch_sight(desk: State<'_, Desk>, number: u64) -> Result<(), Problem> {
    desk.end(Watched::Sight, number);
    Ok(())
}

/// What the hand scanner reads, from now on until the page ends it, loads another page or goes away.
#[tauri::command]
pub async fn watch_scans(
    desk: State<'_, Desk>,
    number: u64,
    channel: Channel<Arc<Scans>>,
) -> Result<(), Problem> {
    desk.watch_scans(number, channel).await
}

/// The page listens no more: the scanner's port is free.
#[tauri::command]
pub async fn unwatch_scans(desk: State<'_, Desk>, number: u64) -> Result<(), Problem> {
    desk.end(Watched::Scans, number);
    Ok(())
}

/// Who asks to be paired, from now on until the page ends it, loads another page or goes away.
#[tauri::command]
pub async fn watch_pairing(
    desk: State<'_, Desk>,
    number: u64,
    channel: Channel<Arc<Pairing>>,
) -> Result<(), Problem> {
    desk.watch_pairing(number, channel).await
}

/// The page looks no more: no terminal can ask.
#[tauri::command]
pub async fn unwatch_pairing(desk: State<'_, Desk>, number: u64) -> Result<(), Problem> {
    desk.end(Watched::Pairing, number);
    Ok(())
}

/// Opens or closes the customer's window where that is wanted; whether it is open now. Nothing where the
/// system gives no window.
#[tauri::command]
pub async fn customer_window(app: AppHandle, wanted: Option<bool>) -> Option<bool> {
    match windows::customer(&app, wanted) {
        Ok(open) => Some(open),
        Err(error) => {
            eprintln!("paydesk: the customer's window: {error}");
            None
        }
    }
}
