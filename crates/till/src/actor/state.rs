//! What the till knows, folded from facts: open and recent payments, sales, unblocked terminals, time lines.
//!
//! Invariant: only [`State::apply`] changes it, and only with facts that are in the journal (or buffered,
//! for those that need not be durable).

use crate::api::{DrawnCode, Moment, MomentKind, PaymentView, SaleView};
use crate::desk::First;
use crate::limits;
use domain::ids::{OperationId, SaleId, TerminalId};
use domain::journal::Fact;
use domain::operation::Step;
use domain::payment::{Event, Mono, Payment, PaymentFact, Stage, Watch, is_without_an_answer};
use domain::prompt::Answer;
use domain::sale::{Sale, SaleFact, SaleStage};
use domain::wallet::PaymentCode;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// One payment with what the till does for it right now.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) payment: Payment,
    pub(crate) watch: Watch,
    pub(crate) timeline: VecDeque<Moment>,
    pub(crate) display: Option<String>,
    pub(crate) code: Option<String>,
    /// That code as it is drawn.
    pub(crate) drawn: Option<DrawnCode>,
    /// What the customer showed. It goes with the payment's end, and with the till.
    pub(crate) wallet: Option<PaymentCode>,
    /// Its reference that came with the intent, as long as no driver has it.
    pub(crate) first: First,
    /// The wall clock's offset when it was intended, in this run of the till.
    pub(crate) offset_at_intent: Option<i64>,
    /// How it was shown last, as long as it is closed and nothing has changed about it.
    pub(crate) shown: Option<Arc<PaymentView>>,
}

impl Case {
    pub(crate) fn new(payment: Payment) -> Self {
        Self {
            payment,
            watch: Watch::default(),
            timeline: VecDeque::new(),
            display: None,
            code: None,
            drawn: None,
            wallet: None,
            first: First::default(),
            offset_at_intent: None,
            shown: None,
        }
    }
}

/// An event about money that could not be written yet.
#[derive(Debug)]
pub(super) struct Unsaved {
    pub(super) operation: OperationId,
    pub(super) event: Event,
    pub(super) receipts: Vec<domain::receipt::Receipt>,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Open payments, those that need attention, and recent ones.
    pub(crate) cases: BTreeMap<OperationId, Case>,
    pub(crate) sales: BTreeMap<SaleId, Sale>,
    pub(crate) unblocked: BTreeSet<OperationId>,
    /// The sale that was completed or given up last.
    pub(crate) finished: Option<Sale>,
    /// When sales were put aside, in this run of the till.
    pub(crate) parked_at: BTreeMap<SaleId, Timestamp>,
    /// How the sale at the counter was shown last, as long as nothing durable has happened.
    pub(crate) shown_sale: Option<Arc<SaleView>>,
    moments: u64,
}

