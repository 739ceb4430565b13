//! What takes time at the terminal, step by step: the virtual customer, the host, the signature.
//!
//! Dossier chapters 11, 14, 17.4 and 18.3. Invariant: money is decided by [`Core::decide`] alone, and a
//! step after a drop changes nothing.

use std::sync::Arc;
use std::time::Duration;

use wire::nexo::{
    AllowedProduct, Body, CardAcquisitionRequest, CardAcquisitionResponse, DocumentQualifier,
    ErrorCondition, EventToNotify, Input, InputCommand, InputRequest, Message, OutputContent,
    PaymentInstrumentData, PaymentInstrumentType, PoiData, PrintRequest, Response, SaleData,
};

use super::Shared;
use super::card::Card;
use super::case::{Case, Verdict, card_data};
use super::core::{CardRead, Core, Till};
use super::running::{Interrupt, Run, Work};
use super::settings::PrintMode;
use super::texts::Screen;
use super::traffic::FOREIGN_POI;
use crate::script::{Move, Oddity, Outcome, Source};

/// How long a case that races with an abort waits for it.
const RACE_MS: u64 = 30_000;
/// The acquirer's limit (dossier chapter 2.3).
const HOST_LIMIT_MS: u64 = 30_000;
/// How long a customer thinks before pressing the red key.
const CANCEL_MS: u64 = 2_000;

impl Shared {
    /// Performs a run to its answer. `None` when nobody waits for it any more.
    pub async fn perform(&self, mut run: Run) -> Option<Message> {
        let behaviour = run.behaviour.clone();
        match std::mem::replace(&mut run.work, Work::Idle) {
            Work::Payment { case, card_read } => self.pay(&mut run, &case, card_read).await.ok().flatten(),
            Work::Reversal(answer) => {
                let ms = self.core().settings.host_ms.saturating_add(behaviour.slow_ms);
                run.unless_dropped(tokio::time::sleep(Duration::from_millis(ms))).await.ok()?;
                self.core().finish(run.id, *answer, None, &behaviour)
            }
            Work::Acquisition(request) => self.acquire(&mut run, &request).await,
            Work::Question(request) => self.question(&mut run, &request).await,
            Work::Printing(request) => self.printing(&mut run, &request).await,
            Work::Idle => None,
        }
    }

    async fn pay(
        &self,
        run: &mut Run,
        case: &Arc<Case>,
        card_read: bool,
    ) -> Result<Option<Message>, Interrupt> {
        let races = case.behaviour.outcome == Outcome::Race;
        let verdict = match self.with_customer(run, case, card_read).await {
            Ok(()) => case.verdict(),
            Err(Interrupt::Aborted) if races => case.verdict(),
            Err(Interrupt::Aborted) => Verdict::failed(ErrorCondition::Aborted, "Aborted by the till"),
            Err(Interrupt::Dropped) => return Err(Interrupt::Dropped),
        };
        let decided = self.core().decide(run.id, verdict.clone(), races);
        let verdict = match decided {
            Ok(()) => verdict,
            Err(Interrupt::Aborted) => {
                let aborted = Verdict::failed(ErrorCondition::Aborted, "Aborted by the till");
                self.core().decide(run.id, aborted.clone(), true)?;
                aborted
            }
            Err(Interrupt::Dropped) => return Err(Interrupt::Dropped),
        };
        self.at_the_host(run, case, &verdict).await?;
        let mut signed = true;
        if verdict.wants_signature() && run.till.is_default_form() {
            signed = self.signature(run, case, &verdict).await?;
        }
        let screen = match &verdict {
            Verdict::Approved(_) if signed => Screen::Approved,
            Verdict::Failed(failure) if ["Aborted", "Cancel"].contains(&failure.condition.as_str()) => {
                Screen::Cancelled
            }
            Verdict::Approved(_) | Verdict::Failed(_) => Screen::Declined,
        };
        self.show_in(run, screen).await?;
        Ok(self.core().finish_payment(run.id))
    }

