//! The one owner of the writing connection: appends, checkpoints, keeps head and reserve. Synchronous; who
//! calls it, and on which thread, is decided in `store.rs`.
//!
//! Invariants: one transaction per append, and it is on disk when the append returns; memory (head, folded
//! states) changes only after the commit. An intent never uses the reserve, except to come from its log into
//! the database, when its request may have left.

use crate::chain::{self, Head};
use crate::facts::{asks_for_money, brings_outcome};
use crate::fault::{DiskFault, Faults};
use crate::folder::Folder;
use crate::intents::{Entry, Intents};
use crate::views::{self, Batch, Folds, Words};
use crate::{Appended, Record, StoreError, limits, rehearsal, schema};
use domain::catalogue::Item;
use domain::ids::TextId;
use rusqlite::{Connection, OptionalExtension};
use std::sync::Arc;

/// Where the head and the reserve are kept.
pub(crate) enum Home {
    /// In memory, for tests: a slot for the head that outlives a crash.
    Memory(Option<Head>),
    /// In the data folder.
    Folder(Folder),
}

impl Home {
    fn has_room(&self) -> bool {
        match self {
            Self::Memory(_) => true,
            Self::Folder(folder) => folder.has_room(),
        }
    }
}

/// What becomes of the write-ahead log's file after a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Log {
    /// It keeps its length and is written over: syncing it costs no new length.
    GoesOn,
    /// Nothing is left in it.
    IsEmptied,
}

/// The store's state.
pub(crate) struct Core {
    pub connection: Connection,
    pub home: Home,
    pub till: String,
    pub head: Head,
    pub folds: Folds,
    pub faults: Arc<Faults>,
    /// Buffered records; they go to disk before the next append's.
    pub pending: Vec<Record>,
    /// Where an intent is on disk first.
    pub intents: Intents,
    /// What is only there yet, oldest first; `head` counts it.
    pub waiting: Vec<Entry>,
    /// The reserve is there. Without it no money is asked for.
    pub reserve_held: bool,
    /// Entries since the head was kept outside.
    pub unkept: u32,
    /// Entries since the last checkpoint.
    pub unchecked: u32,
    /// Something was written that the keeper should look at soon.
    pub calls_keeper: bool,
    /// Of a big file's references a start sees only that every page is there. Their rows are looked at when
    /// the till rests, or else before the first intent.
    pub references_unread: bool,
}

impl Core {
    /// Appends the buffered records and these, in order. On disk when it returns.
    pub fn append(&mut self, records: &[Record]) -> Result<Appended, StoreError> {
        records.iter().try_for_each(Record::check)?;
        if records.is_empty() && self.pending.is_empty() && self.waiting.is_empty() {
            return Ok(Appended { head: self.head });
        }
        let asks = records.iter().any(|record| asks_for_money(&record.fact));
        if asks && !self.takes_intents() {
            return Err(StoreError::Full);
        }
        if asks && self.references_unread {
            rehearsal::references_are_sound(&self.connection)?;
            self.references_unread = false;
        }
        if asks && self.log(records)? {
            return Ok(Appended { head: self.head });
        }
        match self.write(Some(records), false) {
            Err(StoreError::Full) if !asks && self.reserve_held && brings_outcome(records) => {
                tracing::warn!("the disk is full: the reserve is given up for an outcome");
                self.give_up_reserve();
                self.write(Some(records), true)?;
            }
            other => other?,
        }
        // A request waits for an intent: waking the keeper then would cost it half as much again as the disk.
        // More always follows an intent.
        self.calls_keeper |= !asks;
        Ok(Appended { head: self.head })
    }

    /// Whether a request that moves money may be written down: the reserve for its outcome is there, and
    /// room for what follows.
    pub fn takes_intents(&self) -> bool {
        self.reserve_held && self.home.has_room()
    }

