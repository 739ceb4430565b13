//! The terminal's own requests: to the running operation where one runs, otherwise to the till as notices.
//!
//! Dossier chapters 2.4, 12.1 and 12.5. Nothing that arrives here is authenticated. Invariant: nothing here
//! changes an outcome, the session or an address; every request is answered.

use super::map;
use super::profile::PATH;
use super::shared::{Call, Shared};
use crate::listener::{Answer as Reply, Claim, Inbox, Incoming};
use crate::notice::Notice;
use async_trait::async_trait;
use std::sync::Arc;
use tokio::sync::oneshot;
use wire::nexo::announcement::Announcement;
use wire::nexo::mask::mask_xml_trace;
use wire::nexo::{
    Body, Envelope, ErrorCondition, EventNotification, EventToNotify, Header, Limits, Message,
    TransmitRequest, decode, decode_header,
};

/// Both spellings: the SDK of the terminal's maker registers the second (dossier chapter 2.1).
const PATHS: [&str; 2] = [PATH, "/EPASSaleToPOI/3.1/"];

/// See the module.
#[derive(Debug)]
pub(super) struct Ear {
    shared: Arc<Shared>,
}

impl Ear {
    /// The ear of this terminal.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Hands a device request to the running operation and answers with what it says.
    async fn device(&self, message: Message) -> Reply {
        let message = Arc::new(message);
        let (reply, answered) = oneshot::channel();
        let call = Call::Device { message: Arc::clone(&message), reply };
        if self.shared.hand_over(call).is_err() {
            return self.outside(&message, ErrorCondition::UnavailableService);
        }
        // Without an answer the operation ended first.
        answered.await.unwrap_or_else(|_| self.outside(&message, ErrorCondition::Cancel))
    }

    /// A device request outside of any operation. `no_dialogue`: why a question is not asked.
    fn outside(&self, message: &Message, no_dialogue: ErrorCondition) -> Reply {
        let header = &message.header;
        if let Body::DisplayRequest(request) = &message.body {
            for display in map::displays(request) {
                self.shared.notice(Notice::Said(display));
            }
            return map::display_answer(header, request);
        }
        if let Body::PrintRequest(request) = &message.body {
            self.shared.notice(Notice::Receipt(map::print_slip(&request.print_output)));
            return map::print_answer(header, &request.print_output, Ok(()));
        }
        if let Body::InputRequest(request) = &message.body {
            return map::input_failure(header, request, no_dialogue);
        }
        map::refuse(message)
    }

    fn event(&self, header: &Header, event: &EventNotification) {
        let details = event.event_details.as_deref().map(map::plain);
        let name = map::plain(&event.event_to_notify.to_string());
        tracing::info!(event = %name, ?details, "the terminal tells");
        if matches!(event.event_to_notify, EventToNotify::Abort | EventToNotify::StopAssistance) {
            let withdraw = Call::Withdraw(Box::new(header.clone()));
            if self.shared.hand_over(withdraw).is_err() {
                tracing::debug!("no question is open");
            }
        }
        if let Some(notice) = map::event_notice(event) {
            self.shared.notice(notice);
        }
    }

    fn transmit(&self, message: &Message, request: &TransmitRequest) -> Reply {
        if !Announcement::is_in(request) {
            return map::refuse(message);
        }
        match Announcement::read(request) {
            Ok(Announcement { address, port }) => {
                self.shared.notice(Notice::AddressAnnounced(format!("http://{address}:{port}")));
            }
            Err(error) => tracing::warn!(%error, "the terminal announces an address that cannot be read"),
        }
        Reply::empty(204)
    }
}

#[async_trait]
impl Inbox for Ear {
    fn paths(&self) -> &[&'static str] {
        &PATHS
    }

    fn claims(&self, incoming: &Incoming) -> Claim {
        match decode_header(&incoming.body, &Limits::LISTENER) {
            Ok((Envelope::Request, header)) if header.poi_id == self.shared.ends.poi_id => Claim::Mine,
            Ok((Envelope::Request, _)) => Claim::NotMine,
            Ok((Envelope::Response, _)) | Err(_) => Claim::Unreadable,
        }
    }

    async fn receive(&self, incoming: Incoming) -> Reply {
        let xml = String::from_utf8_lossy(&incoming.body);
        let trace = mask_xml_trace(&xml);
        tracing::debug!(peer = ?incoming.peer, message = %trace, "from the terminal on its own account");
        let message = match decode(&incoming.body, &Limits::LISTENER) {
            Ok(message) if message.envelope == Envelope::Request => message,
            Ok(_) => return Reply::empty(400),
            Err(error) => {
                tracing::warn!(%error, "a request of the terminal cannot be read");
                return Reply::empty(400);
            }
        };
        if let Body::EventNotification(event) = &message.body {
            self.event(&message.header, event);
            return Reply::empty(204);
        }
        if let Body::TransmitRequest(request) = &message.body {
            return self.transmit(&message, request);
        }
        self.device(message).await
    }
}
