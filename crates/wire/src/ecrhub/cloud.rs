//! The gateway of the cloud: one flat object of texts for each request, signed; replies and notifications
//! signed over what they say.
//!
//! | looking for | see |
//! | --- | --- |
//! | what is signed, and whose signature it is | `cloud/sign.rs` (dossier sections 5.3 to 5.5) |
//! | requests of every operation | `cloud/request.rs` (section 5.7) |
//! | replies and notifications | `cloud/reply.rs` (sections 5.6 and 5.10) |

mod reply;
mod request;
mod sign;

pub use crate::kayaaku::keys::{KeyError, RsaPrivate, RsaPublic};
pub use reply::{Notification, Proof, Reply};
pub use request::{Caller, Method, Push, Request, Route};
pub use sign::{SIGN, canonical, sign};
