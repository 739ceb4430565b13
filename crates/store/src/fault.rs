//! A seam for tests: faults of the disk, told to the next writes. In production it is one relaxed load per
//! append.

use crate::StoreError;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// What the disk does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    /// It is full: writes fail, and the reserve cannot be made anew. A write after the reserve was given up
    /// succeeds.
    Full,
    /// It is full, and giving up the reserve does not help.
    FullForGood,
    /// It cannot be written.
    ReadOnly,
    /// It says an error.
    Io,
}

/// The fault that is due.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Writes that still go well before the first one fails.
    well: AtomicU32,
    left: AtomicU32,
    code: AtomicU8,
    halt: Mutex<Option<Halt>>,
}

/// The next upkeep says that it has begun, and waits.
#[derive(Debug)]
struct Halt {
    begun: SyncSender<()>,
    go_on: Receiver<()>,
}

impl Faults {
    /// The next upkeep stops where it begins: what says that it has, and what lets it go on (also when
    /// dropped).
    pub fn halt_next(&self) -> (Receiver<()>, SyncSender<()>) {
        let ((begun, has_begun), (may_go, go_on)) = (sync_channel(1), sync_channel(1));
        *self.halt.lock().unwrap_or_else(PoisonError::into_inner) = Some(Halt { begun, go_on });
        (has_begun, may_go)
    }
    /// Stops here if a test wants it.
    pub fn halt(&self) {
        let halt = self.halt.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(halt) = halt {
            let _told = halt.begun.send(());
            let _gone_on = halt.go_on.recv();
        }
    }
    /// The next so many writes fail so.
    pub fn set(&self, fault: DiskFault, writes: u32) {
        let code = match fault {
            DiskFault::Full => 0,
            DiskFault::FullForGood => 1,
            DiskFault::ReadOnly => 2,
            DiskFault::Io => 3,
        };
        self.code.store(code, Ordering::SeqCst);
        self.well.store(0, Ordering::SeqCst);
        self.left.store(writes, Ordering::SeqCst);
    }
    /// As [`Faults::set`], after so many writes that go well.
    pub fn set_after(&self, well: u32, fault: DiskFault, writes: u32) {
        self.set(fault, writes);
        self.well.store(well, Ordering::SeqCst);
    }
    /// The fault that is due now.
    pub fn due(&self) -> Option<DiskFault> {
        if self.left.load(Ordering::Relaxed) == 0 || self.well.load(Ordering::SeqCst) > 0 {
            return None;
        }
        match self.code.load(Ordering::SeqCst) {
            0 => Some(DiskFault::Full),
            1 => Some(DiskFault::FullForGood),
            2 => Some(DiskFault::ReadOnly),
            _ => Some(DiskFault::Io),
        }
    }
    /// Fails when a fault is due, and uses it up. `relieved`: the reserve was just given up.
    pub fn strike(&self, relieved: bool) -> Result<(), StoreError> {
        let Some(fault) = self.due() else {
            let well = self.well.load(Ordering::SeqCst);
            self.well.store(well.saturating_sub(1), Ordering::SeqCst);
            return Ok(());
        };
        let error = match fault {
            DiskFault::Full if relieved => return Ok(()),
            DiskFault::Full | DiskFault::FullForGood => StoreError::Full,
            DiskFault::ReadOnly => StoreError::ReadOnly,
            DiskFault::Io => StoreError::Io("the disk said an error (made by a test)".to_owned()),
        };
        let left = self.left.load(Ordering::SeqCst);
        // Without an end: the fault lasts until a test takes it back.
        if left != u32::MAX {
            self.left.store(left.saturating_sub(1), Ordering::SeqCst);
        }
        Err(error)
    }
}
