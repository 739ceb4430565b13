//! Shared by the acceptance tests.
