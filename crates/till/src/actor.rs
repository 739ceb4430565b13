//! The one loop. Commands, calls of drivers, notices, ended effects and timers come in; facts go to the
//! journal; views go out.
//!
//! Invariant: state changes only in [`Actor::commit`], after the facts are in the journal.

mod acts;
mod answered;
mod belief;
mod calls;
mod codes;
mod commands;
mod commit;
mod counter;
mod done;
mod drawer;
mod drive;
mod editing;
mod fleet;
mod handle;
mod makings;
mod money;
mod papers;
mod people;
mod picture;
mod press;
mod probing;
mod products;
mod reading;
mod reprints;
mod selling;
mod show;
mod show_sale;
mod state;

pub use handle::Till;
pub(crate) use press::receipt_of;
pub(crate) use show::{amount_of, kind_code};
pub(crate) use state::moment_of;

use crate::api::{Accepted, CustomerView, Dispatch, NoticeView, Problem, TerminalForm, View};
use crate::clock::Clock;
use crate::desk::DeskCall;
use crate::doctor::Subject;
use crate::ear::Ear;
use crate::effects::{Done, Effects, ProbeReply};
use crate::fleet::Fleet;
use crate::limits;
use crate::pairing::{self, Pairings};
use crate::pins::Work;
use crate::printers::{InUse, Printers};
use crate::random::Random;
use crate::secrets::SecretStore;
use crate::settings::{Settings, SettingsFile};
use crate::sight::{Eyes, Kept, Senses};
use answered::Answered;
use calls::Held;
use commands::Reply;
use domain::catalogue::Catalogue;
use domain::ids::{CommandId, OperationId, PromptId, SaleId, StaffId, TerminalId};
use domain::journal::Fact;
use domain::outcome::Reason;
use domain::payment::{Event, Mono, Stage};
use domain::prompt::Answer;
use domain::report::Report;
use domain::staff::Act;
use drive::Flushing;
use futures_util::future::BoxFuture;
use makings::build_fleet;
use people::{Checked, Sender, Who};
use press::Press;
use state::{Case, State, Unsaved};
use std::collections::{BTreeMap, VecDeque};
use std::future::ready;
use std::sync::Arc;
use store::{Opened, Store};
use terminals::Notice;
use terminals::http::Http;
use terminals::nearby::Nearby;
use terminals::serial::Lines;
use tokio::sync::{mpsc, oneshot, watch};

/// Everything a till is made of. Programs get it from [`crate::start`]; tests put it together themselves.
pub struct Parts {
    /// Checked settings.
    pub settings: Settings,
    /// The opened store.
    pub store: Store,
    /// What it held.
    pub opened: Opened,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// HTTP out.
    pub http: Arc<dyn Http>,
    /// Serial lines to terminals.
    pub lines: Arc<dyn Lines>,
    /// The local network.
    pub nearby: Arc<dyn Nearby>,
    /// Where drivers put their inboxes, and the port that feeds them.
    pub ear: Ear,
    /// Where the settings are kept.
    pub file: Arc<dyn SettingsFile>,
    /// Secrets.
    pub secrets: Arc<dyn SecretStore>,
    /// Open every terminal by itself and keep it open; otherwise only when it is used.
    pub auto_open: bool,
    /// What is sold.
    pub catalogue: Arc<Catalogue>,
    /// How much work a guess of a PIN is.
    pub work: Work,
    /// How the settings' printer is made, and any other.
    pub printers: Arc<dyn Printers>,
    /// Where cameras come from.
    pub eyes: Arc<dyn Eyes>,
}

/// What the loop takes in.
#[derive(Debug)]
pub(crate) enum Message {
    Command(Dispatch, Sender, oneshot::Sender<Result<Accepted, Problem>>),
    PinChecked(Box<Checked>),
    ReportX(oneshot::Sender<Result<(Report, u32), Problem>>),
    Subject(Box<TerminalForm>, bool, oneshot::Sender<Result<Subject, Problem>>),
    Probe(Box<TerminalForm>, bool, ProbeReply),
    Desk(OperationId, DeskCall),
    Notice(TerminalId, Box<Notice>),
    Stop(oneshot::Sender<()>),
}

