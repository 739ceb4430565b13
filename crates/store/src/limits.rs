//! Every bound and deadline of the store, in one table, so that a reader sees them together.
//!
//! Invariant: no other file of this crate writes down a duration or a queue length.

use std::time::Duration;

/// How long SQLite waits for another process that holds the database.
pub const BUSY_WAIT: Duration = Duration::from_secs(2);
/// The file of the chain's head lies at most so far behind a quiet writing thread.
pub const HEAD_LAG: Duration = Duration::from_millis(250);
/// … and at most so many entries behind a busy one.
pub const HEAD_ENTRIES: u32 = 256;
/// Read connections at a time.
pub const READERS: usize = 4;
/// Buffered records; further ones are left out until the next append.
pub const PENDING: usize = 4_096;
/// Length of the intent log: a few dozen intents, of which one or two wait at a time.
pub const INTENT_LOG_BYTES: u64 = 64 * 1024;
/// With less room than this on the disk no intent is taken, although its log's room is there: what follows it
/// needs some.
pub const ROOM_BYTES: u64 = 1024 * 1024;
/// A start looks at every page of a file with so many at most: some 64 MB, a tenth of a second. In a bigger
/// one it goes the way of the next sale.
pub const PAGES_CHECKED: i64 = 16_384;
/// Size of the reserve file, bytes.
pub const RESERVE_BYTES: u64 = 16 * 1024 * 1024;
/// The idle task checkpoints once so many entries came since the last checkpoint.
pub const IDLE_CHECKPOINT_ENTRIES: u32 = 64;
/// Without any idle time the writer checkpoints by itself after so many entries.
pub const BUSY_CHECKPOINT_ENTRIES: u32 = 8_192;
/// Entries folded between two writes of the views while they are rebuilt.
pub const REBUILD_CHUNK: usize = 1_000;
/// Prepared statements kept per connection.
pub const STATEMENTS: usize = 64;
/// Page cache of the writing connection, KiB: what one payment touches many times over, and soon full, so
/// that a till takes no more memory after a year than after an hour.
pub const CACHE_KIB: i64 = 4 * 1024;
/// A typed beginning is looked up as at most so many whole words.
pub const WORDS_TRIED: usize = 8;
/// Rows that an answer has room for before it grows: a list as people look at it.
pub const ROWS_AT_FIRST: usize = 64;
/// Rows of one answer at most, whatever the caller asks for.
pub const ROWS: usize = 100_000;
