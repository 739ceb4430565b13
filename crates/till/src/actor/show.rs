//! Views: functions of the state, pushed when something changed.

use super::Actor;
use super::picture;
use super::state::Case;
use crate::api::{
    CustomerStage, CustomerView, DrawnCode, Health, Moment, MomentKind, Offers, PaymentView, PromptView,
    SaleView, ShopView, TerminalView, View,
};
use domain::ids::{OperationId, TerminalId};
use domain::money::LARGEST_MINOR;
use domain::operation::Kind;
use domain::outcome::{Evidence, Outcome};
use domain::payment::{Closer, Mono, Payment, Stage, Verdict};
use domain::sale::SaleStage;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use terminals::Capabilities;
use terminals::capabilities::{Abort, Code};

impl Actor {
    pub(super) fn publish(&mut self) {
        if !std::mem::take(&mut self.dirty) {
            return;
        }
        self.sequence += 1;
        let view = Arc::new(self.view());
        let customer = self.customer_view(view.sale.as_deref());
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
        let sale = self.sale_view();
        let mut payments: Vec<Arc<PaymentView>> =
            self.state.cases.values().rev().filter_map(|case| case.shown.clone()).collect();
        // Open ones first; the sort keeps the newest first within both.
        payments.sort_by_key(|payment| payment.state == "closed" && !payment.attention);
        View {
            sequence: self.sequence,
            practice: self.settings.practice,
            shop: self.shop_view(),
            counter: self.counter.filter(|id| self.state.payment(*id).is_some()),
            sale,
            parked: self.parked_view(),
            people: self.people_view(),
            shift: self.shift_view(),
            catalogue: self.catalogue_changes,
            payments,
            terminals: self.fleet.order.iter().filter_map(|id| self.terminal_view(id)).collect(),
            notices: self.notices.iter().cloned().collect(),
            printer: self.press.view(),
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
            phase: picture::phase(case),
            method: payment.operation.method,
            label: payment.operation.label.clone(),
            instrument: payment.outcome.as_ref().and_then(|outcome| outcome.instrument.clone()),
            original: payment.operation.original.as_ref().map(|original| original.operation),
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
            late_outcome: self.late_view(payment),
            tender: self.tender_view(payment),
            prompt: self.prompt_view(id, case),
            slip: picture::slip(case),
            slip_paper: picture::slip(case).map(|_| self.press.slip_paper(id)),
            display: case.display.clone(),
            code: case.code.clone(),
            drawn: drawn(case),
            evidence: evidence_of(case),
            timeline: case.timeline.iter().cloned().collect(),
            enquiries: case.watch.enquiries,
            next_enquiry: self.next_enquiry(case),
            changed_at: payment.changed_at,
        }
    }

    fn prompt_view(&self, id: OperationId, case: &Case) -> Option<PromptView> {
        let prompt = case.payment.prompt.as_ref()?;
        let until = self.waiting.get(&id).and_then(|waiting| waiting.until);
        let until = until.and_then(|until| self.on_the_wall(until));
        Some(PromptView {
            id: prompt.id,
            question: prompt.question.clone(),
            text: prompt.text.clone(),
            until,
        })
    }

    /// A point of the monotonic clock as the wall clock will show it.
    pub(super) fn on_the_wall(&self, at: Mono) -> Option<Timestamp> {
        let left = SignedDuration::try_from(at.saturating_sub(self.clock.mono())).ok()?;
        self.clock.now().checked_add(left).ok()
    }

    fn shop_view(&self) -> ShopView {
        let settings = &self.settings;
        ShopView {
            name: settings.shop.name.clone(),
            till: settings.till.clone(),
            currency: settings.currency.code().to_owned(),
            decimals: settings.currency.decimals(),
            largest_minor: LARGEST_MINOR,
            vat: settings.shop.vat.clone(),
            secrets: self.secrets.kept(),
            time_zone: settings.shop.zone.iana_name().unwrap_or("UTC").to_owned(),
        }
    }