impl State {
    /// Open payments, on any terminal.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Payment> + Clone {
        self.cases.values().map(|case| &case.payment).filter(|payment| payment.is_open())
    }
    /// Whether a payment is open on the terminal that goes on by itself. One that is disputed waits for a
    /// person, and for days; so does one whose reversal is.
    pub(crate) fn has_living(&self, terminal: &TerminalId) -> bool {
        let waits = |it: &Payment| matches!(it.stage, Stage::Disputed(_) | Stage::Reversing(Some(_)));
        self.open().any(|payment| payment.operation.terminal == *terminal && !waits(payment))
    }
    /// One payment's case, to change it.
    pub(crate) fn case_mut(&mut self, id: OperationId) -> Option<&mut Case> {
        let case = self.cases.get_mut(&id)?;
        case.shown = None;
        Some(case)
    }
    /// Every case, to change it.
    pub(crate) fn cases_mut(&mut self) -> impl Iterator<Item = &mut Case> {
        self.cases.values_mut().for_each(|case| case.shown = None);
        self.cases.values_mut()
    }
    /// Every payment at hand.
    pub(crate) fn payments(&self) -> impl Iterator<Item = &Payment> + Clone {
        self.cases.values().map(|case| &case.payment)
    }
    pub(crate) fn payment(&self, id: OperationId) -> Option<&Payment> {
        self.cases.get(&id).map(|case| &case.payment)
    }

    /// The next number of a moment or notice.
    pub(crate) fn number(&mut self) -> u64 {
        self.moments += 1;
        self.moments
    }

    /// Applies one fact.
    pub(crate) fn apply(&mut self, fact: &Fact, at: Timestamp, now: Mono) {
        self.outdate(fact);
        if fact.must_be_durable() {
            self.shown_sale = None;
        }
        match fact {
            Fact::Payment { operation, fact } => self.payment_fact(*operation, fact, at, now),
            Fact::Sale { sale, fact } => self.sale_fact(*sale, fact, at),
            Fact::Unblocked { operations, .. } => self.unblocked.extend(operations.iter().copied()),
            Fact::Installed { .. }
            | Fact::Started { .. }
            | Fact::Terminal { .. }
            | Fact::Unclaimed { .. }
            | Fact::Staff { .. }
            | Fact::Acted { .. }
            | Fact::Shift { .. }
            | Fact::Paper { .. }
            | Fact::DayClosed { .. }
            | Fact::ReceiptStored { .. } => {}
        }
    }

    /// What is shown of a closed payment comes from its own facts, from its sale, and from what else was paid
    /// on that sale. Nothing else makes it anew: this stands between a command and its request.
    fn outdate(&mut self, fact: &Fact) {
        let (payment, sale) = match fact {
            Fact::Payment { operation, fact: PaymentFact::Intended { operation: wanted } } => {
                (Some(*operation), wanted.sale)
            }
            Fact::Payment { operation, .. } => {
                (Some(*operation), self.payment(*operation).and_then(|payment| payment.operation.sale))
            }
            Fact::Sale { sale, .. } => (None, Some(*sale)),
            Fact::Installed { .. }
            | Fact::Started { .. }
            | Fact::Terminal { .. }
            | Fact::Unblocked { .. }
            | Fact::Unclaimed { .. }
            | Fact::Staff { .. }
            | Fact::Acted { .. }
            | Fact::Shift { .. }
            | Fact::Paper { .. }
            | Fact::DayClosed { .. }
            | Fact::ReceiptStored { .. } => return,
        };
        for (id, case) in &mut self.cases {
            let beside = sale.is_some() && case.payment.operation.sale == sale;
            if beside || payment == Some(*id) {
                case.shown = None;
            }
        }
    }

    fn sale_fact(&mut self, id: SaleId, fact: &SaleFact, at: Timestamp) {
        let known = self.sales.remove(&id).map(|sale| sale.evolve(fact));
        let Some(sale) = known.or_else(|| Sale::first(id, fact)) else { return };
        self.parked_at.remove(&id);
        if sale.parked.is_some() {
            self.parked_at.insert(id, at);
        }
        if sale.stage == SaleStage::Open {
            self.finished = self.finished.take().filter(|finished| finished.id != id);
            self.sales.insert(id, sale);
        } else {
            self.finished = Some(sale);
        }
    }

    fn payment_fact(&mut self, id: OperationId, fact: &PaymentFact, at: Timestamp, now: Mono) {
        if let PaymentFact::Intended { operation } = fact {
            self.cases.insert(id, Case::new(Payment::intended((**operation).clone(), at)));
        } else if let Some(case) = self.case_mut(id) {
            let was_judged = is_without_an_answer(&case.payment);
            case.payment = case.payment.clone().evolve(fact, at);
            if case.payment.is_uncertain() && case.watch.unknown_since.is_none() {
                case.watch.unknown_since = Some(now);
            }
            match is_without_an_answer(&case.payment) {
                true if was_judged => {}
                true => case.watch.judged(now),
                false => case.watch.again_at = None,
            }
            if *fact == PaymentFact::SignatureReopened {
                case.watch.reopened_at = Some(now);
            }
            if let PaymentFact::DisplayShown { text } = fact {
                case.display = Some(text.clone());
            }
            if !case.payment.is_open() {
                (case.code, case.drawn) = (None, None);
            }
        }
        if let Some(what) = moment_of(fact) {
            self.moment(id, at, what);
        }
        if self.payment(id).is_some_and(|payment| !payment.is_open()) {
            self.forget_old();
        }
    }

    /// Adds a moment to a time line.
    pub(crate) fn moment(&mut self, id: OperationId, at: Timestamp, what: MomentKind) {
        let number = self.number();
        let Some(case) = self.case_mut(id) else { return };
        case.timeline.push_back(Moment { number, at, what });
        if case.timeline.len() > limits::TIMELINE {
            case.timeline.pop_front();
        }
    }

    fn forget_old(&mut self) {
        let done = |case: &Case| {
            !case.payment.is_open() && case.payment.attention.is_none() && case.watch.again_at.is_none()
        };
        // By what happened last, not by ids: those go back with the clock.
        let newest = |case: &Case| case.timeline.back().map_or(0, |moment| moment.number);
        let closed = self.cases.iter().filter(|(_, case)| done(case));
        let mut closed: Vec<(u64, OperationId)> = closed.map(|(id, case)| (newest(case), *id)).collect();
        closed.sort_unstable();
        for (_, id) in closed.iter().take(closed.len().saturating_sub(limits::RECENT)) {
            let held = self.cases.get(id).and_then(|case| case.payment.operation.sale);
            if held.is_none_or(|sale| !self.sales.contains_key(&sale)) {
                self.cases.remove(id);
                self.unblocked.remove(id);
            }
        }
    }
}

