//! Following payments on a running till: says what happens as it happens, passes answers on, hears Ctrl-C.
//!
//! Invariant: of a followed payment every moment is told exactly once and in order, however many views were
//! missed in between; the till numbers its moments for that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use till::Till;
use till::api::{
    Accepted, Command, Dispatch, Moment, MomentKind, NoticeView, PaymentView, Problem, ProblemCode,
    PromptView, View,
};
use till::clock::Clock;
use till::random::Random;
use till::seams::domain::ids::{CommandId, OperationId};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::lines::Line;
use crate::out::Out;
use crate::prompts::{Answers, wants};
use crate::signals::Signals;
use crate::words;

/// Why [`Follow::step`] returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is a newer view, or the answers' input has ended.
    Changed,
    /// Ctrl-C, or the system wants the program to end.
    Interrupted,
    /// The time is up.
    TimeUp,
}

/// See the module.
#[derive(Debug)]
pub struct Follow {
    out: Out,
    till: Till,
    views: watch::Receiver<Arc<View>>,
    clock: Clock,
    random: Random,
    signals: Signals,
    /// Who answers questions.
    pub answers: Answers,
    followed: BTreeSet<OperationId>,
    told: BTreeMap<OperationId, u64>,
    notices_told: u64,
    troubles: BTreeSet<String>,
}

/// One thing to tell.
enum News<'a> {
    Moment(&'a PaymentView, &'a Moment),
    Notice(&'a NoticeView),
}

impl News<'_> {
    fn number(&self) -> u64 {
        match self {
            Self::Moment(_, moment) => moment.number,
            Self::Notice(notice) => notice.number,
        }
    }
}

impl Follow {
    /// Follows nothing yet but notices and the till's own troubles.
    pub fn new(out: Out, till: &Till, clock: Clock, signals: Signals, answers: Answers) -> Self {
        Self {
            out,
            till: till.clone(),
            views: till.views(),
            random: Random::system(clock.clone()),
            clock,
            signals,
            answers,
            followed: BTreeSet::new(),
            told: BTreeMap::new(),
            notices_told: 0,
            troubles: BTreeSet::new(),
        }
    }

    /// From now on this payment, too, from its beginning.
    pub fn add(&mut self, payment: OperationId) {
        self.followed.insert(payment);
    }

    /// The newest view.
    pub fn view(&self) -> Arc<View> {
        self.views.borrow().clone()
    }

    /// The point in time this far from now, whatever the wall clock does.
    pub fn after(&self, wait: std::time::Duration) -> Instant {
        self.clock.instant(self.clock.mono().saturating_add(wait))
    }

    /// Wants something of the till.
    ///
    /// # Errors
    /// The till refuses.
    pub async fn dispatch(&self, command: Command) -> Result<Accepted, Problem> {
        self.till.dispatch(Dispatch { id: CommandId::of(&self.random.seed()), command }).await
    }

