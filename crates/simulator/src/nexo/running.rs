//! Something that takes time at the terminal: a payment, a card being read, a question to the customer.
//!
//! The state keeps a [`Running`], the task that performs it has a [`Run`]; a signal connects them.
//! Invariant: a run decides about money once, and only while the state still knows it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use wire::nexo::{
    CardAcquisitionRequest, ErrorCondition, Header, InputRequest, Message, MessageCategory,
    MessageReference, PrintRequest,
};

use super::case::{Case, Verdict};
use super::core::{Core, Till};
use crate::bank::Page;
use crate::rng::Rng;
use crate::script::Behaviour;

/// What the state tells the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Go on.
    Go,
    /// The till wants it stopped.
    Abort,
    /// Login or restart: nobody waits for the answer any more.
    Drop,
}

/// Why a run does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupt {
    /// The till wants it stopped.
    Aborted,
    /// Nobody waits for the answer any more.
    Dropped,
}

/// What is to be done.
#[derive(Debug)]
pub enum Work {
    /// A payment or refund, with a card read before or not.
    Payment {
        /// The payment.
        case: Arc<Case>,
        /// The card is known already.
        card_read: bool,
    },
    /// A reversal whose answer is already certain.
    Reversal(Box<Message>),
    /// A card is read.
    Acquisition(Box<CardAcquisitionRequest>),
    /// The customer is asked.
    Question(Box<InputRequest>),
    /// Taken up already.
    Idle,
    /// The terminal's own printer works.
    Printing(Box<PrintRequest>),
}

/// A run as the state sees it.
#[derive(Debug)]
pub struct Running {
    pub id: u64,
    pub header: Header,
    pub case: Option<Arc<Case>>,
    pub decided: Option<Decided>,
    /// The answer, where it is certain from the start.
    pub certain: Option<Message>,
    pub asking: bool,
    pub signal: watch::Sender<Signal>,
}

/// What was decided, with the bank's number.
#[derive(Debug, Clone)]
pub struct Decided {
    pub verdict: Verdict,
    pub transaction: u64,
}

/// A run as its task sees it.
#[derive(Debug)]
pub struct Run {
    pub id: u64,
    pub header: Header,
    pub work: Work,
    pub till: Till,
    pub behaviour: Behaviour,
    pub rng: Rng,
    pub signal: watch::Receiver<Signal>,
}

impl Running {
    pub fn new(id: u64, header: Header, case: Option<Arc<Case>>, signal: watch::Sender<Signal>) -> Self {
        Self { id, header, case, decided: None, certain: None, asking: false, signal }
    }

    /// Whether an abort or status query means this run: every value given agrees.
    pub fn is_meant_by(&self, reference: &MessageReference) -> bool {
        let agrees =
            |given: &Option<String>, own: Option<&String>| given.is_none() || given.as_ref() == own;
        reference.category.as_ref().is_none_or(|category| *category == self.header.category)
            && agrees(&reference.service_id, self.header.service_id.as_ref())
            && agrees(&reference.sale_id, Some(&self.header.sale_id))
            && agrees(&reference.poi_id, Some(&self.header.poi_id))
            && (self.header.device_id.is_none()
                || agrees(&reference.device_id, self.header.device_id.as_ref()))
    }

    /// Whether the answer is one that status queries find.
    pub fn is_transaction(&self) -> bool {
        is_transaction(&self.header.category)
    }

    fn tell(&self, signal: Signal) {
        self.signal.send_replace(signal);
    }
}

/// Payment, CardAcquisition, Reversal: what TransactionStatus is about (dossier chapter 10.1).
pub fn is_transaction(category: &MessageCategory) -> bool {
    [MessageCategory::Payment, MessageCategory::CardAcquisition, MessageCategory::Reversal]
        .contains(category)
}

impl Run {
    /// Works until done or dropped; an abort does not matter.
    pub async fn unless_dropped<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Interrupt> {
        tokio::select! {
            biased;
            _ = self.signal.wait_for(|signal| *signal == Signal::Drop) => Err(Interrupt::Dropped),
            value = work => Ok(value),
        }
    }

    /// Lets time pass; an abort ends it.
    pub async fn pause(&mut self, ms: u64) -> Result<(), Interrupt> {
        let sleep = tokio::time::sleep(Duration::from_millis(ms));
        tokio::select! {
            biased;
            interrupt = interrupted(&mut self.signal) => Err(interrupt),
            () = sleep => Ok(()),
        }
    }

    /// Waits for an abort, however long it takes.
    pub async fn until_aborted(&mut self) -> Interrupt {
        interrupted(&mut self.signal).await
    }
}

