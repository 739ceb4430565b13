//! Opening a connection and bringing the database to the newest schema: numbered SQL, forward only, in one
//! transaction, after a copy of the file and with the same counts and sums afterwards.
//!
//! Invariant: a database newer than the program is not touched, and one that does not come through a
//! migration with equal sums stays as it was.

use crate::folder::Folder;
use crate::{StoreError, limits};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};
use rusqlite_migration::{HookError, M, Migrations};
use std::fs;
use std::io::Read;
use std::path::Path;

/// Creates the views; a later schema that changes a view drops and rebuilds it.
pub(crate) const VIEWS: &str = include_str!("../migrations/0001_views.sql");
/// The search index's own list of words: belongs to a connection and changes nothing in the database. Made as
/// the connection opens; one made within a query would go with its transaction.
pub(crate) const WORDS: &str = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.receipt_word
    USING fts5vocab ('main', 'receipt_words', 'instance')";
/// One text per schema version, 1 first.
pub(crate) const STEPS: &[&str] = &[concat!(
    include_str!("../migrations/0001_journal.sql"),
    include_str!("../migrations/0001_views.sql")
)];
/// The newest schema.
pub const SCHEMA: i64 = STEPS.len() as i64;
/// `PRAGMA application_id`: "PYDK".
const APPLICATION: i64 = 0x5059_444b;

/// Counts and sums that a migration must not change, and that a frozen database is compared by. Amounts are
/// sums of minor units over all currencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Entries of the journal.
    pub entries: i64,
    /// Erasable texts that are still there.
    pub texts: i64,
    /// Payments.
    pub payments: i64,
    /// What they asked for.
    pub requested: i64,
    /// What was approved.
    pub approved: i64,
    /// Tips.
    pub tips: i64,
    /// Cash paid out.
    pub cash_back: i64,
    /// Sales.
    pub sales: i64,
    /// What they came to.
    pub sale_totals: i64,
    /// Receipts.
    pub receipts: i64,
    /// Approvals that belong to no operation.
    pub unclaimed: i64,
}

/// The counts and sums of this database.
pub(crate) fn sums(connection: &Connection) -> rusqlite::Result<Sums> {
    let sql = "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM erasable),
        (SELECT count(*) FROM sale), (SELECT coalesce(sum(total), 0) FROM sale),
        (SELECT count(*) FROM receipt), (SELECT count(*) FROM unclaimed),
        count(*), coalesce(sum(requested), 0), coalesce(sum(approved), 0), coalesce(sum(tip), 0),
        coalesce(sum(cash_back), 0) FROM payment";
    connection.query_row(sql, [], |row| {
        Ok(Sums {
            entries: row.get(0)?,
            texts: row.get(1)?,
            sales: row.get(2)?,
            sale_totals: row.get(3)?,
            receipts: row.get(4)?,
            unclaimed: row.get(5)?,
            payments: row.get(6)?,
            requested: row.get(7)?,
            approved: row.get(8)?,
            tips: row.get(9)?,
            cash_back: row.get(10)?,
        })
    })
}

/// A writing connection to the folder's database, migrated. `is_new`: make the database.
pub(crate) fn connect(
    folder: &Folder,
    is_new: bool,
    steps: &[&'static str],
) -> Result<Connection, StoreError> {
    let known = known(steps);
    if !is_new {
        check_header(&folder.database(), known)?;
    }
    let create = if is_new { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
    let mut connection = Connection::open_with_flags(folder.database(), flags)?;
    connection.busy_timeout(limits::BUSY_WAIT)?;
    // A change of schema that is only in the write-ahead log does not show in the file's header.
    if let Err(error) = check_schema(&connection, known, is_new) {
        leave_as_found(&connection, &folder.database());
        return Err(error);
    }
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Io(format!("the file system allows no write-ahead log (mode {mode})")));
    }
    prepare(&connection)?;
    migrate(&mut connection, Some(folder), steps)?;
    Ok(connection)
}

