//! A bare Tauri window: one page with one line of text. What the real window is measured against, so that a
//! figure says what Paydesk adds to what any program of this kind costs on the same machine.
//!
//! It says `painted` on standard output when its page has been painted, and stays open.

#![allow(missing_docs)]

use tauri::{Builder, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    Builder::default()
        .setup(|app| {
            for config in &app.config().app.windows {
                WebviewWindowBuilder::from_config(app, config)?
                    .on_document_title_changed(|_window, _title| println!("painted"))
                    .build()?;
            }
            Ok(())
        })
        .run(tauri::generate_context!("src-tauri/bare/tauri.conf.json"))
}
