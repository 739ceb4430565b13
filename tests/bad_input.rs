//! Bad input, end to end: the real `paydeskctl` over real sockets. Each row of the table "Bad input gets" of
//! the foundation's issue, and the tests that prove it (files of this folder are `bad_input/…`):
//!
//! | input | tests |
//! | --- | --- |
//! | amounts | TABLE |

mod bad_input {
    pub mod answers;
    pub mod cards;
    pub mod folder;
    pub mod listener;
    pub mod scene;
}
