//! Following payments on a running till: says what happens as it happens, passes answers on, hears
//! Ctrl-C.
//!
//! Invariant: of a followed payment every moment is told exactly once and in order, however many views
//! were missed in between; the till numbers its moments for that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use till::Till;
use till::api::{
    Accepted, Command, Dispatch, Moment, MomentKind, NoticeView, PaymentView, Problem, ProblemCode,
    PromptView, View,
};
use till::clock::Clock;
use till::random::Random;
use till::seams::domain::ids::{CommandId, OperationId, PromptId};
use till::seams::domain::prompt::Answer;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use crate::limits;
use crate::lines::Line;
use crate::out::Out;
use crate::prompts::{Answers, spoken, wants};
use crate::signals::{Signals, Wish};
use crate::words;

/// Why [`Follow::step`] returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is a newer view, or the answers' input has ended.
    Changed,
    /// Ctrl-C, or the system wants the program to end.
    Wished(Wish),
    /// The time is up.
    TimeUp,
}

/// See the module.
#[derive(Debug)]
pub struct Follow {
    out: Out,
    till: Till,
    views: watch::Receiver<Arc<View>>,
    /// The view that was told last.
    seen: Arc<View>,
    clock: Clock,
    random: Random,
    signals: Signals,
    answers: Answers,
    /// Somebody wished that this ends.
    wished: bool,
    followed: BTreeSet<OperationId>,
    /// Followed for the sake of another payment: their intent is not announced.
    linked: BTreeSet<OperationId>,
    told: BTreeMap<OperationId, u64>,
    notices_told: u64,
    troubles: BTreeSet<String>,
    /// Questions of terminals that were ended because nobody can answer them.
    ended: BTreeSet<PromptId>,
}

