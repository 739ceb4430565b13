//! Opening: find out what is there, verify the tail, fold what is open, begin or go on.
//!
//! Invariant: nothing that is damaged, missing or newer is made anew or written over. A store that was
//! restored or copied goes on under a new installation id, which is an entry of the journal (R12).

use crate::chain::{self, Head};
use crate::core::{Core, Home};
use crate::fault::Faults;
use crate::folder::Folder;
use crate::intents::{Entry, Intents, Waiting};
use crate::views::Daybook;
use crate::{Record, StoreError, limits, reader, rehearsal, schema, verify, views};
use domain::ids::{InstallationId, OperationId, Seed, TerminalId};
use domain::journal::Fact;
use domain::payment::Payment;
use domain::sale::Sale;
use domain::session::Session;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs};

/// What to open, and how.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// The data folder; it must exist. Nothing: in memory.
    pub folder: Option<&'a Path>,
    /// The till's id, a column of every entry.
    pub till: String,
    /// Who runs SQLite.
    pub mode: Mode,
}

/// Who runs SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The caller, inside its own `await`: never waits for another thread, so virtual time stands still.
    Inline,
    /// Appends by the caller, all else on other threads: queries and long work on tokio's blocking
    /// threads, the head file by a thread of the store's own.
    Threaded,
}

/// Why this is not simply the store that was closed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    /// There is no readable head file: the database came alone.
    HeadMissing,
    /// The database ends before the head file says: an old backup, or a cut tail.
    Older {
        /// What the head file says.
        kept: Head,
        /// Where the database ends.
        found: Head,
    },
    /// The database has another entry where the head file's should be.
    Another {
        /// What the head file says.
        kept: Head,
    },
    /// The intent log holds an entry that was written after one that cannot be found: an old backup, or a
    /// damaged log.
    Behind {
        /// That entry's number.
        written: i64,
        /// Where the database ends.
        found: Head,
    },
    /// The database file is another one than when the head was kept: the folder was copied or restored.
    Copied,
    /// It went on under a new id before, and no till has started on it since: what a restore asks of the
    /// till was not done yet.
    NotStartedSince,
}

impl fmt::Display for Restored {
    /// The end of a sentence in brackets: what differs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeadMissing => f.write_str("there is no readable head file beside the database"),
            Self::Older { kept, found } => write!(
                f,
                "the database ends at entry {}, and entry {} has been written here",
                found.seq, kept.seq
            ),
            Self::Behind { written, found } => {
                write!(
                    f,
                    "the database ends at entry {}, and entry {written} has been written here",
                    found.seq
                )
            }
            Self::Another { kept } => {
                write!(f, "entry {} is another one than was written here last", kept.seq)
            }
            Self::Copied => f.write_str("the database is another file than the one that was used last"),
            Self::NotStartedSince => f.write_str("an earlier start on it did not come to its end"),
        }
    }
}

/// What opening found.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The id from now on.
    pub installation: InstallationId,
    /// The store was made just now.
    pub is_new: bool,
    /// It was restored or copied: every terminal is asked for its last outcome before it sells.
    pub restored: Option<Restored>,
    /// Payments that are open or whose late outcome waits for a person, oldest first.
    pub open_payments: Vec<Payment>,
    /// Every terminal's session.
    pub sessions: BTreeMap<TerminalId, Session>,
    /// Sales that are neither completed nor voided, oldest first.
    pub open_sales: Vec<Sale>,
    /// Those of `open_payments` that a manager has unblocked.
    pub unblocked: BTreeSet<OperationId>,
    /// Who works here, and the business day so far.
    pub daybook: Arc<Daybook>,
    /// The newest entry.
    pub head: Head,
}

/// Opens a data folder.
pub(crate) fn open_folder(path: &Path, till: String, seed: &Seed) -> Result<(Core, Opened), StoreError> {
    open_looking_at(path, till, seed, limits::PAGES_CHECKED)
}

