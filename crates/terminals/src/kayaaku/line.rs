//! The line to the host: one signed request out, one reply back, in either generation.
//!
//! Dossier sections 4.6 and 5.1. Invariant: only `HttpFault::NotSent` yields "not sent"; a reply that is
//! not signed by the configured key, or cannot be read, is unknown. Nothing of a request but its name is
//! logged.

use super::map::{self, Answer};
use super::profile::{Profile, SealedSpeech, Speech};
use crate::http::{HttpReply, HttpRequest, Method, lost, milliseconds};
use crate::limits::kayaaku as limits;
use crate::seams::Seams;
use domain::ids::{Reference, ReferenceShape};
use domain::money::Money;
use domain::outcome::{Fault, Reason};
use std::time::Duration;
use wire::kayaaku::jwe::Fresh;
use wire::kayaaku::plain::{self, Message, Reply, Request};
use wire::kayaaku::{DecodeError, Limits, assumed, envelope, sealed};

/// Where generation 2 takes payments.
const SUBMIT: &str = "/api/submit";
/// Where it tells about them.
const ENQUIRY: &str = "/api/paymentInquiry";
/// Longest version of a program that generation 2 takes.
const LONGEST_VERSION: usize = 8;

/// What every part of the driver shares.
#[derive(Debug)]
pub(super) struct Line {
    /// The settings.
    pub profile: Profile,
    /// The ways out.
    pub seams: Seams,
}

/// One payment as it is asked for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub reference: Reference,
    pub amount: Money,
    pub method: wire::kayaaku::Method,
    /// Where notifications are posted.
    pub notify: Option<String>,
}

/// Where a request of generation 2 goes, and what answers it.
struct Address<'a> {
    path: &'static str,
    /// Message types of the request and of its reply.
    kinds: (&'a str, &'a str),
    sequence: &'a str,
    patience: Duration,
}

impl Line {
    /// Asks for a payment and waits for the device's answer, as long as a customer takes.
    ///
    /// # Errors
    /// See the module.
    pub async fn pay(&self, asked: &Asked) -> Result<Answer, Fault> {
        let patience = self.profile.answer.unwrap_or(limits::PAYMENT);
        let local_time = self.local_time();
        let currency = map::currency(asked.amount)?;
        match &self.profile.speech {
            Speech::Plain { .. } => {
                let request = Request::Payment(plain::Payment {
                    method: asked.method.as_str().to_owned(),
                    email: self.profile.email.clone(),
                    device: self.profile.device.clone(),
                    version: self.seams.program.version.clone(),
                    id: asked.reference.0.clone(),
                    local_time,
                    amount: asked.amount.minor.to_string(),
                    currency: currency.to_owned(),
                    mid: Some(self.profile.mid.clone()),
                    till: Some(self.seams.till.chars().take(32).collect()),
                    ..plain::Payment::default()
                });
                self.plain(&request, patience).await
            }
            Speech::Sealed(speech) => {
                let sequence = self.sequence();
                let request = sealed::Submit {
                    caller: self.caller(speech),
                    sequence: sequence.clone(),
                    mrn: asked.reference.0.clone(),
                    method: asked.method.as_str().to_owned(),
                    time: local_time,
                    amount: asked.amount.minor.to_string(),
                    currency: currency.to_owned(),
                    device: Some(self.profile.device.clone()),
                    email: Some(self.profile.email.clone()),
                    notify: asked.notify.clone(),
                    description: None,
                };
                let kinds = assumed::SUBMIT;
                let to = Address { path: SUBMIT, kinds, sequence: &sequence, patience };
                self.sealed(speech, &to, &request.plain()).await
            }
        }
    }

    /// Asks what became of the payment under this reference.
    ///
    /// # Errors
    /// No usable answer: nothing is known then.
    pub async fn enquire(&self, reference: &Reference) -> Result<Answer, Fault> {
        let answer = match &self.profile.speech {
            Speech::Plain { .. } => {
                let (email, id) = (self.profile.email.clone(), reference.0.clone());
                self.plain(&Request::Enquiry(plain::Enquiry { email, id }), limits::QUICK).await
            }
            Speech::Sealed(speech) => {
                let sequence = self.sequence();
                let request = sealed::Enquiry {
                    caller: self.caller(speech),
                    sequence: sequence.clone(),
                    mrn: reference.0.clone(),
                };
                let kinds = (speech.enquiry.0.as_str(), speech.enquiry.1.as_str());
                let to = Address { path: ENQUIRY, kinds, sequence: &sequence, patience: limits::QUICK };
                self.sealed(speech, &to, &request.plain()).await
            }
        };
        // A failed enquiry says nothing about the money, not even when it never left.
        let answer = answer.map_err(|fault| Fault::unknown(fault.reason, fault.detail))?;
        let is_ours = answer.about.as_ref().is_none_or(|about| *about == reference.0);
        is_ours.then_some(answer).ok_or_else(foreign)
    }

    /// Sends a request of generation 1; generation 2 has none but the two above.
    ///
    /// # Errors
    /// See the module.
    pub async fn plain(&self, request: &Request, patience: Duration) -> Result<Answer, Fault> {
        let Speech::Plain { key, host } = &self.profile.speech else {
            let words = "this generation of the interface gives nothing back";
            return Err(Fault::not_sent(Reason::UnavailableService, words));
        };
        let (call, source) = (request.call(), &self.profile.source_system);
        let members = request.members(source, &self.sequence());
        let Some(body) = plain::signed(source, &members, key) else {
            return Err(Fault::not_sent(Reason::NotSent, "the request could not be signed"));
        };
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        let reply = self.post(call.path(), headers, body, patience).await?;
        let message = usable(&reply).and_then(|body| {
            Message::decode(body, Some(source), host.as_ref(), &Limits::REPLY).map_err(unreadable)
        })?;
        Ok(Answer::of(Reply::read(&message).map_err(unreadable)?, call))
    }

