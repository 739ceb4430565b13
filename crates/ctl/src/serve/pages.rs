//! The interface as files: embedded when the program was built, or from a folder.

use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::path::PathBuf;
use std::sync::Arc;

use super::Served;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"));
}

/// Where the interface comes from.
#[derive(Debug)]
pub enum Pages {
    /// As it was when the program was built.
    Embedded,
    /// As it is in this folder now.
    Folder(PathBuf),
}

impl Pages {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        match self {
            Self::Embedded => {
                let found = embedded::PAGES.iter().find(|(known, _)| *known == name);
                found.map(|(_, bytes)| bytes.to_vec())
            }
            Self::Folder(folder) => std::fs::read(folder.join(name)).ok(),
        }
    }
}

/// One file of the interface.
pub async fn page(State(served): State<Arc<Served>>, method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let name = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    // Names of our own files are plain; whatever else is asked for is not there.
    let is_plain = name.split('/').all(|part| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        !part.is_empty() && !part.starts_with('.') && part.chars().all(allowed)
    });
    match served.pages.read(name).filter(|_| is_plain) {
        Some(bytes) => ([(header::CONTENT_TYPE, kind_of(name))], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some(_) | None => "application/octet-stream",
    }
}
