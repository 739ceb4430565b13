//! Intending money operations: checked by the rules, written down, then left to `next`.

use super::Actor;
use super::codes::Shown;
use super::codes::digest_of;
use super::people::{About, Who};
use super::selling::refused;
use crate::api::{Accepted, Problem, ProblemCode, SaleSlot};
use crate::desk::First;
use crate::fleet::occupied;
use crate::limits;
use domain::admission::{Admission, NotAdmitted, admit};
use domain::card::masked;
use domain::ids::{OperationId, ReferenceShape, SaleId, TerminalId};
use domain::journal::Fact;
use domain::money::Money;
use domain::operation::{Kind, Method, Motive, Operation, Original};
use domain::payment::{Event, Payment, PaymentFact, decide};
use domain::sale::{Sale, SaleFact};
use domain::wallet::PaymentCode;
use store::Record;

/// What a command asks for, before it has an id.
pub(super) struct Wanted {
    pub(super) kind: Kind,
    pub(super) terminal: TerminalId,
    pub(super) requested: Money,
    pub(super) cash_back: Money,
    pub(super) method: Method,
    pub(super) original: Option<Original>,
    pub(super) motive: Option<Motive>,
    pub(super) label: Option<String>,
}

impl Actor {
    fn operation(&self, wanted: Wanted, tender: Option<(SaleId, u16)>) -> Operation {
        let seed = self.random.seed();
        Operation {
            id: OperationId::of(&seed),
            kind: wanted.kind,
            terminal: wanted.terminal,
            requested: wanted.requested,
            cash_back: wanted.cash_back,
            method: wanted.method,
            original: wanted.original,
            motive: wanted.motive,
            sale: tender.map(|(sale, _)| sale),
            slot: tender.map_or(0, |(_, slot)| slot),
            transaction: self.random.reference(ReferenceShape::Digits(18)),
            label: wanted.label.map(|label| masked(&label).chars().take(limits::TEXT).collect()),
            intended_at: seed.at,
        }
    }

    /// The customer pays.
    pub(super) async fn pay(
        &mut self,
        who: Who,
        wanted: Wanted,
        tender: Option<SaleSlot>,
        shown: Shown,
    ) -> Result<Accepted, Problem> {
        self.is_offered(&wanted)?;
        let code = self.fresh_code(&wanted, shown)?;
        let goods = wanted.requested.minus(wanted.cash_back).unwrap_or(wanted.requested);
        let zero = Money::zero(goods.currency);
        let (sale, slot, mut records) = match tender {
            Some(tender) => {
                self.load_tenders(tender.sale).await?;
                let unknown = || Problem::new(ProblemCode::UnknownSale);
                let sale = self.state.sales.get(&tender.sale).ok_or_else(unknown)?;
                // A second click names an older revision, whatever the rounding adds.
                sale.may_tender(tender.revision, tender.slot, zero, self.state.payments())
                    .map_err(refused)?;
                let rounding = self.rounding_before_tender(who, sale)?;
                let sale = rounding.iter().fold(sale.clone(), |sale, (_, fact)| sale.evolve(fact));
                sale.may_tender(sale.revision, tender.slot, goods, self.state.payments())
                    .map_err(refused)?;
                let rounded = rounding.into_iter().map(|(id, fact)| Fact::Sale { sale: id, fact });
                (tender.sale, tender.slot, rounded.map(|fact| self.record(fact)).collect())
            }
            None => {
                let sale = SaleId::of(&self.random.seed());
                let opened = Fact::Sale { sale, fact: SaleFact::Opened { total: goods } };
                (sale, 0, vec![self.record(opened)])
            }
        };
        let operation = self.operation(wanted, Some((sale, slot)));
        self.admitted(&operation, None, &[])?;
        let tendered = SaleFact::Tendered { slot, operation: operation.id };
        records.push(self.record(Fact::Sale { sale, fact: tendered }));
        let payment = self.intend(operation, records, code).await?;
        Ok(Accepted { payment: Some(payment), sale: Some(sale), ..Accepted::default() })
    }

