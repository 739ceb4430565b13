//! A till started on the data folder for one command, with somebody who follows it.

use anyhow::Context;
use till::api::{PaymentView, Problem, ProblemCode, View};
use till::clock::Clock;
use till::seams::domain::ids::TerminalId;
use till::{Options, Started};
use tokio::time::timeout;

use crate::cli::YesNo;
use crate::commands::Call;
use crate::commands::to_its_end::{followed_to_its_end, settled_now};
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
        Self::start(call, Options { only, ..Options::default() }, answer).await
    }

    /// Starts a till that only writes down what a person decides.
    ///
    /// # Errors
    /// As [`Opened::talking`].
    pub async fn deaf(call: &Call) -> anyhow::Result<Self> {
        Self::start(call, Options { deaf: true, ..Options::default() }, None).await
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
    /// were settled in this run of the till, perhaps at its very start. Where one waits for its signature,
    /// that question goes first; `--answer` only answers it if it was said about that payment.
    ///
    /// # Errors
    /// They are not settled in time, or cannot be without a person; or somebody wished that this ends.
    pub async fn earlier_settled(
        &mut self,
        terminal: &TerminalId,
        is_meant: impl Fn(&PaymentView) -> bool,
    ) -> Result<Vec<PaymentView>, Problem> {
        let until = self.follow.after(limits::EARLIER);
        self.follow.wait_for(limits::EARLIER, |view| (view.sequence > 0).then_some(())).await?;
        let mut waited_for = None;
        loop {
            if self.follow.was_wished() {
                return Err(Problem::new(ProblemCode::Stopping));
            }
            // One view says both: that something is settled, and that nothing is in the way.
            let view = self.follow.seen();
            let found = waited_for.and_then(|id| view.payment(id)).filter(|it| it.state == "closed");
            if let Some(found) = found {
                self.out.say(&format!("The earlier payment: {}", words::settled(found)));
                waited_for = None;
            }
            let Some(blocking) = blocking(&view, terminal) else {
                let settled = |it: &&PaymentView| it.terminal == *terminal && settled_now(it);
                return Ok(view.each_payment().filter(settled).cloned().collect());
            };
            if blocking.state == "disputed" {
                return Err(blocked(ProblemCode::TerminalBlocked, blocking));
            }
            if waited_for != Some(blocking.payment) {
                waited_for = Some(blocking.payment);
                self.out.say(&self.checking(blocking));
                if !is_meant(blocking) {
                    self.follow.leave_out(blocking.payment);
                }
            }
            if blocking.state == "await_signature" {
                self.follow.add_earlier(blocking.payment).await;
                let ended = followed_to_its_end(&mut self.follow, blocking.payment).await?;
                if ended.state != "closed" {
                    return Err(blocked(ProblemCode::TerminalBusy, &ended));
                }
                continue;
            }
            match self.follow.step(Some(until)).await? {
                Step::Changed => {}
                Step::Wished(_) | Step::TimeUp => {
                    return Err(blocked(ProblemCode::TerminalBlocked, blocking));
                }
            }
        }
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
}

fn blocking<'a>(view: &'a View, terminal: &TerminalId) -> Option<&'a PaymentView> {
    let blocked_by = view.terminals.iter().find(|known| known.terminal == *terminal)?.blocked_by?;
    view.payment(blocked_by)
}

fn blocked(code: ProblemCode, payment: &PaymentView) -> Problem {
    Problem::new(code).with("terminal", &payment.terminal).about(payment.payment)
}
