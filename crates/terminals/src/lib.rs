//! The seam to payment terminals: trait, desk handle, HTTP, listener and the drivers.
