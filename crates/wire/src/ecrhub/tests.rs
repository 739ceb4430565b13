//! Codes and messages as the dossier has them, and as nobody should send them.

mod cloud;
mod codes;
mod messages;
mod pairing;
