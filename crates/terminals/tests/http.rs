//! HTTP out over real sockets: the same cases for both ways out, and connections that are made ahead.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::duplicate_mod)] // both ways out keep the same promises

#[path = "http/ahead.rs"]
mod ahead;
#[path = "http/support.rs"]
mod support;

/// Plain lines to terminals.
#[path = "http"]
mod network {
    use terminals::http::Network as Client;

    #[path = "cases.rs"]
    mod cases;
}

/// Gateways.
#[path = "http"]
mod gateway {
    use terminals::http::Gateway as Client;

    #[path = "cases.rs"]
    mod cases;
}