    /// Until the card is read and the PIN typed.
    async fn with_customer(&self, run: &mut Run, case: &Case, card_read: bool) -> Result<(), Interrupt> {
        let (customer_ms, pin_ms) = {
            let core = self.core();
            (core.settings.customer_ms, core.settings.pin_digit_ms)
        };
        self.show_in(run, Screen::PleaseWait).await?;
        self.oddities(run).await?;
        run.pause(case.behaviour.slow_ms).await?;
        if !card_read {
            self.show_in(run, Screen::PresentCard).await?;
        }
        match &case.behaviour.outcome {
            Outcome::UntilAborted => return Err(run.until_aborted().await),
            Outcome::Race => return run.pause(RACE_MS).await,
            Outcome::Cancel if case.behaviour.steps.is_empty() => return run.pause(CANCEL_MS).await,
            Outcome::Cancel
            | Outcome::Approve
            | Outcome::Tip
            | Outcome::Partial { .. }
            | Outcome::Signature
            | Outcome::Decline { .. } => {}
        }
        if !case.behaviour.steps.is_empty() {
            return self.steps(run, case, pin_ms).await;
        }
        if !card_read {
            let hesitation = run.rng.below(customer_ms / 4 + 1);
            run.pause(customer_ms.saturating_add(hesitation)).await?;
        }
        if case.card.source == Source::Chip {
            self.chip(run, pin_ms).await?;
        }
        Ok(())
    }

    /// What a script has the customer do, until the answer.
    async fn steps(&self, run: &mut Run, case: &Case, pin_ms: u64) -> Result<(), Interrupt> {
        for step in &case.behaviour.steps {
            if step.what != Move::Remove {
                run.pause(step.after_ms).await?;
            }
            match step.what {
                Move::Present if case.card.source == Source::Chip => self.insert(run).await?,
                Move::Pin(digits) => self.type_pin(run, digits.into(), pin_ms).await?,
                Move::Cancel => return Ok(()),
                Move::Present | Move::Remove => {}
            }
        }
        Ok(())
    }

    async fn chip(&self, run: &mut Run, pin_ms: u64) -> Result<(), Interrupt> {
        self.insert(run).await?;
        self.type_pin(run, 4, pin_ms).await
    }

    async fn insert(&self, run: &mut Run) -> Result<(), Interrupt> {
        let inserted = self.core().card_event(EventToNotify::CardInserted);
        run.unless_dropped(self.tell(inserted.into_iter().collect())).await?;
        self.show_in(run, Screen::EnterPin).await
    }

    async fn type_pin(&self, run: &mut Run, digits: usize, pin_ms: u64) -> Result<(), Interrupt> {
        for typed in 1..=digits {
            run.pause(pin_ms).await?;
            self.show_in(run, Screen::PinDigits(typed)).await?;
        }
        run.pause(pin_ms).await
    }

    /// The verdict stands already; this is only how long the till has to wait for it.
    async fn at_the_host(&self, run: &mut Run, case: &Case, verdict: &Verdict) -> Result<(), Interrupt> {
        let condition = match verdict {
            Verdict::Approved(_) => None,
            Verdict::Failed(failure) => Some(failure.condition.as_str()),
        };
        let host_ms = match condition {
            None | Some("Refusal") => self.core().settings.host_ms,
            Some("UnreachableHost") => HOST_LIMIT_MS,
            Some(_) => return Ok(()),
        };
        self.show_in(run, Screen::Authorizing).await?;
        let late = if case.refund { host_ms / 2 } else { 0 };
        run.unless_dropped(tokio::time::sleep(Duration::from_millis(host_ms.saturating_add(late)))).await
    }

    /// Print, ask, and undo unless the cashier says yes.
    async fn signature(&self, run: &mut Run, case: &Case, verdict: &Verdict) -> Result<bool, Interrupt> {
        let till = run.till.clone();
        self.core().set_asking(run.id, true);
        run.unless_dropped(self.print_for_signature(&till, case, verdict)).await?;
        let times = if run.behaviour.oddities.contains(&Oddity::InputTwice) { 2 } else { 1 };
        let mut confirmed = None;
        for _ in 0..times {
            confirmed = self.ask_in(run).await?;
        }
        let mut core = self.core();
        core.set_asking(run.id, false);
        let undone = match confirmed {
            Some(true) => return Ok(true),
            Some(false) => Verdict::failed_with_receipt(ErrorCondition::Refusal, "Signature refused"),
            None => {
                Verdict::failed_with_receipt(ErrorCondition::Aborted, "Signature could not be confirmed")
            }
        };
        core.undo(run.id, undone);
        Ok(false)
    }