fn step(step: &str, detail: Option<String>) -> Option<MomentKind> {
    Some(MomentKind::Step { step: step.to_owned(), detail })
}

/// What a fact is on a time line; nothing for facts that say nothing to people.
pub(crate) fn moment_of(fact: &PaymentFact) -> Option<MomentKind> {
    match fact {
        PaymentFact::Intended { .. } => step("intended", None),
        PaymentFact::ReferenceReserved { step: Step::Prepare, .. } => step("prepared", None),
        PaymentFact::ReferenceReserved { step: Step::First, .. } => step("sent", None),
        PaymentFact::ReferenceReserved { step: Step::Resend, .. } => step("resent", None),
        PaymentFact::ReferenceReserved { step: Step::Cancel, .. } => step("cancel_sent", None),
        PaymentFact::DisplayShown { text } => Some(MomentKind::Display { text: text.clone() }),
        PaymentFact::AbortAsked => step("abort_asked", None),
        PaymentFact::PromptOpened { prompt } => Some(MomentKind::Prompt {
            id: prompt.id,
            kind: prompt.question.code().to_owned(),
            text: prompt.text.clone(),
        }),
        PaymentFact::PromptAnswered { answer: Answer::NoDialogue, .. } => step("unanswered", None),
        PaymentFact::PromptAnswered { .. } => step("answered", None),
        PaymentFact::OutcomeMismatched { mismatch, .. } => {
            let words: Vec<&str> = mismatch.iter().map(|word| word.code()).collect();
            step("mismatch", Some(words.join(",")))
        }
        PaymentFact::BecameUnknown { reason, .. } => step("unknown", Some(reason.code().to_owned())),
        PaymentFact::BecameDisputed { reason } => step("disputed", Some(reason.code().to_owned())),
        PaymentFact::SignatureAwaited { .. } | PaymentFact::SignatureReopened => {
            step("await_signature", None)
        }
        PaymentFact::SignatureChecked { good: true } => step("signature_accepted", None),
        PaymentFact::SignatureChecked { good: false } => step("signature_refused", None),
        PaymentFact::ReversalLinked { reversal } => step("reversing", Some(reversal.to_string())),
        PaymentFact::Settled { closing, .. } => step("settled", Some(closing.verdict.code().to_owned())),
        PaymentFact::DecidedByHand { .. } => step("decided_by_hand", None),
        PaymentFact::AttentionRaised { .. } => step("attention", None),
        PaymentFact::GiveBackLinked { .. } => step("giving_back", None),
        PaymentFact::AttentionSettled { .. } => step("attention_settled", None),
        PaymentFact::ReferenceNotStarted { .. } | PaymentFact::EvidenceNoted { .. } => None,
    }
}

/// Whether a payment may still be performed in this run of the till.
pub(crate) fn is_waiting_to_start(case: &Case) -> bool {
    case.payment.stage == Stage::Running && !case.watch.performed
}
