-- Views: tables that can be dropped and rebuilt from the journal. Written in the entry's transaction.
-- `number` is the seq of the entry that began the row, so newest first is by number, descending.

-- Payments that are open or wait for a person. Few, so without any index: an intent costs two pages.
CREATE TABLE payment_unsettled (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    terminal TEXT NOT NULL,
    kind TEXT NOT NULL,           -- sale, refund, reversal
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    requested INTEGER NOT NULL,   -- minor units, as all amounts
    approved INTEGER NOT NULL,
    tip INTEGER NOT NULL,
    cash_back INTEGER NOT NULL,
    currency TEXT NOT NULL,
    at INTEGER NOT NULL,          -- when it was intended, microseconds since 1970
    open INTEGER NOT NULL,        -- 1: not finally answered
    attention INTEGER NOT NULL,   -- 1: an outcome that contradicts the closing waits for a person
    transaction_reference TEXT NOT NULL,
    original TEXT,                -- the payment a refund or reversal goes against
    sale TEXT,
    last INTEGER NOT NULL,        -- seq of its newest entry
    folded TEXT NOT NULL          -- all of it, JSON
) STRICT;

-- All other payments, as lists show them: in the order of the lists, so that a day lies side by side.
CREATE TABLE payment_settled (
    at INTEGER NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    terminal TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    requested INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    tip INTEGER NOT NULL,
    cash_back INTEGER NOT NULL,
    currency TEXT NOT NULL,
    original TEXT,
    sale TEXT,
    PRIMARY KEY (at, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_settled_original ON payment_settled (original) WHERE original IS NOT NULL;
CREATE INDEX payment_settled_sale ON payment_settled (sale) WHERE sale IS NOT NULL;

-- The same payments in full. Apart, because a list would read past many times its own size.
CREATE TABLE payment_folded (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    last INTEGER NOT NULL,
    folded TEXT NOT NULL
) STRICT;

-- Every payment, for sums.
CREATE VIEW payment AS
    SELECT at, kind, outcome, requested, approved, tip, cash_back, currency FROM payment_settled
    UNION ALL
    SELECT at, kind, outcome, requested, approved, tip, cash_back, currency FROM payment_unsettled;

-- Which payment owns a reference or transaction number. Rows come when a payment settles: before that
-- its own row tells.
CREATE TABLE reference (
    reference TEXT NOT NULL,
    number INTEGER NOT NULL,      -- of the payment
    PRIMARY KEY (reference, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    stage TEXT NOT NULL,
    total INTEGER NOT NULL,
    currency TEXT NOT NULL,
    at INTEGER NOT NULL,
    folded TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sale_open ON sale (number) WHERE stage = 'open';

-- Cash of sales as it came and went, in the order of the days.
CREATE TABLE cash (
    at INTEGER NOT NULL,
    number INTEGER NOT NULL,
    amount INTEGER NOT NULL,      -- below zero: it left the drawer
    currency TEXT NOT NULL,
    PRIMARY KEY (at, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE terminal (
    id TEXT PRIMARY KEY,
    session TEXT NOT NULL         -- folded, JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE unblocked (
    operation TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE unclaimed (
    number INTEGER PRIMARY KEY,
    terminal TEXT NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL         -- JSON
) STRICT;
CREATE INDEX unclaimed_at ON unclaimed (at);

CREATE TABLE installation (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    restored_from TEXT,
    at INTEGER NOT NULL
) STRICT;

-- Z reports, whole.
CREATE TABLE report (
    number INTEGER PRIMARY KEY,
    z INTEGER,
    at INTEGER NOT NULL,
    folded TEXT NOT NULL          -- JSON
) STRICT;

-- Who works here and the day so far, as they were after entry `seq`: a snapshot of what a start would fold
-- otherwise. Written with a checkpoint; may be missing.
CREATE TABLE daybook (
    name TEXT PRIMARY KEY,        -- "daybook"
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,           -- of that entry
    folded TEXT NOT NULL          -- JSON
) STRICT;

-- In the order of the lists, as payments; lists show no texts.
CREATE TABLE receipt (
    at INTEGER NOT NULL,
    number INTEGER NOT NULL UNIQUE,
    id TEXT NOT NULL UNIQUE,
    payment TEXT NOT NULL,
    copy TEXT NOT NULL,
    to_sign INTEGER NOT NULL,
    practice INTEGER NOT NULL,
    text_id TEXT NOT NULL,
    text_digest TEXT NOT NULL,
    PRIMARY KEY (at, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_payment ON receipt (payment);
CREATE INDEX receipt_text ON receipt (text_id);

-- Slips for the printer, in the order they were made.
CREATE TABLE paper (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    sale TEXT,
    payment TEXT,
    count INTEGER,                -- of a receipt or a Z, from 1
    copy INTEGER NOT NULL,
    practice INTEGER NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    text_id TEXT NOT NULL,
    text_digest TEXT NOT NULL
) STRICT;
CREATE INDEX paper_sale ON paper (sale) WHERE sale IS NOT NULL;
CREATE INDEX paper_payment ON paper (payment) WHERE payment IS NOT NULL;
CREATE INDEX paper_waiting ON paper (number) WHERE state = 'waiting';
CREATE INDEX paper_count ON paper (kind, count) WHERE count IS NOT NULL;

-- The words of receipts and of their amounts (src/words.rs); rowid is the receipt's number. The text itself
-- is only in `erasable`, and an erased text leaves the index physically.
CREATE VIRTUAL TABLE receipt_words USING fts5 (
    text, content = '', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO receipt_words (receipt_words, rank) VALUES ('secure-delete', 1);