/// A question whose asker waits.
#[derive(Debug)]
struct Waiting {
    prompt: PromptId,
    reply: Option<oneshot::Sender<Answer>>,
    until: Option<Mono>,
}

/// What the loop tells everybody, the newest of each.
struct Told {
    views: watch::Sender<Arc<View>>,
    customer: watch::Sender<Arc<CustomerView>>,
    shelf: watch::Sender<Arc<Catalogue>>,
    settings: watch::Sender<Arc<Settings>>,
}

struct Actor {
    settings: Settings,
    store: Store,
    clock: Clock,
    random: Random,
    inbox: mpsc::Sender<Message>,
    state: State,
    fleet: Fleet,
    effects: Effects,
    waiting: BTreeMap<OperationId, Waiting>,
    press: Press,
    /// What customers show their codes to.
    senses: Kept,
    /// Questions of terminals that wait for the slip to sign.
    held: Vec<Held>,
    unsaved: Vec<Unsaved>,
    retry_unsaved_at: Option<Mono>,
    flush_at: Option<Mono>,
    flushing: Flushing,
    idle_at: Option<Mono>,
    session_check_at: Mono,
    wake_at: Option<Mono>,
    commands: Answered,
    /// Answers that go out behind the next view.
    answers: Vec<(Reply, Result<Accepted, Problem>)>,
    or_refund: std::collections::BTreeSet<OperationId>,
    notices: VecDeque<NoticeView>,
    problems: Vec<Problem>,
    views: watch::Sender<Arc<View>>,
    customer: watch::Sender<Arc<CustomerView>>,
    sequence: u64,
    dirty: bool,
    /// The payment that the counter is about; of this run of the till, never stored.
    counter: Option<OperationId>,
    /// The sale that is rung up there; of this run of the till, too.
    counter_sale: Option<SaleId>,
    /// Who does the command that is carried out now; taken by the first fact that it goes with.
    acting: Option<(Who, Option<Act>)>,
    checking_pin: std::collections::BTreeSet<StaffId>,
    /// Commands that wait for a PIN to be compared, and those who sent them again.
    waiting_for_pin: BTreeMap<CommandId, Vec<Reply>>,
    /// Who was signed in when the till locked itself.
    locked: Option<StaffId>,
    names: BTreeMap<StaffId, String>,
    shelf: watch::Sender<Arc<Catalogue>>,
    catalogue_changes: u32,
    work: Work,
    auto_open: bool,
    ear: Ear,
    file: Arc<dyn SettingsFile>,
    told_settings: watch::Sender<Arc<Settings>>,
    http: Arc<dyn Http>,
    lines: Arc<dyn Lines>,
    nearby: Arc<dyn Nearby>,
    pairings: pairing::Kept,
    secrets: Arc<dyn SecretStore>,
    opened: Option<Opened>,
}