    async fn sealed(
        &self,
        speech: &SealedSpeech,
        to: &Address<'_>,
        message: &str,
    ) -> Result<Answer, Fault> {
        let (kind, reply_kind) = to.kinds;
        let sealed = self.seal(speech, kind, message)?;
        let headers = vec![
            ("Content-Type".to_owned(), assumed::SEALED_CONTENT.to_owned()),
            (envelope::SOURCE_SYSTEM.to_owned(), self.profile.source_system.clone()),
            (envelope::SIGNATURE.to_owned(), sealed.signature),
        ];
        let reply = self.post(to.path, headers, sealed.body, to.patience).await?;
        let body = usable(&reply)?;
        let signature = reply.header(envelope::SIGNATURE);
        let opened = envelope::open(body, signature, &speech.host, &speech.reader, &Limits::REPLY)
            .map_err(unreadable)?;
        if opened.kind != reply_kind {
            return Err(Fault::unknown(Reason::Mismatch, "the answer is of another kind than the request"));
        }
        let message = sealed::Message::decode(&opened.plain, &Limits::REPLY).map_err(unreadable)?;
        let told = sealed::Told::read(&message).map_err(unreadable)?;
        // A signature lasts: that an answer is not an old one is told by what it repeats of the request. An
        // enquiry's repeats the running number (section 5.3); a submit's may name the payment alone.
        match (&told.sequence, &told.mrn) {
            (Some(sequence), _) if sequence != to.sequence => Err(foreign()),
            (None, Some(_)) if to.path == SUBMIT => Ok(told.into()),
            (None, _) => Err(foreign()),
            (Some(_), _) => Ok(told.into()),
        }
    }

    /// Encrypts and signs a message.
    ///
    /// # Errors
    /// Nothing can be sent.
    pub fn seal(
        &self,
        speech: &SealedSpeech,
        kind: &str,
        message: &str,
    ) -> Result<envelope::Sealed, Fault> {
        let cannot = |words: String| Fault::not_sent(Reason::NotSent, words);
        let seeds = [(); 4].map(|()| self.seams.ambient.seed().random);
        if seeds.iter().any(|random| random.iter().all(|byte| *byte == 0)) {
            return Err(cannot("the system gives no randomness".to_owned()));
        }
        let fresh = Fresh::of(&seeds.concat());
        envelope::seal(kind, message.as_bytes(), &speech.to, speech.with, &speech.key, &fresh)
            .map_err(|error| cannot(error.to_string()))
    }

    async fn post(
        &self,
        path: &str,
        headers: Vec<(String, String)>,
        body: String,
        patience: Duration,
    ) -> Result<HttpReply, Fault> {
        tracing::debug!(path, "to the host");
        let reply = self.seams.http.send(HttpRequest {
            method: Method::Post,
            url: format!("{}{path}", self.profile.base_url),
            headers,
            body: body.into_bytes(),
            connect_ms: milliseconds(self.profile.connect.unwrap_or(limits::CONNECT)),
            answer_ms: milliseconds(patience),
            max_reply_bytes: Limits::REPLY.bytes,
        });
        let reply = reply.await;
        match &reply {
            Ok(reply) => tracing::debug!(path, status = reply.status, "from the host"),
            Err(fault) => tracing::debug!(path, %fault, "nothing from the host"),
        }
        reply.map_err(|fault| lost(&fault))
    }

    fn caller(&self, speech: &SealedSpeech) -> sealed::Caller {
        sealed::Caller {
            version: self.seams.program.version.chars().take(LONGEST_VERSION).collect(),
            mid: self.profile.mid.clone(),
            seller: speech.seller.clone(),
        }
    }

    /// A running number (assumption A-1): the second of the day, so that a restored till does not begin
    /// again; nine digits that count up from a random start, so that tills do not meet and one till meets
    /// itself never; two random ones.
    fn sequence(&self) -> String {
        let counted = self.seams.ambient.reference(ReferenceShape::Digits(18)).0;
        let counter = counted.get(counted.len().saturating_sub(9)..).unwrap_or("000000000");
        let seed = self.seams.ambient.seed();
        let now = seed.at.to_zoned(map::zone()).time();
        let second = i32::from(now.hour()) * 3_600 + i32::from(now.minute()) * 60 + i32::from(now.second());
        let [random, ..] = seed.random;
        format!("{second:05}{counter}{:02}", random % 100)
    }

    /// The time as requests have it.
    pub fn local_time(&self) -> String {
        map::local_time(self.seams.ambient.seed().at)
    }
}

/// Business answers come with 200; a proxy's page is none.
fn usable(reply: &HttpReply) -> Result<&[u8], Fault> {
    if reply.status == 200 {
        return Ok(&reply.body);
    }
    let words = match reply.status {
        404 => "nobody takes requests at this path of the host: compare base_url, status 404".to_owned(),
        status => format!("another program than the host answered, status {status}"),
    };
    Err(Fault::unknown(Reason::AnswerUnreadable, words))
}

fn unreadable(error: DecodeError) -> Fault {
    Fault::unknown(Reason::AnswerUnreadable, error.to_string())
}

/// An answer that is about something else.
pub(super) fn foreign() -> Fault {
    Fault::unknown(Reason::Mismatch, "the answer is about something else")
}