    /// Keeps records for the next append. Beyond the bound, and where a text is not the one referenced, they
    /// are left out: only what may be lost is ever buffered.
    pub fn buffer(&mut self, records: Vec<Record>) {
        for record in records {
            if self.pending.len() >= limits::PENDING {
                tracing::warn!("the buffer is full; records are left out");
                return;
            }
            match record.check() {
                Ok(()) => self.pending.push(record),
                Err(error) => tracing::error!(%error, "a buffered record is left out"),
            }
        }
    }

    /// Writes an intent, and what is buffered before it, into the intent log; `false` where it must go the
    /// long way: with an erasable text, or where the log has no room.
    fn log(&mut self, records: &[Record]) -> Result<bool, StoreError> {
        let all = || self.pending.iter().chain(records);
        if all().any(|record| !record.texts.is_empty()) {
            return Ok(false);
        }
        self.faults.strike(false)?;
        let (mut entries, mut head) = (Vec::new(), self.head);
        for record in all() {
            let entry = Entry::of(record, &self.till, head);
            head = entry.head();
            entries.push(entry);
        }
        if !self.intents.write(&entries)? {
            return Ok(false);
        }
        self.waiting.extend(entries);
        self.pending.clear();
        self.now_at(head);
        Ok(true)
    }

    /// Takes into the database what is only in the intent log. Everything but an append needs it there.
    pub fn take_up(&mut self) -> Result<(), StoreError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        match self.write(None, false) {
            Err(StoreError::Full) if self.reserve_held => {
                tracing::warn!("the disk is full: the reserve is given up for an intent");
                self.give_up_reserve();
                self.write(None, true)
            }
            other => other,
        }
    }

    /// Writes what waits in the intent log; then what is buffered and these, unless there is `None`. Where
    /// the search is damaged, without the words of receipts: an outcome counts for more than its place there,
    /// and verifying says so.
    fn write(&mut self, records: Option<&[Record]>, relieved: bool) -> Result<(), StoreError> {
        self.faults.strike(relieved)?;
        match self.write_with(Words::Indexed, records) {
            Err(damaged @ StoreError::Damaged { .. }) => {
                self.write_with(Words::LeftOut, records)?;
                tracing::error!(%damaged, "the search lacks what was written now");
                Ok(())
            }
            done => done,
        }
    }

    fn write_with(&mut self, words: Words, records: Option<&[Record]>) -> Result<(), StoreError> {
        let Self { connection, till, head, folds, pending, waiting, .. } = self;
        let (new_head, changed) = in_transaction(connection, || {
            let mut batch = Batch::new(connection, connection, folds).with(words);
            let mut new_head = *head;
            for entry in &*waiting {
                insert(connection, entry, &mut batch)?;
            }
            for record in records.iter().flat_map(|records| pending.iter().chain(*records)) {
                insert_texts(connection, record)?;
                let entry = Entry::of(record, till, new_head);
                insert(connection, &entry, &mut batch)?;
                new_head = entry.head();
            }
            Ok((new_head, batch.finish()?))
        })?;
        folds.take(changed);
        if records.is_some() {
            pending.clear();
        }
        waiting.clear();
        self.intents.begin_anew();
        self.now_at(new_head);
        Ok(())
    }

    fn now_at(&mut self, head: Head) {
        let written = u32::try_from(head.seq - self.head.seq).unwrap_or(u32::MAX);
        self.head = head;
        self.unkept = self.unkept.saturating_add(written);
        self.unchecked = self.unchecked.saturating_add(written);
    }

    /// What may wait until an append was answered: the head file and the checkpoint of a busy till.
    pub fn settle(&mut self) {
        if self.unkept >= limits::HEAD_ENTRIES {
            self.keep_head();
        }
        if self.unchecked >= limits::BUSY_CHECKPOINT_ENTRIES {
            self.checkpoint(Log::GoesOn);
        }
    }

    /// Moves what a checkpoint beside has left in the log.
    pub fn move_the_rest(&mut self) {
        self.checkpoint(Log::GoesOn);
    }

    /// Room is short: the log's own may be all that is missing.
    pub fn free_the_log(&mut self) {
        self.checkpoint(Log::IsEmptied);
    }

    /// The idle task where there is nobody else to do it: checkpoint, head, reserve.
    pub fn idle(&mut self) {
        if !self.takes_intents() {
            self.free_the_log();
        } else if self.unchecked >= limits::IDLE_CHECKPOINT_ENTRIES {
            self.checkpoint(Log::GoesOn);
        }
        self.keep_head();
        self.hold_reserve();
    }

    /// Writes what is buffered, checkpoints and keeps the head.
    pub fn close(mut self) -> Result<(), StoreError> {
        let flushed = self.append(&[]);
        self.checkpoint(Log::IsEmptied);
        self.keep_head();
        flushed.map(|_| ())
    }

    /// Whether the keeper should be woken; asked once.
    pub fn calls_keeper(&mut self) -> bool {
        std::mem::take(&mut self.calls_keeper)
    }

    /// Keeps the head outside the database. A failure leaves it behind, which is harmless.
    pub fn keep_head(&mut self) {
        if self.unkept == 0 {
            return;
        }
        // Who only reads must not find a head that the database does not have yet.
        if let Err(error) = self.take_up() {
            tracing::warn!(%error, "the head file stays behind an intent");
            return;
        }
        match &mut self.home {
            Home::Memory(kept) => *kept = Some(self.head),
            Home::Folder(folder) => {
                if let Err(error) = folder.write_head(self.head) {
                    tracing::warn!(%error, "the head file stays behind");
                    return;
                }
            }
        }
        self.unkept = 0;
    }

    /// Marks how far the chain is known to be good, and keeps the daybook.
    pub fn mark(&self, until: Head) -> Result<(), StoreError> {
        let connection = &self.connection;
        in_transaction(connection, || {
            views::keep_daybook(connection, self.head, &self.folds.daybook)?;
            chain::set_verified_mark(connection, until)
        })
    }

    /// Moves the write-ahead log into the database. Everything up to here was written by this process, so
    /// the next start verifies from here.
    fn checkpoint(&mut self, then: Log) {
        if let Err(error) = self.take_up() {
            tracing::warn!(%error, "no checkpoint before an intent is in the database");
            return;
        }
        let head = self.head;
        let connection = &self.connection;
        let mark = || self.mark(head);
        let move_log = |mode: &str| {
            let sql = format!("PRAGMA wal_checkpoint({mode})");
            Ok(connection.query_row(&sql, [], |_| Ok(()))?)
        };
        let done = match then {
            // The first commit after it begins the log anew, with a sync of its own: no intent pays for that.
            Log::GoesOn => move_log("PASSIVE").and_then(|()| mark()),
            Log::IsEmptied => mark().and_then(|()| move_log("TRUNCATE")),
        };
        match done {
            Ok(()) => self.unchecked = 0,
            Err(error) => tracing::warn!(%error, "no checkpoint"),
        }
    }

    /// Makes the reserve when it is not there and there is room.
    pub fn hold_reserve(&mut self) {
        if self.reserve_held || self.has_no_room() {
            return;
        }
        match &self.home {
            Home::Memory(_) => self.reserve_held = true,
            Home::Folder(folder) => match folder.hold_reserve() {
                Ok(()) => self.reserve_held = true,
                Err(error) => tracing::warn!(%error, "no room for the reserve: no payment can start"),
            },
        }
    }

    /// Whether a test has made the disk full.
    pub fn has_no_room(&self) -> bool {
        match self.faults.due() {
            Some(DiskFault::Full | DiskFault::FullForGood | DiskFault::ReadOnly) => true,
            Some(DiskFault::Io) | None => false,
        }
    }

    fn give_up_reserve(&mut self) {
        self.reserve_held = false;
        match &self.home {
            Home::Memory(_) => {}
            Home::Folder(folder) => folder.give_up_reserve(),
        }
    }

    /// Drops all views and folds them from the journal anew.
    pub fn rebuild_views(&mut self) -> Result<(), StoreError> {
        self.take_up()?;
        self.faults.strike(false)?;
        let connection = &self.connection;
        in_transaction(connection, || crate::verify::rebuild(connection))?;
        self.folds = views::load(connection)?;
        Ok(())
    }

    /// Deletes these texts, their words in the search, and their traces in the file. Returns how many were
    /// there. The chain keeps their digests.
    pub fn erase(&mut self, texts: &[TextId]) -> Result<usize, StoreError> {
        self.take_up()?;
        self.faults.strike(false)?;
        let connection = &self.connection;
        connection.pragma_update(None, "secure_delete", "ON")?;
        let erased = in_transaction(connection, || {
            let mut erased = 0;
            for id in texts {
                let id = id.to_string();
                let sql = "DELETE FROM erasable WHERE id = ?1 RETURNING text";
                let mut statement = connection.prepare_cached(sql)?;
                let text: Option<String> = statement.query_row([&id], |row| row.get(0)).optional()?;
                if let Some(text) = text {
                    views::forget_words(connection, &id, &text)?;
                    erased += 1;
                }
            }
            Ok(erased)
        });
        connection.pragma_update(None, "secure_delete", "OFF")?;
        // The log still holds the old pages.
        self.checkpoint(Log::IsEmptied);
        erased
    }

    /// Keeps these products, in the place of those with the same numbers; of all others, too, if `replace`.
    pub fn keep_products(&mut self, items: &[Item], replace: bool) -> Result<(), StoreError> {
        self.faults.strike(false)?;
        let connection = &self.connection;
        in_transaction(connection, || {
            if replace {
                connection.execute("DELETE FROM product", [])?;
            }
            let sql = "INSERT INTO product (sku, item) VALUES (?1, ?2)
                ON CONFLICT (sku) DO UPDATE SET item = excluded.item";
            let mut statement = connection.prepare_cached(sql)?;
            for item in items {
                statement.execute((item.sku(), views::json(item)?))?;
            }
            Ok(())
        })
    }

    /// The whole database as bytes.
    pub fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.take_up()?;
        Ok(self.connection.serialize(rusqlite::MAIN_DB)?.to_vec())
    }

    /// Lets go of everything without a checkpoint, as a crash does.
    pub fn abandon(self) -> (Connection, Home, Intents) {
        schema::leave_as_it_is(&self.connection);
        (self.connection, self.home, self.intents)
    }
}

