//! The rules of the trade: pure, without clock, I/O or randomness.
