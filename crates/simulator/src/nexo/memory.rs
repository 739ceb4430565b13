//! What the terminal remembers: answers to status queries and the one transaction that can be reversed.
//!
//! Dossier chapters 8, 10 and 18.5. Invariant: memory is looked up by text; a reversal must repeat number
//! and time of the original letter by letter.

use wire::nexo::{
    self, Body, ErrorCondition, Header, Limits, Message, MessageReference, PoiData, RepeatedMessage,
    Response, ReversalRequest, ReversalResponse, TransactionIdentification, TransactionStatusResponse,
};

use super::core::{Core, Effects, Step};
use super::running::Work;
use super::strict::Incoming;
use crate::bank::{Page, State};
use crate::script::{Behaviour, Twist};

impl Core {
    /// TransactionStatus.
    pub fn status(&mut self, header: &Header, body: &Body) -> Effects {
        let Body::TransactionStatusRequest(request) = body else { return Step::NoContent.into() };
        let reference = request.message_reference.clone().unwrap_or_default();
        if let Some(running) = self.running.as_ref().filter(|running| running.is_transaction())
            && running.is_meant_by(&reference)
        {
            let busy = Response::failure(ErrorCondition::Busy, "Transaction is still running");
            return answer(header, TransactionStatusResponse::new(busy));
        }
        let Some(repeated) = self.find(header, &reference) else {
            let unknown = Response::failure(ErrorCondition::NotFound, "No such transaction");
            return answer(header, TransactionStatusResponse::new(unknown));
        };
        let mut found = TransactionStatusResponse::new(Response::success());
        let reference = MessageReference::to(&repeated.header);
        found.message_reference = (reference != MessageReference::default()).then_some(reference);
        found.repeated_message =
            Some(RepeatedMessage { header: repeated.header, body: Box::new(repeated.body) });
        answer(header, found)
    }

    /// The remembered answer meant: the last of this till and terminal, unless the reference says
    /// otherwise.
    fn find(&self, header: &Header, reference: &MessageReference) -> Option<Message> {
        let poi_id = reference.poi_id.as_ref().unwrap_or(&header.poi_id);
        let sale_id = reference.sale_id.as_ref().unwrap_or(&header.sale_id);
        let meant = |page: &&Page| {
            page.poi_id == *poi_id
                && page.sale_id == *sale_id
                && reference.service_id.as_ref().is_none_or(|id| *id == page.service_id)
                && reference.category.as_ref().is_none_or(|category| category.as_str() == page.category)
        };
        let page = self.bank.read_notebook(&self.settings.number, |notebook| {
            notebook.pages.iter().rev().find(meant).cloned()
        })?;
        nexo::decode(page.text.as_bytes(), &Limits::REPLY).ok()
    }

    /// Whether an answer with this identifier was given before.
    pub fn is_finished(&self, service_id: Option<&String>) -> bool {
        let Some(service_id) = service_id else { return false };
        self.bank.read_notebook(&self.settings.number, |notebook| {
            notebook.pages.iter().any(|page| page.service_id == *service_id)
        })
    }

    /// Reversal: decided at once, answered when the host has been told.
    pub fn reversal(&mut self, incoming: &Incoming, behaviour: Behaviour) -> Effects {
        let header = &incoming.header;
        let Some(Body::ReversalRequest(request)) = &incoming.body else {
            return self.refuse(incoming, ErrorCondition::MessageFormat, "not a reversal");
        };
        let answer = match self.reversible(header, request) {
            Ok((original, transaction)) => {
                let at = (self.clock)();
                self.bank.reverse(transaction, at, header.service_id.as_deref());
                self.reversed(header, original, &behaviour)
            }
            Err(why) => {
                let failure = Response::failure(ErrorCondition::NotFound, why);
                Message::new(header.reply(), ReversalResponse::new(failure).into())
            }
        };
        let effects = self.begin(header, Work::Reversal(Box::new(answer.clone())), None, behaviour);
        if let Some(running) = &mut self.running {
            running.certain = Some(answer);
        }
        effects
    }

    /// The answer that is to be reversed and the bank's number of it.
    fn reversible(
        &self,
        header: &Header,
        request: &ReversalRequest,
    ) -> Result<(Message, u64), &'static str> {
        let transactions = ["Payment", "CardAcquisition"];
        let last = self.bank.read_notebook(&self.settings.number, |notebook| {
            let own = |page: &&Page| {
                page.poi_id == header.poi_id
                    && page.sale_id == header.sale_id
                    && transactions.contains(&page.category.as_str())
            };
            notebook.pages.iter().rev().find(own).cloned()
        });
        let Some(Page { text, transaction: Some(transaction), .. }) = last else {
            return Err("No transaction to reverse");
        };
        let approved = self.bank.transaction(transaction).filter(|entry| entry.state == State::Approved);
        let Some(entry) = approved else {
            return Err("The last transaction was not approved or is reversed");
        };
        if entry.card.is_none() {
            return Err("Not a card transaction");
        }
        let original =
            nexo::decode(text.as_bytes(), &Limits::REPLY).map_err(|_| "No transaction to reverse")?;
        let asked = request.original_poi_transaction.poi_transaction_id.as_ref();
        if asked.is_none() || asked != poi_transaction(&original) {
            return Err("Not the last transaction");
        }
        Ok((original, transaction))
    }

    /// The answer of a reversal repeats the original's number and brings new receipts.
    fn reversed(&self, header: &Header, original: Message, behaviour: &Behaviour) -> Message {
        let mut answer = ReversalResponse::new(Response::success());
        let number = poi_transaction(&original).cloned();
        answer.poi_data = Some(PoiData { poi_reconciliation_id: None, poi_transaction_id: number });
        if !behaviour.twists.contains(&Twist::NoReceipts)
            && let Body::PaymentResponse(payment) = original.body
        {
            answer.payment_receipts = super::cancelled::receipts(payment.payment_receipts);
        }
        Message::new(header.reply(), answer.into())
    }
}

fn poi_transaction(message: &Message) -> Option<&TransactionIdentification> {
    let Body::PaymentResponse(answer) = &message.body else { return None };
    answer.poi_data.as_ref()?.poi_transaction_id.as_ref()
}

fn answer(header: &Header, body: TransactionStatusResponse) -> Effects {
    Step::Answer(Box::new(Message::new(header.reply(), body.into()))).into()
}
