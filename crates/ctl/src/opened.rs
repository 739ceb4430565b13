//! A till started on the data folder for one command, with somebody who follows it.

use anyhow::Context;
use till::api::{PaymentView, Problem, ProblemCode};
use till::clock::Clock;
use till::seams::domain::ids::TerminalId;
use till::{Options, Started};
use tokio::time::timeout;

use crate::cli::YesNo;
use crate::commands::Call;
use crate::commands::to_its_end::nobody_can_check;
use crate::follow::{Follow, Step};
use crate::limits;
use crate::out::Out;
use crate::prompts::Answers;
use crate::signals::{NO_SIGNALS, Signals};
use crate::words;

/// See the module.
#[derive(Debug)]
pub struct Opened {
    /// The till.
    pub started: Started,
    /// Who tells what happens on it.
    pub follow: Follow,
    out: Out,
}

impl Opened {
    /// Starts a till that talks to one terminal, or to any. From here on Ctrl-C is a wish, not the end.
    ///
    /// # Errors
    /// The folder, its settings or its journal cannot be used.
    pub async fn talking(
        call: &Call,
        only: Option<TerminalId>,
        answer: Option<YesNo>,
    ) -> anyhow::Result<Self> {
        Self::start(call, Options { auto_open: false, only, deaf: false }, answer).await
    }

    /// Starts a till that only writes down what a person decides.
    ///
    /// # Errors
    /// As [`Opened::talking`].
    pub async fn deaf(call: &Call) -> anyhow::Result<Self> {
        Self::start(call, Options { auto_open: false, only: None, deaf: true }, None).await
    }

    async fn start(call: &Call, options: Options, answer: Option<YesNo>) -> anyhow::Result<Self> {
        let signals = Signals::taken().context(NO_SIGNALS)?;
        let started = till::start(&call.folder, options).await?;
        let clock = Clock::system(started.settings.shop.zone.clone());
        let answers = Answers::new(answer, !call.out.json);
        let follow = Follow::new(call.out, &started.till, clock, signals, answers);
        Ok(Self { started, follow, out: call.out })
    }

    /// A practice folder: everything is marked.
    pub fn practice(&self) -> bool {
        self.started.settings.practice
    }

    /// Stops the till in order.
    pub async fn stop(self) {
        let Self { started, follow, .. } = self;
        drop(follow);
        if timeout(limits::STOP, started.stop()).await.is_err() {
            // Everything that must not be lost is on disk; what hangs is a connection.
            tracing::warn!("the till did not stop in time");
        }
    }

    /// Waits until earlier payments on a terminal are settled: new money waits for them. Returns those that
    /// were settled meanwhile.
    ///
    /// # Errors
    /// They are not settled in time, or cannot be without a person.
    pub async fn earlier_settled(&mut self, terminal: &TerminalId) -> Result<Vec<PaymentView>, Problem> {
        let until = self.follow.after(limits::EARLIER);
        let (mut told, mut settled) = (None, Vec::new());
        loop {
            let Some(blocking) = self.blocking(terminal) else { return Ok(settled) };
            if blocking.state == "await_signature" {
                // Its question goes first, to whoever is here to answer.
                self.follow.add(blocking.payment).await;
            }
            let code = match blocking.state.as_str() {
                "disputed" => Some(ProblemCode::TerminalBlocked),
                _ if nobody_can_check(&blocking, &self.follow) => Some(ProblemCode::TerminalBusy),
                _ => None,
            };
            if let Some(code) = code {
                return Err(blocked(code, &blocking));
            }
            if told != Some(blocking.payment) {
                told = Some(blocking.payment);
                self.out.say(&self.checking(&blocking));
            }
            match self.follow.step(Some(until)).await? {
                Step::Changed => {}
                Step::Wished(_) | Step::TimeUp => {
                    return Err(blocked(ProblemCode::TerminalBlocked, &blocking));
                }
            }
            settled.extend(self.tell_settled(&blocking));
        }
    }

    fn blocking(&self, terminal: &TerminalId) -> Option<PaymentView> {
        let view = self.started.till.views().borrow().clone();
        let blocked_by = view.terminals.iter().find(|known| known.terminal == *terminal)?.blocked_by?;
        view.payment(blocked_by).cloned()
    }

    fn checking(&self, payment: &PaymentView) -> String {
        let at = payment.at.to_zoned(self.started.settings.shop.zone.clone());
        let (amount, at) = (payment.requested, at.strftime("%H:%M"));
        match payment.state.as_str() {
            "await_signature" => {
                format!("The signature of an earlier payment is to be checked first: {amount} of {at}.")
            }
            _ => format!("Paydesk checks an earlier payment first: {amount} of {at}. Please wait."),
        }
    }

    fn tell_settled(&self, payment: &PaymentView) -> Option<PaymentView> {
        let view = self.started.till.views().borrow().clone();
        let settled = view.payment(payment.payment).filter(|payment| payment.state == "closed")?;
        self.out.say(&format!("The earlier payment: {}", words::settled(settled)));
        Some(settled.clone())
    }
}

fn blocked(code: ProblemCode, payment: &PaymentView) -> Problem {
    Problem::new(code).with("terminal", &payment.terminal).about(payment.payment)
}
