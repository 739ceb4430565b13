//! The intent log: where an intent is on disk before SQLite has it, so that a request waits for one small
//! write and one sync, and for nothing else (decision 15).
//!
//! A file of fixed length. Batches of entries lie in it from its beginning, in the chain's order, as long as
//! the database has not taken them up; once it has, the next batch is written over them. What follows the
//! newest batch is old and does not continue the chain. One that is neither, and newer, says that one before
//! it was on disk and cannot be read any more.
//!
//! Invariants: a batch counts only if all of its entries are there and their hashes continue the chain of
//! the database; it is written over only after the database has it on disk; no erasable text lies in it.

use crate::chain::{Columns, Hash, Head};
use crate::folder::Folder;
use crate::{Record, StoreError, limits, verify};
use crate::{codes, facts};
use domain::journal::Fact;
use jiff::Timestamp;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};

/// How a batch begins.
const MAGIC: &[u8] = b"PDi1";

/// One entry with everything that its hash covers.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub seq: i64,
    pub at: Timestamp,
    pub version: i64,
    pub till: String,
    pub kind: String,
    pub body: String,
    pub previous: Hash,
    pub hash: Hash,
    pub fact: Fact,
}

impl Entry {
    /// This fact as the entry after `head`.
    pub fn of(record: &Record, till: &str, head: Head) -> Self {
        let mut entry = Self {
            seq: head.seq + 1,
            at: codes::whole_micros(record.at),
            version: i64::from(Fact::VERSION),
            till: till.to_owned(),
            kind: record.fact.kind().to_owned(),
            body: facts::body(&record.fact),
            previous: head.hash,
            hash: Hash::default(),
            fact: record.fact.clone(),
        };
        entry.hash = entry.columns().hash(&head.hash);
        entry
    }

    pub fn columns(&self) -> Columns<'_> {
        Columns {
            seq: self.seq,
            at: self.at.as_microsecond(),
            version: self.version,
            till: &self.till,
            kind: &self.kind,
            body: &self.body,
        }
    }

    /// The chain's head with this entry.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

/// What a start finds in the log.
#[derive(Default)]
pub(crate) struct Waiting {
    /// What continues the chain, oldest first.
    pub entries: Vec<Entry>,
    /// The number of an entry that was written after one that is neither here nor in the database.
    pub ahead: Option<i64>,
}

/// The log.
pub(crate) struct Intents {
    medium: Medium,
    /// Where the next batch goes.
    end: u64,
}

/// Where its bytes lie.
pub(crate) enum Medium {
    /// In memory, for tests; outlives a crash.
    Memory(Vec<u8>),
    /// In the data folder.
    File(File),
    /// There was no room to make it: intents go the long way.
    Missing,
}

impl Intents {
    /// Over bytes in memory.
    pub fn in_memory(bytes: Vec<u8>) -> Self {
        Self { medium: Medium::Memory(bytes), end: 0 }
    }

    /// Opens the folder's log, or makes it.
    ///
    /// # Errors
    /// There is one and it cannot be opened: a request may have left for what it holds.
    pub fn in_folder(folder: &Folder) -> Result<Self, StoreError> {
        let path = folder.intents();
        let is_there = path.try_exists()?;
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let medium = match opened {
            Err(error) if is_there => return Err(error.into()),
            opened => opened.map_err(StoreError::from).and_then(|mut file| {
                fill(&mut file)?;
                folder.sync()?;
                Ok(file)
            }),
        };
        let medium = medium.map_or_else(
            |error| {
                tracing::warn!(%error, "no intent log: intents go straight to the database");
                Medium::Missing
            },
            Medium::File,
        );
        Ok(Self { medium, end: 0 })
    }

    /// The bytes of a log in memory.
    pub fn into_memory(self) -> Vec<u8> {
        match self.medium {
            Medium::Memory(bytes) => bytes,
            Medium::File(_) | Medium::Missing => Vec::new(),
        }
    }

