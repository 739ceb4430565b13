-- The journal: what happened, in order, never changed. Everything else can be rebuilt from it.
PRAGMA application_id = 1348027467; -- "PYDK"

CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,      -- 1, 2, 3 … without gaps
    id BLOB NOT NULL,             -- the first 16 bytes of the hash
    at INTEGER NOT NULL,          -- microseconds since 1970
    till TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,     -- of the body
    body TEXT NOT NULL,           -- JSON
    previous_hash BLOB NOT NULL,  -- 32 zero bytes before the first
    hash BLOB NOT NULL            -- SHA-256, see src/chain.rs
) STRICT;

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
-- INSERT OR REPLACE would delete without the trigger above.
CREATE TRIGGER entry_is_only_appended BEFORE INSERT ON entry
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entry)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Texts that must be erasable some day; the chain holds only their digest.
CREATE TABLE erasable (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

-- What the shop sells. Beside the chain: a sale's lines keep the products as they were.
CREATE TABLE product (
    sku TEXT PRIMARY KEY,
    item TEXT NOT NULL            -- JSON
) STRICT, WITHOUT ROWID;

-- How far the chain was known to be good: where a start begins to verify.
CREATE TABLE mark (
    name TEXT PRIMARY KEY,        -- "verified"
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
