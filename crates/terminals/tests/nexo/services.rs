//! What moves no money.

use super::stage::{Stage, changed, failure, paid, s, sale, stage};
use domain::outcome::{Certainty, Fault, Reason, Said};
use domain::prompt::{Answer, Question};
use terminals::Terminal;
use terminals::http::{Cause, HttpFault};
use terminals::notice::Notice;
use terminals::service::{Report, Service};
use wire::nexo::{
    Amount, Body, Input, InputCommand, InputResponse, InputResult, Message, PaymentInstrumentType,
    RepeatedMessage, Response, Totals, TransactionStatusResponse, TransactionTotals, TransactionType,
};

async fn serve(stage: &Stage, service: Service) -> Result<Report, Fault> {
    stage.driver.service(&service).await
}

#[tokio::test(start_paused = true)]
async fn a_log_out_ends_the_session_whatever_is_answered() {
    for maintenance in [true, false] {
        let stage = stage();
        serve(&stage, Service::LogOut { maintenance }).await.unwrap();
        let Body::LogoutRequest(request) = stage.far.sent("Logout").remove(0).body else { panic!() };
        assert_eq!(request.maintenance_allowed, Some(maintenance));
        stage.perform(&sale()).await.unwrap();
        assert_eq!(stage.far.sent("Login").len(), 1);
    }
    let stage = stage();
    stage.far.fails("Logout", "Refusal", "no");
    assert!(serve(&stage, Service::LogOut { maintenance: true }).await.is_err());
    stage.perform(&sale()).await.unwrap();
    assert_eq!(stage.far.sent("Login").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn busy_is_waited_out() {
    let stage = stage();
    stage.far.fails("Logout", "Busy", "Finishing");
    stage.far.fails("Logout", "Busy", "Finishing");
    serve(&stage, Service::LogOut { maintenance: true }).await.unwrap();
    assert_eq!(stage.far.times("Logout"), [0, 1, 2]);
    for _ in 0..30 {
        stage.far.fails("Logout", "Busy", "Finishing");
    }
    let fault = serve(&stage, Service::LogOut { maintenance: true }).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Busy));
    assert_eq!(stage.log.elapsed(), s(12));
}

/// A second one would close the totals twice.
#[tokio::test(start_paused = true)]
async fn a_reconciliation_that_is_being_worked_on_is_not_sent_again() {
    let stage = stage();
    stage.far.fails("Reconciliation", "InProgress", "At work");
    let fault = serve(&stage, Service::Reconcile).await.unwrap_err();
    assert_eq!(fault.reason, Reason::StillRunning);
    assert_eq!(stage.far.sent("Reconciliation").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_diagnosis_is_a_harmless_enquiry() {
    let stage = stage();
    stage.driver.open().await.unwrap();
    let report = serve(&stage, Service::Diagnosis).await.unwrap();
    let names: Vec<&str> = report.lines.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["session", "serial number", "software", "newest transaction", "warning"]);
    assert!(stage.far.sent("Diagnosis").is_empty());
    stage.far.fails("TransactionStatus", "NotAllowed", "no session");
    let fault = serve(&stage, Service::Diagnosis).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::NoSession));
    assert_eq!(stage.notices(), [Notice::SessionLost]);
}

#[tokio::test(start_paused = true)]
async fn totals_and_reconciliation_may_not_be_offered() {
    for (service, category) in [(Service::Totals, "GetTotals"), (Service::Reconcile, "Reconciliation")] {
        let stage = stage();
        stage.far.fails(category, "UnavailableService", "not supported");
        let fault = serve(&stage, service).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::UnavailableService));
    }
}

#[tokio::test(start_paused = true)]
async fn totals_are_lines() {
    let stage = stage();
    stage.far.answers("GetTotals", |request| {
        let mut answer = request.answer(Response::success()).unwrap();
        if let Body::GetTotalsResponse(totals) = &mut answer.body {
            totals.transaction_totals.push(TransactionTotals {
                payment_instrument_type: Some(PaymentInstrumentType::Card),
                card_brand: Some("Exempelkort".into()),
                payment_currency: Some("SEK".into()),
                payment_totals: vec![Totals {
                    transaction_type: TransactionType::Debit,
                    transaction_count: 3,
                    transaction_amount: Amount::from_minor(74850, 2),
                }],
                ..TransactionTotals::default()
            });
        }
        answer
    });
    let report = serve(&stage, Service::Totals).await.unwrap();
    assert_eq!(report.lines, [("Card Exempelkort Debit".to_owned(), "3 × 748.50 SEK".to_owned())]);
}

