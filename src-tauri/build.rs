//! Embeds configuration, permissions and interface into the shell.
//!
//! Everything under `ui/dist` becomes part of the program. Where the interface has not been built, a
//! one-page placeholder stands in for it, so that plain `cargo build` needs no Node. The placeholder says
//! what it is (see its `paydesk-interface` meta element): a bundle that holds it is not fit for a shop.

use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;
use tauri_build::{AppManifest, Attributes};

/// Every command of `commands.rs`; `capabilities/` says which window may give it.
const COMMANDS: &[&str] = &[
    "dispatch",
    "query",
    "watch_views",
    "watch_customer",
    "customer_window",
    "watch_sight",
    "took_sight",
    "unwatch_sight",
    "watch_scans",
    "unwatch_scans",
    "watch_pairing",
    "unwatch_pairing",
];
const PLACEHOLDER: &str = include_str!("placeholder.html");
const PLACEHOLDER_MARK: &str = "name=\"paydesk-interface\" content=\"placeholder\"";

fn main() -> Result<(), Box<dyn Error>> {
    let page = Path::new("ui/dist/index.html");
    stand_in(page)?;
    println!("cargo:rerun-if-changed={}", page.display());
    println!("cargo:rerun-if-changed=src-tauri/placeholder.html");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let commands = AppManifest::new().commands(COMMANDS);
    let attributes =
        Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*").app_manifest(commands);
    tauri_build::try_build(attributes)?;
    Ok(())
}

/// Writes the placeholder unless a built interface (or the same placeholder) is there.
fn stand_in(page: &Path) -> io::Result<()> {
    match fs::read_to_string(page) {
        Ok(found) if found == PLACEHOLDER || !found.contains(PLACEHOLDER_MARK) => Ok(()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(_) | Err(_) => {
            if let Some(folder) = page.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(page, PLACEHOLDER)
        }
    }
}