/// A new database in memory, or this one made ready again.
pub(crate) fn connect_memory(existing: Option<Connection>) -> Result<Connection, StoreError> {
    let mut connection = match existing {
        Some(connection) => connection,
        None => Connection::open_in_memory()?,
    };
    prepare(&connection)?;
    migrate(&mut connection, None, STEPS)?;
    Ok(connection)
}

/// A connection for queries beside the writing one. Creates and migrates nothing.
pub(crate) fn connect_reading(database: &Path) -> Result<Connection, StoreError> {
    check_header(database, SCHEMA)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(limits::BUSY_WAIT)?;
    if let Err(error) = check_schema(&connection, SCHEMA, false) {
        let cannot_share = matches!(error, StoreError::ReadOnly | StoreError::Io(_));
        if !(cannot_share && log_is_empty(database)) {
            return Err(error);
        }
        // Nobody can write in this folder, and nothing waits in the log: the file alone is everything.
        connection = open_unchanging(database)?;
        check_schema(&connection, SCHEMA, false)?;
    }
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found < SCHEMA {
        return Err(StoreError::OlderDatabase { found, known: SCHEMA });
    }
    share(&connection)?;
    Ok(connection)
}

/// How much of the write-ahead log a checkpoint moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    /// All that was in it when the checkpoint began.
    All,
    /// The rest is still needed as it is, or came too late.
    Some,
}

/// Moves the write-ahead log into the database on a connection of its own: the writing one goes on meanwhile.
pub(crate) fn checkpoint_beside(folder: &Folder) -> Result<Moved, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.database(), flags)?;
    leave_as_it_is(&connection);
    connection.query_row("PRAGMA wal_autocheckpoint = 0", [], |_| Ok(()))?;
    // Before its first look into the file a connection knows of no log.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let pages = |row: &rusqlite::Row<'_>| Ok((row.get(1)?, row.get(2)?));
    let (all, moved): (i64, i64) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], pages)?;
    match moved {
        ..0 => Err(StoreError::Io("there is no write-ahead log to check".to_owned())),
        _ if moved < all => Ok(Moved::Some),
        _ => Ok(Moved::All),
    }
}

/// What reading and writing connections have alike.
fn share(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(limits::STATEMENTS);
    // Otherwise a bound LIMIT may change the plan, and each new one has the statement compiled again: half of
    // what a list takes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(WORDS)?;
    Ok(())
}

/// Lets go of a connection without a checkpoint: the files stay byte for byte.
pub(crate) fn leave_as_it_is(connection: &Connection) {
    if let Err(error) = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true) {
        tracing::warn!(%error, "the connection will checkpoint when it closes");
    }
}

/// As [`leave_as_it_is`], for what was only looked at: where nothing waits in the log there is nothing to
/// write back, and closing takes the files away that opening made.
pub(crate) fn leave_as_found(connection: &Connection, database: &Path) {
    if !log_is_empty(database) {
        leave_as_it_is(connection);
    }
}

fn open_unchanging(database: &Path) -> Result<Connection, StoreError> {
    let path = database.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(format!("file:{path}?immutable=1"), flags)?)
}

fn known(steps: &[&str]) -> i64 {
    i64::try_from(steps.len()).unwrap_or(i64::MAX)
}

/// Looks at the file before SQLite does: is it a database, and not newer than the program?
fn check_header(database: &Path, known: i64) -> Result<(), StoreError> {
    let mut header = [0; 100];
    let where_ = database.display().to_string();
    if let Err(error) = fs::File::open(database).and_then(|mut file| file.read_exact(&mut header)) {
        return Err(if error.kind() == std::io::ErrorKind::UnexpectedEof {
            StoreError::damaged(where_, "the database is cut off")
        } else if error.kind() == std::io::ErrorKind::NotFound {
            StoreError::damaged(where_, "the database is missing")
        } else {
            StoreError::from(error)
        });
    }
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::damaged(where_, "this is not a database"));
    }
    let found = i64::from(number_at(&header, 60));
    if found > known {
        return Err(StoreError::NewerDatabase { found, known });
    }
    // While pages wait in the log the file may be shorter; after a clean end it holds all its pages.
    let page = match number_at(&header, 16) >> 16 {
        1 => 65_536,
        bytes => u64::from(bytes),
    };
    let bytes = fs::metadata(database)?.len();
    if log_is_empty(database) && bytes < page * u64::from(number_at(&header, 28)) {
        return Err(StoreError::damaged(where_, "the database is cut off"));
    }
    Ok(())
}