/// Whether the moment before it in its payment was the same.
fn is_repeated(payment: &PaymentView, moment: &Moment) -> bool {
    let before = payment.timeline.iter().rev().find(|it| it.number < moment.number);
    before.is_some_and(|it| it.what == moment.what)
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
            seen: Arc::default(),
            random: Random::system(clock.clone()),
            clock,
            signals,
            answers,
            wished: false,
            followed: BTreeSet::new(),
            linked: BTreeSet::new(),
            told: BTreeMap::new(),
            notices_told: 0,
            troubles: BTreeSet::new(),
            ended: BTreeSet::new(),
        }
    }

    /// From now on this payment, too, from its beginning.
    pub async fn add(&mut self, payment: OperationId) {
        self.linked.remove(&payment);
        if self.followed.insert(payment) {
            self.catch_up().await;
        }
    }

    /// The same for one that stands before the payment that is asked for: a program that reads the lines
    /// takes the first intent for its own.
    pub async fn add_earlier(&mut self, payment: OperationId) {
        if self.followed.insert(payment) {
            self.linked.insert(payment);
            self.catch_up().await;
        }
    }

    /// The newest view of which everything is told.
    pub fn seen(&self) -> Arc<View> {
        Arc::clone(&self.seen)
    }

    /// The point in time this far from now, whatever the wall clock does.
    pub fn after(&self, wait: Duration) -> Instant {
        self.clock.instant(self.clock.mono().saturating_add(wait))
    }

    /// An id for a command of one's own.
    pub fn command_id(&self) -> CommandId {
        CommandId::of(&self.random.seed())
    }

    /// What `--answer` says was not said about this payment.
    pub fn leave_out(&mut self, payment: OperationId) {
        self.answers.leave_out(payment);
    }

    /// Whether an answer to this payment's open question can still come.
    pub fn can_be_answered(&self, payment: &PaymentView) -> bool {
        payment.prompt.as_ref().is_some_and(|prompt| self.answers.can_come(payment.payment, prompt))
    }

    /// Wants something of the till.
    ///
    /// # Errors
    /// The till refuses.
    pub async fn dispatch(&self, command: Command) -> Result<Accepted, Problem> {
        self.till.instruct(Dispatch::new(self.command_id(), command)).await
    }

    /// Waits for the next thing to happen and tells what is new.
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
            biased;
            wish = self.signals.next() => Step::Wished(wish),
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
            () = time_up => Step::TimeUp,
        };
        self.wished |= matches!(step, Step::Wished(_));
        self.catch_up().await;
        Ok(step)
    }

    /// Whether Ctrl-C was pressed or the system wants the program to end: nothing new is begun then.
    pub fn was_wished(&self) -> bool {
        self.wished
    }

    /// Steps until the view has what is looked for; nothing when it does not come in time.
    ///
    /// # Errors
    /// The till is gone.
    pub async fn wait_for<T>(
        &mut self,
        limit: Duration,
        find: impl Fn(&View) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        let until = self.after(limit);
        self.catch_up().await;
        loop {
            if let Some(found) = find(&self.seen) {
                return Ok(Some(found));
            }
            if self.step(Some(until)).await? != Step::Changed {
                return Ok(None);
            }
        }
    }

    /// Tells what is new.
    async fn catch_up(&mut self) {
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
        let (mut told, mut notices_told) = (BTreeMap::new(), self.notices_told);
        for news in &news {
            self.tell(news);
            match news {
                News::Moment(payment, moment) => drop(told.insert(payment.payment, moment.number)),
                News::Notice(notice) => notices_told = notice.number,
            }
        }
        self.told.append(&mut told);
        self.notices_told = notices_told;
        self.answer_by_itself(&view).await;
        self.seen = view;
    }

    fn mine<'a>(&'a self, view: &'a View) -> impl Iterator<Item = &'a PaymentView> {
        view.each_payment().filter(|payment| self.followed.contains(&payment.payment))
    }

    /// The reversal of a refused signature belongs to the payment that it undoes.
    fn follow_linked(&mut self, view: &View) {
        let linked: Vec<OperationId> =
            self.mine(view).filter_map(|payment| Some(reversal_of(view, payment)?.payment)).collect();
        for id in linked {
            if self.followed.insert(id) {
                self.linked.insert(id);
            }
        }
    }

    fn tell(&self, news: &News<'_>) {
        match news {
            News::Moment(payment, moment) => {
                let is_linked = self.linked.contains(&payment.payment);
                match Line::moment(payment, moment) {
                    Some(Line::Intended { .. }) if is_linked => {}
                    Some(line) => self.out.line(&line),
                    None => {}
                }
                self.tell_person(payment, moment);
            }
            News::Notice(notice) => {
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
            // What every enquiry finds anew is told once.
            MomentKind::Step { step, .. } if step == "enquired" && is_repeated(payment, moment) => {}
            MomentKind::Step { step, detail } => {
                let kind = payment.kind.as_str();
                words::step(step, detail.as_deref(), kind).iter().for_each(|words| self.out.say(words));
            }
        }
    }

    /// What is wrong with the till itself, once for as long as it lasts.
    fn tell_troubles(&mut self, view: &View) {
        let now: BTreeSet<String> = view.problems.iter().map(ToString::to_string).collect();
        for problem in &view.problems {
            if !self.troubles.contains(&problem.to_string()) {
                self.out.problem(problem);
            }
        }
        self.troubles = now;
    }

    async fn answer_by_itself(&mut self, view: &View) {
        for (payment, prompt) in open_prompts(self.mine(view)) {
            let Some(answer) = self.answers.to(payment, &prompt) else { continue };
            let told = spoken(&answer);
            if self.answer(payment, prompt.id, answer).await {
                self.out.say(&format!("Answered as --answer says: {told}."));
            }
        }
        for (payment, prompt) in terminals_questions(self.mine(view)) {
            if !self.answers.can_come(payment, &prompt) {
                self.end_question(payment, prompt.id, "Nobody can answer this.").await;
            }
        }
    }

    async fn answer(&self, payment: OperationId, prompt: PromptId, answer: Answer) -> bool {
        let answered = self.dispatch(Command::Answer { payment, prompt, answer }).await;
        answered.as_ref().err().into_iter().for_each(|problem| self.out.problem(problem));
        answered.is_ok()
    }

    /// Ends every question that a terminal has open: the program is to end, and a payment cannot be
    /// cancelled while a question is open (R9).
    pub async fn end_questions(&mut self) {
        let view = self.views.borrow().clone();
        for (payment, prompt) in terminals_questions(self.mine(&view)) {
            self.end_question(payment, prompt.id, "Paydesk is told to end, so nobody answers this.").await;
            self.until_answered(payment, prompt.id).await;
        }
        self.catch_up().await;
    }

    /// What a question's own deadline does, at once: the terminal hears "no dialogue", which is never "no",
    /// and says itself what becomes of the payment.
    async fn end_question(&mut self, payment: OperationId, prompt: PromptId, why: &str) {
        if self.ended.insert(prompt) {
            let text = format!("{why} The terminal is told so and decides by itself.");
            self.out.line(&Line::nobody(&text, self.clock.now()));
            self.out.say(&text);
            self.answer(payment, prompt, Answer::NoDialogue).await;
        }
    }

    async fn answer_with(&mut self, line: &str) {
        let view = self.views.borrow().clone();
        let open = open_prompts(self.mine(&view));
        let answered = match self.answers.read(line, &open) {
            Ok((payment, prompt, answer)) => {
                let answered = self.dispatch(Command::Answer { payment, prompt, answer }).await;
                if answered.is_ok() {
                    self.until_answered(payment, prompt).await;
                }
                answered.map(|_| ())
            }
            Err(problem) => Err(problem),
        };
        if let Err(problem) = answered {
            self.answers.count_bad();
            self.out.problem(&problem);
        }
    }

    /// The view comes after the till's yes: until then the question looks open, and an input that ends
    /// meanwhile would look as if nobody had answered.
    async fn until_answered(&mut self, payment: OperationId, prompt: PromptId) {
        let is_open = |view: &View| {
            let open = view.payment(payment).and_then(|payment| payment.prompt.as_ref());
            open.is_some_and(|open| open.id == prompt)
        };
        // What does not come in time is told by the next step.
        let _ = timeout(limits::ANSWER_SEEN, self.views.wait_for(|view| !is_open(view))).await;
        self.views.mark_changed();
    }

    /// Ctrl-C during a payment: a wish to the terminal, whose answer is still waited for.
    pub async fn ask_to_cancel(&mut self, payment: OperationId) {
        match self.dispatch(Command::Abort { payment }).await {
            Ok(_) => {}
            Err(problem) if problem.code == ProblemCode::WrongStage => {
                self.out.say("Nothing more can be cancelled on it. Paydesk waits for what became of it.");
            }
            Err(problem) => self.out.problem(&problem),
        }
    }
}

/// The linked reversal that undoes this payment because its signature was refused.
pub fn reversal_of<'a>(view: &'a View, payment: &PaymentView) -> Option<&'a PaymentView> {
    if let Some(id) = payment.evidence.get("reversal").and_then(OperationId::parse) {
        return view.payment(id);
    }
    // After a restart the link is known only from the other side.
    let id = payment.payment.to_string();
    let undoes = |other: &&PaymentView| {
        other.kind == "reversal" && other.evidence.get("original") == Some(id.as_str())
    };
    view.each_payment().filter(|_| payment.state == "reversing").find(undoes)
}

/// Questions of terminals, which have deadlines. The till's own about a signature waits for a person.
fn terminals_questions<'a>(
    payments: impl Iterator<Item = &'a PaymentView>,
) -> Vec<(OperationId, PromptView)> {
    open_prompts(payments.filter(|payment| payment.state != "await_signature"))
}

fn open_prompts<'a>(payments: impl Iterator<Item = &'a PaymentView>) -> Vec<(OperationId, PromptView)> {
    payments.filter_map(|payment| Some((payment.payment, payment.prompt.clone()?))).collect()
}