/// Opens a data folder, and looks at every page of a database with so many at most. Where there are more, it
/// goes the way of the next sale.
pub(crate) fn open_looking_at(
    path: &Path,
    till: String,
    seed: &Seed,
    pages: i64,
) -> Result<(Core, Opened), StoreError> {
    let folder = Folder::new(path);
    let is_new = is_new(&folder)?;
    let kept = folder.read_head()?;
    let database = folder.database();
    let connection = schema::connect(&folder, is_new, schema::STEPS)?;
    let looked_at = page_count(&connection)? <= pages;
    let sound =
        if looked_at { is_sound(&connection) } else { rehearsal::references_are_there(&connection) };
    let head = match sound.and_then(|()| verified_tail(&connection)) {
        Ok(head) => head,
        Err(error) => {
            // What does not verify is kept as it is.
            schema::leave_as_found(&connection, &database);
            return Err(error);
        }
    };
    let inode = folder.inode();
    let intents = Intents::in_folder(&folder)?;
    let places = (intents, head, kept.map(|kept| kept.head));
    let (mut core, behind) = core(connection, Home::Folder(folder), till, places)?;
    core.references_unread = !looked_at;
    if !looked_at && let Err(error) = rehearsal::rehearse(&core, seed) {
        schema::leave_as_found(&core.connection, &database);
        return Err(error);
    }
    let restored = match kept {
        _ if core.head.seq == 0 => None,
        Some(_) if behind.is_some() => behind,
        None => Some(Restored::HeadMissing),
        Some(kept) => match compare(&core.connection, kept.head, core.head)? {
            None if kept.inode != 0 && kept.inode != inode => Some(Restored::Copied),
            found => found,
        },
    };
    begin(core, restored, seed)
}

/// Opens a store in memory: a new one, or what is left of one and the head that was kept outside.
pub(crate) fn open_memory(
    existing: Option<(Connection, Vec<u8>)>,
    kept: Option<Head>,
    till: String,
    seed: &Seed,
) -> Result<(Core, Opened), StoreError> {
    let (existing, intents) = existing.unzip();
    let connection = schema::connect_memory(existing)?;
    let head = verified_tail(&connection)?;
    let intents = Intents::in_memory(intents.unwrap_or_default());
    let (core, behind) = core(connection, Home::Memory(kept), till, (intents, head, kept))?;
    let restored = match kept {
        _ if core.head.seq == 0 => None,
        Some(_) if behind.is_some() => behind,
        None => Some(Restored::HeadMissing),
        Some(kept) => compare(&core.connection, kept, core.head)?,
    };
    begin(core, restored, seed)
}

/// Whether no till has ever been started on a folder.
///
/// # Errors
/// There is no database and there was one.
pub(crate) fn is_new(folder: &Folder) -> Result<bool, StoreError> {
    let lost = |what| Err(StoreError::Lost { what });
    let had_life = folder.head().exists();
    match fs::metadata(folder.database()) {
        // An empty file is what a crash in the very first moment leaves.
        Ok(metadata) if metadata.len() > 0 => Ok(false),
        Ok(_) if had_life => lost("the database is empty, and it was not"),
        Ok(_) => Ok(true),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Err(_) if had_life || folder.log().exists() || folder.intents().exists() => {
            lost("the database is missing, and there was one")
        }
        Err(_) => Ok(true),
    }
}

fn page_count(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA page_count", [], |row| row.get(0))?)
}

/// Whether SQLite can find its way in the whole file: a request must not leave before its outcome can be
/// kept.
fn is_sound(connection: &Connection) -> Result<(), StoreError> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::damaged(crate::DATABASE, found)) }
}

/// The head, after every entry since the last checkpoint was verified.
fn verified_tail(connection: &Connection) -> Result<Head, StoreError> {
    let mark = chain::verified_mark(connection)?;
    if chain::stored_at(connection, mark.seq)? != Some(mark) {
        let what = "it was good at the last checkpoint, and it is another one now or missing".to_owned();
        return Err(StoreError::NotVerified { seq: mark.seq, what });
    }
    let mut sales = BTreeSet::new();
    let head = chain::walk(connection, mark, |entry| {
        let fact = verify::decode(entry)?;
        sales.extend(reader::touched_sale(connection, &fact)?);
        Ok(())
    })?;
    reader::check_unsettled(connection)?;
    sales.into_iter().try_for_each(|sale| reader::check_sale(connection, sale, head.seq))?;
    Ok(head)
}

