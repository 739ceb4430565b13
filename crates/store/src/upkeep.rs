//! What may wait: the log's checkpoint, the head file, the reserve. What is due is looked up under the core's
//! lock, done without it, and noted under it again, so that an intent never waits for any of it.
//!
//! Invariant: only one upkeep runs at a time, and nothing else touches these files beside it.

use crate::chain::Head;
use crate::core::{Core, Home};
use crate::fault::Faults;
use crate::folder::Folder;
use crate::schema::Moved;
use crate::{StoreError, limits, rehearsal, schema};
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
    reads_references: bool,
}

/// What was done.
pub(crate) struct Done {
    head: Head,
    checkpoint: Option<Moved>,
    has_head: bool,
    has_reserve: bool,
    has_read_references: bool,
}

impl Core {
    /// What is due now; nothing for a store in memory, which does it all at once.
    pub fn upkeep(&mut self, occasion: Occasion) -> Option<Upkeep> {
        let Home::Folder(folder) = &self.home else {
            self.idle();
            return None;
        };
        let folder = Folder::new(folder.path());
        if let Err(error) = self.take_up() {
            tracing::warn!(%error, "no upkeep before an intent is in the database");
            return None;
        }
        let is_idle = occasion == Occasion::Idle;
        if is_idle && !self.takes_intents() {
            // No money is asked for meanwhile: nothing waits for this.
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
            reads_references: is_idle && self.references_unread,
        };
        let is_due = due.checkpoints || due.keeps_head || due.makes_reserve || due.reads_references;
        is_due.then_some(due)
    }

    /// Takes over what was done. The mark is the first commit after the checkpoint: it begins the log anew,
    /// with a sync of its own, so that no intent pays for that.
    pub fn note(&mut self, done: &Done) {
        self.reserve_held |= done.has_reserve;
        self.references_unread &= !done.has_read_references;
        if let Err(error) = self.take_up() {
            tracing::warn!(%error, "nothing is noted before an intent is in the database");
            return;
        }
        let since = u32::try_from(self.head.seq - done.head.seq).unwrap_or(u32::MAX);
        if done.checkpoint == Some(Moved::All) && since == 0 {
            match self.mark(done.head) {
                Ok(()) => self.unchecked = 0,
                Err(error) => tracing::warn!(%error, "the checkpoint is not marked"),
            }
        } else if done.checkpoint.is_some() {
            // The log begins anew only when all of it is in the database. The little that is left is moved
            // here, where nothing more can come: the log of a till that never rests would only grow.
            self.move_the_rest();
        }
        if done.has_head {
            self.unkept = since;
        }
    }
}

impl Upkeep {
    /// Does it. What fails stays due.
    pub fn carry_out(&self) -> Done {
        self.faults.halt();
        fn told<T>(what: &str, done: Result<T, StoreError>) -> Option<T> {
            done.inspect_err(|error| tracing::warn!(%error, "{what}")).ok()
        }
        let checkpoint = || told("no checkpoint", schema::checkpoint_beside(&self.folder));
        let keep = || told("the head file stays behind", self.folder.write_head(self.head));
        let hold = || told("no room for the reserve: no payment can start", self.folder.hold_reserve());
        // Beside the core: an intent that comes meanwhile reads them itself, and says what is wrong.
        let read = || told("no payment can start", self.read_references());
        Done {
            head: self.head,
            checkpoint: self.checkpoints.then(checkpoint).flatten(),
            has_head: self.keeps_head && keep().is_some(),
            has_reserve: self.makes_reserve && hold().is_some(),
            has_read_references: self.reads_references && read().is_some(),
        }
    }

    fn read_references(&self) -> Result<(), StoreError> {
        rehearsal::references_are_sound(&schema::connect_reading(&self.folder.database())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Record;
    use crate::open::open_folder;
    use domain::ids::{OperationId, Reference, Seed};
    use domain::journal::Fact;
    use domain::operation::Step;
    use domain::payment::PaymentFact;
    use jiff::Timestamp;

    fn append(core: &mut Core, entries: u32) {
        let fact = Fact::Started { version: "x".repeat(500) };
        let record = Record { at: Timestamp::UNIX_EPOCH, fact, texts: Vec::new() };
        for _ in 0..entries {
            core.append(std::slice::from_ref(&record)).unwrap();
        }
    }

    /// Pages in the write-ahead log.
    fn pages(core: &Core) -> i64 {
        let sql = "PRAGMA wal_checkpoint(PASSIVE)";
        core.connection.query_row(sql, [], |row| row.get(1)).unwrap()
    }

    #[test]
    fn the_log_of_a_till_that_never_rests_begins_anew() {
        let place = tempfile::tempdir().unwrap();
        let seed = Seed { at: Timestamp::UNIX_EPOCH, random: [1; 10] };
        let (mut core, _) = open_folder(place.path(), "T1".to_owned(), &seed).unwrap();
        append(&mut core, 200);
        // What a reader sees already, and what comes while the checkpoint runs, is left by it.
        let reader = schema::connect_reading(&Folder::new(place.path()).database()).unwrap();
        let looking = reader.unchecked_transaction().unwrap();
        looking.query_row("SELECT count(*) FROM entry", [], |_| Ok(())).unwrap();
        append(&mut core, 1);
        core.unchecked = limits::BUSY_CHECKPOINT_ENTRIES;
        let done = core.upkeep(Occasion::Busy).unwrap().carry_out();
        assert_eq!(done.checkpoint, Some(Moved::Some));
        drop(looking);
        core.note(&done);
        append(&mut core, 1);
        let pages = pages(&core);
        assert!(pages < 20, "{pages} pages: the log goes on behind the old ones");
        assert!(core.unchecked < 3, "{} entries count as only in the log", core.unchecked);
    }

    #[test]
    fn an_intent_wakes_nobody_and_what_follows_it_does() {
        let place = tempfile::tempdir().unwrap();
        let seed = Seed { at: Timestamp::UNIX_EPOCH, random: [1; 10] };
        let (mut core, _) = open_folder(place.path(), "T1".to_owned(), &seed).unwrap();
        assert!(core.calls_keeper(), "opening writes, too");
        core.hold_reserve();
        let (reference, step) = (Reference("1".to_owned()), Step::First);
        let reserved = PaymentFact::ReferenceReserved { reference, step, session: None };
        let fact = Fact::Payment { operation: OperationId::of(&seed), fact: reserved };
        core.append(&[Record { at: Timestamp::UNIX_EPOCH, fact, texts: Vec::new() }]).unwrap();
        assert!(!core.calls_keeper());
        append(&mut core, 1);
        assert!(core.calls_keeper());
        assert!(!core.calls_keeper(), "once is enough");
    }
}
