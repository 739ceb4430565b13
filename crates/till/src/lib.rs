//! The application: one loop that joins rules, store and terminals.
