//! Effects that have ended, and what follows from a payment that moved on.

use super::belief::UndoneBy;
use super::{Actor, Unsaved};
use crate::api::{Health, MomentKind, Problem, ProblemCode};
use crate::fleet::Slot;
use crate::limits;
use domain::ids::{OperationId, ReceiptId, TerminalId, TextId};
use domain::journal::Fact;
use domain::money::Money;
use domain::outcome::{Certainty, Fault, Outcome, Reason, Recovered};
use domain::payment::{Context, Event, Mismatch, Payment, PaymentFact, Source, Verdict, decide};
use domain::receipt::{Copy, Receipt, StoredReceipt, TextRef};
use domain::sale::SaleFact;
use domain::session::TerminalFact;
use store::Record;

impl Actor {
    pub(super) async fn performed(&mut self, id: OperationId, result: Result<Outcome, Fault>) {
        if let Some(case) = self.state.case_mut(id) {
            case.watch.performing = false;
        }
        self.end_prompt(id).await;
        self.write_off(id).await;
        let (event, receipts) = match result {
            Ok(outcome) => {
                let receipts = outcome.receipts.clone();
                (Event::Outcome(Box::new(outcome), Source::Performed), receipts)
            }
            Err(fault) => (Event::Failed(fault), Vec::new()),
        };
        self.insist(id, event, receipts).await;
    }

    /// A reference that came with the intent and that no driver asked for: nothing went out under it.
    pub(super) async fn write_off(&mut self, id: OperationId) {
        let unused = self.state.cases.get(&id).and_then(|case| case.first.take());
        if let Some(sent) = unused {
            self.insist(id, Event::NotStarted(sent.reference), Vec::new()).await;
        }
    }

    pub(super) async fn recovered(&mut self, id: OperationId, result: Result<Recovered, Fault>) {
        let now = self.clock.mono();
        let undone_by = match &result {
            Ok(found) => self.undone_by(id, found).await,
            Err(_) => UndoneBy::Itself,
        };
        let Some(case) = self.state.case_mut(id) else { return };
        let terminal = case.payment.operation.terminal.clone();
        let limits = self.fleet.slots.get(&terminal).map(|slot| slot.capabilities().recovery);
        case.watch.recovering = false;
        case.watch.enquired_at = Some(now);
        case.watch.enquiries = case.watch.enquiries.saturating_add(1);
        let is_closed = !case.payment.is_open();
        let has_told = matches!(result, Ok(Recovered::NeverSeen(_) | Recovered::Settled(_)));
        case.watch.asked(has_told && undone_by != UndoneBy::Undecided, now);
        let settled = limits.is_some_and(|limits| case.watch.is_settled(now, &limits));
        let found = match result {
            Ok(found) if undone_by == UndoneBy::Itself => found,
            Ok(_) => Recovered::CannotTell,
            Err(fault) => {
                self.enquiry_moment(id, fault.reason.code());
                return;
            }
        };
        self.enquiry_moment(id, found_code(&found));
        let useful = match &found {
            Recovered::StillRunning | Recovered::NotSeenYet => true,
            Recovered::NeverSeen(_) => !settled,
            Recovered::Settled(_) | Recovered::CannotTell | Recovered::SessionLost => false,
        };
        if useful && let Some(case) = self.state.case_mut(id) {
            case.watch.useful_at = Some(now);
        }
        let found = self.believed(id, &terminal, found).await;
        // Beside an enquiry about a closed payment somebody may have logged in: that session is not denied.
        let stands_as_asked =
            |slot: &Slot| slot.session.open.is_some() && slot.session.open == slot.asked_in;
        if found == Recovered::SessionLost
            && (!is_closed || self.fleet.slots.get(&terminal).is_some_and(stands_as_asked))
        {
            self.session_lost_in_recovery(&terminal, id).await;
        }
        let receipts = match &found {
            Recovered::Settled(outcome) => outcome.receipts.clone(),
            Recovered::StillRunning
            | Recovered::NotSeenYet
            | Recovered::NeverSeen(_)
            | Recovered::CannotTell
            | Recovered::SessionLost => Vec::new(),
        };
        self.insist(id, Event::Recovered { found, settled }, receipts).await;
    }