    /// Money back, with or without an original.
    pub(super) async fn go_back(
        &mut self,
        wanted: Wanted,
        tender: Option<SaleSlot>,
    ) -> Result<OperationId, Problem> {
        self.is_offered(&wanted)?;
        let original = match &wanted.original {
            Some(original) => Some(self.any_payment(original.operation).await?),
            None => None,
        };
        let against = match &original {
            Some(original) => self.against(original).await?,
            None => Vec::new(),
        };
        let of_sale = tender.map(|tender| (tender.sale, tender.slot));
        let mut operation = self.operation(wanted, of_sale);
        let mut linked = Vec::new();
        if let Some(tender) = tender {
            self.load_tenders(tender.sale).await?;
            let unknown = || Problem::new(ProblemCode::UnknownSale);
            let sale = self.state.sales.get(&tender.sale).ok_or_else(unknown)?;
            sale.may_refund(tender.revision, tender.slot, operation.requested, self.state.payments())
                .map_err(refused)?;
            let fact = SaleFact::Tendered { slot: tender.slot, operation: operation.id };
            linked.push(self.record(Fact::Sale { sale: tender.sale, fact }));
        } else {
            // What goes back belongs to the sale that it came from: the sale counts it.
            operation.sale = original.as_ref().and_then(|original| original.operation.sale);
        }
        self.admitted(&operation, original.as_ref(), &against)?;
        if let Some(original) = &original {
            let event = match operation.motive {
                Some(Motive::SignatureRefused) => Some(Event::ReversalIntended(operation.id)),
                Some(Motive::LateApproval) => Some(Event::GiveBack(operation.id)),
                Some(Motive::Cashier) | None => None,
            };
            if let Some(event) = event {
                let facts = decide(original, event, &Default::default())
                    .map_err(|refusal| super::done::refused(refusal, original.id()))?;
                let id = original.id();
                linked.extend(
                    facts.into_iter().map(|fact| self.record(Fact::Payment { operation: id, fact })),
                );
            }
        }
        // Both halves of a link are one transaction: a crash finds both or none.
        self.intend(operation, linked, None).await
    }

    async fn intend(
        &mut self,
        operation: Operation,
        with: Vec<Record>,
        code: Option<PaymentCode>,
    ) -> Result<OperationId, Problem> {
        let (id, terminal) = (operation.id, operation.terminal.clone());
        let (sale, amount) = (operation.sale, Some(operation.requested));
        let about = About { sale, operation: Some(id), amount, reason: None };
        let offset = self.clock.wall_offset_ms();
        let reserved = self.first_reference(&operation);
        let is_reserved = !reserved.is_empty();
        let intended = PaymentFact::Intended { operation: Box::new(operation) };
        let facts = [intended].into_iter().chain(reserved);
        let mut records: Vec<Record> =
            facts.map(|fact| self.record(Fact::Payment { operation: id, fact })).collect();
        records.extend(code.as_ref().map(|code| self.record(digest_of(id, code))));
        records.extend(with);
        records.extend(self.take_acted(about));
        // The connection is made while the disk syncs; where nothing comes of it, it is closed again.
        let may_connect = is_reserved && self.store.takes_intents();
        let ahead = self.fleet.slots.get(&terminal).filter(|_| may_connect).map(|it| it.driver.get_ready());
        self.commit(records).await?;
        if let Some(code) = &code {
            self.took(code);
        }
        if let Some(case) = self.state.case_mut(id) {
            case.offset_at_intent = Some(offset);
            case.watch.reserved = is_reserved;
            case.wallet.clone_from(&code);
            case.first = First::of(case.payment.sent.first().filter(|_| is_reserved).cloned());
        }
        if let Some(slot) = self.fleet.slots.get_mut(&terminal) {
            slot.used_at = self.clock.mono();
            slot.ahead = ahead.unwrap_or_default();
        }
        Ok(id)
    }

    /// Where the request can leave at once, its reference goes to the disk together with the intent: one sync
    /// in place of two (R1). A terminal that must log in first, or is at something else, gets its reference
    /// when it asks for one: until then nothing can be at the terminal, and the journal says so.
    fn first_reference(&self, operation: &Operation) -> Vec<PaymentFact> {
        let ready = self.fleet.slots.get(&operation.terminal).filter(|slot| slot.may_begin());
        let Some((slot, session)) = ready.and_then(|slot| Some((slot, slot.session.open.clone()?))) else {
            return Vec::new();
        };
        let can = slot.capabilities();
        let (reference, step) = (self.random.reference(can.reference), can.first_step(operation.kind));
        let event = Event::Reserve { reference, step, session: Some(session) };
        let intended = Payment::intended(operation.clone(), self.clock.now());
        // A payment that was just intended has no reference yet: nothing can be refused.
        decide(&intended, event, &Default::default()).unwrap_or_default()
    }

