//! The session: logging in, and what the driver believes about it.
//!
//! Dossier chapter 5. Invariant: from the moment a login is sent no older session counts; a new one counts
//! only when its login succeeded.

use super::line::patient;
use super::map::{self, Class};
use super::shared::Shared;
use crate::limits::nexo as limits;
use crate::notice::Notice;
use crate::terminal::Identity;
use domain::outcome::{Fault, Reason};
use std::pin::pin;
use std::time::Duration;
use wire::nexo::{Body, MessageCategory, MessageClass, ResultCode};

impl Shared {
    /// Logs in. While the terminal is busy (with its parameters, as a rule) the login is repeated for
    /// `patience`.
    ///
    /// # Errors
    /// `Refused` when the terminal does not accept the session or stays busy; transport faults as they are.
    pub async fn log_in(&self, patience: Duration) -> Result<Identity, Fault> {
        self.lose_session();
        let mut out_of_patience = pin!(tokio::time::sleep(patience));
        let mut told = false;
        loop {
            let now = self.seams.ambient.seed().at;
            let request = map::login(&self.profile, &self.seams.program, map::stamp(now, &self.seams.zone));
            let message = self.message(MessageClass::Service, MessageCategory::Login, request);
            let answer = self.ask(&message, patient(limits::LOGIN)).await?;
            let Body::LoginResponse(answer) = &answer.body else {
                return Err(Fault::unknown(Reason::Mismatch, "the answer is no LoginResponse"));
            };
            let response = &answer.response;
            if matches!(response.result, ResultCode::Success | ResultCode::Partial) {
                let sent = message.header.service_id.as_deref().unwrap_or_default();
                let identity = map::identity(sent, answer, self.seams.ambient.seed().at);
                tracing::info!(session = %identity.session, serial = ?identity.serial, "logged in");
                self.enter_session(&identity);
                return Ok(identity);
            }
            let words = map::words(response);
            match map::meaning(response.error_condition.as_ref()) {
                (Class::NotStarted | Class::Running, _) => {}
                // A login needs no session: what is not allowed is the name (dossier chapter 5.3, rule 8).
                (Class::Declined, Reason::Refused) | (Class::NoSession, _) => {
                    let words = format!("the terminal says: {words}; {}", self.names());
                    return Err(Fault::refused(Reason::LoginRefused, words));
                }
                (Class::Declined | Class::Cancelled | Class::Refused, reason) => {
                    return Err(Fault::refused(reason, words));
                }
            }
            if !std::mem::replace(&mut told, true) {
                self.notice(Notice::Updating(words.clone()));
            }
            tokio::select! {
                biased;
                () = &mut out_of_patience => return Err(Fault::refused(Reason::Busy, words)),
                () = tokio::time::sleep(limits::LOGIN_BUSY_PAUSE) => {}
            }
        }
    }
}
