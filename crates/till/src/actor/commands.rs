//! Commands: each is accepted or refused at once; what follows is in the view. A repeated id gets the first
//! answer again, so a double click or a resend changes nothing.

use super::acts::about;
use super::codes::Shown;
use super::money::{Wanted, field, original_of};
use super::people::{About, Sender, Who};
use super::{Actor, done};
use crate::api::{Accepted, Command, Dispatch, Problem, ProblemCode, SaleSlot, ServiceWanted};
use crate::fleet::Slot;
use crate::fleet::occupied;
use crate::limits;
use domain::ids::{CommandId, OperationId, StaffId, TerminalId, TextId};
use domain::journal::Fact;
use domain::money::Money;
use domain::operation::{Kind, Method, Motive};
use domain::outcome::{Fault, Reason};
use domain::payment::{ByHand, Event, Payment, Verdict, decide};
use domain::prompt::Question;
use domain::receipt::TextRef;
use domain::sale::{Sale, SaleFact};
use domain::session::TerminalFact;
use futures_util::TryFutureExt;
use futures_util::future::BoxFuture;
use std::future::{Future, ready};
use store::Record;
use terminals::capabilities::Abort;
use terminals::service::Service;
use tokio::sync::oneshot;

pub(super) type Reply = oneshot::Sender<Result<Accepted, Problem>>;

/// A command that is being carried out.
type Obeying<'a> = BoxFuture<'a, Result<Accepted, Problem>>;

/// A command that has nothing to tell but that it is done.
fn just<'a>(work: impl Future<Output = Result<(), Problem>> + Send + 'a) -> Obeying<'a> {
    Box::pin(work.map_ok(|()| Accepted::default()))
}

/// A command that begins an operation.
fn begun<'a>(work: impl Future<Output = Result<OperationId, Problem>> + Send + 'a) -> Obeying<'a> {
    Box::pin(work.map_ok(|payment| Accepted { payment: Some(payment), ..Accepted::default() }))
}

impl Actor {
    pub(super) async fn command(&mut self, dispatch: Dispatch, sender: Sender, reply: Reply) {
        if let Some(answer) = self.commands.get(dispatch.id) {
            let _ = reply.send(answer.clone());
            return;
        }
        if let Some(waiting) = self.waiting_for_pin.get_mut(&dispatch.id) {
            waiting.push(reply);
            return;
        }
        match Self::pin_of(&dispatch) {
            Some((person, pin)) => Box::pin(self.check_pin(dispatch, person, pin, reply)).await,
            None => self.carry_out(dispatch, sender, None, reply).await,
        }
    }

    /// Does a command, where who sent it may.
    pub(super) async fn carry_out(
        &mut self,
        dispatch: Dispatch,
        sender: Sender,
        approver: Option<StaffId>,
        reply: Reply,
    ) {
        let Dispatch { id, command, .. } = dispatch;
        let (who, act) = match self.authorised(&command, sender, approver) {
            Ok(who) => who,
            Err(problem) => return self.answered(id, Err(problem), reply),
        };
        if let Command::Service { terminal, service } = command {
            self.service(terminal, service, reply);
            return;
        }
        self.acting = act.map(|act| (who, Some(act)));
        let about = about(&command);
        let answer = self.obey(who, command).await;
        // Acts that wrote no fact which they could go with. What is done stays done where this cannot be
        // written: the disk's trouble is on the screen, and nobody is told that the act failed.
        let acted = self.take_acted(about).filter(|_| answer.is_ok());
        if self.commit(acted.into_iter().collect()).await.is_err() {
            tracing::warn!("who did this could not be written down");
        }
        if let Ok(Accepted { payment: Some(begun), sale, .. }) = &answer {
            self.counter = Some(*begun);
            self.counter_sale = sale.or(self.counter_sale);
            self.dirty = true;
        }
        self.answered(id, answer, reply);
    }