    async fn ask_in(&self, run: &mut Run) -> Result<Option<bool>, Interrupt> {
        let mut signal = run.signal.clone();
        tokio::select! {
            biased;
            _ = signal.wait_for(|signal| *signal == super::running::Signal::Drop) => Err(Interrupt::Dropped),
            confirmed = self.ask_signature(run) => Ok(confirmed),
        }
    }

    async fn show_in(&self, run: &mut Run, screen: Screen) -> Result<(), Interrupt> {
        let till = run.till.clone();
        let service_id = run.header.service_id.clone().unwrap_or_default();
        run.unless_dropped(self.show(&till, &service_id, screen)).await
    }

    /// What a well-meaning terminal would not send; only to tills that listen.
    async fn oddities(&self, run: &mut Run) -> Result<(), Interrupt> {
        if !run.till.is_default_form() {
            return Ok(());
        }
        let (till, oddities) = (run.till.clone(), run.behaviour.oddities.clone());
        let service_id = run.header.service_id.clone().unwrap_or_default();
        for oddity in oddities {
            let strange = self.core().strange(&till, &service_id, oddity);
            if oddity == Oddity::ParallelDisplays {
                let both = async {
                    tokio::join!(
                        biased;
                        self.show(&till, &service_id, Screen::PleaseWait),
                        self.show(&till, &service_id, Screen::PresentCard)
                    );
                };
                run.unless_dropped(both).await?;
            }
            run.unless_dropped(self.tell(strange.into_iter().collect())).await?;
        }
        Ok(())
    }

    async fn acquire(&self, run: &mut Run, request: &CardAcquisitionRequest) -> Option<Message> {
        let sale = request.sale_data.sale_transaction_id.clone().unwrap_or_default();
        let read = match self.read_card(run).await {
            Ok(()) => Ok(()),
            Err(Interrupt::Dropped) => return None,
            Err(Interrupt::Aborted) => {
                Err(Response::failure(ErrorCondition::Aborted, "Aborted by the till"))
            }
        };
        let mut core = self.core();
        let number = core.next_transaction(run.header.service_id.as_ref());
        let mut answer = CardAcquisitionResponse::new(Response::success());
        let sale_data = SaleData { sale_transaction_id: Some(sale.clone()), ..SaleData::default() };
        answer.sale_data = Some(sale_data);
        answer.poi_data =
            Some(PoiData { poi_reconciliation_id: None, poi_transaction_id: Some(number.clone()) });
        match read {
            Err(failure) => {
                answer.response = failure;
                core.enabled = None;
            }
            Ok(()) => {
                let card = Card::draw(run.behaviour.source.unwrap_or(Source::Chip), &mut run.rng);
                answer.payment_instrument_data = Some(acquired(&card, request));
                if let Some(enabled) = &mut core.enabled {
                    enabled.card = Some(CardRead { number, sale, card });
                }
            }
        }
        let behaviour = run.behaviour.clone();
        core.finish(run.id, Message::new(run.header.reply(), answer.into()), None, &behaviour)
    }

    async fn read_card(&self, run: &mut Run) -> Result<(), Interrupt> {
        let customer_ms = self.core().settings.customer_ms;
        self.show_in(run, Screen::PresentCard).await?;
        match run.behaviour.outcome {
            Outcome::UntilAborted => Err(run.until_aborted().await),
            Outcome::Approve
            | Outcome::Tip
            | Outcome::Partial { .. }
            | Outcome::Signature
            | Outcome::Race
            | Outcome::Decline { .. }
            | Outcome::Cancel => {
                let ms = customer_ms.saturating_add(run.behaviour.slow_ms);
                run.pause(ms).await?;
                self.show_in(run, Screen::PleaseWait).await
            }
        }
    }

