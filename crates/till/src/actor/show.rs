//! Views: functions of the state, pushed when something changed.

use super::Actor;
use super::state::Case;
use crate::api::{
    CustomerStage, CustomerView, Health, Moment, MomentKind, PaymentView, PromptView, TerminalView, View,
};
use domain::ids::{OperationId, TerminalId};
use domain::operation::Kind;
use domain::outcome::{Evidence, Outcome};
use domain::payment::{Closer, Stage, Verdict};
use jiff::SignedDuration;
use std::sync::Arc;

impl Actor {
    pub(super) fn publish(&mut self) {
        if !std::mem::take(&mut self.dirty) {
            return;
        }
        self.sequence += 1;
        let customer = self.customer_view();
        let view = Arc::new(self.view());
        self.views.send_replace(view);
        self.customer.send_if_modified(|known| {
            let changed = **known != customer;
            if changed {
                *known = Arc::new(customer);
            }
            changed
        });
    }

    fn view(&mut self) -> View {
        self.show_payments();
        let mut payments: Vec<Arc<PaymentView>> =
            self.state.cases.values().rev().filter_map(|case| case.shown.clone()).collect();
        // Open ones first; the sort keeps the newest first within both.
        payments.sort_by_key(|payment| payment.state == "closed" && !payment.attention);
        View {
            sequence: self.sequence,
            practice: self.settings.practice,
            payments,
            terminals: self.fleet.order.iter().filter_map(|id| self.terminal_view(id)).collect(),
            notices: self.notices.iter().cloned().collect(),
            problems: self.problems.clone(),
        }
    }

    /// Builds what a view says of each payment. A closed one is kept until something changes about it: most
    /// are, and every text of the terminal makes a view.
    fn show_payments(&mut self) {
        let stale = |case: &&Case| case.shown.as_ref().is_none_or(|shown| shown.state != "closed");
        let ids: Vec<OperationId> =
            self.state.cases.values().filter(stale).map(|case| case.payment.id()).collect();
        for id in ids {
            let Some(view) = self.state.cases.get(&id).map(|case| self.payment_view(id, case)) else {
                continue;
            };
            if let Some(case) = self.state.cases.get_mut(&id) {
                case.shown = Some(Arc::new(view));
            }
        }
    }

    fn payment_view(&self, id: OperationId, case: &Case) -> PaymentView {
        let payment = &case.payment;
        let closing = payment.closing();
        let detail = closing
            .and_then(|closing| closing.detail.clone())
            .or_else(|| payment.outcome.as_ref().and_then(|outcome| outcome.detail.clone()));
        PaymentView {
            payment: id,
            terminal: payment.operation.terminal.clone(),
            sale: payment.operation.sale,
            kind: kind_code(payment.operation.kind).to_owned(),
            state: payment.state_code().to_owned(),
            outcome: payment.outcome_code().to_owned(),
            reason: payment.reason().map(|reason| reason.code().to_owned()),
            detail,
            requested: payment.operation.requested,
            amount: amount_of(payment),
            tip: payment.tip(),
            cash_back: payment.cash_back(),
            at: payment.operation.intended_at,
            abort_asked: payment.abort_asked,
            late: closing.is_some_and(|closing| closing.late),
            closed_by: closing.map(|closing| closer_code(&closing.by).to_owned()),
            attention: payment.attention.is_some(),
            prompt: self.prompt_view(id, case),
            display: case.display.clone(),
            code: case.code.clone(),
            evidence: evidence_of(case),
            timeline: case.timeline.iter().cloned().collect(),
            enquiries: case.watch.enquiries,
        }
    }

    fn prompt_view(&self, id: OperationId, case: &Case) -> Option<PromptView> {
        let prompt = case.payment.prompt.as_ref()?;
        let until = self.waiting.get(&id).and_then(|waiting| waiting.until).and_then(|until| {
            let left = until.saturating_sub(self.clock.mono());
            self.clock.now().checked_add(SignedDuration::try_from(left).ok()?).ok()
        });
        Some(PromptView {
            id: prompt.id,
            question: prompt.question.clone(),
            text: prompt.text.clone(),
            until,
        })
    }

