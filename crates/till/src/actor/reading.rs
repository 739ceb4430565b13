//! Reading from a running till: its books, and the check of the way to a terminal.

use super::Message;
use super::Till;
use crate::api::{
    PaperRow, PrinterForm, Problem, ProblemCode, ProductRow, Query, QueryReply, Standing, TerminalForm,
};
use crate::doctor::{Checked, Subject, check};
use crate::forms::{draft_printer, drivers, filled, filled_printer, filled_sight, printers, sights};
use crate::limits;
use crate::settings::Settings;
use domain::catalogue::Item;
use domain::ids::CommandId;
use domain::outcome::Fault;
use domain::paper::PaperState;
use std::sync::Arc;
use terminals::Identity;
use tokio::sync::oneshot;

impl Till {
    /// Reads; a connection check also opens its terminal.
    pub async fn query(&self, query: Query) -> Result<QueryReply, Problem> {
        match query {
            Query::Check { terminal, id } => self.check(Checked::Terminal(terminal), id).await,
            Query::CheckForm { form, change, id } => {
                self.check(Checked::Form(Box::new(form), change), id).await
            }
            Query::Checking { id, seen } => Ok(self.checking(id, seen).await),
            Query::Terminals => Ok(self.forms().await),
            Query::Standing => Ok(QueryReply::Standing { standing: Standing::Running }),
            Query::ReportX => self.report_x().await,
            Query::CheckPrinter { form } => self.check_printer(form).await,
            Query::Products { search, limit } => Ok(self.products(search, limit)),
            Query::Day { day } => {
                let sees_totals = self.report_x().await.is_ok();
                self.books.day(day, sees_totals).await
            }
            Query::Sale { sale } => {
                self.report_x().await?;
                self.books.sale(sale, self.settings().shop.rounding).await
            }
            query @ (Query::Payments { .. }
            | Query::Payment { .. }
            | Query::Receipts { .. }
            | Query::Receipt { .. }
            | Query::Reports { .. }
            | Query::SaleReceipts { .. }
            | Query::SalePapers { .. }
            | Query::ReportPapers { .. }
            | Query::File { .. }
            | Query::Verify) => self.books.query(query).await.map(|reply| self.as_now(reply)),
        }
    }
    /// The settings in force.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.settings.borrow().clone()
    }
    /// Checks a terminal. Whoever asks again under the same id waits for the same check; it goes on when
    /// nobody waits any more.
    async fn check(&self, checked: Checked, id: CommandId) -> Result<QueryReply, Problem> {
        let (progress, is_new) = self.checks.of(id);
        let stopping = || Problem::new(ProblemCode::Stopping);
        if is_new {
            let (till, progress) = (self.clone(), progress.clone());
            tokio::spawn(async move {
                let ended = check(&till, &checked, id, &progress.steps).await;
                progress.ended.send_replace(Some(ended));
                // Who waits for a step that will not come looks again.
                progress.steps.send_modify(|checking| checking.ended = true);
            });
        }
        let mut ended = progress.ended.subscribe();
        let ended = ended.wait_for(Option::is_some).await.map_err(|_| stopping())?;
        let steps = ended.clone().ok_or_else(stopping)??;
        let untried = progress.steps.borrow().next.clone();
        Ok(QueryReply::Checked { steps, untried })
    }
    /// Asks the printer how it is: the one in use, or one that is only typed.
    async fn check_printer(&self, form: Option<PrinterForm>) -> Result<QueryReply, Problem> {
        let printer = match form {
            Some(form) => {
                let known = self.settings();
                self.printer.other(&known.printer, &draft_printer(&known, &form)?.printer)?
            }
            None => self.printer.now(),
        };
        let steps = vec![crate::doctor::check_printer(printer.as_ref()).await];
        Ok(QueryReply::Checked { steps, untried: Vec::new() })
    }
    /// The steps of a check so far.
    async fn checking(&self, id: CommandId, seen: u32) -> QueryReply {
        let progress = self.checks.seen(id);
        let (mut steps, ended) = (progress.steps.subscribe(), progress.ended.subscribe());
        let seen = usize::try_from(seen).unwrap_or(usize::MAX);
        let is_over = || ended.borrow().is_some();
        let newer = steps.wait_for(|checking| checking.steps.len() > seen || checking.ended || is_over());
        let waited = tokio::time::timeout(limits::CHECKING, newer).await;
        drop(waited);
        let checking = progress.steps.borrow().clone();
        QueryReply::Checking { checking }
    }
    async fn forms(&self) -> QueryReply {
        let found = self.senses.found().await;
        let settings = self.settings();
        QueryReply::Terminals {
            drivers: drivers(settings.practice),
            terminals: settings.terminals.iter().map(filled).collect(),
            printers: printers(),
            printer: filled_printer(&settings),
            sights: sights(&found, &settings),
            sight: filled_sight(&settings),
            file: crate::settings::FILE.to_owned(),
        }
    }
    pub(crate) async fn subject(&self, form: Box<TerminalForm>, change: bool) -> Result<Subject, Problem> {
        let stopping = || Problem::new(ProblemCode::Stopping);
        let (reply, answer) = oneshot::channel();
        self.inbox.send(Message::Subject(form, change, reply)).await.map_err(|_| stopping())?;
        answer.await.map_err(|_| stopping())?
    }
    pub(crate) async fn probe(
        &self,
        form: &TerminalForm,
        change: bool,
    ) -> Result<Result<Identity, Fault>, Problem> {
        let stopping = || Problem::new(ProblemCode::Stopping);
        let (reply, answer) = oneshot::channel();
        let message = Message::Probe(Box::new(form.clone()), change, reply);
        self.inbox.send(message).await.map_err(|_| stopping())?;
        answer.await.map_err(|_| stopping())?
    }
    /// The journal learns a little later that a slip is printed: what does not wait any more, is.
    fn as_now(&self, mut reply: QueryReply) -> QueryReply {
        let rows = match &mut reply {
            QueryReply::Papers { rows } => rows,
            QueryReply::Payment { case } => &mut case.papers,
            QueryReply::Payments { .. }
            | QueryReply::Receipts { .. }
            | QueryReply::Day { .. }
            | QueryReply::Sale { .. }
            | QueryReply::Checked { .. }
            | QueryReply::Checking { .. }
            | QueryReply::Terminals { .. }
            | QueryReply::Standing { .. }
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
    pub(crate) fn announced(&self) -> Option<String> {
        let listening = self.ear.address()?;
        match self.settings().listener.public_url.trim() {
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
