//! Notices of a terminal, over the actor's inbox.

use crate::actor::Message;
use domain::ids::TerminalId;
use terminals::{Notice, Notices};
use tokio::sync::mpsc;

/// Takes the notices of one terminal.
#[derive(Debug)]
pub(crate) struct ActorNotices {
    pub(crate) terminal: TerminalId,
    pub(crate) inbox: mpsc::Sender<Message>,
}

impl Notices for ActorNotices {
    fn notice(&self, notice: Notice) {
        let message = Message::Notice(self.terminal.clone(), Box::new(notice));
        if self.inbox.try_send(message).is_err() {
            tracing::warn!(terminal = %self.terminal, "a notice is dropped: the till is busy or stopping");
        }
    }
}
