//! The far side of every protocol, for practice and tests.
