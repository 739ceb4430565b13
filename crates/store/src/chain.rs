//! The chain: what one entry's hash covers, and where the chain ends.
//!
//! `hash` = SHA-256 over, in this order and without anything between:
//!
//! | what | bytes |
//! | --- | --- |
//! | `previous_hash` | 32; zeros before the first entry |
//! | `seq` | 8, signed, big-endian |
//! | `at`, microseconds since 1970 | 8, signed, big-endian |
//! | `version` | 8, signed, big-endian |
//! | `till`, `kind`, `body` | each: 8 bytes length, big-endian, then UTF-8 |
//!
//! `id` is the first 16 bytes of the hash. Invariant: this layout never changes; every column of the entry is
//! covered, so any change, gap or reordering is found.

use crate::StoreError;
use ring::digest::{Context, SHA256};
use rusqlite::Connection;
use std::fmt;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The end of the chain: the newest entry. Printed on every Z and kept outside the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the newest entry; 0 before the first.
    pub seq: i64,
    /// Its hash; zeros before the first.
    pub hash: Hash,
}

impl Head {
    /// Before the first entry.
    pub const START: Self = Self { seq: 0, hash: [0; 32] };

    /// Reads the text form, `seq hash`; nothing for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (seq, hex) = text.split_once(' ')?;
        let mut hash = [0; 32];
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self { seq: seq.parse().ok().filter(|seq| *seq >= 0)?, hash })
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.seq)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The columns of one entry that the hash covers beside the previous hash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'a> {
    pub seq: i64,
    pub at: i64,
    pub version: i64,
    pub till: &'a str,
    pub kind: &'a str,
    pub body: &'a str,
}

impl Columns<'_> {
    /// The hash of this entry after that one.
    pub fn hash(&self, previous: &Hash) -> Hash {
        let mut hash = Context::new(&SHA256);
        hash.update(previous);
        for number in [self.seq, self.at, self.version] {
            hash.update(&number.to_be_bytes());
        }
        for text in [self.till, self.kind, self.body] {
            hash.update(&(text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        let mut made = Hash::default();
        made.copy_from_slice(hash.finish().as_ref());
        made
    }
}

/// The entry's id: the beginning of its hash.
pub(crate) fn id_of(hash: &Hash) -> uuid::Uuid {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = *hash;
    uuid::Uuid::from_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p])
}

const ENTRIES: &str = "SELECT seq, id, at, till, kind, version, body, previous_hash, hash FROM entry
    WHERE seq > ?1 ORDER BY seq";

/// Walks the chain from the entry after `from` to its end, checks every link and hands over every entry's
/// columns. Returns the head. `from` itself must be known to be good.
pub(crate) fn walk(
    connection: &Connection,
    from: Head,
    mut visit: impl FnMut(&Columns<'_>) -> Result<(), StoreError>,
) -> Result<Head, StoreError> {
    let first: Option<i64> = connection.query_row("SELECT min(seq) FROM entry", [], |row| row.get(0))?;
    if let Some(seq) = first.filter(|first| *first != 1) {
        return Err(StoreError::NotVerified {
            seq,
            what: "the journal does not begin with entry 1".to_owned(),
        });
    }
    let mut statement = connection.prepare_cached(ENTRIES)?;
    let mut rows = statement.query([from.seq])?;
    let mut head = from;
    while let Some(row) = rows.next()? {
        let expected = head.seq + 1;
        let not = |what: String| StoreError::NotVerified { seq: expected, what };
        let unreadable =
            |error: rusqlite::types::FromSqlError| not(format!("a column is unreadable: {error}"));
        let columns = Columns {
            seq: row.get_ref(0)?.as_i64().map_err(unreadable)?,
            at: row.get_ref(2)?.as_i64().map_err(unreadable)?,
            till: row.get_ref(3)?.as_str().map_err(unreadable)?,
            kind: row.get_ref(4)?.as_str().map_err(unreadable)?,
            version: row.get_ref(5)?.as_i64().map_err(unreadable)?,
            body: row.get_ref(6)?.as_str().map_err(unreadable)?,
        };
        if columns.seq != expected {
            return Err(not("the entry is missing".to_owned()));
        }
        if row.get_ref(7)?.as_blob().map_err(unreadable)? != head.hash {
            return Err(not("it does not follow the entry before it".to_owned()));
        }
        let hash = columns.hash(&head.hash);
        if row.get_ref(8)?.as_blob().map_err(unreadable)? != hash {
            return Err(not("it was changed: the hash differs".to_owned()));
        }
        if row.get_ref(1)?.as_blob().map_err(unreadable)? != id_of(&hash).as_bytes() {
            return Err(not("its id was changed".to_owned()));
        }
        visit(&columns)?;
        head = Head { seq: expected, hash };
    }
    Ok(head)
}

/// The newest entry as stored, not checked.
pub(crate) fn stored_head(connection: &Connection) -> Result<Head, StoreError> {
    hash_row(connection, "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1", [])
        .map(|head| head.unwrap_or(Head::START))
}

/// The hash stored at this entry; nothing when there is no such entry.
pub(crate) fn stored_at(connection: &Connection, seq: i64) -> Result<Option<Head>, StoreError> {
    if seq == 0 {
        return Ok(Some(Head::START));
    }
    hash_row(connection, "SELECT seq, hash FROM entry WHERE seq = ?1", [seq])
}

/// How far the chain was known to be good when the mark was set.
pub(crate) fn verified_mark(connection: &Connection) -> Result<Head, StoreError> {
    hash_row(connection, "SELECT seq, hash FROM mark WHERE name = 'verified'", [])
        .map(|head| head.unwrap_or(Head::START))
}

/// Sets the mark.
pub(crate) fn set_verified_mark(connection: &Connection, head: Head) -> Result<(), StoreError> {
    let sql = "INSERT INTO mark (name, seq, hash) VALUES ('verified', ?1, ?2)
        ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";
    connection.prepare_cached(sql)?.execute((head.seq, head.hash))?;
    Ok(())
}

fn hash_row(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Option<Head>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let seq = row.get(0)?;
    let hash: Vec<u8> = row.get(1)?;
    let hash = Hash::try_from(hash.as_slice())
        .map_err(|_| StoreError::NotVerified { seq, what: "its hash has not 32 bytes".to_owned() })?;
    Ok(Some(Head { seq, hash }))
}
