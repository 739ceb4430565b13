//! What the terminal shows, prints and asks while an operation runs (default form).
//!
//! The inbox hands the terminal's requests over; [`Dialogue::during`] serves them beside whatever the
//! operation waits for. Dossier chapters 11.1 and 12. Invariant: a text never waits for a question or for
//! paper; no slip is lost, whatever ends first; nothing here touches the outcome. A request that does not
//! name the money request at the terminal may come from anybody: it is shown and asked, but it is no
//! signature, and it takes no question away.

use super::map::{self, Entry, Wait};
use super::shared::{Call, Shared};
use crate::desk::Desk;
use crate::limits::nexo as limits;
use crate::listener::Answer as Reply;
use crate::notice::Notice;
use domain::prompt::{Answer, Question};
use domain::receipt::{Copy, Receipt};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use wire::nexo::{Body, ErrorCondition, Header, InputRequest, Message, PrintOutput};

/// See the module.
pub(super) struct Dialogue<'d> {
    shared: &'d Shared,
    desk: &'d dyn Desk,
    calls: mpsc::Receiver<Call>,
    tasks: FuturesUnordered<BoxFuture<'d, ()>>,
    /// A merchant's copy was printed for our request: a yes or no about it is about its signature.
    copy_printed: bool,
    newest: Option<Open>,
}

/// The newest question, from the outside.
struct Open {
    /// Takes it back.
    withdraw: oneshot::Sender<()>,
    /// Ends when the question has.
    over: oneshot::Receiver<()>,
    /// The request that asked.
    header: Header,
    /// It named our request.
    is_bound: bool,
}

impl Open {
    fn is_over(&mut self) -> bool {
        self.over.try_recv() != Err(EMPTY)
    }
    /// Whether an event speaks of this question: of its own identifier or of its service (dossier chapter
    /// 12.5).
    fn is_named_by(&self, event: &Header) -> bool {
        let device = event.device_id.is_some() && event.device_id == self.header.device_id;
        let service = event.service_id.is_some() && event.service_id == self.header.service_id;
        event.sale_id == self.header.sale_id && (device || service)
    }
}

impl<'d> Dialogue<'d> {
    /// Serves these calls at this desk.
    pub fn new(shared: &'d Shared, desk: &'d dyn Desk, calls: mpsc::Receiver<Call>) -> Self {
        Self { shared, desk, calls, tasks: FuturesUnordered::new(), copy_printed: false, newest: None }
    }

    /// Serves the terminal until `work` is done. Boxed: a future holds what it was given twice, moves as a
    /// whole, and this one stands before the first byte.
    pub async fn during<T>(&mut self, mut work: BoxFuture<'_, T>) -> T {
        loop {
            tokio::select! {
                // The operation first: a flood of requests cannot keep its answer waiting.
                biased;
                done = &mut work => return done,
                Some(()) = self.tasks.next() => {}
                Some(call) = self.calls.recv() => self.take(call),
            }
        }
    }

    /// The operation has its answer: takes an open question back. Requests that are still unanswered are
    /// answered by the inbox, as outside of an operation.
    pub async fn end(mut self) {
        let is_open = self.newest.take().is_some_and(|mut open| !open.is_over());
        if is_open {
            self.desk.withdraw().await;
        }
    }

    fn take(&mut self, call: Call) {
        match call {
            Call::Withdraw(event) => match self.newest.take_if(|open| open.is_named_by(&event)) {
                Some(open) => self.tasks.push(Box::pin(withdrawn(open))),
                None => tracing::info!("an event takes back a question that is not open"),
            },
            Call::Device { message, reply } => self.serve(&message, reply),
        }
    }

    fn serve(&mut self, message: &Arc<Message>, reply: oneshot::Sender<Reply>) {
        if let Body::DisplayRequest(request) = &message.body {
            for display in map::displays(request) {
                self.desk.show(display);
            }
            answer(reply, map::display_answer(&message.header, request));
        } else if let Body::PrintRequest(request) = &message.body {
            self.print(&message.header, &request.print_output, reply);
        } else if let Body::InputRequest(request) = &message.body {
            self.ask(&message.header, request, reply);
        } else {
            answer(reply, map::refuse(message));
        }
    }

    fn print(&mut self, header: &Header, output: &PrintOutput, reply: oneshot::Sender<Reply>) {
        let slip = map::print_slip(output);
        self.copy_printed |= slip.copy == Copy::Merchant && self.shared.is_about_our_request(header);
        let success = map::print_answer(header, output, Ok(()));
        let kept = Kept { shared: self.shared, slip: Some(slip.clone()), reply: Some(reply), success };
        let (header, output, desk) = (header.clone(), output.clone(), self.desk);
        self.tasks.push(Box::pin(async move { print(desk, slip, kept, &header, &output).await }));
    }