/// Runs `work` in one transaction: committed on disk, or nothing of it.
pub(crate) fn in_transaction<T>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let run = |sql: &str| connection.prepare_cached(sql)?.execute([]).map(|_| ());
    run("BEGIN IMMEDIATE")?;
    let done = work().and_then(|value| {
        run("COMMIT")?;
        Ok(value)
    });
    if done.is_err()
        && !connection.is_autocommit()
        && let Err(error) = run("ROLLBACK")
    {
        tracing::warn!(%error, "the rollback failed");
    }
    done
}

pub(crate) fn insert_texts(connection: &Connection, record: &Record) -> Result<(), StoreError> {
    for (reference, text) in &record.texts {
        let sql = "INSERT INTO erasable (id, text) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        connection.prepare_cached(sql)?.execute((reference.id.to_string(), text))?;
    }
    Ok(())
}

pub(crate) fn insert(
    connection: &Connection,
    entry: &Entry,
    batch: &mut Batch<'_>,
) -> Result<(), StoreError> {
    let columns = entry.columns();
    let sql = "INSERT INTO entry (seq, id, at, till, kind, version, body, previous_hash, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    connection.prepare_cached(sql)?.execute((
        columns.seq,
        chain::id_of(&entry.hash).as_bytes(),
        columns.at,
        columns.till,
        columns.kind,
        columns.version,
        columns.body,
        entry.previous,
        entry.hash,
    ))?;
    batch.apply(columns.seq, entry.at, &entry.fact)
}
