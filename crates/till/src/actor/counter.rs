//! The counter: which payment the cashier and the customer stand before, what may follow it, and leaving it.
//!
//! Invariant: what the counter shows changes nothing about money; a payment that is left stays in the view.

use super::Actor;
use super::state::Case;
use crate::api::{LateView, Problem, ProblemCode, TenderView};
use domain::ids::OperationId;
use domain::payment::{Next, Payment, Stage, next};
use jiff::Timestamp;

impl Actor {
    /// Leaves a payment. A second press finds nothing to leave and is content.
    pub(super) async fn next_customer(&mut self, id: OperationId) -> Result<(), Problem> {
        if self.counter != Some(id) {
            return Ok(());
        }
        let Some(payment) = self.state.payment(id).cloned() else {
            self.counter = None;
            return Ok(());
        };
        match payment.stage {
            Stage::Running | Stage::AwaitSignature | Stage::Reversing(_) => {
                return Err(Problem::new(ProblemCode::WrongStage).about(id));
            }
            Stage::Unknown(_) | Stage::Disputed(_) | Stage::Closed(_) => {}
        }
        if let Some(sale) = payment.operation.sale {
            self.load_tenders(sale).await?;
            let is_empty =
                self.state.sales.get(&sale).is_some_and(|sale| {
                    sale.basket.is_none() && sale.may_void(self.state.payments()).is_ok()
                });
            if is_empty {
                self.void_sale(sale).await?;
            }
            // A sale with lines that is still to be paid goes back to the counter.
            let waits = self.state.sales.get(&sale).is_some_and(|sale| sale.basket.is_some());
            let held = waits && payment.is_open();
            if held || !waits {
                self.counter_sale = self.counter_sale.filter(|at| *at != sale);
            }
        }
        self.counter = None;
        self.dirty = true;
        Ok(())
    }

    /// The open sale of a payment, as a further attempt must name it.
    pub(super) fn tender_view(&self, payment: &Payment) -> Option<TenderView> {
        let sale = self.state.sales.get(&payment.operation.sale?)?;
        let slot = sale.next_slot();
        Some(TenderView {
            sale: sale.id,
            revision: sale.revision,
            slot,
            total: sale.total,
            paid: sale.paid(self.state.payments()),
            due: sale.due(self.state.payments()),
        })
    }

    /// An outcome that contradicts the payment's end, and what can be done with it.
    pub(super) fn late_view(&self, payment: &Payment) -> Option<LateView> {
        let attention = payment.attention.as_ref()?;
        let sale = payment.operation.sale.and_then(|sale| self.state.sales.get(&sale));
        let fits = sale.is_some_and(|sale| sale.accept_late(payment, self.state.payments()).is_ok());
        let is_fact = !payment.is_sale() || payment.late_approval().is_none();
        Some(LateView {
            said: attention.outcome.said,
            amount: payment.approved_by(&attention.outcome),
            // That no money came, or that it went back, is a fact that nobody can refuse.
            may_count: fits || is_fact || payment.operation.sale.is_none(),
            giving_back: attention.giving_back,
        })
    }

    /// When the next enquiry about an uncertain payment is due.
    pub(super) fn next_enquiry(&self, case: &Case) -> Option<Timestamp> {
        if !case.payment.is_uncertain() {
            return None;
        }
        let slot = self.fleet.slots.get(&case.payment.operation.terminal)?;
        match next(&case.payment, &case.watch, self.clock.mono(), &slot.capabilities().recovery) {
            Next::WaitUntil(at) => self.on_the_wall(at),
            Next::Perform
            | Next::Recover
            | Next::GiveUp(_)
            | Next::AskSignature
            | Next::IntendReversal
            | Next::Rest => None,
        }
    }
}