    fn ask(&mut self, header: &Header, request: &InputRequest, reply: oneshot::Sender<Reply>) {
        let is_bound = self.shared.is_about_our_request(header);
        let refused = |condition| map::input_failure(header, request, condition);
        let entry = match map::question(request, is_bound && self.copy_printed) {
            Ok(entry) => entry,
            Err(condition) => return answer(reply, refused(condition)),
        };
        if !is_bound && self.newest.as_mut().is_some_and(|open| open.is_bound && !open.is_over()) {
            return answer(reply, refused(ErrorCondition::Busy));
        }
        let (withdraw, withdrawing) = oneshot::channel();
        let (ended, over) = oneshot::channel();
        let open = Open { withdraw, over, header: header.clone(), is_bound };
        let older = self.newest.replace(open);
        let (header, request, desk) = (header.clone(), request.clone(), self.desk);
        self.tasks.push(Box::pin(async move {
            if let Some(older) = older {
                withdrawn(older).await;
            }
            let given = ask(desk, entry, withdrawing).await;
            answer(reply, map::input_answer(&header, &request, &given));
            // Whoever waits for the end of this question may be gone.
            let _ = ended.send(());
        }));
    }
}

/// What a channel says whose sender still lives.
const EMPTY: oneshot::error::TryRecvError = oneshot::error::TryRecvError::Empty;

/// Nobody waits for an answer after its connection broke; that changes nothing.
fn answer(reply: oneshot::Sender<Reply>, with: Reply) {
    let _ = reply.send(with);
}

/// Takes a question back and waits for its end; it may have ended by itself.
async fn withdrawn(open: Open) {
    let _ = open.withdraw.send(());
    let _ = open.over.await;
}

/// Asks until there is an answer. A question that is taken back before it was asked is not asked.
async fn ask(desk: &dyn Desk, entry: Entry, mut withdrawing: oneshot::Receiver<()>) -> Answer {
    if withdrawing.try_recv().is_ok() {
        return Answer::NoDialogue;
    }
    let Entry { question, text, limit } = entry;
    let text = if text.is_empty() { fallback(&question).to_owned() } else { text };
    let mut asked = pin!(desk.ask(question, text, limit));
    tokio::select! {
        biased;
        given = &mut asked => return given,
        Ok(()) = &mut withdrawing => {}
    }
    // The desk answers its own question with "no dialogue" once it is taken back.
    let ((), given) = futures_util::join!(desk.withdraw(), asked);
    given
}

/// A question without words still has a kind.
fn fallback(question: &Question) -> &'static str {
    match question {
        Question::Signature => "Signature OK?",
        Question::Confirm
        | Question::AnyKey
        | Question::Digits { .. }
        | Question::Text { .. }
        | Question::Decimal { .. }
        | Question::Menu { .. } => "The terminal asks",
    }
}

/// A slip that must not be lost, and the answer about it. Dropped before it was printed, the slip becomes a
/// notice and the terminal is told that the till has it.
struct Kept<'d> {
    shared: &'d Shared,
    slip: Option<Receipt>,
    reply: Option<oneshot::Sender<Reply>>,
    success: Reply,
}

impl Kept<'_> {
    fn answer(&mut self, with: Reply) {
        if let Some(reply) = self.reply.take() {
            answer(reply, with);
        }
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        if let Some(slip) = self.slip.take() {
            self.shared.notice(Notice::Receipt(slip));
        }
        let success = self.success.clone();
        self.answer(success);
    }
}

async fn print(desk: &dyn Desk, slip: Receipt, mut kept: Kept<'_>, header: &Header, output: &PrintOutput) {
    let mut printing = pin!(desk.print(slip));
    let soon = async {
        match map::print_wait(output) {
            Wait::Soon => tokio::time::sleep(limits::PRINT_ANSWER).await,
            Wait::Paper => std::future::pending().await,
        }
    };
    let printed = tokio::select! {
        biased;
        printed = &mut printing => printed,
        // The terminal counts a late answer as a broken line; that the paper is late the cashier sees here.
        () = soon => {
            let success = kept.success.clone();
            kept.answer(success);
            printing.await
        }
    };
    kept.slip = None;
    kept.answer(map::print_answer(header, output, printed));
}
