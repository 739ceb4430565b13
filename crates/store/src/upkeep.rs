//! What may wait: the log's checkpoint, the head file, the reserve. What is due is looked up under the core's
//! lock, done without it, and noted under it again, so that an intent never waits for any of it.
//!
//! Invariant: only one upkeep runs at a time, and nothing else touches these files beside it.

use crate::chain::Head;
use crate::core::{Core, Home};
use crate::fault::Faults;
use crate::folder::Folder;
use crate::{StoreError, limits, schema};
use std::sync::Arc;

/// When it is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// Appends go on.
    Busy,
    /// There was none for a moment.
    Quiet,
    /// The till has nothing to do.
    Idle,
}

/// What is due.
pub(crate) struct Upkeep {
    folder: Folder,
    faults: Arc<Faults>,
    head: Head,
    checkpoints: bool,
    keeps_head: bool,
    makes_reserve: bool,
}

/// What was done.
pub(crate) struct Done {
    head: Head,
    has_checkpoint: bool,
    has_head: bool,
    has_reserve: bool,
}

impl Core {
    /// What is due now; nothing for a store in memory, which does it all at once.
    pub fn upkeep(&mut self, occasion: Occasion) -> Option<Upkeep> {
        let Home::Folder(folder) = &self.home else {
            self.idle();
            return None;
        };
        let folder = Folder::new(folder.path());
        let is_idle = occasion == Occasion::Idle;
        if is_idle && !self.reserve_held {
            // Without the reserve no money is asked for: nothing waits for this.
            self.free_the_log();
        }
        let checkpoint_at = match occasion {
            Occasion::Busy | Occasion::Quiet => limits::BUSY_CHECKPOINT_ENTRIES,
            Occasion::Idle => limits::IDLE_CHECKPOINT_ENTRIES,
        };
        let head_at = if occasion == Occasion::Busy { limits::HEAD_ENTRIES } else { 1 };
        let due = Upkeep {
            folder,
            faults: Arc::clone(&self.faults),
            head: self.head,
            checkpoints: self.unchecked >= checkpoint_at,
            keeps_head: self.unkept >= head_at,
            makes_reserve: is_idle && !self.reserve_held && !self.has_no_room(),
        };
        (due.checkpoints || due.keeps_head || due.makes_reserve).then_some(due)
    }

    /// Takes over what was done. The mark is the first commit after the checkpoint: it begins the log anew,
    /// with a sync of its own, so that no intent pays for that.
    pub fn note(&mut self, done: &Done) {
        let since = u32::try_from(self.head.seq - done.head.seq).unwrap_or(u32::MAX);
        if done.has_checkpoint {
            match self.mark(done.head) {
                Ok(()) => self.unchecked = since,
                Err(error) => tracing::warn!(%error, "the checkpoint is not marked"),
            }
        }
        if done.has_head {
            self.unkept = since;
        }
        self.reserve_held |= done.has_reserve;
    }
}

impl Upkeep {
    /// Does it. What fails stays due.
    pub fn carry_out(&self) -> Done {
        self.faults.halt();
        let told = |what: &str, done: Result<(), StoreError>| {
            if let Err(error) = &done {
                tracing::warn!(%error, "{what}");
            }
            done.is_ok()
        };
        Done {
            head: self.head,
            has_checkpoint: self.checkpoints
                && told("no checkpoint", schema::checkpoint_beside(&self.folder)),
            has_head: self.keeps_head
                && told("the head file stays behind", self.folder.write_head(self.head)),
            has_reserve: self.makes_reserve
                && told("no room for the reserve: no payment can start", self.folder.hold_reserve()),
        }
    }
}