async fn interrupted(signal: &mut watch::Receiver<Signal>) -> Interrupt {
    match signal.wait_for(|signal| *signal != Signal::Go).await {
        Ok(signal) if *signal == Signal::Abort => Interrupt::Aborted,
        Ok(_) | Err(_) => Interrupt::Dropped,
    }
}

impl Core {
    fn current(&mut self, id: u64) -> Option<&mut Running> {
        self.running.as_mut().filter(|running| running.id == id)
    }

    /// The moment of truth: the bank takes the verdict. An abort that has arrived before wins, unless the
    /// case is meant to race with it.
    pub fn decide(&mut self, id: u64, verdict: Verdict, races: bool) -> Result<(), Interrupt> {
        let at = (self.clock)();
        let bank = self.bank.clone();
        let Some(running) = self.current(id) else { return Err(Interrupt::Dropped) };
        if *running.signal.borrow() == Signal::Abort && !races && verdict.is_approved() {
            return Err(Interrupt::Aborted);
        }
        let Some(case) = &running.case else { return Ok(()) };
        let transaction = bank.record(case.entry(&verdict, at));
        running.decided = Some(Decided { verdict, transaction });
        Ok(())
    }

    /// The cashier is being asked about the signature; until then an abort is refused.
    pub fn set_asking(&mut self, id: u64, asking: bool) {
        if let Some(running) = self.current(id) {
            running.asking = asking;
        }
    }

    /// Takes back what was approved: the signature was refused or could not be asked for.
    pub fn undo(&mut self, id: u64, verdict: Verdict) {
        let (at, bank) = ((self.clock)(), self.bank.clone());
        let Some(decided) = self.current(id).and_then(|running| running.decided.as_mut()) else { return };
        bank.reverse(decided.transaction, at, None);
        decided.verdict = verdict;
    }

    /// Ends a payment: its answer is composed and remembered. `None` when it was dropped meanwhile.
    pub fn finish_payment(&mut self, id: u64) -> Option<Message> {
        self.current(id)?;
        let running = self.running.take()?;
        let (case, decided) = (running.case.as_ref()?, running.decided.as_ref()?);
        let answer = case.answer(&decided.verdict);
        self.enabled = None;
        self.read_card = None;
        self.cool();
        self.remember(&answer, Some(decided.transaction), &case.behaviour);
        Some(answer)
    }

    /// Ends any other run. Its answer is remembered where status queries may ask for it.
    pub fn finish(
        &mut self,
        id: u64,
        answer: Message,
        transaction: Option<u64>,
        behaviour: &Behaviour,
    ) -> Option<Message> {
        self.current(id)?;
        let running = self.running.take()?;
        if running.is_transaction() {
            self.remember(&answer, transaction, behaviour);
        }
        Some(answer)
    }

    /// Stops the run from outside. A payment that the host has decided keeps its result; one that waits
    /// for the cashier's answer is undone; a reversal is done; anything else is aborted, which `traced`
    /// makes findable by status queries.
    pub fn drop_running(&mut self, traced: bool) {
        let Some(running) = self.running.take() else { return };
        running.tell(Signal::Drop);
        if let Some(answer) = &running.certain {
            self.remember(answer, None, &Behaviour::default());
        }
        let Some(case) = running.case.clone() else { return };
        let aborted = Verdict::failed(ErrorCondition::Aborted, "Terminal was reset");
        let id = running.id;
        let (asking, decided) = (running.asking, running.decided.is_some());
        self.running = Some(running);
        if decided && asking {
            self.undo(id, aborted);
        } else if !decided {
            let _ = self.decide(id, aborted, true);
        }
        let finished = self.running.take().and_then(|running| running.decided);
        let Some(Decided { verdict, transaction }) = finished else { return };
        if traced || decided {
            self.remember(&case.answer(&verdict), Some(transaction), &case.behaviour);
        }
    }

    /// Passes an abort on.
    pub fn signal_abort(&mut self) {
        if let Some(running) = &self.running {
            running.tell(Signal::Abort);
        }
    }

    fn cool(&mut self) {
        let cooling = Duration::from_millis(self.settings.cooling_ms);
        self.busy_until = Some(tokio::time::Instant::now() + cooling);
    }

    fn remember(&mut self, answer: &Message, transaction: Option<u64>, behaviour: &Behaviour) {
        let mut kept = answer.clone();
        if behaviour.sticky {
            super::twist::apply(&mut kept, &behaviour.twists);
        }
        let header = &answer.header;
        let page = Page {
            poi_id: header.poi_id.clone(),
            sale_id: header.sale_id.clone(),
            service_id: header.service_id.clone().unwrap_or_default(),
            category: header.category.as_str().to_owned(),
            text: wire::nexo::encode(&kept),
            transaction,
        };
        self.bank.notebook(&self.settings.number, |notebook| notebook.pages.push(page));
    }
}
