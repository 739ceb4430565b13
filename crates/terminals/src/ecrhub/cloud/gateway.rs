//! The line to the gateway: one signed request out, one reply back, and what a missing reply says.
//!
//! Dossier sections 5.2 to 5.4. Invariant: nothing is sent twice; only `HttpFault::NotSent` yields "not
//! sent"; neither body nor signature is logged.

use super::notify;
use super::profile::Profile;
use crate::http::{HttpReply, HttpRequest, Method as Verb, lost, milliseconds};
use crate::limits::ecrhub_cloud as limits;
use crate::seams::Seams;
use domain::ids::Reference;
use domain::outcome::{Fault, Reason};
use std::sync::Arc;
use std::time::Duration;
use wire::ecrhub::HUB;
use wire::ecrhub::cloud::{Caller, Method, Reply, Request};

/// What every exchange needs.
#[derive(Debug)]
pub(super) struct Gateway {
    /// The settings.
    pub profile: Arc<Profile>,
    seams: Seams,
}

impl Gateway {
    /// Sends nothing yet.
    pub fn new(profile: Arc<Profile>, seams: Seams) -> Self {
        Self { profile, seams }
    }

    /// A number that no order has.
    pub fn reference(&self) -> Reference {
        self.seams.ambient.reference(self.profile.common.capabilities().reference)
    }

    /// Where the gateway posts notifications, where the shop is reached from outside.
    pub fn notify_url(&self) -> Option<String> {
        let public = self.seams.public_url.trim_end_matches('/');
        let is_usable = self.profile.common.listener && public.starts_with("https://");
        is_usable.then(|| format!("{public}{}", notify::PATH))
    }

    /// Sends a request once.
    ///
    /// # Errors
    /// No reply that can be read; only what says so did not leave.
    pub async fn ask(&self, request: &Request) -> Result<Reply, Fault> {
        let profile = &self.profile;
        let timestamp = self.seams.ambient.seed().at.as_millisecond().to_string();
        let caller = Caller {
            app_id: &profile.app_id,
            merchant: &profile.merchant,
            timestamp: &timestamp,
            query: profile.query_method,
        };
        let body = request.written(&caller, &profile.key);
        let unsigned = || Fault::not_sent(Reason::NotSent, "the private key cannot sign");
        let name = request.method.name();
        tracing::debug!(name, "to the gateway");
        let reply = self.seams.http.send(HttpRequest {
            method: Verb::Post,
            url: format!("{}{}", profile.base_url, request.method.path(profile.route)),
            headers: vec![
                ("Content-Type".to_owned(), "application/json; charset=UTF-8".to_owned()),
                ("Accept".to_owned(), "application/json".to_owned()),
            ],
            body: body.ok_or_else(unsigned)?.into_bytes(),
            connect_ms: milliseconds(profile.connect.unwrap_or(limits::CONNECT)),
            answer_ms: milliseconds(self.patience(request.method)),
            max_reply_bytes: HUB.bytes,
        });
        let reply = reply.await.map_err(|fault| {
            tracing::debug!(name, %fault, "nothing from the gateway");
            lost(&fault)
        })?;
        tracing::debug!(name, status = reply.status, "from the gateway");
        self.read(&reply)
    }

    fn patience(&self, method: Method) -> Duration {
        match method {
            Method::Create => self.profile.answer.unwrap_or(limits::ANSWER),
            Method::Close | Method::Query => limits::QUICK,
            Method::BatchClose => limits::BATCH,
            // Money is given back at the terminal; these are not sent.
            Method::RefundSubmit | Method::RefundQuery | Method::Revoke => limits::QUICK,
        }
    }

    /// Whatever the status: a signed reply is one, and a page of something in between is none.
    fn read(&self, reply: &HttpReply) -> Result<Reply, Fault> {
        Reply::decode(&reply.body, &self.profile.gateway_key).map_err(|error| {
            let words = format!("no reply of the gateway (status {}): {error}", reply.status);
            Fault::unknown(Reason::AnswerUnreadable, words)
        })
    }
}