fn newest(request: &Message, found: Message) -> Message {
    let mut answer = TransactionStatusResponse::new(Response::success());
    answer.repeated_message = Some(RepeatedMessage { header: found.header, body: Box::new(found.body) });
    Message::new(request.header.reply(), answer.into())
}

#[tokio::test(start_paused = true)]
async fn the_newest_outcome_is_told_whoevers_it_is() {
    let stage = stage();
    assert_eq!(serve(&stage, Service::Last).await.unwrap().outcome, None);
    stage.perform(&sale()).await.unwrap();
    let payment = paid(&stage.far.sent("Payment")[0]);
    stage.far.answers("TransactionStatus", move |request| newest(request, payment.clone()));
    let outcome = serve(&stage, Service::Last).await.unwrap().outcome.unwrap();
    assert_eq!((outcome.said, outcome.amount), (Said::Approved, Some(super::stage::sek(24950))));
    assert_eq!(outcome.foreign_currency, None);
    stage.far.fails("TransactionStatus", "LoggedOut", "no session");
    let fault = serve(&stage, Service::Last).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::NoSession));
    assert!(stage.far.sent("Login").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_broken_newest_outcome_is_a_fault() {
    let stage = stage();
    stage.perform(&sale()).await.unwrap();
    let broken = changed(&stage.far.sent("Payment")[0], |answer| {
        answer.response.result = wire::nexo::ResultCode::Other("Maybe".into());
    });
    stage.far.answers("TransactionStatus", move |request| newest(request, broken.clone()));
    assert_eq!(serve(&stage, Service::Last).await.unwrap_err().certainty, Certainty::Unknown);
}

#[tokio::test(start_paused = true)]
async fn the_customer_is_shown_lines() {
    let stage = stage();
    stage.far.answers("Display", |request| request.answer(Response::success()).unwrap());
    serve(&stage, Service::Show { lines: vec!["Thanks".into(), "120 points".into()] }).await.unwrap();
    let sent = stage.far.sent("Display").remove(0);
    assert_eq!(sent.header.service_id, sent.header.device_id);
    let Body::DisplayRequest(request) = sent.body else { panic!() };
    let content = request.display_outputs[0].output_content.as_ref().unwrap();
    assert_eq!(content.plain().collect::<Vec<_>>(), ["Thanks", "120 points"]);
}

fn customer(
    result: Response,
    input: Option<Input>,
) -> impl Fn(&Message) -> Message + Send + Sync + 'static {
    move |request| {
        let mut answer = failure(request, "Cancel", "");
        if let Body::InputResponse(InputResponse {
            input_result: Some(InputResult { response, input: it, .. }),
            ..
        }) = &mut answer.body
        {
            (*response, *it) = (result.clone(), input.clone());
        }
        answer
    }
}

#[tokio::test(start_paused = true)]
async fn the_customer_is_asked() {
    let stage = stage();
    let ask = |question: Question| serve(&stage, Service::AskCustomer { question, text: "Number?".into() });
    let digits = Question::Digits { min: 4, max: 12 };
    let input = Input { digit_input: Some("0700000001".into()), ..Input::new(InputCommand::DigitString) };
    stage.far.answers("Input", customer(Response::success(), Some(input)));
    let report = ask(digits.clone()).await.unwrap();
    assert_eq!(report.answer, Some(Answer::Typed("0700000001".into())));
    for (confirmed, answer) in
        [(Some(true), Answer::Yes), (Some(false), Answer::No), (None, Answer::NoDialogue)]
    {
        let input = Input { confirmed, ..Input::new(InputCommand::GetConfirmation) };
        stage.far.answers("Input", customer(Response::success(), Some(input)));
        assert_eq!(ask(Question::Confirm).await.unwrap().answer, Some(answer));
    }
    stage.far.fails("Input", "Cancel", "red key");
    assert_eq!(ask(digits.clone()).await.unwrap().answer, Some(Answer::NoDialogue));
    stage.far.fails("Input", "UnavailableDevice", "no keys");
    assert_eq!(ask(digits).await.unwrap_err().reason, Reason::UnavailableDevice);
    let fault = ask(Question::Signature).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::UnavailableService));
    for asked in stage.far.sent("Input") {
        let Body::InputRequest(request) = asked.body else { panic!() };
        assert_eq!(request.input_data.max_input_time, Some(170), "less than the till itself waits");
    }
    assert!(stage.far.sent("Abort").is_empty(), "what is answered has ended");
}

