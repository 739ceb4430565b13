//! Notifications of generation 2: verified, decrypted, acknowledged, and taken for nothing but a reason to
//! enquire.
//!
//! Dossier section 5.4. A notification names a payment and no device, and devices of one merchant have one
//! key: every device whose key fits is rung, so that the one that it is about is among them. Invariant:
//! nothing here changes an outcome; a forged, repeated, reordered or late notification costs each device one
//! enquiry at most.

use super::Shared;
use super::profile::{SealedSpeech, Speech};
use crate::limits::kayaaku as limits;
use crate::listener::{Answer, Claim, Inbox, Incoming};
use crate::notice::Notice;
use async_trait::async_trait;
use std::sync::Arc;
use tokio::sync::Semaphore;
use wire::kayaaku::{Code, DecodeError, Limits, assumed, envelope, sealed};

/// Where the host posts, behind the till's public address.
pub(super) const PATH: &str = "/kayaaku/notification";

/// See the module.
#[derive(Debug)]
pub(super) struct Ear {
    shared: Arc<Shared>,
    /// One bell at a time: repeats within its pause ring nothing.
    bell: Arc<Semaphore>,
}

impl Ear {
    /// The ear of this device.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, bell: Arc::new(Semaphore::new(1)) }
    }

    fn speech(&self) -> Option<&SealedSpeech> {
        match &self.shared.line.profile.speech {
            Speech::Plain { .. } => None,
            Speech::Sealed(speech) => Some(speech),
        }
    }

    fn read(&self, incoming: &Incoming) -> Result<sealed::Told, DecodeError> {
        let speech = self.speech().ok_or(DecodeError::Syntax)?;
        let signature = incoming.header(envelope::SIGNATURE);
        let limits = &Limits::LISTENER;
        let opened = envelope::open(&incoming.body, signature, &speech.host, &speech.reader, limits)?;
        if opened.kind != assumed::NOTIFICATION.0 {
            return Err(DecodeError::Field("message type"));
        }
        sealed::Told::read(&sealed::Message::decode(&opened.plain, limits)?)
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
            Ok(_) => Claim::Shared,
            // Another merchant's, or forged: whoever sent it hears no acknowledgement.
            Err(DecodeError::Signature | DecodeError::Sealed(_)) => Claim::NotMine,
            Err(DecodeError::TooLarge | DecodeError::Syntax | DecodeError::Field(_)) => Claim::Unreadable,
        }
    }

    async fn receive(&self, incoming: Incoming) -> Answer {
        let (Ok(told), Some(speech)) = (self.read(&incoming), self.speech()) else {
            return Answer::empty(403);
        };
        tracing::info!(code = told.result.as_ref().map_or("", Code::as_str), "the host tells of a payment");
        self.ring();
        let heard = sealed::heard(&Code::of("00000"));
        match self.shared.line.seal(speech, assumed::NOTIFICATION.1, &heard) {
            Ok(sealed) => Answer {
                content_type: Some(assumed::SEALED_CONTENT),
                headers: vec![
                    (envelope::SOURCE_SYSTEM, self.shared.line.profile.source_system.clone()),
                    (envelope::SIGNATURE, sealed.signature),
                ],
                body: sealed.body.into_bytes(),
                ..Answer::empty(200)
            },
            Err(_) => Answer::empty(503),
        }
    }
}
