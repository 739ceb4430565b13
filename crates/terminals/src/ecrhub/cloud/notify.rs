//! Notifications: verified, acknowledged, and taken for nothing but a reason to query.
//!
//! Dossier section 5.10. Invariant: nothing here changes an outcome; a forged, repeated, reordered or late
//! notification costs one query at most.

use super::profile::Profile;
use crate::limits::ecrhub as limits;
use crate::listener::{Answer, Claim, Inbox, Incoming};
use crate::notice::{Notice, Notices};
use crate::run::Moment;
use async_trait::async_trait;
use std::sync::Arc;
use tokio::sync::Semaphore;
use wire::ecrhub::DecodeError;
use wire::ecrhub::cloud::Notification;

/// Where the gateway posts, behind the till's public address.
pub(super) const PATH: &str = "/ecrhub/notification";

/// The ear of one terminal.
#[derive(Debug)]
pub(super) struct Ear {
    profile: Arc<Profile>,
    moment: Arc<Moment>,
    notices: Arc<dyn Notices>,
    /// One bell at a time: repeats within its pause ring nothing.
    bell: Arc<Semaphore>,
}

impl Ear {
    /// Hears for this terminal.
    pub fn new(profile: Arc<Profile>, moment: Arc<Moment>, notices: Arc<dyn Notices>) -> Self {
        Self { profile, moment, notices, bell: Arc::new(Semaphore::new(1)) }
    }

    fn read(&self, incoming: &Incoming) -> Result<Notification, DecodeError> {
        Notification::decode(&incoming.body, &self.profile.gateway_key)
    }

    /// It is about this terminal, or does not say about which.
    fn is_ours(&self, told: &Notification) -> bool {
        let fits = |told: &Option<String>, own: &str| told.as_deref().is_none_or(|told| told == own);
        fits(&told.record.terminal, &self.profile.terminal)
            && fits(&told.record.merchant, &self.profile.merchant)
    }

    fn ring(&self) {
        let Ok(bell) = Arc::clone(&self.bell).try_acquire_owned() else { return };
        if !self.moment.news() {
            self.notices.notice(Notice::News);
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
            Ok(told) if !self.is_ours(&told) => Claim::NotMine,
            Ok(told) if told.record.terminal.is_none() => Claim::Shared,
            Ok(_) => Claim::Mine,
            // Forged, or another gateway's: whoever sent it hears no acknowledgement.
            Err(DecodeError::Signature) => Claim::NotMine,
            Err(DecodeError::TooLarge | DecodeError::Syntax | DecodeError::Field(_)) => Claim::Unreadable,
        }
    }

    async fn receive(&self, incoming: Incoming) -> Answer {
        let Ok(told) = self.read(&incoming) else { return Answer::empty(403) };
        tracing::info!(id = told.id, number = told.record.number, "the gateway tells of an order");
        self.ring();
        Answer { content_type: Some("text/plain"), body: b"success".to_vec(), ..Answer::empty(200) }
    }
}
