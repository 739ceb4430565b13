//! The till as whoever uses it holds it: what may be asked of the loop, from any thread.

use super::people::Sender;
use super::{Actor, Message, Parts, Told};
use crate::api::{Accepted, CustomerView, Dispatch, Pairing, Problem, ProblemCode, Scans, Sight, View};
use crate::books::Books;
use crate::checks::Checks;
use crate::ear::Ear;
use crate::limits;
use crate::pairing::Pairings;
use crate::printers::InUse;
use crate::settings::Settings;
use crate::sight::{Senses, Watching};
use domain::catalogue::Catalogue;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// A running till. Clones share it.
#[derive(Clone, Debug)]
pub struct Till {
    pub(super) inbox: mpsc::Sender<Message>,
    pub(super) views: watch::Receiver<Arc<View>>,
    pub(super) customer: watch::Receiver<Arc<CustomerView>>,
    pub(super) books: Books,
    /// The settings; the loop alone puts others there.
    pub(super) settings: watch::Sender<Arc<Settings>>,
    /// What is sold; the loop alone puts another one there.
    pub(super) shelf: watch::Sender<Arc<Catalogue>>,
    pub(super) ear: Ear,
    pub(super) checks: Checks,
    pub(super) printer: InUse,
    pub(super) senses: Senses,
    pub(super) pairings: Pairings,
    task: Arc<JoinHandle<()>>,
}

impl Till {
    /// Starts the loop. Payments that are open are enquired about before anything else (R8).
    pub async fn run(parts: Parts) -> Result<Self, Problem> {
        let (inbox, messages) = mpsc::channel(limits::INBOX);
        let (view_sender, views) = watch::channel(Arc::default());
        let (customer_sender, customer) = watch::channel(Arc::default());
        let books = Books::beside(parts.store.clone(), &parts.settings, parts.clock.clone());
        let settings = watch::Sender::new(Arc::new(parts.settings.clone()));
        let printer = InUse::of(Arc::clone(&parts.printers), &parts.settings.printer)?;
        let ear = parts.ear.clone();
        let shelf = watch::Sender::new(Arc::clone(&parts.catalogue));
        let told = Told { views: view_sender, customer: customer_sender, shelf, settings };
        let (shelf, settings) = (told.shelf.clone(), told.settings.clone());
        let senses = Senses::of(Arc::clone(&parts.eyes), &parts.settings, &parts.clock);
        let (nearby, installation) = (Arc::clone(&parts.nearby), parts.opened.installation);
        let pairings = Pairings::of(nearby, settings.subscribe(), installation);
        let beside = (senses.clone(), pairings.clone());
        let mut actor = Actor::new(parts, inbox.clone(), told, printer.clone(), beside)?;
        actor.begin().await?;
        let task = Arc::new(tokio::spawn(actor.run(messages)));
        let checks = Checks::default();
        Ok(Self {
            inbox,
            views,
            customer,
            books,
            settings,
            shelf,
            ear,
            checks,
            printer,
            senses,
            pairings,
            task,
        })
    }
    /// Wants something changed. A repeated id gets the first answer again.
    pub async fn dispatch(&self, dispatch: Dispatch) -> Result<Accepted, Problem> {
        self.send(dispatch, Sender::Person).await
    }
    /// As [`Till::dispatch`], for a program of the folder's owner: nobody signs in for it.
    pub async fn instruct(&self, dispatch: Dispatch) -> Result<Accepted, Problem> {
        self.send(dispatch, Sender::Program).await
    }
    async fn send(&self, dispatch: Dispatch, sender: Sender) -> Result<Accepted, Problem> {
        let stopping = || Problem::new(ProblemCode::Stopping);
        let (reply, answer) = oneshot::channel();
        self.inbox.send(Message::Command(dispatch, sender, reply)).await.map_err(|_| stopping())?;
        answer.await.map_err(|_| stopping())?
    }
    /// The cashier's view; always the latest.
    pub fn views(&self) -> watch::Receiver<Arc<View>> {
        self.views.clone()
    }
    /// The customer's view; always the latest.
    pub fn customer_views(&self) -> watch::Receiver<Arc<CustomerView>> {
        self.customer.clone()
    }
    /// What the camera sees; it looks for as long as this is held.
    pub fn sight(&self) -> Watching<Sight> {
        self.senses.sight()
    }
    /// What the hand scanner reads; it is listened to for as long as this is held.
    pub fn scans(&self) -> Watching<Scans> {
        self.senses.scans()
    }
    /// Who asks to be paired; terminals can ask for as long as this is held.
    pub fn pairing(&self) -> Watching<Pairing> {
        self.pairings.watch()
    }
    /// Returns when no terminal can ask any more, and all that were answered have heard it.
    pub async fn pairing_ended(&self) {
        self.pairings.ended().await;
    }
    /// Stops in order: effects are dropped (what ran becomes unknown at the next start), the store closed.
    pub async fn stop(self) {
        let (reply, answer) = oneshot::channel();
        if self.inbox.send(Message::Stop(reply)).await.is_ok() {
            let _ = answer.await;
        }
    }
    /// Stops at once, as a power cut does; returns when nothing of it runs any longer. For tests.
    pub async fn cut(self) {
        self.task.abort();
        self.inbox.closed().await;
    }
}
