//! The line to the gateway: one signed request out, one reply back, and what a missing reply says about the
//! money.
//!
//! Dossier section 2. Invariant: only `HttpFault::NotSent` yields "not sent"; a reply that cannot be read
//! is unknown. Nothing of a request but its path is logged: it holds the customer's code.

use super::map::{self, Heard};
use super::profile::Profile;
use crate::http::{HttpReply, HttpRequest, Method, lost, milliseconds};
use crate::limits;
use crate::seams::Seams;
use domain::outcome::{Certainty, Fault, Reason};
use wire::pockyt::{Endpoint, Limits, Meant, Query, Record, Reply, Request};

/// What every part of the driver shares.
#[derive(Debug)]
pub(super) struct Line {
    /// The settings.
    pub profile: Profile,
    /// The ways out.
    pub seams: Seams,
}

impl Line {
    /// Sends a request once and says what its reply says.
    ///
    /// # Errors
    /// Not one byte left.
    pub async fn ask(&self, request: &Request) -> Result<Heard, Fault> {
        let endpoint = request.endpoint();
        let encoded = request.encode(&self.profile.who, self.profile.encoding);
        let answer = match endpoint {
            Endpoint::Add | Endpoint::CreateCode | Endpoint::Query => limits::pockyt::QUICK,
            Endpoint::Pay | Endpoint::Prepay | Endpoint::Cancel | Endpoint::Refund => {
                self.profile.answer.unwrap_or(limits::pockyt::WALLET)
            }
        };
        tracing::debug!(endpoint = endpoint.name(), "to the gateway");
        let reply = self.seams.http.send(HttpRequest {
            method: Method::Post,
            url: format!("{}{}", self.profile.base_url, encoded.path),
            headers: vec![
                ("Content-Type".to_owned(), encoded.content_type.to_owned()),
                ("Accept".to_owned(), "application/json".to_owned()),
            ],
            body: encoded.body.into_bytes(),
            connect_ms: milliseconds(self.profile.connect.unwrap_or(limits::pockyt::CONNECT)),
            answer_ms: milliseconds(answer),
            max_reply_bytes: Limits::REPLY.bytes,
        });
        match reply.await {
            Ok(reply) => {
                let heard = read(&reply);
                tracing::debug!(endpoint = endpoint.name(), status = reply.status, "from the gateway");
                Ok(heard)
            }
            Err(fault) => {
                tracing::debug!(endpoint = endpoint.name(), %fault, "nothing from the gateway");
                let lost = lost(&fault);
                match lost.certainty {
                    Certainty::NotSent => Err(lost),
                    Certainty::Refused | Certainty::Unknown => Ok(Heard::Unknown(lost)),
                }
            }
        }
    }

    /// The transaction that was asked for, by a query; nothing where the gateway has none.
    ///
    /// # Errors
    /// No usable answer, or one about something else: nothing is known then.
    pub async fn query(&self, name: &Named) -> Result<Option<Record>, Fault> {
        let found = self.look_up(name).await?;
        let is_ours = found.as_ref().is_none_or(|record| map::is_about(&self.profile.who, record, name));
        is_ours.then_some(found).ok_or_else(foreign)
    }

    /// What a query finds, whosever it is.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn look_up(&self, name: &Named) -> Result<Option<Record>, Fault> {
        let request = Request::Query(Query { meant: name.meant() });
        let unknown = |fault: Fault| Fault::unknown(fault.reason, fault.detail);
        match self.ask(&request).await.map_err(unknown)? {
            Heard::Accepted(record) => Ok(Some(*record)),
            Heard::NoRecord(_) => Ok(None),
            Heard::Refused(reason, words) => Err(Fault::unknown(reason, words)),
            Heard::WrongStatus(words) => Err(Fault::unknown(Reason::CannotTell, words)),
            Heard::Unknown(fault) => Err(fault),
        }
    }
}

/// An answer that is about something else.
pub(super) fn foreign() -> Fault {
    Fault::unknown(Reason::Mismatch, "the answer is about something else")
}

/// How a transaction is called: by our reference, and by the gateway's number as soon as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Ours.
    pub reference: String,
    /// The gateway's.
    pub number: Option<String>,
}

impl Named {
    /// A transaction of ours whose number is not known yet.
    pub fn by(reference: &str) -> Self {
        Self { reference: reference.to_owned(), number: None }
    }

    /// As requests name it: exactly one of the two. Ours, where there is one: replies are not signed, and a
    /// wrong number in one of them would charge, cancel or refund somebody else's transaction.
    pub fn meant(&self) -> Meant {
        match &self.number {
            Some(number) if self.reference.is_empty() => Meant::TransactionNo(number.clone()),
            Some(_) | None => Meant::Reference(self.reference.clone()),
        }
    }
}

/// Business outcomes come with 200, a faulty signature with 400 (section 2); a proxy's page is neither.
fn read(reply: &HttpReply) -> Heard {
    if !matches!(reply.status, 200 | 400) {
        let detail = format!("status {}", reply.status);
        return Heard::Unknown(Fault::unknown(Reason::AnswerUnreadable, detail));
    }
    match Reply::decode(&reply.body, &Limits::REPLY) {
        Ok(reply) => map::heard(reply),
        Err(error) => Heard::Unknown(Fault::unknown(Reason::AnswerUnreadable, error.to_string())),
    }
}