impl Actor {
    fn new(
        parts: Parts,
        inbox: mpsc::Sender<Message>,
        told: Told,
        printer: InUse,
        (senses, pairings): (Senses, Pairings),
    ) -> Result<Self, Problem> {
        let fleet = build_fleet(&parts, &inbox)?;
        let press = Press::new(printer, &parts.settings.printer);
        for slot in fleet.slots.values().filter(|slot| slot.capabilities().listener) {
            slot.driver.inbox().into_iter().for_each(|ear| parts.ear.switchboard.add(ear));
        }
        Ok(Self {
            settings: parts.settings,
            store: parts.store,
            clock: parts.clock,
            random: parts.random,
            inbox,
            state: State::default(),
            fleet,
            effects: Effects::default(),
            waiting: BTreeMap::new(),
            press,
            senses: Kept(senses),
            held: Vec::new(),
            unsaved: Vec::new(),
            retry_unsaved_at: None,
            flush_at: None,
            flushing: Flushing::No,
            idle_at: None,
            session_check_at: Mono::ZERO,
            wake_at: None,
            commands: Answered::default(),
            answers: Vec::new(),
            or_refund: std::collections::BTreeSet::new(),
            notices: VecDeque::new(),
            problems: Vec::new(),
            views: told.views,
            customer: told.customer,
            sequence: 0,
            dirty: true,
            counter: None,
            counter_sale: None,
            acting: None,
            checking_pin: std::collections::BTreeSet::new(),
            waiting_for_pin: BTreeMap::new(),
            locked: None,
            names: BTreeMap::new(),
            shelf: told.shelf,
            catalogue_changes: 0,
            work: parts.work,
            auto_open: parts.auto_open,
            ear: parts.ear,
            file: parts.file,
            told_settings: told.settings,
            http: parts.http,
            lines: parts.lines,
            nearby: parts.nearby,
            pairings: pairing::Kept(pairings),
            secrets: parts.secrets,
            opened: Some(parts.opened),
        })
    }

    /// Folds what is open and tells it that the till was restarted.
    async fn begin(&mut self) -> Result<(), Problem> {
        let now = self.clock.mono();
        let Some(opened) = self.opened.take() else { return Ok(()) };
        for payment in opened.open_payments {
            let mut case = Case::new(payment);
            if case.payment.is_uncertain() {
                case.watch.unknown_since = Some(now);
            }
            self.state.cases.insert(case.payment.id(), case);
        }
        self.state.sales = opened.open_sales.into_iter().map(|sale| (sale.id, sale)).collect();
        self.state.unblocked = opened.unblocked;
        if let Some(why) = &opened.restored {
            self.add_notice(None, "restored", why.to_string());
            self.forget_sessions().await?;
        }
        let open: Vec<OperationId> = self.state.open().map(|payment| payment.id()).collect();
        self.counter = open.last().copied();
        self.counter_sale = self.newest_sale();
        self.load_names().await?;
        self.find_papers().await?;
        for id in &open {
            let runs = self.state.payment(*id).is_some_and(|payment| payment.stage == Stage::Running);
            // What a restored journal does not hold may have been sent all the same: it proves nothing.
            let event = match opened.restored.is_some() && runs {
                true => Event::Dropped(Reason::Restarted),
                false => Event::Restarted,
            };
            self.happen(*id, event).await?;
        }
        // Last: a power cut before it finds a restored store still restored.
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let mut records = self.configured();
        records.push(self.record(Fact::Started { version }));
        self.commit(records).await?;
        self.catch_up_links().await?;
        self.find_judged().await;
        self.press.starting = false;
        self.drive().await;
        self.publish();
        self.store.take_up_soon();
        Ok(())
    }

    async fn run(mut self, mut messages: mpsc::Receiver<Message>) {
        loop {
            let wake = self.clock.instant(self.next_wake());
            let stop = tokio::select! {
                biased;
                done = self.effects.next() => self.ended(done, &mut messages).await,
                message = messages.recv() => match message {
                    Some(Message::Stop(reply)) => Some(Some(reply)),
                    Some(message) => { self.take_and_step_back(message).await; None }
                    None => Some(None),
                },
                () = tokio::time::sleep_until(wake) => { Box::pin(self.tick()).await; None }
            };
            if let Some(reply) = stop {
                self.tell_answers();
                Box::pin(self.close()).await;
                reply.into_iter().for_each(|reply: oneshot::Sender<()>| {
                    let _ = reply.send(());
                });
                return;
            }
            self.drive().await;
            let has_begun = self.effects.has_begun();
            if has_begun {
                // A request stands behind what was begun: it goes on before the view is made, and so does the
                // answer about its reference.
                for _ in 0..limits::STEPS_TO_A_REQUEST {
                    tokio::task::yield_now().await;
                }
            }
            if !has_begun || messages.is_empty() {
                self.publish();
                self.tell_answers();
                self.store.take_up_soon();
            }
        }
    }

