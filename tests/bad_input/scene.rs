//! What these tests share.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use acceptance::program::until as held;

/// A runtime for simulators.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A socket that nobody must come to. The system keeps connections until they are accepted, so none is
/// missed.
pub struct Ear(TcpListener);

impl Ear {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    pub fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    /// Not even a connection was made.
    pub fn heard_nothing(&self) -> bool {
        self.0.accept().is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }
}

/// Every file of a data folder but its logs.
pub fn listing(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file());
    files
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())
        })
        .collect()
}

/// Not one file is made, gone or another one.
pub fn untouched(before: &BTreeMap<String, Vec<u8>>, folder: &Path, case: &str) {
    let after = listing(folder);
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let touched: Vec<_> = names.into_iter().filter(|name| before.get(*name) != after.get(*name)).collect();
    assert!(touched.is_empty(), "{case}: touched {touched:?}");
}

/// Does every row, some side by side, and tells all that went wrong.
pub fn every<T: Sync>(rows: &[T], of: impl Fn(&T) -> Result<(), String> + Sync) {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::<Vec<String>>::default());
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::SeqCst)) {
                    if let Err(report) = of(row) {
                        wrong.lock().unwrap().push(report);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} went wrong\n{}", wrong.len(), wrong.join("\n"));
}
