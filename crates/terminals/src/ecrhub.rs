//! The drivers for ECR Hub terminals (WiseCashier, as Sadad runs them): one business layer, three ways.
//!
//! | looking for | see |
//! | --- | --- |
//! | a way, as the business layer sees it | `ecrhub/hub.rs` |
//!
//! Section numbers refer to the protocol dossier `sadad-ecrhub.md`.

mod hub;