    /// Undoes one approved payment.
    pub(super) async fn reverse(
        &mut self,
        id: OperationId,
        motive: Motive,
        or_refund: bool,
    ) -> Result<OperationId, Problem> {
        let payment = self.any_payment(id).await?;
        let wanted = Wanted {
            kind: Kind::Reversal,
            terminal: payment.operation.terminal.clone(),
            requested: approved_of(&payment),
            cash_back: Money::zero(payment.operation.requested.currency),
            method: payment.operation.method,
            original: Some(original_of(&payment)),
            motive: Some(motive),
            label: None,
        };
        let reversal = self.go_back(wanted, None).await?;
        if or_refund {
            self.or_refund.insert(reversal);
        }
        Ok(reversal)
    }

    /// The provider wants a refund in place of a reversal, and the person said that this is fine.
    pub(super) async fn refund_instead(&mut self, reversal: &Operation) -> Result<(), Problem> {
        let wanted = Wanted {
            kind: Kind::Refund,
            terminal: reversal.terminal.clone(),
            requested: reversal.requested,
            cash_back: Money::zero(reversal.requested.currency),
            method: reversal.method,
            original: reversal.original.clone(),
            motive: reversal.motive,
            label: reversal.label.clone(),
        };
        Box::pin(self.go_back(wanted, None)).await.map(|_| ())
    }

    /// The linked reversal of a refused signature.
    pub(super) async fn intend_signature_reversal(&mut self, id: OperationId) -> bool {
        match self.reverse(id, Motive::SignatureRefused, false).await {
            Ok(_) => true,
            Err(problem) => {
                tracing::error!(payment = %id, %problem, "the refused payment could not be reversed yet");
                let again = self.clock.mono().saturating_add(limits::UNSAVED_RETRY);
                self.wake(again)
            }
        }
    }

    fn is_offered(&self, wanted: &Wanted) -> Result<(), Problem> {
        let slot = self.fleet.slot(&wanted.terminal)?;
        let can = slot.capabilities();
        let not_offered = |what: &str| {
            Err(Problem::new(ProblemCode::NotOffered).with("what", what).with("terminal", &wanted.terminal))
        };
        if wanted.requested.currency != self.settings.currency {
            return Err(field("currency", "is not the currency of this till"));
        }
        match wanted.kind {
            Kind::Refund if !can.refund => not_offered("refund"),
            Kind::Refund if can.refund_needs_original && wanted.original.is_none() => {
                not_offered("refund without the payment")
            }
            Kind::Reversal if !can.reversal => not_offered("reversal"),
            Kind::Sale if !wanted.cash_back.is_zero() && !can.cash_back => not_offered("cash-back"),
            Kind::Sale | Kind::Refund | Kind::Reversal => Ok(()),
        }
    }

    fn admitted(
        &self,
        operation: &Operation,
        original: Option<&Payment>,
        against: &[Payment],
    ) -> Result<(), Problem> {
        let open: Vec<&Payment> = self.state.open().collect();
        let against: Vec<&Payment> = against.iter().collect();
        let world =
            Admission { open: &open, unblocked: &self.state.unblocked, original, against: &against };
        admit(operation, &world).map_err(|error| match error {
            NotAdmitted::Amount => field("amount", "cannot be asked for"),
            NotAdmitted::Busy(by) => occupied(ProblemCode::TerminalBusy, &operation.terminal, by),
            NotAdmitted::Blocked(by) => occupied(ProblemCode::TerminalBlocked, &operation.terminal, by),
            NotAdmitted::NoRefund(error) => {
                let problem = Problem::new(ProblemCode::NoRefund).with("what", error);
                operation
                    .original
                    .as_ref()
                    .map_or(problem.clone(), |original| problem.about(original.operation))
            }
            NotAdmitted::NoOriginal => Problem::new(ProblemCode::NoRefund).with("what", error),
        })
    }

