//! Instant notifications: verified, acknowledged, and taken for nothing but a reason to query.
//!
//! Dossier section 8. Invariant: nothing here changes an outcome; a forged, repeated, reordered or late
//! notification costs one query at most.

use super::Shared;
use crate::limits::pockyt as limits;
use crate::listener::{Answer, Claim, Inbox, Incoming};
use crate::notice::Notice;
use async_trait::async_trait;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use wire::pockyt::Notification;

/// Where the gateway posts, behind the till's public address.
pub(super) const PATH: &str = "/pockyt/ipn";

/// See the module.
#[derive(Debug)]
pub(super) struct Ear {
    shared: Arc<Shared>,
    /// One bell at a time: repeats within its pause ring nothing.
    bell: Arc<Semaphore>,
    /// The newest transactions that were told of, for the log.
    told: Mutex<Option<String>>,
}

impl Ear {
    /// The ear of this store.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, bell: Arc::new(Semaphore::new(1)), told: Mutex::default() }
    }

    fn read(&self, incoming: &Incoming) -> Result<Option<Notification>, wire::pockyt::DecodeError> {
        let fields = Notification::fields(&incoming.body)?;
        Ok(Notification::verified(&fields, &self.shared.line.profile.who.token))
    }

    fn ring(&self) {
        let Ok(bell) = Arc::clone(&self.bell).try_acquire_owned() else { return };
        if !self.shared.moment.news() {
            self.shared.line.seams.notices.notice(Notice::News);
        }
        tokio::spawn(async move {
            tokio::time::sleep(limits::NEWS).await;
            drop(bell);
        });
    }
}

#[async_trait]
impl Inbox for Ear {
    fn paths(&self) -> &[&'static str] {
        &[PATH]
    }

    fn claims(&self, incoming: &Incoming) -> Claim {
        match self.read(incoming) {
            Ok(Some(_)) => Claim::Mine,
            // Another store's, or forged: whoever sent it hears no acknowledgement.
            Ok(None) => Claim::NotMine,
            Err(_) => Claim::Unreadable,
        }
    }

    async fn receive(&self, incoming: Incoming) -> Answer {
        let Ok(Some(notification)) = self.read(&incoming) else { return Answer::empty(403) };
        let number = notification.transaction_no;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if *told != number {
            tracing::info!(?number, "the gateway tells of a transaction");
            *told = number;
        }
        drop(told);
        self.ring();
        Answer { content_type: Some("text/plain"), body: b"success".to_vec(), ..Answer::empty(200) }
    }
}
