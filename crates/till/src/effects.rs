//! What runs beside the loop: one task per effect, each with a limit, each ending in one [`Done`].
//!
//! Invariant: a driver that panics or hangs ends as "unknown", never as silence.

use crate::api::Problem;
use crate::desk::ActorDesk;
use crate::limits;
use domain::ids::{OperationId, TerminalId};
use domain::operation::{Operation, Sent};
use domain::outcome::{Fault, Outcome, Reason, Recovered};
use futures_util::FutureExt;
use peripherals::limits::Limits;
use peripherals::printer::{Fault as PrinterFault, Printed, Prints};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use store::{Appended, Store, StoreError};
use terminals::http::Ahead;
use terminals::service::{Report, Service};
use terminals::{Identity, Terminal};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// Who waits for a service.
pub(crate) type ServiceReply = oneshot::Sender<Result<Report, Fault>>;

/// Who waits for a login that belongs to no terminal of the fleet.
pub(crate) type ProbeReply = oneshot::Sender<Result<Result<Identity, Fault>, Problem>>;

/// How an effect ended.
#[derive(Debug)]
pub(crate) enum Done {
    Performed(OperationId, Box<Result<Outcome, Fault>>),
    Recovered(OperationId, Result<Recovered, Fault>),
    Aborted(OperationId, Result<(), Fault>),
    Opened(TerminalId, Result<Identity, Fault>),
    Served(TerminalId, Service, Option<ServiceReply>, Result<Report, Fault>),
    AskedLast(TerminalId, Result<Report, Fault>),
    Printed(Result<Printed, PrinterFault>),
    Flushed(Result<Appended, StoreError>),
    Probed(Arc<dyn Terminal>, Vec<TerminalId>, ProbeReply, Result<Identity, Fault>),
}

pub(crate) async fn guarded<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let caught = AssertUnwindSafe(work).catch_unwind();
    match tokio::time::timeout(limit, caught).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => {
            tracing::error!("a driver ended abnormally");
            Err(Fault::unknown(Reason::AnswerLost, "the driver ended abnormally"))
        }
        Err(_) => Err(Fault::unknown(Reason::DeadlinePassed, "no answer within the till's own limit")),
    }
}

/// The running effects. Dropping them drops their tasks.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    tasks: JoinSet<Done>,
    has_begun: bool,
}

impl Effects {
    /// `ahead`: what the driver has ready for it.
    pub(crate) fn perform(
        &mut self,
        driver: Arc<dyn Terminal>,
        operation: Operation,
        desk: ActorDesk,
        ahead: Ahead,
    ) {
        self.has_begun = true;
        self.tasks.spawn(async move {
            let _until_it_ended = ahead;
            let result = guarded(limits::PERFORM, driver.perform(&operation, &desk)).await;
            Done::Performed(operation.id, Box::new(result))
        });
    }
    pub(crate) fn recover(&mut self, driver: Arc<dyn Terminal>, operation: Operation, sent: Vec<Sent>) {
        self.tasks.spawn(async move {
            let result = guarded(limits::RECOVER, driver.recover(&operation, &sent)).await;
            Done::Recovered(operation.id, result)
        });
    }
    pub(crate) fn abort(&mut self, driver: Arc<dyn Terminal>, operation: OperationId) {
        self.tasks.spawn(async move {
            let result = guarded(limits::ABORT, driver.abort(operation)).await;
            Done::Aborted(operation, result)
        });
    }
    pub(crate) fn call_off(&mut self, driver: Arc<dyn Terminal>, operation: Operation, sent: Vec<Sent>) {
        self.tasks.spawn(async move {
            let result = guarded(limits::ABORT, driver.call_off(&operation, &sent)).await;
            Done::Aborted(operation.id, result)
        });
    }
    pub(crate) fn open(&mut self, driver: Arc<dyn Terminal>, terminal: TerminalId) {
        self.tasks.spawn(async move {
            let result = guarded(limits::OPEN, driver.open()).await;
            Done::Opened(terminal, result)
        });
    }
    pub(crate) fn serve(
        &mut self,
        driver: Arc<dyn Terminal>,
        terminal: TerminalId,
        service: Service,
        reply: Option<ServiceReply>,
    ) {
        self.tasks.spawn(async move {
            let result = guarded(limits::SERVICE, driver.service(&service)).await;
            Done::Served(terminal, service, reply, result)
        });
    }
    pub(crate) fn ask_last(&mut self, driver: Arc<dyn Terminal>, terminal: TerminalId) {
        self.tasks.spawn(async move {
            let result = guarded(limits::SERVICE, driver.service(&Service::Last)).await;
            Done::AskedLast(terminal, result)
        });
    }
    pub(crate) fn print(&mut self, printer: Arc<dyn Prints>, bytes: Vec<u8>) {
        self.tasks.spawn(async move {
            let printing = AssertUnwindSafe(printer.print(&bytes, &Limits::SHOP)).catch_unwind();
            let stopped =
                |detail: &str| PrinterFault::Stopped { target: String::new(), detail: detail.to_owned() };
            Done::Printed(match tokio::time::timeout(limits::PRINT, printing).await {
                Ok(Ok(result)) => result,
                Ok(Err(_)) => Err(stopped("its driver ended abnormally")),
                Err(_) => Err(stopped("no end within the till's own limit")),
            })
        });
    }
    /// Writes texts and traces that are buffered; the loop goes on meanwhile.
    pub(crate) fn flush(&mut self, store: Store) {
        self.tasks.spawn(async move { Done::Flushed(store.flush_aside().await) });
    }
    pub(crate) fn probe(&mut self, driver: Arc<dyn Terminal>, rivals: Vec<TerminalId>, reply: ProbeReply) {
        self.tasks.spawn(async move {
            let result = guarded(limits::OPEN, driver.open()).await;
            Done::Probed(driver, rivals, reply, result)
        });
    }
    /// Whether an operation was begun since the last time that this was asked.
    pub(crate) fn has_begun(&mut self) -> bool {
        std::mem::take(&mut self.has_begun)
    }
    /// The next effect that ends; waits for ever while none runs.
    pub(crate) async fn next(&mut self) -> Done {
        loop {
            match self.tasks.join_next().await {
                Some(Ok(done)) => return done,
                // A task is cancelled only when the till stops.
                Some(Err(error)) => tracing::error!(%error, "an effect was cancelled"),
                None => std::future::pending::<()>().await,
            }
        }
    }
}
