//! SQLite: the hash-chained journal and the views that can be rebuilt from it.