    fn enquiry_moment(&mut self, id: OperationId, what: &str) {
        let at = self.clock.now();
        let detail = Some(what.to_owned());
        self.state.moment(id, at, MomentKind::Step { step: "enquired".to_owned(), detail });
        self.dirty = true;
    }

    pub(super) fn aborted(&mut self, id: OperationId, result: Result<(), Fault>) {
        if let Err(fault) = result {
            tracing::info!(payment = %id, reason = fault.reason.code(), "the abort did not succeed");
            let detail = Some(fault.reason.code().to_owned());
            let is_refused = fault.certainty == Certainty::Refused;
            let step = if is_refused { "abort_refused" } else { "abort_not_delivered" };
            let what = MomentKind::Step { step: step.to_owned(), detail };
            let at = self.clock.now();
            self.state.moment(id, at, what);
            self.dirty = true;
        }
    }

    /// An event about money that must not be dropped: if it cannot be written now, it is tried again, the
    /// payment stays open meanwhile, and the screen says so.
    /// What waits for the disk goes first: what follows from it would be decided without it.
    pub(super) async fn insist(&mut self, id: OperationId, event: Event, receipts: Vec<Receipt>) {
        if !self.unsaved.iter().any(|unsaved| unsaved.operation == id) {
            let written = self.happen_with(id, event.clone(), receipts.clone()).await;
            let Err(problem) = written else { return };
            if !is_of_store(problem.code) {
                return;
            }
        }
        if !self.problems.iter().any(|known| known.code == ProblemCode::OutcomeNotSaved) {
            self.problems.push(Problem::new(ProblemCode::OutcomeNotSaved).about(id));
        }
        self.unsaved.push(Unsaved { operation: id, event, receipts });
        self.retry_unsaved_at = Some(self.clock.mono().saturating_add(limits::UNSAVED_RETRY));
    }

    pub(super) async fn retry_unsaved(&mut self) {
        self.retry_unsaved_at = None;
        self.problems.retain(|problem| problem.code != ProblemCode::OutcomeNotSaved);
        for Unsaved { operation, event, receipts } in std::mem::take(&mut self.unsaved) {
            self.insist(operation, event, receipts).await;
        }
        let lost = self.fleet.slots.iter().filter_map(|(id, slot)| Some((id.clone(), slot.loss_unsaved?)));
        for (terminal, operation) in lost.collect::<Vec<_>>() {
            self.session_lost_in_recovery(&terminal, operation).await;
        }
        self.dirty = true;
    }

    /// As [`Actor::happen`], with the receipts that came with an outcome.
    pub(super) async fn happen_with(
        &mut self,
        id: OperationId,
        event: Event,
        receipts: Vec<Receipt>,
    ) -> Result<(), Problem> {
        let context = self.context(id);
        let unknown = || Problem::new(ProblemCode::UnknownPayment).with("payment", id);
        let payment = self.state.payment(id).ok_or_else(unknown)?;
        let facts = decide(payment, event, &context).map_err(|refusal| refused(refusal, id))?;
        let keeps = facts.iter().any(brings_receipts);
        let to_sign = facts.iter().any(|fact| matches!(fact, PaymentFact::SignatureAwaited { .. }));
        let strange = strange_approval(payment, &facts).map(|it| (payment.operation.terminal.clone(), it));
        let receipts: Vec<Receipt> = receipts.into_iter().map(|receipt| self.marked(receipt)).collect();
        let mut records: Vec<Record> =
            facts.into_iter().map(|fact| self.record(Fact::Payment { operation: id, fact })).collect();
        if keeps {
            records.extend(receipts.iter().map(|receipt| self.receipt_record(id, receipt)));
        }
        self.commit(records).await?;
        if let Some((terminal, amount)) = strange {
            self.add_notice(Some(&terminal), "strange_approval", amount.to_string());
        }
        if keeps {
            receipts.iter().for_each(|receipt| self.hand_out(id, receipt, to_sign));
        }
        self.follow_up(id).await
    }