    /// Tells what is new in the newest view, then waits for the next thing to happen.
    ///
    /// # Errors
    /// The till is gone.
    pub async fn step(&mut self, until: Option<Instant>) -> Result<Step, Problem> {
        let time_up = async {
            match until {
                Some(until) => sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        let step = tokio::select! {
            changed = self.views.changed() => {
                changed.map_err(|_| Problem::new(ProblemCode::Stopping))?;
                Step::Changed
            }
            line = self.answers.next() => {
                if let Some(line) = line {
                    self.answer_with(&line).await;
                }
                Step::Changed
            }
            () = self.signals.next() => Step::Interrupted,
            () = time_up => Step::TimeUp,
        };
        self.catch_up().await;
        Ok(step)
    }

    /// Tells what is new.
    pub async fn catch_up(&mut self) {
        let view = self.views.borrow_and_update().clone();
        self.follow_linked(&view);
        self.tell_troubles(&view);
        let mut news: Vec<News<'_>> = Vec::new();
        for payment in self.mine(&view) {
            let told = self.told.get(&payment.payment).copied().unwrap_or(0);
            let fresh = payment.timeline.iter().filter(|moment| moment.number > told);
            news.extend(fresh.map(|moment| News::Moment(payment, moment)));
        }
        let fresh = view.notices.iter().filter(|notice| notice.number > self.notices_told);
        news.extend(fresh.map(News::Notice));
        news.sort_by_key(News::number);
        for news in news {
            self.tell(&news);
        }
        self.answer_by_itself(&view).await;
    }

    fn mine<'a>(&'a self, view: &'a View) -> impl Iterator<Item = &'a PaymentView> {
        view.payments.iter().filter(|payment| self.followed.contains(&payment.payment))
    }

    /// The reversal of a refused signature belongs to the payment that it undoes.
    fn follow_linked(&mut self, view: &View) {
        let linked: Vec<OperationId> = self.mine(view).filter_map(reversal_of).collect();
        self.followed.extend(linked);
    }

    fn tell(&mut self, news: &News<'_>) {
        match news {
            News::Moment(payment, moment) => {
                self.told.insert(payment.payment, moment.number);
                if let Some(line) = Line::moment(payment, moment) {
                    self.out.line(&line);
                }
                self.tell_person(payment, moment);
            }
            News::Notice(notice) => {
                self.notices_told = notice.number;
                self.out.line(&Line::notice(notice));
                let terminal = notice.terminal.as_ref().map(|terminal| terminal.0.as_str());
                self.out.say(&words::notice(&notice.code, &notice.text, terminal));
            }
        }
    }

    fn tell_person(&self, payment: &PaymentView, moment: &Moment) {
        match &moment.what {
            MomentKind::Display { text } => self.out.say(&format!("  {}", text.replace('\n', "\n  "))),
            MomentKind::Code { data } => self.out.say(&format!("The customer scans this code: {data}")),
            MomentKind::Prompt { id, text, .. } => {
                let open = payment.prompt.as_ref().filter(|open| open.id == *id);
                let hint = open.map_or(String::new(), |open| format!(" [{}]", wants(&open.question)));
                self.out.say(&format!("{text}{hint}"));
            }
            MomentKind::Print { text, .. } => self.out.text(&format!("\n{text}\n")),
            MomentKind::Step { step, detail } => {
                words::step(step, detail.as_deref()).iter().for_each(|words| self.out.say(words));
            }
        }
    }

    /// What is wrong with the till itself, once for as long as it lasts.
    fn tell_troubles(&mut self, view: &View) {
        let now: BTreeSet<String> = view.problems.iter().map(ToString::to_string).collect();
        for problem in view.problems.iter().filter(|problem| !self.troubles.contains(&problem.to_string())) {
            self.out.problem(problem);
        }
        self.troubles = now;
    }

    async fn answer_by_itself(&mut self, view: &View) {
        for (payment, prompt) in open_prompts(self.mine(view)) {
            let Some(answer) = self.answers.to(payment, &prompt) else { continue };
            let command = Command::Answer { payment, prompt: prompt.id, answer };
            if let Err(problem) = self.dispatch(command).await {
                self.out.problem(&problem);
            }
        }
    }

    async fn answer_with(&mut self, line: &str) {
        let view = self.view();
        let open = open_prompts(self.mine(&view));
        let answered = match self.answers.read(line, &open) {
            Ok((payment, prompt, answer)) => {
                self.dispatch(Command::Answer { payment, prompt, answer }).await.map(|_| ())
            }
            Err(problem) => Err(problem),
        };
        if let Err(problem) = answered {
            self.answers.count_bad();
            self.out.problem(&problem);
        }
    }

    /// Ctrl-C during a payment: a wish to the terminal, whose answer is still waited for.
    pub async fn ask_to_cancel(&mut self, payment: OperationId) {
        match self.dispatch(Command::Abort { payment }).await {
            Ok(_) => {}
            Err(problem) if problem.code == ProblemCode::WrongStage => {
                self.out.say("The payment cannot be cancelled any more. Paydesk waits for what became of it.");
            }
            Err(problem) => self.out.problem(&problem),
        }
    }
}

/// The linked reversal of a payment whose signature was refused.
pub fn reversal_of(payment: &PaymentView) -> Option<OperationId> {
    payment.evidence.get("reversal").and_then(OperationId::parse)
}

fn open_prompts<'a>(payments: impl Iterator<Item = &'a PaymentView>) -> Vec<(OperationId, PromptView)> {
    payments.filter_map(|payment| Some((payment.payment, payment.prompt.clone()?))).collect()
}