    /// An effect has ended. What its driver said before goes first: the last text is not lost, and a
    /// question is not opened for a payment that is over.
    async fn ended(
        &mut self,
        done: Done,
        messages: &mut mpsc::Receiver<Message>,
    ) -> Option<Option<oneshot::Sender<()>>> {
        let mut stop = None;
        for _ in 0..limits::INBOX {
            match messages.try_recv() {
                Ok(Message::Stop(reply)) => stop = Some(Some(reply)),
                Ok(message) => self.take(message).await,
                Err(_) => break,
            }
        }
        Box::pin(self.done(done)).await;
        stop
    }

    /// A driver that was answered goes on before the view is made: its request stands behind the answer.
    async fn take_and_step_back(&mut self, message: Message) {
        let is_call = matches!(message, Message::Desk(..));
        self.take(message).await;
        if is_call {
            tokio::task::yield_now().await;
        }
    }

    /// Boxed by kind: a future is as large as its largest branch and is moved as a whole, and this one stands
    /// between a command and its request.
    fn take(&mut self, message: Message) -> BoxFuture<'_, ()> {
        match message {
            Message::Command(dispatch, sender, reply) => Box::pin(self.command(dispatch, sender, reply)),
            Message::PinChecked(checked) => Box::pin(self.pin_checked(*checked)),
            Message::ReportX(reply) => {
                let _ = reply.send(self.asked_for_x());
                Box::pin(ready(()))
            }
            Message::Subject(form, change, reply) => Box::pin(async move {
                let _ = reply.send(self.subject(&form, change).await);
            }),
            Message::Probe(form, change, reply) => {
                Box::pin(async move { self.probe(&form, change, reply).await })
            }
            Message::Desk(operation, call) => Box::pin(self.call(operation, call)),
            Message::Notice(terminal, notice) => {
                Box::pin(async move { self.notice(&terminal, *notice).await })
            }
            Message::Stop(_) => Box::pin(ready(())),
        }
    }

    async fn close(&mut self) {
        // First, so that it is on disk however long the rest takes: nothing of these was sent.
        let waiting = self.state.cases.values().filter(|case| state::is_waiting_to_start(case));
        for id in waiting.map(|case| case.payment.id()).collect::<Vec<_>>() {
            self.write_off(id).await;
        }
        self.finish_papers().await;
        self.log_out_at_the_end().await;
        for slot in self.fleet.slots.values() {
            slot.driver.inbox().into_iter().for_each(|ear| self.ear.switchboard.remove(&ear));
            slot.driver.close().await;
        }
        self.effects = Effects::default();
        if let Err(error) = self.store.flush().await {
            tracing::error!(%error, "display lines could not be written at the end");
        }
        if let Err(error) = self.store.clone().close().await {
            tracing::error!(%error, "the store could not be closed in order");
        }
    }
}

/// Where ended effects go; see `done.rs`.
impl Actor {
    async fn done(&mut self, done: Done) {
        match done {
            Done::Performed(id, result) => self.performed(id, *result).await,
            Done::Recovered(id, result) => self.recovered(id, result).await,
            Done::Aborted(id, result) => self.aborted(id, result),
            Done::Opened(terminal, result) => self.terminal_opened(&terminal, result).await,
            Done::Served(terminal, service, reply, result) => {
                self.served(&terminal, &service, reply, result).await;
            }
            Done::AskedLast(terminal, result) => self.asked_last(&terminal, result).await,
            Done::Printed(result) => self.printed(result).await,
            Done::Flushed(result) => self.flushed(result),
            Done::Probed(driver, rivals, reply, result) => {
                self.probed(&driver, &rivals, reply, result).await;
            }
        }
    }
}