    /// What deciding about a payment needs to know: the clock skew as it was when the payment was
    /// intended. Only a skew measured in this run of the till counts: nobody knows whether the clock was
    /// set while no till watched it.
    fn context(&self, id: OperationId) -> Context {
        let skew_ms = self.state.cases.get(&id).and_then(|case| {
            let slot = self.fleet.slots.get(&case.payment.operation.terminal)?;
            let stepped = case.offset_at_intent?.saturating_sub(slot.offset_at_login?);
            Some(slot.session.skew_ms?.saturating_sub(stepped))
        });
        Context { skew_ms }
    }

    /// A receipt of a practice folder cannot pass for a real one.
    pub(super) fn marked(&self, receipt: Receipt) -> Receipt {
        let is_marked = receipt.lines.iter().any(|line| line.contains("PRACTICE"));
        if self.settings.practice && !is_marked { receipt.marked_practice() } else { receipt }
    }

    /// The record that keeps a receipt: its text stays beside the chain.
    pub(super) fn receipt_record(&self, operation: OperationId, receipt: &Receipt) -> Record {
        let practice = self.settings.practice;
        let text = receipt.text();
        let reference = TextRef::of(TextId::of(&self.random.seed()), &text);
        let at = self.clock.now();
        let receipt = StoredReceipt {
            id: ReceiptId::of(&self.random.seed()),
            operation,
            copy: receipt.copy,
            to_sign: receipt.to_sign,
            practice,
            at,
            text: reference.clone(),
        };
        Record { at, fact: Fact::ReceiptStored { receipt }, texts: vec![(reference, text)] }
    }

    /// The customer's copy always goes out; the merchant's only where the till must have it signed.
    fn hand_out(&mut self, id: OperationId, receipt: &Receipt, to_sign: bool) {
        if receipt.copy == Copy::Customer || (to_sign && receipt.copy == Copy::Merchant) {
            let at = self.clock.now();
            let what = MomentKind::Print { copy: receipt.copy, text: receipt.text() };
            self.state.moment(id, at, what);
        }
    }

    /// What a payment that moved on means for its sale and for the payment it belongs to.
    async fn follow_up(&mut self, id: OperationId) -> Result<(), Problem> {
        let Some(payment) = self.state.payment(id) else { return Ok(()) };
        let Some(verdict) = payment.verdict() else { return Ok(()) };
        let operation = payment.operation.clone();
        let reason = payment.reason();
        self.complete_sale(operation.sale).await?;
        if let Some(original) = &operation.original {
            // Asked for again it would be refused again: that is an answer, not a request that did not
            // arrive.
            let never =
                matches!(reason, Some(Reason::UseRefund | Reason::UseVoid | Reason::GoesAnotherWay));
            let told = if never && !verdict.moved_money() { Verdict::Declined } else { verdict };
            self.tell_original(original.operation, id, told).await?;
        }
        let wants_refund = matches!(reason, Some(Reason::UseRefund | Reason::NotFound));
        if self.or_refund.remove(&id) && wants_refund && !verdict.moved_money() {
            self.refund_instead(&operation).await?;
        }
        Ok(())
    }

    async fn tell_original(
        &mut self,
        original: OperationId,
        by: OperationId,
        verdict: Verdict,
    ) -> Result<(), Problem> {
        let Some(payment) = self.state.payment(original) else { return Ok(()) };
        let is_reversing = payment.stage == domain::payment::Stage::Reversing(Some(by));
        let gives_back =
            payment.attention.as_ref().is_some_and(|attention| attention.giving_back == Some(by));
        if is_reversing {
            Box::pin(self.happen(original, Event::ReversalClosed(verdict))).await?;
        } else if gives_back {
            Box::pin(self.happen(original, Event::GivenBack(verdict))).await?;
        }
        Ok(())
    }

    async fn complete_sale(&mut self, sale: Option<domain::ids::SaleId>) -> Result<(), Problem> {
        let Some(sale) = sale.and_then(|id| self.state.sales.get(&id)) else { return Ok(()) };
        if !sale.completes_itself(self.state.payments()) {
            return Ok(());
        }
        let fact = Fact::Sale { sale: sale.id, fact: SaleFact::Completed };
        self.commit(vec![self.record(fact)]).await
    }