    fn terminal_view(&self, id: &TerminalId) -> Option<TerminalView> {
        let slot = self.fleet.slots.get(id)?;
        let blocks = |payment: &&Payment| {
            let is_uncertain = matches!(payment.stage, Stage::Unknown(_) | Stage::Disputed(_));
            let is_let_go = is_uncertain && self.state.unblocked.contains(&payment.id());
            payment.operation.terminal == *id && !is_let_go
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
            address: slot.driver.address().map(|at| format!("{}:{}", at.host, at.port)),
            skew_ms: slot.session.skew_ms,
            serial: slot.session.serial.clone(),
            software: slot.session.software.clone(),
            warnings: slot.warnings.clone(),
            blocked_by: open.map(|payment| payment.id()),
            proposed_address: slot.session.proposed_address.clone(),
            card_inserted: slot.card_inserted,
            maintenance_wanted: slot.maintenance_wanted,
            offers: offers(&slot.capabilities()),
        })
    }

    fn customer_view(&self, sale: Option<&SaleView>) -> CustomerView {
        let idle = CustomerView {
            practice: self.settings.practice,
            shop: self.settings.shop.name.clone(),
            decimals: self.settings.currency.decimals(),
            ..CustomerView::default()
        };
        // A refund is between cashier and terminal; the customer of a payment sees that payment only.
        let case = self.counter.and_then(|id| self.state.cases.get(&id));
        let idle = with_sale(idle, sale);
        let Some(case) = case.filter(|case| case.payment.is_sale()) else { return idle };
        // A part was paid by card and the rest is in cash, or was declined and paid otherwise.
        if idle.stage == CustomerStage::Paid {
            return idle;
        }
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
        let paid = (stage == CustomerStage::Paid).then(|| amount_of(&case.payment));
        let code = case.code.clone().filter(|_| !case.payment.abort_asked);
        let method = Some(case.payment.operation.method);
        CustomerView { stage, amount, method, text, code, drawn: drawn(case), paid, ..idle }
    }
}

/// What is being called off is not to be paid any more.
fn drawn(case: &Case) -> Option<DrawnCode> {
    case.drawn.clone().filter(|_| !case.payment.abort_asked)
}

/// The sale beside what the terminal says.
fn with_sale(view: CustomerView, sale: Option<&SaleView>) -> CustomerView {
    let Some(sale) = sale else { return view };
    let change = sale.tenders.iter().filter(|tender| tender.outcome != "handed_back");
    let change = change.filter_map(|tender| tender.change).rfind(|change| !change.is_zero());
    let (stage, paid) = match sale.stage {
        SaleStage::Open if sale.lines.iter().all(|line| line.removed) => (CustomerStage::Idle, None),
        SaleStage::Open => (CustomerStage::Sale, None),
        SaleStage::Completed => (CustomerStage::Paid, Some(sale.paid)),
        SaleStage::Voided => return view,
    };
    let lines = Actor::customer_lines(sale);
    CustomerView { stage, lines, total: Some(sale.total), change, paid, ..view }
}

fn offers(can: &Capabilities) -> Offers {
    Offers {
        refund: can.refund,
        refund_without_payment: can.refund && !can.refund_needs_original,
        reversal: can.reversal,
        cash_back: can.cash_back,
        cancel: can.abort != Abort::None,
        cancel_by_hand: can.abort == Abort::ByHand,
        cards: can.code == Code::None,
        codes: can.code != Code::None || can.practice_only,
        codes_scanned: matches!(can.code, Code::Customer | Code::Either) || can.practice_only,
        codes_shown: matches!(can.code, Code::Merchant | Code::Either) || can.practice_only,
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
    // Where something may have gone out, that is what the provider can find.
    let open = payment.sent.iter().rfind(|sent| !sent.not_started);
    if let Some(sent) = open.or(payment.newest_sent()) {
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