fn member() -> Service {
    Service::AskCustomer { question: Question::Confirm, text: "Member?".into() }
}

/// The one abort that was sent names the one question that was asked.
fn names_the_question(stage: &Stage) {
    let (asked, aborts) = (stage.far.sent("Input"), stage.far.sent("Abort"));
    assert_eq!((asked.len(), aborts.len()), (1, 1));
    let Body::AbortRequest(abort) = &aborts[0].body else { panic!() };
    let (named, header) = (&abort.message_reference, &asked[0].header);
    assert_eq!(named.category.as_ref(), Some(&header.category));
    assert_eq!((&named.service_id, &named.device_id), (&header.service_id, &header.device_id));
    assert!(named.device_id.is_some(), "the terminal tells dialogues apart by it");
    let ends = (named.sale_id.as_deref(), named.poi_id.as_deref());
    assert_eq!(ends, (Some("KASSA2"), Some("BUTIK-07-K2")));
}

#[tokio::test(start_paused = true)]
async fn a_question_without_an_answer_is_called_off() {
    let stage = stage();
    let gate = stage.far.gated("Input", |request| failure(request, "Aborted", "As you wish"));
    let terminal = async {
        let aborted = tokio::time::timeout(s(600), stage.log.until("wire Abort")).await;
        gate.notify_one();
        aborted.expect("an abort");
    };
    let (report, ()) = tokio::join!(serve(&stage, member()), terminal);
    assert_eq!(report.unwrap().answer, Some(Answer::NoDialogue));
    assert_eq!(stage.far.times("Abort"), [180]);
    names_the_question(&stage);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_meets_the_abort_counts() {
    let stage = stage();
    let input = Input { confirmed: Some(true), ..Input::new(InputCommand::GetConfirmation) };
    let yes = customer(Response::success(), Some(input));
    stage.far.late("Input", s(181), move |request| Ok(super::stage::reply(&yes(request))));
    assert_eq!(serve(&stage, member()).await.unwrap().answer, Some(Answer::Yes));
    names_the_question(&stage);
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_stays_silent_is_not_waited_for_without_end() {
    let stage = stage();
    stage.far.late("Input", s(1_000), |request| Ok(super::stage::reply(&paid(request))));
    let fault = serve(&stage, member()).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::DeadlinePassed));
    assert_eq!(stage.log.elapsed(), s(190));
    names_the_question(&stage);
}

#[tokio::test(start_paused = true)]
async fn a_question_whose_line_breaks_is_called_off() {
    let stage = stage();
    stage.far.raw("Input", |_| Err(HttpFault::MaybeSent { cause: Cause::Broken("reset".into()) }));
    assert_eq!(serve(&stage, member()).await.unwrap_err().reason, Reason::AnswerLost);
    names_the_question(&stage);
    let stage = super::stage::stage();
    stage.far.raw("Input", |_| Err(HttpFault::NotSent { cause: Cause::Refused }));
    assert_eq!(serve(&stage, member()).await.unwrap_err().reason, Reason::ConnectionRefused);
    assert!(stage.far.sent("Abort").is_empty(), "what did not leave is not asked");
}

#[tokio::test(start_paused = true)]
async fn closing_sends_nothing() {
    let stage = stage();
    stage.driver.close().await;
    assert!(stage.log.lines().is_empty());
}
