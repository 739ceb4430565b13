//! The line to the terminal: one message out, one answer back, and what a missing answer says about the
//! money.
//!
//! Dossier chapters 2 and 10.3. Invariant: only [`HttpFault::NotSent`] yields "not sent"; every reply that
//! is not a 200 with a readable message is unknown.

use super::map;
use super::profile::Base;
use super::shared::Shared;
use crate::http::{HttpFault, HttpReply, HttpRequest, Method, lost, milliseconds};
use crate::limits;
use domain::ids::ReferenceShape;
use domain::outcome::{Fault, Reason};
use std::time::Duration;
use wire::nexo::mask::mask_xml_trace;
use wire::nexo::{Body, Header, Limits, Message, MessageCategory, MessageClass, decode, encode};

/// How long a request may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// To connect.
    pub connect: Duration,
    /// To be answered.
    pub answer: Duration,
}

/// Patience for what signals or enquires.
pub(super) const fn quick(answer: Duration) -> Patience {
    Patience { connect: limits::nexo::CONNECT_QUICK, answer }
}

/// Patience for everything else.
pub(super) const fn patient(answer: Duration) -> Patience {
    Patience { connect: limits::nexo::CONNECT, answer }
}

impl Shared {
    /// Where the terminal is: the address a person confirmed, else the one in the settings.
    pub fn base(&self) -> Base {
        let learned = self.seams.learned.address.as_deref().and_then(|address| Base::parse(address).ok());
        learned.unwrap_or_else(|| self.profile.base.clone())
    }

    /// A message of ours that moves no money, under a fresh identifier of its own.
    pub fn message(
        &self,
        class: MessageClass,
        category: MessageCategory,
        body: impl Into<Body>,
    ) -> Message {
        let id = self.seams.ambient.reference(ReferenceShape::Digits(10)).0;
        let is_device = class == MessageClass::Device;
        let mut header =
            Header::request(class, category, id.as_str(), self.ends.sale_id.as_str(), &self.ends.poi_id);
        // Requests of the Device class carry both identifiers, equal (dossier chapter 3.1).
        header.device_id = is_device.then_some(id);
        Message::new(header, body.into())
    }

    /// Sends a message and returns the raw reply.
    pub async fn post(&self, message: &Message, patience: Patience) -> Result<HttpReply, HttpFault> {
        let xml = encode(message);
        tracing::debug!(message = %mask_xml_trace(&xml), "to the terminal");
        let reply = self.seams.http.send(HttpRequest {
            method: Method::Post,
            url: self.base().url(),
            headers: vec![("Content-type".to_owned(), map::CONTENT_TYPE.to_owned())],
            body: xml.into_bytes(),
            connect_ms: milliseconds(self.profile.connect.unwrap_or(patience.connect)),
            answer_ms: milliseconds(patience.answer),
            max_reply_bytes: limits::REPLY_BYTES,
        });
        let reply = reply.await;
        match &reply {
            Ok(reply) => {
                // Made only where somebody reads it.
                let message = || mask_xml_trace(&String::from_utf8_lossy(&reply.body));
                tracing::debug!(status = reply.status, message = %message(), "from the terminal");
            }
            Err(fault) => tracing::debug!(%fault, "nothing from the terminal"),
        }
        reply
    }

    /// Sends a message and reads the answer, whoever's it is.
    ///
    /// # Errors
    /// `NotSent` when not one byte left; `Unknown` for everything that is no message.
    pub async fn exchange(&self, message: &Message, patience: Patience) -> Result<Message, Fault> {
        read(&self.post(message, patience).await.map_err(|fault| lost(&fault))?)
    }

    /// Sends a message that moves no money and reads its own answer; a foreign one is a failure.
    ///
    /// # Errors
    /// As [`Shared::exchange`].
    pub async fn ask(&self, message: &Message, patience: Patience) -> Result<Message, Fault> {
        let answer = self.exchange(message, patience).await?;
        match message.header.is_answered_by(&answer.header) {
            true => Ok(answer),
            false => Err(self.foreign(&message.header, &answer.header)),
        }
    }

    /// What an answer that is not the request's own says. A login that is answered in another name opens no
    /// session that could be used.
    fn foreign(&self, sent: &Header, answer: &Header) -> Fault {
        if answer.poi_id == sent.poi_id && answer.sale_id == sent.sale_id {
            return Fault::unknown(Reason::Mismatch, "the answer belongs to another request");
        }
        let (poi_id, sale_id) = (map::plain(&answer.poi_id), map::plain(&answer.sale_id));
        let words = format!("the terminal answers as {poi_id:?} to {sale_id:?}; {}", self.names());
        if sent.category == MessageCategory::Login {
            Fault::refused(Reason::LoginRefused, words)
        } else {
            Fault::unknown(Reason::Mismatch, words)
        }
    }

    /// Both names as the settings have them.
    pub fn names(&self) -> String {
        format!("the settings say poi_id {:?}, sale_id {:?}", self.ends.poi_id, self.ends.sale_id)
    }
}

fn read(reply: &HttpReply) -> Result<Message, Fault> {
    if reply.status == 204 || (reply.status == 200 && reply.body.is_empty()) {
        return Err(Fault::unknown(
            Reason::AnswerLost,
            format!("an empty answer, status {}", reply.status),
        ));
    }
    if reply.status != 200 {
        return Err(Fault::unknown(Reason::AnswerUnreadable, format!("status {}", reply.status)));
    }
    decode(&reply.body, &Limits::REPLY)
        .map_err(|error| Fault::unknown(Reason::AnswerUnreadable, map::plain(&error.to_string())))
}
