//! Requests that move no money: diagnosis, totals, reconciliation, log-out, texts and questions for the
//! customer.
//!
//! Dossier chapters 5.4, 13 and 15. Invariant: none of them logs in, and a log-out ends the session
//! whatever the terminal answers.

use super::line::{Patience, patient, quick};
use super::map::{self, Class};
use super::recover::Found;
use super::shared::Shared;
use crate::limits::nexo as limits;
use crate::notice::Notice;
use crate::service::{Report, Service};
use domain::outcome::{Certainty, Fault, Reason};
use futures_util::join;
use std::pin::pin;
use tokio::time::sleep;
use wire::nexo::{
    Body, Device, DisplayOutput, DisplayRequest, ErrorCondition, GetTotalsRequest, Header, InfoQualify,
    LogoutRequest, Message, MessageCategory as Category, MessageClass, MessageReference, OutputContent,
    ReconciliationRequest, ReconciliationType, ResultCode,
};

impl Shared {
    /// Carries out one service.
    pub async fn serve(&self, request: &Service) -> Result<Report, Fault> {
        match request {
            Service::Diagnosis => self.diagnosis().await,
            Service::Last => self.last().await,
            Service::Totals => {
                let request = GetTotalsRequest::default();
                let answer = self.service(Category::GetTotals, request, patient(limits::ADMIN)).await?;
                let Body::GetTotalsResponse(answer) = answer else { return Err(another_body()) };
                Ok(map::totals(&answer.transaction_totals))
            }
            Service::Reconcile => {
                let request = ReconciliationRequest {
                    reconciliation_type: ReconciliationType::SaleReconciliation,
                    poi_reconciliation_id: None,
                    acquirer_ids: Vec::new(),
                };
                let answer =
                    self.service(Category::Reconciliation, request, patient(limits::ADMIN)).await?;
                let Body::ReconciliationResponse(answer) = answer else { return Err(another_body()) };
                Ok(map::totals(&answer.transaction_totals))
            }
            Service::LogOut { maintenance } => self.log_out(*maintenance).await,
            Service::Show { lines } => {
                let words = OutputContent::lines(lines.iter().map(String::as_str));
                let output = DisplayOutput::text(Device::CustomerDisplay, InfoQualify::Display, words);
                let request = DisplayRequest { display_outputs: vec![output] };
                self.service(Category::Display, request, quick(limits::DISPLAY)).await?;
                Ok(Report::default())
            }
            Service::AskCustomer { question, text } => {
                let Some(request) = map::customers_question(question, text) else {
                    let detail = "the terminal can ask for yes or no and for digits only";
                    return Err(Fault::refused(Reason::UnavailableService, detail));
                };
                self.ask_customer(request).await
            }
        }
    }

    /// The standard's Diagnosis is not offered; an enquiry is harmless and answered in a session only.
    async fn diagnosis(&self) -> Result<Report, Fault> {
        let transaction = match self.enquire_patiently().await? {
            Found::Answer(_) => "known".to_owned(),
            Found::Nothing => "none".to_owned(),
            Found::Running => "running".to_owned(),
            Found::NoSession => return Err(self.no_session("the terminal answers, but has no session")),
            Found::Unsupported => "cannot be asked for".to_owned(),
            Found::Useless(fault) => fault.detail,
        };
        let known = self.identity().unwrap_or_default();
        let line = |name: &str, value: Option<String>| value.map(|value| (name.to_owned(), value));
        let mut lines: Vec<(String, String)> = [
            line("session", self.session()),
            line("serial number", known.serial),
            line("software", known.software),
            line("newest transaction", Some(transaction)),
        ]
        .into_iter()
        .flatten()
        .collect();
        lines.extend(known.warnings.into_iter().map(|warning| ("warning".to_owned(), warning)));
        Ok(Report { lines, ..Report::default() })
    }

    async fn last(&self) -> Result<Report, Fault> {
        let outcome = match self.enquire_patiently().await? {
            Found::Answer(found) => map::repeated(&self.ends, &found).transpose()?,
            Found::Nothing => None,
            Found::Running => return Err(Fault::refused(Reason::Busy, "a transaction is still running")),
            Found::NoSession => return Err(self.no_session("there is no session to ask in")),
            Found::Unsupported => {
                return Err(Fault::refused(Reason::UnavailableService, "the terminal cannot be asked"));
            }
            Found::Useless(fault) => return Err(fault),
        };
        Ok(Report { outcome: outcome.map(Box::new), ..Report::default() })
    }

    async fn enquire_patiently(&self) -> Result<Found, Fault> {
        let mut busy = pin!(sleep(limits::BUSY_LIMIT));
        loop {
            let found = self.enquire(None).await?;
            if !matches!(found, Found::Running) {
                return Ok(found);
            }
            tokio::select! {
                biased;
                () = &mut busy => return Ok(found),
                () = sleep(limits::BUSY_PAUSE) => {}
            }
        }
    }