/// A number of the file's header: four bytes, big-endian.
fn number_at(header: &[u8; 100], place: usize) -> u32 {
    let bytes = header.iter().skip(place).take(4);
    bytes.fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn log_is_empty(database: &Path) -> bool {
    fs::metadata(database.with_extension("sqlite-wal")).map_or(true, |metadata| metadata.len() == 0)
}

fn check_schema(connection: &Connection, known: i64, is_new: bool) -> Result<(), StoreError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(StoreError::NewerDatabase { found, known });
    }
    let application: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && !(is_new && tables == 0) {
        return Err(StoreError::damaged("paydesk.sqlite", "this is a database of another program"));
    }
    Ok(())
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    share(connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "cache_size", -limits::CACHE_KIB)?;
    connection.query_row("PRAGMA wal_autocheckpoint = 0", [], |_| Ok(()))?;
    Ok(())
}

/// Brings the database to the newest of `steps`.
fn migrate(
    connection: &mut Connection,
    folder: Option<&Folder>,
    steps: &[&'static str],
) -> Result<(), StoreError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = known(steps);
    if found == known {
        return Ok(());
    }
    let mut before = None;
    if found > 0 {
        before = Some(sums(connection)?);
        if let Some(folder) = folder {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            fs::copy(folder.database(), folder.before(known))?;
            fs::File::open(folder.before(known))?.sync_all()?;
            folder.sync()?;
        }
    }
    let last = steps.len().saturating_sub(1);
    let compare = move |transaction: &Transaction<'_>| compare(transaction, before.as_ref());
    let migrations = steps
        .iter()
        .enumerate()
        .map(|(index, sql)| if index == last { M::up_with_hook(sql, compare.clone()) } else { M::up(sql) });
    Migrations::from_iter(migrations)
        .to_latest(connection)
        .map_err(|error| StoreError::damaged("migration", format!("to schema {known}: {error}")))
}

fn compare(transaction: &Transaction<'_>, before: Option<&Sums>) -> Result<(), HookError> {
    let Some(before) = before else { return Ok(()) };
    let after = sums(transaction)?;
    if after == *before {
        return Ok(());
    }
    Err(HookError::Hook(format!("counts or sums differ: {before:?} before, {after:?} after")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with_schema_1() -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        drop(connect(&Folder::new(place.path()), true, STEPS).unwrap());
        place
    }

    #[test]
    fn a_migration_keeps_a_copy_of_the_file() {
        let place = folder_with_schema_1();
        let folder = Folder::new(place.path());
        let steps = [STEPS[0], "ALTER TABLE mark ADD COLUMN note TEXT;"];
        let connection = connect(&folder, false, &steps).unwrap();
        let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(found, 2);
        let copy = Connection::open(folder.before(2)).unwrap();
        let found: i64 = copy.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(found, 1);
    }

    #[test]
    fn a_migration_that_changes_a_sum_is_undone() {
        let place = folder_with_schema_1();
        let folder = Folder::new(place.path());
        let steps = [STEPS[0], "INSERT INTO erasable VALUES ('a', 'b');"];
        let error = connect(&folder, false, &steps).unwrap_err();
        assert!(
            matches!(&error, StoreError::Damaged { what, .. } if what.contains("sums differ")),
            "{error}"
        );
        let connection = connect(&folder, false, STEPS).unwrap();
        assert_eq!(sums(&connection).unwrap().texts, 0);
    }
}