    fn terminal_view(&self, id: &TerminalId) -> Option<TerminalView> {
        let slot = self.fleet.slots.get(id)?;
        let blocks = |payment: &&domain::payment::Payment| {
            payment.operation.terminal == *id && !self.state.unblocked.contains(&payment.id())
        };
        let open = self.state.open().find(blocks);
        let works = self
            .state
            .cases
            .values()
            .any(|case| case.watch.performing && case.payment.operation.terminal == *id);
        Some(TerminalView {
            terminal: id.clone(),
            name: slot.entry.name.clone(),
            driver: slot.entry.driver.name.to_owned(),
            health: if works { Health::Working } else { slot.health },
            detail: slot.detail.clone(),
            serial: slot.session.serial.clone(),
            software: slot.session.software.clone(),
            warnings: slot.warnings.clone(),
            blocked_by: open.map(|payment| payment.id()),
            proposed_address: slot.session.proposed_address.clone(),
            card_inserted: slot.card_inserted,
            maintenance_wanted: slot.maintenance_wanted,
        })
    }

    fn customer_view(&self) -> CustomerView {
        let practice = self.settings.practice;
        let newest = self.state.cases.values().rfind(|case| case.payment.is_sale());
        let Some(case) = newest else { return CustomerView { practice, ..CustomerView::default() } };
        let stage = match &case.payment.stage {
            Stage::Running | Stage::AwaitSignature => CustomerStage::Pay,
            Stage::Unknown(_) | Stage::Disputed(_) | Stage::Reversing(_) => CustomerStage::Checking,
            Stage::Closed(closing) => match closing.verdict {
                Verdict::Approved | Verdict::Partial => CustomerStage::Paid,
                Verdict::Declined | Verdict::Cancelled | Verdict::NotCharged => CustomerStage::NotPaid,
            },
        };
        let text = (stage == CustomerStage::Pay).then(|| case.display.clone()).flatten();
        let amount = Some(case.payment.operation.requested);
        CustomerView { stage, amount, text, code: case.code.clone(), practice }
    }
}

/// The word for a kind of operation.
pub(crate) fn kind_code(kind: Kind) -> &'static str {
    match kind {
        Kind::Sale => "sale",
        Kind::Refund => "refund",
        Kind::Reversal => "reversal",
    }
}

fn closer_code(by: &Closer) -> &'static str {
    match by {
        Closer::Provider => "provider",
        Closer::NothingSent => "nothing_sent",
        Closer::NotStarted => "not_started",
        Closer::Judged(_) => "judged",
        Closer::Person => "person",
    }
}

/// What was approved and stays: a payment undone for its signature has nothing left.
pub(crate) fn amount_of(payment: &domain::payment::Payment) -> domain::money::Money {
    let zero = domain::money::Money::zero(payment.operation.requested.currency);
    match payment.verdict() {
        Some(verdict) if verdict.moved_money() => match (&payment.outcome, payment.operation.kind) {
            (Some(Outcome { amount: None, .. }), Kind::Reversal) => payment.operation.requested,
            _ => payment.approved(),
        },
        Some(_) | None => zero,
    }
}

fn evidence_of(case: &Case) -> Evidence {
    let payment = &case.payment;
    let mut evidence = payment.evidence.clone().with("transaction", &payment.operation.transaction.0);
    if let Some(sent) = payment.newest_sent() {
        evidence = evidence.with("reference", &sent.reference.0);
    }
    if let Some(original) = &payment.operation.original {
        evidence = evidence.with("original", &original.operation.to_string());
    }
    let reversing = |moment: &Moment| match &moment.what {
        MomentKind::Step { step, detail } if step == "reversing" => detail.clone(),
        MomentKind::Step { .. }
        | MomentKind::Display { .. }
        | MomentKind::Code { .. }
        | MomentKind::Prompt { .. }
        | MomentKind::Print { .. } => None,
    };
    let linked = case.timeline.iter().rev().find_map(reversing);
    let reversal = payment.reversal().map(|reversal| reversal.to_string()).or(linked);
    evidence.with("reversal", &reversal.unwrap_or_default())
}