    /// What the database has not taken up: everything that continues its chain from `head` on. `kept`: the
    /// head outside. It is only kept of what the database has, so a batch that begins at or before it was
    /// taken up; where the database does not have it any more, an older one was put back, and stays that.
    pub fn waiting(&mut self, head: Head, kept: Option<Head>) -> Result<Waiting, StoreError> {
        if kept.is_some_and(|kept| kept.seq > head.seq) {
            return Ok(Waiting::default());
        }
        let bytes = match &mut self.medium {
            Medium::Memory(bytes) => bytes.clone(),
            Medium::File(file) => {
                let mut bytes = Vec::new();
                file.seek(SeekFrom::Start(0))?;
                file.take(limits::INTENT_LOG_BYTES).read_to_end(&mut bytes)?;
                bytes
            }
            Medium::Missing => Vec::new(),
        };
        let (mut found, mut head, mut rest) = (Vec::new(), head, bytes.as_slice());
        while let Some((batch, after)) = batch(rest, head)? {
            head = batch.last().map_or(head, Entry::head);
            found.extend(batch);
            rest = after;
        }
        self.end = (bytes.len() - rest.len()) as u64;
        Ok(Waiting { entries: found, ahead: newer(rest, head) })
    }

    /// Writes a batch, which is on disk when this returns; `false` where it does not fit.
    pub fn write(&mut self, batch: &[Entry]) -> Result<bool, StoreError> {
        let bytes = encoded(batch);
        let end = self.end + bytes.len() as u64;
        if end > limits::INTENT_LOG_BYTES {
            return Ok(false);
        }
        match &mut self.medium {
            Medium::Memory(log) => {
                log.truncate(usize::try_from(self.end).unwrap_or(usize::MAX));
                log.extend(bytes);
            }
            Medium::File(file) => {
                write_durably(file, &bytes, self.end, File::sync_data)?;
            }
            Medium::Missing => return Ok(false),
        }
        self.end = end;
        Ok(true)
    }

    /// Forgets everything: what cannot be continued would be found at every start.
    pub fn wipe(&mut self) -> Result<(), StoreError> {
        match &mut self.medium {
            Medium::Memory(log) => log.clear(),
            Medium::File(file) => {
                file.seek(SeekFrom::Start(0))?;
                io::copy(&mut io::repeat(0).take(limits::INTENT_LOG_BYTES), file)?;
                file.sync_data()?;
            }
            Medium::Missing => {}
        }
        self.end = 0;
        Ok(())
    }

    /// The database has everything on disk: the next batch begins at the beginning.
    pub fn begin_anew(&mut self) {
        self.end = 0;
    }
}

/// Writes all of the file's room: a sync then has no new length to write. A log that is shorter was never
/// used.
fn fill(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    if length < limits::INTENT_LOG_BYTES {
        file.seek(SeekFrom::End(0))?;
        io::copy(&mut io::repeat(0).take(limits::INTENT_LOG_BYTES - length), file)?;
        file.sync_all()?;
    }
    Ok(())
}

/// Writes bytes that are on disk when this returns. What was refused is wiped, as far as the disk lets it:
/// the next start must not find it.
fn write_durably(
    file: &mut File,
    bytes: &[u8],
    place: u64,
    sync: impl Fn(&File) -> io::Result<()>,
) -> io::Result<()> {
    let written = write_at(file, bytes, place).and_then(|()| sync(file));
    if written.is_err() {
        let _best_effort = write_at(file, &[0; MAGIC.len()], place);
    }
    written
}

#[cfg(unix)]
fn write_at(file: &mut File, bytes: &[u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, place)
}

#[cfg(not(unix))]
fn write_at(file: &mut File, bytes: &[u8], place: u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(place))?;
    io::Write::write_all(file, bytes)
}

