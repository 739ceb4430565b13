//! The rules R1–R12 as far as one payment holds them, as table rows and properties.
