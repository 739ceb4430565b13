//! Reading from a running till: its books, and the check of the way to a terminal.

use super::Till;
use crate::api::{Problem, ProblemCode, Query, QueryReply};
use std::net::SocketAddr;

impl Till {
    /// Reads; a connection check also opens its terminal.
    pub async fn query(&self, query: Query) -> Result<QueryReply, Problem> {
        let Query::Check { terminal, id } = query else { return self.books.query(query).await };
        let unknown = || Problem::new(ProblemCode::UnknownTerminal).with("terminal", &terminal);
        let entry = self.settings.terminal(&terminal).ok_or_else(unknown)?;
        let steps = crate::doctor::check(self, entry, self.listening, id).await?;
        Ok(QueryReply::Checked { steps })
    }
    /// Where the terminals are told to find the till: the address that is announced, else the listener's
    /// own. Nothing while it does not listen.
    pub(crate) fn announced(&self, listening: Option<SocketAddr>) -> Option<String> {
        let listening = listening?;
        match self.settings.listener.public_url.trim() {
            "" => Some(format!("http://{listening}")),
            url => Some(url.to_owned()),
        }
    }
    /// The same till, which knows where its listener is.
    pub(crate) fn listening_on(self, listening: Option<SocketAddr>) -> Self {
        Self { listening, ..self }
    }
}