    /// Answers a command, also to those who sent it again meanwhile, and remembers the answer. It goes out
    /// behind the view: whoever is answered finds there what was done. A missing
    /// approval is not remembered: the same command comes again with one.
    pub(super) fn answered(&mut self, id: CommandId, answer: Result<Accepted, Problem>, reply: Reply) {
        let again = self.waiting_for_pin.remove(&id).unwrap_or_default();
        for reply in again.into_iter().chain([reply]) {
            self.answers.push((reply, answer.clone()));
        }
        let asks = |problem: &Problem| {
            matches!(
                problem.code,
                ProblemCode::ApprovalNeeded
                    | ProblemCode::SignInNeeded
                    | ProblemCode::PinWrong
                    | ProblemCode::PinWait
            )
        };
        if answer.as_ref().is_err_and(asks) {
            return;
        }
        self.commands.remember(id, answer);
    }

    /// Hands out the answers.
    pub(super) fn tell_answers(&mut self) {
        for (reply, answer) in self.answers.drain(..) {
            let _ = reply.send(answer);
        }
    }

    /// The record of who does the present command, once.
    pub(super) fn take_acted(&mut self, about: About) -> Option<Record> {
        let (who, act) = self.acting.take()?;
        self.acted(who, act, about)
    }

    /// Boxed by kind, as [`Actor::take`].
    fn obey(&mut self, who: Who, command: Command) -> Obeying<'_> {
        match command {
            Command::Pay { terminal, amount, cash_back, method, label, tender, code, seen } => {
                let (kind, requested) = (Kind::Sale, amount);
                let (original, motive) = (None, None);
                let wanted =
                    Wanted { kind, terminal, requested, cash_back, method, original, motive, label };
                Box::pin(self.pay(who, wanted, tender, Shown { code, seen }))
            }
            Command::Refund { terminal, amount, original, label, tender } => {
                Box::pin(self.refund(terminal, amount, original, label, tender))
            }
            Command::Reverse { payment, or_refund } => {
                begun(self.reverse(payment, Motive::Cashier, or_refund))
            }
            Command::Abort { payment } => just(self.abort(payment)),
            Command::Answer { payment, prompt, answer } => {
                let is_known = self.state.payment(payment).is_some();
                if !is_known {
                    return Box::pin(ready(Err(Self::no_prompt(payment))));
                }
                just(self.answer(payment, prompt, answer))
            }
            Command::Decide { payment, verdict, person, reason, reference } => {
                just(async move { self.decide_by_hand(payment, verdict, &person, reason, reference).await })
            }
            Command::Unblock { terminal, person, reason } => {
                just(async move { self.unblock(&terminal, &person, reason).await })
            }
            Command::AcceptLate { payment } => just(self.accept_late(payment)),
            Command::GiveBack { payment } => begun(self.give_back(payment)),
            Command::Sell { sale, revision, wanted } => Box::pin(self.sell(who, sale, revision, wanted)),
            Command::NextSale { sale } => just(self.next_sale(sale)),
            Command::People { wanted } => just(self.people(who, wanted)),
            Command::Drawer { wanted } => just(self.drawer(who, wanted)),
            Command::Print { wanted } => just(self.print_wanted(wanted)),
            Command::ImportProducts { file, replace, check_only } => {
                Box::pin(async move { self.import_products(&file, replace, check_only).await })
            }
            Command::CloseDay { number } => just(self.close_day(who, number)),
            Command::NextCustomer { payment } => just(self.next_customer(payment)),
            Command::VoidSale { sale } => just(self.void_sale(sale)),
            Command::OpenTerminal { terminal } => just(ready(self.want_open(&terminal))),
            Command::Service { .. } => just(ready(Ok(()))),
            Command::Address { terminal, address, confirm } => {
                just(async move { self.address(&terminal, address, confirm).await })
            }
            Command::EditTerminal { wanted } => just(self.edit_terminal(wanted)),
            Command::EditPrinter { form } => just(self.edit_printer(form)),
            Command::EditSight { form } => just(self.edit_sight(form)),
            Command::AnswerPairing { guest, accepts } => {
                let pairings = self.pairings.0.clone();
                just(async move { pairings.answer(guest, accepts).await })
            }
            Command::ReportX => {
                let report = Some(Box::new(self.x_for(who.by)));
                Box::pin(ready(Ok(Accepted { report, ..Accepted::default() })))
            }
            // Only a folder without settings is set up.
            Command::SetUp { .. } => just(ready(Err(Problem::new(ProblemCode::AlreadySetUp)))),
            Command::StartAgain => just(ready(Ok(()))),
            Command::RecoverNow => {
                let now = self.clock.mono();
                self.state.cases_mut().for_each(|case| case.watch.ask_now(now));
                just(ready(Ok(())))
            }
        }
    }

    async fn refund(
        &mut self,
        terminal: TerminalId,
        amount: Money,
        original: Option<OperationId>,
        label: Option<String>,
        tender: Option<SaleSlot>,
    ) -> Result<Accepted, Problem> {
        let original = match original {
            Some(id) => Some(original_of(&self.any_payment(id).await?)),
            None => None,
        };
        let wanted = Wanted {
            kind: Kind::Refund,
            terminal,
            requested: amount,
            cash_back: Money::zero(amount.currency),
            method: Method::Any,
            original,
            motive: Some(Motive::Cashier),
            label,
        };
        let payment = self.go_back(wanted, tender).await?;
        let sale = tender.map(|tender| tender.sale);
        Ok(Accepted { payment: Some(payment), sale, ..Accepted::default() })
    }

    /// A late approval counts only where its sale still needs the money; otherwise it goes back. A late
    /// refusal of what completed a sale reopens it (R7), in the same transaction.
    async fn accept_late(&mut self, id: OperationId) -> Result<(), Problem> {
        let payment = self.any_payment(id).await?;
        late_outcome_waits(&payment)?;
        let facts = decide(&payment, Event::AcceptLate, &Default::default())
            .map_err(|refusal| done::refused(refusal, id))?;
        let records: Vec<Record> =
            facts.into_iter().map(|fact| self.record(Fact::Payment { operation: id, fact })).collect();
        let sale = match payment.operation.sale {
            Some(sale) => self.sale_and_payments(sale).await?,
            None => None,
        };
        if let Some((sale, payments)) = sale {
            let refuses = |error| Problem::new(ProblemCode::SaleRefuses).with("what", error).about(id);
            let changes = sale.accept_late(&payment, payments.iter()).map_err(refuses)?;
            if !changes.is_empty() {
                return self.reopen(&payment, sale, changes, records).await;
            }
        }
        self.commit(records).await?;
        self.happen_with(id, Event::Note(Default::default()), Vec::new()).await
    }

    /// A finished sale is at hand again with the facts that reopen it.
    async fn reopen(
        &mut self,
        payment: &Payment,
        sale: Sale,
        changes: Vec<SaleFact>,
        mut records: Vec<Record>,
    ) -> Result<(), Problem> {
        let (id, total) = (sale.id, sale.rounded_total());
        records.extend(changes.into_iter().map(|fact| self.record(Fact::Sale { sale: id, fact })));
        self.state.sales.insert(id, sale);
        if let Err(problem) = self.commit(records).await {
            self.state.sales.remove(&id);
            return Err(problem);
        }
        self.add_notice(Some(&payment.operation.terminal), "sale_reopened", total.to_string());
        Ok(())
    }

    async fn give_back(&mut self, id: OperationId) -> Result<OperationId, Problem> {
        let payment = self.any_payment(id).await?;
        late_outcome_waits(&payment)?;
        if self.fleet.slot(&payment.operation.terminal)?.capabilities().reversal {
            // Where the terminal does not undo it any more, a refund gives it back.
            return self.reverse(id, Motive::LateApproval, true).await;
        }
        let original = original_of(&payment);
        let wanted = Wanted {
            kind: Kind::Refund,
            terminal: payment.operation.terminal.clone(),
            requested: original.approved,
            cash_back: Money::zero(original.approved.currency),
            method: payment.operation.method,
            original: Some(original),
            motive: Some(Motive::LateApproval),
            label: None,
        };
        self.go_back(wanted, None).await
    }

    async fn abort(&mut self, id: OperationId) -> Result<(), Problem> {
        let unknown = || Problem::new(ProblemCode::UnknownPayment).with("payment", id);
        let case = self.state.cases.get(&id).ok_or_else(unknown)?;
        let waits = super::state::is_waiting_to_start(case);
        let slot = self.fleet.slot(&case.payment.operation.terminal)?;
        if slot.capabilities().abort == Abort::None {
            return Err(Problem::new(ProblemCode::NotOffered)
                .with("what", "cancelling from the till")
                .about(id));
        }
        let driver = std::sync::Arc::clone(&slot.driver);
        let lost = case.payment.is_uncertain().then(|| {
            let newest_first = case.payment.sent.iter().rev().cloned().collect::<Vec<_>>();
            (case.payment.operation.clone(), newest_first)
        });
        self.happen(id, Event::AbortAsked).await?;
        if let Some((operation, sent)) = lost {
            self.effects.call_off(driver, operation, sent);
        } else if waits {
            let fault = Fault::not_sent(Reason::Aborted, "cancelled before anything was sent");
            self.insist(id, Event::Failed(fault), Vec::new()).await;
        } else {
            self.effects.abort(driver, id);
        }
        Ok(())
    }

    async fn decide_by_hand(
        &mut self,
        id: OperationId,
        verdict: Verdict,
        person: &str,
        reason: String,
        reference: Option<String>,
    ) -> Result<(), Problem> {
        if !matches!(verdict, Verdict::Approved | Verdict::NotCharged) {
            return Err(field("as", "must be approved or not-charged"));
        }
        let (person, name) = self.named(person)?;
        let reason = text("reason", &reason)?;
        let decision = ByHand { verdict, person: person.clone(), reason, provider_reference: reference };
        let payment = self.any_payment(id).await?;
        let refused = |refusal| {
            let problem = done::refused(refusal, id);
            let is_stage = problem.code == ProblemCode::WrongStage;
            if is_stage { wrong_stage(&payment, "not_disputed") } else { problem }
        };
        let facts = decide(&payment, Event::Decide(decision), &Default::default()).map_err(refused)?;
        let mut records: Vec<Record> =
            facts.into_iter().map(|fact| self.record(Fact::Payment { operation: id, fact })).collect();
        if let Some(first) = records.first_mut() {
            first.texts.push((person, name));
        }
        self.commit(records).await?;
        // Everything that hangs on the payment follows as after any other closing.
        self.happen_with(id, Event::Note(Default::default()), Vec::new()).await
    }

    async fn unblock(
        &mut self,
        terminal: &TerminalId,
        person: &str,
        reason: String,
    ) -> Result<(), Problem> {
        self.fleet.slot(terminal)?;
        let (person, name) = self.named(person)?;
        let reason = text("reason", &reason)?;
        let operations: Vec<OperationId> = self
            .state
            .open()
            .filter(|payment| payment.operation.terminal == *terminal && payment.is_uncertain())
            .map(|payment| payment.id())
            .collect();
        let fact =
            Fact::Unblocked { terminal: terminal.clone(), operations, person: person.clone(), reason };
        let mut record = self.record(fact);
        record.texts.push((person, name));
        let mut records = vec![record];
        if self.fleet.slot(terminal)?.last_refused {
            let asked = Fact::Terminal {
                terminal: terminal.clone(),
                fact: TerminalFact::LastAsked { named: Vec::new() },
            };
            records.push(self.record(asked));
        }
        self.commit(records).await?;
        self.fleet.slot_mut(terminal)?.last_refused = false;
        Ok(())
    }

    pub(super) fn named(&self, person: &str) -> Result<(TextRef, String), Problem> {
        let name = text("person", person)?;
        Ok((TextRef::of(TextId::of(&self.random.seed()), &name), name))
    }

    async fn address(
        &mut self,
        terminal: &TerminalId,
        address: String,
        confirm: bool,
    ) -> Result<(), Problem> {
        let slot = self.fleet.slot(terminal)?;
        if slot.session.proposed_address.as_deref() != Some(address.as_str()) {
            return Err(field("address", "is not the announced one"));
        }
        let open = self.state.open().find(|payment| payment.operation.terminal == *terminal);
        if let Some(payment) = open {
            return Err(occupied(ProblemCode::TerminalBusy, terminal, payment.id()));
        }
        let fact =
            if confirm { TerminalFact::AddressConfirmed { address } } else { TerminalFact::AddressRefused };
        self.terminal_fact(terminal, fact).await?;
        if confirm { self.remake_driver(terminal) } else { Ok(()) }
    }

    /// Services and openings wait while an operation is open on the terminal (R8).
    pub(super) fn is_free(&self, terminal: &TerminalId) -> Result<(), Problem> {
        self.fleet.slot(terminal)?;
        match self.state.open().find(|payment| payment.operation.terminal == *terminal) {
            Some(payment) => Err(occupied(ProblemCode::TerminalBusy, terminal, payment.id())),
            None => Ok(()),
        }
    }

    fn service(&mut self, terminal: TerminalId, wanted: ServiceWanted, reply: Reply) {
        let service = match wanted {
            ServiceWanted::Logout => Service::LogOut { maintenance: true },
            ServiceWanted::Diagnosis => Service::Diagnosis,
            ServiceWanted::Totals => Service::Totals,
            ServiceWanted::Reconcile => Service::Reconcile,
            ServiceWanted::Show { lines } => Service::Show { lines },
            ServiceWanted::Ask { text, digits: false } => {
                Service::AskCustomer { question: Question::Confirm, text }
            }
            ServiceWanted::Ask { text, digits: true } => {
                let question = Question::Digits { min: 0, max: limits::CUSTOMER_DIGITS };
                Service::AskCustomer { question, text }
            }
        };
        // Two conversations at once: the end of the first would be taken for the end of both.
        let is_busy = |slot: &Slot| slot.converses() || slot.coming.is_some();
        let free = self.is_free(&terminal).and_then(|()| {
            let busy = Problem::new(ProblemCode::TerminalBusy).with("terminal", &terminal);
            if is_busy(self.fleet.slot(&terminal)?) { Err(busy) } else { Ok(()) }
        });
        if let Err(problem) = free {
            let _ = reply.send(Err(problem));
            return;
        }
        let (sender, answer) = oneshot::channel();
        if matches!(service, Service::LogOut { .. }) {
            self.let_rest(&terminal, self.short_rest(), Some(sender));
        } else {
            self.start_service(&terminal, service, Some(sender));
        }
        tokio::spawn(async move {
            let answer = match answer.await {
                Ok(Ok(report)) => {
                    let answer = report.answer.map(|answer| answer.masked());
                    Ok(Accepted { lines: report.lines, answer, ..Accepted::default() })
                }
                Ok(Err(fault)) => Err(Problem::new(ProblemCode::TerminalFault)
                    .with("terminal", &terminal)
                    .with("reason", fault.reason.code())
                    .with("detail", &fault.detail)),
                Err(_) => Err(Problem::new(ProblemCode::Stopping)),
            };
            let _ = reply.send(answer);
        });
    }
}

/// Whether a late outcome waits for a person's word.
fn late_outcome_waits(payment: &Payment) -> Result<(), Problem> {
    match &payment.attention {
        Some(attention) if attention.giving_back.is_none() => Ok(()),
        Some(_) => Err(wrong_stage(payment, "given_back")),
        None => Err(wrong_stage(payment, "no_late_outcome")),
    }
}

/// What is not possible, with how the payment stands.
fn wrong_stage(payment: &Payment, why: &str) -> Problem {
    Problem::new(ProblemCode::WrongStage)
        .with("why", why)
        .with("state", payment.state_code())
        .with("outcome", payment.outcome_code())
        .about(payment.id())
}

pub(super) fn text(name: &str, value: &str) -> Result<String, Problem> {
    let value = value.trim();
    if value.is_empty() || value.chars().count() > limits::TEXT {
        return Err(field(name, "must be there, and not longer than a few lines"));
    }
    Ok(domain::card::masked(value))
}