    /// After a start: links whose other half was not reached before the stop.
    pub(super) async fn catch_up_links(&mut self) -> Result<(), Problem> {
        let originals: Vec<(OperationId, OperationId)> = self
            .state
            .payments()
            .filter_map(|payment| {
                let reversal = payment.reversal();
                let back = payment.attention.as_ref().and_then(|attention| attention.giving_back);
                reversal.or(back).map(|by| (payment.id(), by))
            })
            .collect();
        for (original, by) in originals {
            let verdict = match self.state.payment(by) {
                Some(payment) => payment.verdict(),
                None => self.stored_payment(by).await?.and_then(|payment| payment.verdict()),
            };
            if let Some(verdict) = verdict {
                self.tell_original(original, by, verdict).await?;
            }
        }
        let sales: Vec<_> = self.state.sales.keys().copied().collect();
        for sale in sales {
            self.load_tenders(sale).await?;
            self.complete_sale(Some(sale)).await?;
        }
        Ok(())
    }

    async fn session_lost_in_recovery(&mut self, terminal: &TerminalId, id: OperationId) {
        let fact = Fact::Terminal { terminal: terminal.clone(), fact: TerminalFact::SessionLost };
        let written = self.commit(vec![self.record(fact)]).await.is_ok();
        if let Some(slot) = self.fleet.slots.get_mut(terminal) {
            slot.loss_unsaved = (!written).then_some(id);
        }
        if !written {
            self.retry_unsaved_at = Some(self.clock.mono().saturating_add(limits::UNSAVED_RETRY));
            return;
        }
        let is_open = self.state.payment(id).is_some_and(Payment::is_open);
        if let Some(slot) = self.fleet.slots.get_mut(terminal) {
            // What was judged can wait for the next login: this one could end what may be under way.
            slot.open_for_recovery |= is_open;
            slot.health = Health::Unknown;
        }
        if let Some(case) = self.state.case_mut(id) {
            case.watch.useful_at = case.watch.useful_at.or(case.watch.unknown_since);
        }
    }

    /// The terminal's newest outcome after a restore, if it has one. That it was asked for is on disk
    /// only together with what it told: otherwise it is asked for again.
    pub(super) async fn last_outcome(
        &mut self,
        terminal: &TerminalId,
        outcome: Option<Outcome>,
    ) -> Result<(), Problem> {
        let echo = outcome.as_ref().map(|outcome| &outcome.echo);
        let names = echo.into_iter().flat_map(|echo| [&echo.transaction, &echo.reference]);
        let fact = TerminalFact::LastAsked { named: names.flatten().cloned().collect() };
        let asked = vec![self.record(Fact::Terminal { terminal: terminal.clone(), fact })];
        match outcome {
            Some(outcome) => self.stray_outcome(terminal, outcome, asked).await,
            None => self.commit(asked).await,
        }
    }

    /// An outcome that came outside an operation: it belongs to an earlier one, or to none. `with` is
    /// written once the outcome is, or with it.
    pub(super) async fn stray_outcome(
        &mut self,
        terminal: &TerminalId,
        outcome: Outcome,
        with: Vec<Record>,
    ) -> Result<(), Problem> {
        if let Some(id) = self.owner_of(terminal, &outcome).await? {
            let receipts = outcome.receipts.clone();
            let event = Event::Outcome(Box::new(outcome), Source::Enquired);
            if with.is_empty() {
                self.insist(id, event, receipts).await;
                return Ok(());
            }
            match self.happen_with(id, event, receipts).await {
                Err(problem) if is_of_store(problem.code) => return Err(problem),
                // What is refused changes nothing, and would be refused again.
                Ok(()) | Err(_) => return self.commit(with).await,
            }
        }
        if !outcome.said.moved_money() || self.is_listed(terminal, &outcome).await? {
            return self.commit(with).await;
        }
        let amount = outcome.approved(self.settings.currency);
        let outcome = Box::new(outcome.without_receipts());
        let fact = Fact::Unclaimed { terminal: terminal.clone(), outcome };
        let mut records = vec![self.record(fact)];
        records.extend(with);
        self.commit(records).await?;
        self.tell_unclaimed(terminal, amount);
        Ok(())
    }