/// The batch: its mark, how many entries, and each entry's numbers, texts and hash.
fn encoded(batch: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(MAGIC.len() + 8 + batch.len() * 1_024);
    bytes.extend(MAGIC);
    bytes.extend((batch.len() as u64).to_be_bytes());
    for entry in batch {
        let columns = entry.columns();
        for number in [columns.seq, columns.at, columns.version] {
            bytes.extend(number.to_be_bytes());
        }
        for text in [columns.till, columns.kind, columns.body] {
            bytes.extend((text.len() as u64).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes.extend(entry.hash);
    }
    bytes
}

/// A batch, and the bytes behind it.
type Found<'a> = (Vec<Entry>, &'a [u8]);

/// The batch at the beginning of `bytes` and what follows it; nothing where there is none that continues
/// the chain.
///
/// # Errors
/// It does, and an entry's fact cannot be understood.
fn batch(bytes: &[u8], head: Head) -> Result<Option<Found<'_>>, StoreError> {
    let mut rest = Rest(bytes);
    let Some(count) = rest.take(MAGIC.len()).filter(|mark| *mark == MAGIC).and_then(|_| rest.number())
    else {
        return Ok(None);
    };
    let (mut found, mut head) = (Vec::new(), head);
    for _ in 0..count {
        let Some((columns, hash)) = rest.entry() else { return Ok(None) };
        if columns.seq != head.seq + 1 || columns.hash(&head.hash) != hash {
            return Ok(None);
        }
        found.push(Entry {
            seq: columns.seq,
            at: codes::time(columns.at)?,
            version: columns.version,
            till: columns.till.to_owned(),
            kind: columns.kind.to_owned(),
            body: columns.body.to_owned(),
            previous: head.hash,
            hash,
            fact: verify::decode(&columns)?,
        });
        head = Head { seq: columns.seq, hash };
    }
    Ok((!found.is_empty()).then_some((found, rest.0)))
}

/// The number of a whole batch in `bytes` that comes later than the one that follows `head`: each was on disk
/// before the next one was begun, so something between them is lost. What is old has numbers that `head` has
/// passed, and the newest batch may be torn.
fn newer(bytes: &[u8], head: Head) -> Option<i64> {
    let marks = bytes.windows(MAGIC.len()).enumerate().filter(|(_, window)| *window == MAGIC);
    marks.filter_map(|(place, _)| whole(bytes.get(place..)?)).find(|seq| *seq > head.seq + 1)
}

/// The first number of the batch that begins here, if all of it is here and consistent; what its first entry
/// continues is not looked at.
fn whole(bytes: &[u8]) -> Option<i64> {
    let mut rest = Rest(bytes.get(MAGIC.len()..)?);
    let count = rest.number()?;
    let (first, hash) = rest.entry()?;
    let mut head = Head { seq: first.seq, hash };
    for _ in 1..count {
        let (columns, hash) = rest.entry()?;
        if columns.seq != head.seq + 1 || columns.hash(&head.hash) != hash {
            return None;
        }
        head = Head { seq: columns.seq, hash };
    }
    (count > 0).then_some(first.seq)
}

/// Bytes that are not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<i64> {
        Some(i64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    fn entry(&mut self) -> Option<(Columns<'a>, Hash)> {
        let (seq, at, version) = (self.number()?, self.number()?, self.number()?);
        let (till, kind, body) = (self.text()?, self.text()?, self.text()?);
        let hash = self.take(Hash::default().len())?.try_into().ok()?;
        Some((Columns { seq, at, version, till, kind, body }, hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{Seed, TerminalId, TextId};
    use domain::receipt::TextRef;

    fn entry(reason: &str, head: Head) -> Entry {
        let seed = Seed { at: Timestamp::UNIX_EPOCH, random: [1; 10] };
        let person = TextRef::of(TextId::of(&seed), "Åsa");
        let terminal = TerminalId("desk1".to_owned());
        let fact = Fact::Unblocked { terminal, operations: Vec::new(), person, reason: reason.to_owned() };
        Entry::of(&Record::new(seed.at, fact), "T1", head)
    }

    #[test]
    fn the_next_start_does_not_find_an_intent_that_was_refused_after_it_was_written() {
        let kept = entry("kept", Head::START);
        let refused = encoded(&[entry("refused", kept.head())]);
        let place = encoded(std::slice::from_ref(&kept)).len() as u64;
        let mut file = tempfile::tempfile().unwrap();
        write_durably(&mut file, &encoded(&[kept]), 0, File::sync_data).unwrap();
        let broken = |_: &File| Err(io::Error::other("the disk says an error"));
        assert!(write_durably(&mut file, &refused, place, broken).is_err());
        let mut log = Intents { medium: Medium::File(file.try_clone().unwrap()), end: 0 };
        assert_eq!(log.waiting(Head::START, None).unwrap().entries.len(), 1);
        // The same bytes count where the disk took them.
        write_durably(&mut file, &refused, place, File::sync_data).unwrap();
        assert_eq!(log.waiting(Head::START, None).unwrap().entries.len(), 2);
    }
}
