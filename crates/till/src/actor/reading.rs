//! Reading from a running till: its books, and the check of the way to a terminal.

use super::Message;
use super::Till;
use crate::api::{PaperRow, Problem, ProblemCode, ProductRow, Query, QueryReply};
use crate::limits;
use domain::catalogue::Item;
use domain::paper::PaperState;
use std::net::SocketAddr;
use tokio::sync::oneshot;

impl Till {
    /// Reads; a connection check also opens its terminal.
    pub async fn query(&self, query: Query) -> Result<QueryReply, Problem> {
        let (terminal, id) = match query {
            Query::Check { terminal, id } => (terminal, id),
            Query::ReportX => return self.report_x().await,
            Query::Products { search, limit } => return Ok(self.products(search, limit)),
            Query::CheckPrinter => {
                let steps = vec![crate::doctor::check_printer(self.printer.as_ref()).await];
                return Ok(QueryReply::Checked { steps });
            }
            query @ (Query::Payments { .. }
            | Query::Payment { .. }
            | Query::Receipts { .. }
            | Query::Receipt { .. }
            | Query::Day { .. }
            | Query::Reports { .. }
            | Query::SaleReceipts { .. }
            | Query::SalePapers { .. }
            | Query::ReportPapers { .. }
            | Query::File { .. }
            | Query::Verify) => return self.books.query(query).await.map(|reply| self.as_now(reply)),
        };
        let unknown = || Problem::new(ProblemCode::UnknownTerminal).with("terminal", &terminal);
        let entry = self.settings.terminal(&terminal).ok_or_else(unknown)?;
        let steps = crate::doctor::check(self, entry, self.listening, id).await?;
        Ok(QueryReply::Checked { steps })
    }
    /// The journal learns a little later that a slip is printed: what does not wait any more, is.
    fn as_now(&self, mut reply: QueryReply) -> QueryReply {
        let rows = match &mut reply {
            QueryReply::Papers { rows } => rows,
            QueryReply::Payment { case } => &mut case.papers,
            QueryReply::Payments { .. }
            | QueryReply::Receipts { .. }
            | QueryReply::Day { .. }
            | QueryReply::Checked { .. }
            | QueryReply::File { .. }
            | QueryReply::Products { .. }
            | QueryReply::Reports { .. }
            | QueryReply::Verified { .. } => return reply,
        };
        let view = self.views.borrow();
        let waits = |row: &PaperRow| view.printer.waiting.iter().any(|one| one.paper == row.paper);
        for row in rows {
            if row.state == PaperState::Waiting && !waits(row) {
                row.state = PaperState::Printed;
            }
        }
        drop(view);
        reply
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
    fn products(&self, search: Option<String>, limit: Option<u32>) -> QueryReply {
        let catalogue = self.shelf.borrow();
        let most = usize::try_from(limit.unwrap_or(limits::ROWS).min(limits::ROWS_MOST)).unwrap_or(0);
        let found: Vec<&Item> = match search.as_deref().map(str::trim) {
            None => catalogue.quick().take(most).collect(),
            Some(words) => catalogue.search(words, most),
        };
        QueryReply::Products { rows: found.into_iter().map(product_row).collect() }
    }
    /// The business day so far. Only for who may see totals: a count of the drawer is blind.
    async fn report_x(&self) -> Result<QueryReply, Problem> {
        let stopping = || Problem::new(ProblemCode::Stopping);
        let (reply, answer) = oneshot::channel();
        self.inbox.send(Message::ReportX(reply)).await.map_err(|_| stopping())?;
        let (report, next) = answer.await.map_err(|_| stopping())??;
        Ok(QueryReply::Reports { reports: vec![report], next })
    }
    /// The same till, which knows where its listener is.
    pub(crate) fn listening_on(self, listening: Option<SocketAddr>) -> Self {
        Self { listening, ..self }
    }
}

fn product_row(item: &Item) -> ProductRow {
    let product = &item.product;
    ProductRow {
        sku: item.sku().to_owned(),
        name: product.name.clone(),
        price: product.price,
        vat: product.vat,
        unit: product.unit,
        group: item.group.clone(),
        open_price: item.open_price,
    }
}