    async fn question(&self, run: &mut Run, request: &InputRequest) -> Option<Message> {
        let customer_ms = self.core().settings.customer_ms.saturating_add(run.behaviour.slow_ms);
        let limit_ms = request.input_data.max_input_time.map(|seconds| u64::from(seconds) * 1_000);
        let in_time = limit_ms.is_none_or(|limit| customer_ms <= limit);
        let waited = match run.behaviour.outcome {
            Outcome::UntilAborted => Err(run.until_aborted().await),
            Outcome::Approve
            | Outcome::Tip
            | Outcome::Partial { .. }
            | Outcome::Signature
            | Outcome::Race
            | Outcome::Decline { .. }
            | Outcome::Cancel => run.pause(limit_ms.unwrap_or(u64::MAX).min(customer_ms)).await,
        };
        let cancelled = run.behaviour.outcome == Outcome::Cancel || !in_time;
        let failure = match waited {
            Err(Interrupt::Dropped) => return None,
            Err(Interrupt::Aborted) => Some((ErrorCondition::Aborted, "Aborted by the till")),
            Ok(()) if cancelled => Some((ErrorCondition::Cancel, "Cancelled by customer")),
            Ok(()) => None,
        };
        let asked = Message::new(run.header.clone(), request.clone().into());
        let response =
            failure.map_or_else(Response::success, |(condition, text)| Response::failure(condition, text));
        let success = response.error_condition.is_none();
        let mut answer = asked.answer(response)?;
        if let Body::InputResponse(body) = &mut answer.body
            && let Some(result) = body.input_result.as_mut().filter(|_| success)
        {
            result.input = Some(entered(&request.input_data.input_command, run.behaviour.entry.as_deref()));
        }
        let behaviour = run.behaviour.clone();
        self.core().finish(run.id, answer, None, &behaviour)
    }

    async fn printing(&self, run: &mut Run, request: &PrintRequest) -> Option<Message> {
        let ms = 1_000_u64.saturating_add(run.behaviour.slow_ms);
        let behaviour = run.behaviour.clone();
        let response = match run.pause(ms).await {
            Ok(()) => Response::success(),
            Err(Interrupt::Aborted) => Response::failure(ErrorCondition::Aborted, "Aborted by the till"),
            Err(Interrupt::Dropped) => return None,
        };
        let answer = Message::new(run.header.clone(), request.clone().into()).answer(response)?;
        self.core().finish(run.id, answer, None, &behaviour)
    }

    /// After a payment's answer: the card comes out, the idle screen comes back.
    pub async fn epilogue(&self, till: &Till, chip: bool, removed_ms: u64) {
        tokio::time::sleep(Duration::from_millis(removed_ms)).await;
        if chip {
            let removed = self.core().card_event(EventToNotify::CardRemoved);
            self.tell(removed.into_iter().collect()).await;
        }
        let error = std::mem::take(&mut self.core().connection_error);
        if error {
            self.show(till, &till.service_id, Screen::ConnectionError).await;
        }
        self.show(till, &till.service_id, Screen::Welcome).await;
    }
}

impl Core {
    fn strange(&mut self, till: &Till, service_id: &str, oddity: Oddity) -> Option<Message> {
        match oddity {
            Oddity::ParallelDisplays | Oddity::InputTwice => None,
            Oddity::UnknownEvent => self.event(EventToNotify::from("paydesk:Strange"), "", false, None),
            Oddity::UnknownPrint => {
                let document = DocumentQualifier::from("paydesk:Coupon");
                let content = OutputContent::lines(["Kupong", "10 % rabatt"]);
                Some(self.print_of(till, service_id, (document, PrintMode::NotRequired, false), content))
            }
            Oddity::ForeignPoiId => {
                let foreign = Till { poi_id: FOREIGN_POI.to_owned(), ..till.clone() };
                self.display_of(&foreign, service_id, Screen::PleaseWait)
            }
        }
    }
}

fn acquired(card: &Card, request: &CardAcquisitionRequest) -> PaymentInstrumentData {
    let mut data = card_data(card, request.sale_data.token_requested_type.is_some());
    data.allowed_products = vec![AllowedProduct {
        product_code: Some("1".to_owned()),
        ean_upc: None,
        product_label: Some("card:cashback".to_owned()),
        additional_product_info: Some("maxAmount:50000".to_owned()),
    }];
    PaymentInstrumentData {
        payment_instrument_type: Some(PaymentInstrumentType::Card),
        card_data: Some(data),
    }
}

/// What the customer entered: scripted, or yes and a telephone number.
fn entered(command: &InputCommand, scripted: Option<&str>) -> Input {
    let mut input = Input::new(command.clone());
    if *command == InputCommand::GetConfirmation {
        input.confirmed = Some(scripted != Some("no"));
    } else {
        input.digit_input = Some(scripted.unwrap_or("0700000001").to_owned());
    }
    input
}