    /// A payment at hand or in the store.
    pub(super) async fn any_payment(&self, id: OperationId) -> Result<Payment, Problem> {
        if let Some(payment) = self.state.payment(id) {
            return Ok(payment.clone());
        }
        let unknown = || Problem::new(ProblemCode::UnknownPayment).with("payment", id);
        self.stored_payment(id).await?.ok_or_else(unknown)
    }

    pub(super) async fn stored_payment(&self, id: OperationId) -> Result<Option<Payment>, Problem> {
        self.store
            .read(move |reader| reader.payment(id))
            .await
            .map_err(|error| crate::folder::problem(&error))
    }

    /// Refunds and reversals of a payment, in any state, the newest state of each.
    pub(super) async fn against(&self, original: &Payment) -> Result<Vec<Payment>, Problem> {
        let (original, sale) = (original.id(), original.operation.sale);
        let found = self.store.read(move |reader| {
            // Where the money back will be written, too: a page that is lost there is found before that.
            sale.map(|sale| reader.payments_of_sale(sale)).transpose()?;
            reader.against(original)
        });
        let found = found.await;
        let mut found = found.map_err(|error| crate::folder::problem(&error))?;
        for payment in &mut found {
            if let Some(newer) = self.state.payment(payment.id()) {
                payment.clone_from(newer);
            }
        }
        Ok(found)
    }

    /// Everything that was paid for an open sale and went back of it: what is due is counted from all.
    pub(super) async fn load_tenders(&mut self, sale: SaleId) -> Result<(), Problem> {
        if !self.state.sales.contains_key(&sale) {
            return Ok(());
        }
        let stored = self.store.read(move |reader| reader.payments_of_sale(sale)).await;
        for payment in stored.map_err(|error| crate::folder::problem(&error))? {
            if self.state.payment(payment.id()).is_none() {
                self.state.cases.insert(payment.id(), super::Case::new(payment));
            }
        }
        Ok(())
    }

    /// A sale with everything that was paid for it and went back of it.
    pub(super) async fn sale_and_payments(
        &mut self,
        id: SaleId,
    ) -> Result<Option<(Sale, Vec<Payment>)>, Problem> {
        self.load_tenders(id).await?;
        if let Some(open) = self.state.sales.get(&id) {
            return Ok(Some((open.clone(), self.state.payments().cloned().collect())));
        }
        let stored = self.store.read(move |reader| Ok((reader.sale(id)?, reader.all_of_sale(id)?))).await;
        let (sale, mut payments) = stored.map_err(|error| crate::folder::problem(&error))?;
        for payment in &mut payments {
            if let Some(newer) = self.state.payment(payment.id()) {
                payment.clone_from(newer);
            }
        }
        Ok(sale.map(|sale| (sale, payments)))
    }

    /// Gives up a sale on which nothing is held or kept.
    pub(super) async fn void_sale(&mut self, id: SaleId) -> Result<(), Problem> {
        self.load_tenders(id).await?;
        let sale: &Sale = self.state.sales.get(&id).ok_or(Problem::new(ProblemCode::UnknownSale))?;
        sale.may_void(self.state.payments()).map_err(refused)?;
        self.commit(vec![self.record(Fact::Sale { sale: id, fact: SaleFact::Voided })]).await
    }
}

/// What a reversal or a refund of this payment undoes: the late, contradicting approval where one waits.
fn approved_of(payment: &Payment) -> Money {
    let late = payment.attention.as_ref().filter(|attention| attention.outcome.said.moved_money());
    match late {
        Some(attention) => attention.outcome.approved(payment.operation.requested.currency),
        None if payment.approved().is_zero() => payment.operation.requested,
        None => payment.approved(),
    }
}

/// The original as the driver needs it.
pub(super) fn original_of(payment: &Payment) -> Original {
    let mut evidence = payment.evidence.clone();
    if let Some(attention) = &payment.attention {
        evidence.merge(&attention.outcome.evidence);
    }
    Original {
        operation: payment.id(),
        kind: payment.operation.kind,
        approved: approved_of(payment),
        evidence,
    }
}

/// A problem with one field of a command.
pub(super) fn field(name: &str, what: &str) -> Problem {
    Problem::new(ProblemCode::FieldWrong).with("field", name).with("what", what)
}