    /// Whatever the terminal answers, the session counts no more.
    async fn log_out(&self, maintenance: bool) -> Result<Report, Fault> {
        self.lose_session();
        let request = LogoutRequest { maintenance_allowed: Some(maintenance) };
        self.service(Category::Logout, request, patient(limits::ADMIN)).await?;
        Ok(Report::default())
    }

    async fn ask_customer(&self, request: wire::nexo::InputRequest) -> Result<Report, Fault> {
        let asked =
            self.exchange_service(Category::Input, request, patient(limits::INPUT + limits::ABORT)).await?;
        let Body::InputResponse(answer) = &asked else { return Err(another_body()) };
        let Some(result) = &answer.input_result else {
            return Err(Fault::unknown(Reason::AnswerUnreadable, "the answer has no result"));
        };
        let ended_by_customer = matches!(
            result.response.error_condition,
            Some(ErrorCondition::Cancel | ErrorCondition::Aborted | ErrorCondition::InsertedCard)
        );
        if result.response.result != ResultCode::Success && !ended_by_customer {
            return Err(self.failed(&result.response));
        }
        Ok(Report { answer: Some(map::customers_answer(result)), ..Report::default() })
    }

    /// One request and its successful answer.
    async fn service(
        &self,
        category: Category,
        request: impl Into<Body>,
        patience: Patience,
    ) -> Result<Body, Fault> {
        let body = self.exchange_service(category, request, patience).await?;
        match map::response_of(&body) {
            Some(response) if response.result == ResultCode::Success => Ok(body),
            Some(response) => Err(self.failed(response)),
            None => Err(another_body()),
        }
    }

    /// One request and its answer, Busy waited out. A request that is being worked on (InProgress) is not
    /// sent again: a second reconciliation would close the totals twice.
    async fn exchange_service(
        &self,
        category: Category,
        request: impl Into<Body>,
        patience: Patience,
    ) -> Result<Body, Fault> {
        let request: Body = request.into();
        let is_device = matches!(category, Category::Display | Category::Input);
        let class = if is_device { MessageClass::Device } else { MessageClass::Service };
        let mut busy = pin!(sleep(limits::BUSY_LIMIT));
        loop {
            let message = self.message(class.clone(), category.clone(), request.clone());
            let answer = match category == Category::Input {
                true => self.ask_in_time(&message, patience).await?,
                false => self.ask(&message, patience).await?,
            };
            let Some(response) = map::response_of(&answer.body) else { return Err(another_body()) };
            let is_busy = response.result == ResultCode::Failure
                && map::meaning(response.error_condition.as_ref()).0 == Class::NotStarted;
            if !is_busy {
                return Ok(answer.body);
            }
            let fault = map::refusal(response);
            tokio::select! {
                biased;
                () = &mut busy => return Err(fault),
                () = sleep(limits::BUSY_PAUSE) => {}
            }
        }
    }

    /// As [`Shared::ask`], and a question that ends without an answer is called off, or the terminal would
    /// stay in it and meet the next payment with Busy. Closing the connection ends nothing (dossier chapters
    /// 2.3 and 9).
    async fn ask_in_time(&self, question: &Message, patience: Patience) -> Result<Message, Fault> {
        let mut asked = pin!(self.ask(question, patience));
        let answer = tokio::select! {
            biased;
            answer = &mut asked => answer,
            // The question's own answer tells what became of it: aborted, or answered after all.
            () = sleep(limits::INPUT) => return join!(asked, self.stop_asking(question)).0,
        };
        if answer.as_ref().is_err_and(|fault| fault.certainty == Certainty::Unknown) {
            self.stop_asking(question).await;
        }
        answer
    }

    async fn stop_asking(&self, question: &Message) {
        let Header { category, service_id, device_id, sale_id, poi_id, .. } = question.header.clone();
        let named = MessageReference {
            category: Some(category),
            service_id,
            device_id,
            sale_id: Some(sale_id),
            poi_id: Some(poi_id),
        };
        if let Err(fault) = self.send_abort(named, "No answer").await {
            tracing::warn!(detail = %fault.detail, "a question to the customer could not be called off");
        }
    }

    fn failed(&self, response: &wire::nexo::Response) -> Fault {
        match map::meaning(response.error_condition.as_ref()).0 {
            Class::NoSession => self.no_session(&map::words(response)),
            Class::Declined | Class::Cancelled | Class::NotStarted | Class::Running | Class::Refused => {
                map::refusal(response)
            }
        }
    }

    /// The terminal says so in an answer to our own request: the till must know.
    fn no_session(&self, words: &str) -> Fault {
        self.lose_session();
        self.notice(Notice::SessionLost);
        Fault::refused(Reason::NoSession, words)
    }
}

fn another_body() -> Fault {
    Fault::unknown(Reason::Mismatch, "the answer is of another kind")
}