    /// Whether this unclaimed payment is in the journal: a terminal may tell of it again after a restart.
    async fn is_listed(&self, terminal: &TerminalId, outcome: &Outcome) -> Result<bool, Problem> {
        for name in [&outcome.echo.transaction, &outcome.echo.reference].into_iter().flatten() {
            let (place, name) = (terminal.clone(), name.0.clone());
            let known = self.store.read(move |reader| reader.was_unclaimed(&place, &name, i64::MAX)).await;
            if known.map_err(|error| crate::folder::problem(&error))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The operation that an outcome names, by the till's own transaction number or by a reference.
    async fn owner_of(
        &mut self,
        terminal: &TerminalId,
        outcome: &Outcome,
    ) -> Result<Option<OperationId>, Problem> {
        let names = [&outcome.echo.transaction, &outcome.echo.reference];
        for name in names.into_iter().flatten() {
            let name = name.0.clone();
            let owners = self.store.read(move |reader| reader.owners(&name)).await;
            for id in owners.map_err(|error| crate::folder::problem(&error))? {
                let payment = self.any_payment(id).await?;
                if payment.operation.terminal != *terminal {
                    continue;
                }
                if self.state.payment(id).is_none() {
                    self.state.cases.insert(id, super::Case::new(payment));
                }
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn tell_unclaimed(&mut self, terminal: &TerminalId, amount: Money) {
        self.add_notice(Some(terminal), "unclaimed", amount.to_string());
    }
}

/// What the provider says it approved, in an answer that does not match, for a payment that was closed
/// without money, or with another amount: nothing is adopted, and somebody must know.
pub(super) fn strange_approval(payment: &Payment, facts: &[PaymentFact]) -> Option<Money> {
    let verdict = payment.verdict()?;
    let is_of_amount = |it: &Mismatch| matches!(it, Mismatch::Amount | Mismatch::Currency);
    facts.iter().find_map(|fact| {
        let PaymentFact::OutcomeMismatched { outcome, mismatch } = fact else { return None };
        let is_strange = !verdict.moved_money() || mismatch.iter().any(is_of_amount);
        (is_strange && outcome.said.moved_money()).then(|| payment.approved_by(outcome))
    })
}

fn brings_receipts(fact: &PaymentFact) -> bool {
    matches!(
        fact,
        PaymentFact::Settled { .. }
            | PaymentFact::SignatureAwaited { .. }
            | PaymentFact::AttentionRaised { .. }
    )
}

fn found_code(found: &Recovered) -> &'static str {
    match found {
        Recovered::Settled(_) => "answered",
        Recovered::StillRunning => "still_running",
        Recovered::NotSeenYet | Recovered::NeverSeen(_) => "never_seen",
        Recovered::CannotTell => "cannot_tell",
        Recovered::SessionLost => "no_session",
    }
}

fn is_of_store(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::DiskFull
            | ProblemCode::ReadOnly
            | ProblemCode::StoreBroken
            | ProblemCode::StoreDamaged
            | ProblemCode::StoreNotVerified
            | ProblemCode::StoreNewer
            | ProblemCode::FolderInUse
    )
}

/// A refusal of the rules in the till's words.
pub(super) fn refused(refusal: domain::payment::Refusal, id: OperationId) -> Problem {
    use domain::payment::Refusal;
    let code = match refusal {
        Refusal::WrongStage | Refusal::ReferenceUsed => ProblemCode::WrongStage,
        Refusal::PromptOpen => ProblemCode::PromptOpen,
        Refusal::StalePrompt => ProblemCode::PromptStale,
        Refusal::NotAnAnswer => ProblemCode::NotAnAnswer,
        Refusal::ReferenceNeeded => ProblemCode::ReferenceNeeded,
    };
    Problem::new(code).about(id)
}