/// How the database differs from the head that is kept outside: it ends before it, or is another one.
pub(crate) fn compare(
    connection: &Connection,
    kept: Head,
    found: Head,
) -> Result<Option<Restored>, StoreError> {
    Ok(match chain::stored_at(connection, kept.seq)? {
        Some(stored) if stored == kept => None,
        Some(_) => Some(Restored::Another { kept }),
        None => Some(Restored::Older { kept, found }),
    })
}

/// The core over what was found, with the intents that a crash kept from the database taken up; and what is
/// missing between them, as far as the log shows it.
fn core(
    connection: Connection,
    home: Home,
    till: String,
    (mut intents, head, kept): (Intents, Head, Option<Head>),
) -> Result<(Core, Option<Restored>), StoreError> {
    let folds = views::load(&connection)?;
    let Waiting { entries: waiting, ahead } = intents.waiting(head, kept)?;
    let mut core = Core {
        connection,
        home,
        till,
        head: waiting.last().map_or(head, Entry::head),
        folds,
        faults: Arc::new(Faults::default()),
        pending: Vec::new(),
        intents,
        waiting,
        // Another start has left it.
        reserve_held: true,
        unkept: 0,
        unchecked: 0,
        calls_keeper: true,
        references_unread: false,
    };
    core.take_up()?;
    core.reserve_held = false;
    let behind = ahead.map(|written| Restored::Behind { written, found: core.head });
    Ok((core, behind))
}

fn begin(mut core: Core, restored: Option<Restored>, seed: &Seed) -> Result<(Core, Opened), StoreError> {
    let before = newest_installation(&core.connection)?;
    let installation = match (before, restored) {
        (Some(before), None) => before,
        (before, _) => {
            if let Some(restored) = restored {
                tracing::warn!(?restored, "this store was restored or copied: it goes on under a new id");
            }
            let installation = InstallationId::of(seed);
            let fact = Fact::Installed { installation, restored_from: before };
            core.append(&[Record::new(seed.at, fact)])?;
            // What was written by another history, or after something lost, never continues this one.
            core.intents.wipe()?;
            installation
        }
    };
    let restored = match restored {
        None if was_restored_and_not_started(&core.connection)? => Some(Restored::NotStartedSince),
        known => known,
    };
    core.keep_head();
    core.hold_reserve();
    let mut open: Vec<_> = core.folds.payments.values().collect();
    open.sort_by_key(|folded| folded.number);
    let mut sales: Vec<_> = core.folds.sales.values().collect();
    sales.sort_by_key(|folded| folded.number);
    let opened = Opened {
        installation,
        is_new: before.is_none(),
        restored,
        open_payments: open.into_iter().map(|folded| folded.payment.clone()).collect(),
        sessions: core.folds.sessions.clone(),
        open_sales: sales.into_iter().map(|folded| folded.sale.clone()).collect(),
        unblocked: unblocked(&core)?,
        daybook: Arc::clone(&core.folds.daybook),
        head: core.head,
    };
    Ok((core, opened))
}

/// Whether the newest installation is a restore that no till has started on. A till writes `Started`
/// after everything that a restore asks of it, so a power cut in between leaves this true.
fn was_restored_and_not_started(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT number, restored_from IS NOT NULL FROM installation ORDER BY number DESC LIMIT 1";
    let newest: Option<(i64, bool)> =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((number, true)) = newest else { return Ok(false) };
    let started = "SELECT EXISTS (SELECT 1 FROM entry WHERE seq > ?1 AND kind = 'started')";
    let started: bool = connection.query_row(started, [number], |row| row.get(0))?;
    Ok(!started)
}

fn newest_installation(connection: &Connection) -> Result<Option<InstallationId>, StoreError> {
    let sql = "SELECT id FROM installation ORDER BY number DESC LIMIT 1";
    let text: Option<String> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    text.map(|text| {
        InstallationId::parse(&text).ok_or_else(|| StoreError::damaged("table installation", &text))
    })
    .transpose()
}

fn unblocked(core: &Core) -> Result<BTreeSet<OperationId>, StoreError> {
    let mut statement = core.connection.prepare("SELECT 1 FROM unblocked WHERE operation = ?1")?;
    let mut unblocked = BTreeSet::new();
    for id in core.folds.payments.keys() {
        if statement.exists([id.to_string()])? {
            unblocked.insert(*id);
        }
    }
    Ok(unblocked)
}
