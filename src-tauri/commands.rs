//! What a window may ask of the till. Which window may ask what is in `capabilities/`.

use crate::desk::Desk;
use crate::windows;
use std::sync::Arc;
use tauri::ipc::Channel;
use tauri::{AppHandle, State, WebviewWindow};
use till::api::{Accepted, CustomerView, Dispatch, Problem, Query, QueryReply, View};

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
pub async fn watch_views(
    desk: State<'_, Desk>,
    window: WebviewWindow,
    channel: Channel<Arc<View>>,
) -> Result<(), Problem> {
    desk.watch_views(window.label().to_owned(), channel).await
}

/// The customer's views.
#[tauri::command]
pub async fn watch_customer(
    desk: State<'_, Desk>,
    window: WebviewWindow,
    channel: Channel<Arc<CustomerView>>,
) -> Result<(), Problem> {
    desk.watch_customer(window.label().to_owned(), channel).await
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
