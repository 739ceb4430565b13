//! What the terminal shows, prints and asks while a payment runs (default form, dossier chapters 11.1 and
//! 12).

use super::inbox::event_of;
use super::stage::{Stage, failure, incoming, paid, receipt_text, s, sale, stage};
use domain::outcome::Said;
use domain::prompt::Answer;
use std::sync::Arc;
use std::time::Duration;
use terminals::desk::NotPrinted;
use terminals::listener::Answer as Reply;
use terminals::notice::Notice;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use wire::nexo::{Body, InputResponse, Limits, Message, PrintResponse, ResultCode, decode};

type Work = JoinHandle<Result<domain::outcome::Outcome, domain::outcome::Fault>>;

fn header(category: &str, device: &str) -> String {
    format!(
        r#"<MessageHeader MessageClass="Device" MessageCategory="{category}" MessageType="Request"
            ServiceID="2104000001" DeviceID="{device}" SaleID="KASSA2" POIID="BUTIK-07-K2"/>"#
    )
}

pub fn envelope(header: &str, body: &str) -> String {
    format!("<SaleToPOIRequest>{header}{body}</SaleToPOIRequest>")
}

pub fn display(text: &str, required: &str) -> String {
    let output = format!(
        r#"<DisplayOutput Device="CashierDisplay" InfoQualify="Status"{required}><OutputContent
            OutputFormat="Text"><OutputText>{text}</OutputText></OutputContent></DisplayOutput>"#
    );
    envelope(&header("Display", "88"), &format!("<DisplayRequest>{output}</DisplayRequest>"))
}

pub fn print(qualifier: &str, mode: &str, text: &str) -> String {
    let output = format!(
        r#"<PrintOutput DocumentQualifier="{qualifier}" {mode}><OutputContent OutputFormat="Text">
            <OutputText>{text}</OutputText></OutputContent></PrintOutput>"#
    );
    envelope(&header("Print", "90"), &format!("<PrintRequest>{output}</PrintRequest>"))
}

pub fn input(command: &str, more: &str, device: &str) -> String {
    let shown = r#"<DisplayOutput Device="CashierDisplay" InfoQualify="Display"><OutputContent
        OutputFormat="Text"><OutputText>12,"Really?"</OutputText></OutputContent></DisplayOutput>"#;
    let data =
        format!(r#"<InputData Device="{device}" InfoQualify="Input" InputCommand="{command}"{more}/>"#);
    envelope(&header("Input", "91"), &format!("<InputRequest>{shown}{data}</InputRequest>"))
}

/// A payment that runs until its gate opens.
async fn running() -> (Stage, Arc<Notify>, Work) {
    let stage = stage();
    let gate = stage.far.gated("Payment", paid);
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    (stage, gate, work)
}

async fn ends(gate: Arc<Notify>, work: Work) {
    gate.notify_one();
    assert_eq!(work.await.unwrap().unwrap().said, Said::Approved);
}

fn message(reply: &Reply) -> Message {
    assert_eq!((reply.status, reply.content_type), (200, Some("application/xml; charset=utf-8")));
    decode(&reply.body, &Limits::LISTENER).unwrap()
}

fn entered(reply: &Reply) -> InputResponse {
    let message = message(reply);
    assert_eq!(message.header.device_id.as_deref(), Some("91"));
    assert_eq!(message.header.service_id.as_deref(), Some("2104000001"));
    match message.body {
        Body::InputResponse(answer) => answer,
        other => panic!("{}", other.element()),
    }
}

fn printed(reply: &Reply) -> PrintResponse {
    match message(reply).body {
        Body::PrintResponse(answer) => answer,
        other => panic!("{}", other.element()),
    }
}

#[tokio::test(start_paused = true)]
async fn texts_are_shown_live_and_answered_by_their_flag() {
    let (stage, gate, work) = running().await;
    let quiet = stage.receive(&display("11,\"Present card\"", "")).await;
    assert_eq!((quiet.status, quiet.body.len()), (204, 0));
    assert_eq!(
        stage.receive(&display("Enter PIN: **", " ResponseRequiredFlag=\"false\"")).await.status,
        204
    );
    let answered =
        stage.receive(&display("12,\"Approved\",\"Thanks\"", " ResponseRequiredFlag=\"true\"")).await;
    let answer = message(&answered);
    assert_eq!(answer.header.device_id.as_deref(), Some("88"));
    let Body::DisplayResponse(results) = answer.body else { panic!() };
    assert_eq!(results.output_results.len(), 1);
    stage.receive(&display("Card 4111 1111 1111 1111", "")).await;
    let lines = stage.log.lines();
    assert!(lines.contains(&"show Present card".to_owned()));
    assert!(lines.contains(&"flash Enter PIN: **".to_owned()));
    assert!(lines.contains(&"show Approved\nThanks".to_owned()));
    assert!(lines.contains(&"show Card 4111 11** **** 1111".to_owned()), "{lines:?}");
    assert!(stage.notices().is_empty());
    ends(gate, work).await;
}

#[tokio::test(start_paused = true)]
async fn the_signature_is_printed_asked_for_and_answered() {
    for (given, flag) in [(Answer::Yes, Some(true)), (Answer::No, Some(false))] {
        let (stage, gate, work) = running().await;
        let text = receipt_text("Merchant", true);
        let slip = stage.receive(&print("CashierReceipt", "ResponseMode=\"NotRequired\"", &text)).await;
        assert_eq!((slip.status, slip.body.len()), (204, 0));
        stage.desk.answers.lock().unwrap().push_back((s(20), given));
        let answer = entered(&stage.receive(&input("GetConfirmation", "", "CashierInput")).await);
        assert!(answer.output_result.is_some());
        let result = answer.input_result.unwrap();
        assert_eq!((result.response.result, result.input.unwrap().confirmed), (ResultCode::Success, flag));
        assert!(stage.log.has("print merchant to sign"));
        assert!(stage.log.has("ask signature: Really?"));
        ends(gate, work).await;
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_printed_copy_a_yes_or_no_is_just_that() {
    let (stage, gate, work) = running().await;
    stage.desk.answers.lock().unwrap().push_back((s(1), Answer::Yes));
    stage.receive(&input("GetConfirmation", "", "CashierInput")).await;
    assert!(stage.log.has("ask confirm: Really?"));
    ends(gate, work).await;
}

#[tokio::test(start_paused = true)]
async fn other_entries_are_asked_for_generically() {
    let rows: [(&str, &str, &str, Answer); 5] = [
        ("GetAnyKey", "", "ask any_key: Really?", Answer::Yes),
        (
            "DigitString",
            " MinLength=\"4\" MaxLength=\"6\"",
            "ask digits: Really?",
            Answer::Typed("1234".into()),
        ),
        ("TextString", "", "ask text: Really?", Answer::Typed("so".into())),
        ("DecimalString", "", "ask decimal: Really?", Answer::Typed("1.50".into())),
        ("GetConfirmation", " MaxInputTime=\"30\"", "ask confirm: Really? within 30 s", Answer::No),
    ];
    for (command, more, asked, given) in rows {
        let (stage, gate, work) = running().await;
        stage.desk.answers.lock().unwrap().push_back((s(1), given.clone()));
        let answer = entered(&stage.receive(&input(command, more, "CashierInput")).await);
        let input = answer.input_result.unwrap().input.unwrap();
        assert!(stage.log.has(asked), "{:?}", stage.log.lines());
        match command {
            "DigitString" => assert_eq!(input.digit_input.as_deref(), Some("1234")),
            "TextString" => assert_eq!(input.text_input.as_deref(), Some("so")),
            "DecimalString" => assert_eq!(input.text_input.as_deref(), Some("1.50")),
            "GetConfirmation" => assert_eq!(input.confirmed, Some(false)),
            _ => assert_eq!((input.confirmed, input.text_input), (None, None)),
        }
        ends(gate, work).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_till_cannot_ask_is_a_failure() {
    let rows = [
        ("Password", "", "CashierInput", "UnavailableService"),
        ("GetFunctionKey", "", "CashierInput", "UnavailableService"),
        ("SiteManager", "", "CashierInput", "UnavailableService"),
        ("GetMenuEntry", "", "CashierInput", "UnavailableService"),
        ("TextString", " MaskCharactersFlag=\"true\"", "CashierInput", "UnavailableService"),
        ("GetConfirmation", "", "CustomerInput", "UnavailableDevice"),
    ];
    let (stage, gate, work) = running().await;
    for (command, more, device, condition) in rows {
        let result = entered(&stage.receive(&input(command, more, device)).await).input_result.unwrap();
        assert_eq!(result.response.result, ResultCode::Failure);
        assert_eq!(result.response.error_condition.unwrap().as_str(), condition, "{command}");
        assert!(result.input.is_none());
    }
    assert_eq!(stage.log.count("ask"), 0);
    ends(gate, work).await;
}

#[tokio::test(start_paused = true)]
async fn no_dialogue_is_a_failure_and_never_no() {
    let (stage, gate, work) = running().await;
    stage.desk.answers.lock().unwrap().push_back((s(300), Answer::NoDialogue));
    let result =
        entered(&stage.receive(&input("GetConfirmation", "", "CashierInput")).await).input_result.unwrap();
    assert_eq!(result.response.result, ResultCode::Failure);
    assert_eq!(result.response.error_condition.unwrap().as_str(), "Cancel");
    assert!(result.input.is_none());
    gate.notify_one();
    let _ = work.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn texts_do_not_wait_for_an_open_question_or_for_paper() {
    let (stage, gate, work) = running().await;
    stage.desk.prints.lock().unwrap().push_back((s(60), Ok(())));
    let paper = stage.receiving(print("CashierReceipt", "ResponseMode=\"PrintEnd\"", "x"));
    let question = stage.receiving(input("GetConfirmation", "", "CashierInput"));
    stage.log.until("ask").await;
    let before = stage.log.elapsed();
    let (first, second) =
        tokio::join!(stage.receiving(display("one", "")), stage.receiving(display("two", "")));
    assert_eq!((first.unwrap().status, second.unwrap().status), (204, 204));
    assert_eq!(stage.log.elapsed(), before, "both at once");
    assert_eq!(stage.log.count("show"), 2);
    assert!(!question.is_finished() && !paper.is_finished());
    ends(gate, work).await;
    assert_eq!(question.await.unwrap().status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_newer_question_replaces_the_older() {
    let (stage, gate, work) = running().await;
    let older = stage.receiving(input("GetConfirmation", "", "CashierInput"));
    stage.log.until("ask").await;
    let middle = stage.receiving(input("GetConfirmation", "", "CashierInput"));
    let newer = stage.receiving(input("GetConfirmation", "", "CashierInput"));
    stage.desk.answers.lock().unwrap().extend([(s(5), Answer::Yes), (s(5), Answer::Yes)]);
    let confirmed = |reply: Reply| entered(&reply).input_result.unwrap().input.and_then(|it| it.confirmed);
    assert_eq!(confirmed(older.await.unwrap()), None);
    assert_eq!(confirmed(middle.await.unwrap()), None);
    assert_eq!(confirmed(newer.await.unwrap()), Some(true));
    let lines = stage.log.lines();
    let asked = lines.iter().filter(|line| line.starts_with("ask") || *line == "withdraw");
    let order: Vec<&str> = asked.map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(order, ["ask", "withdraw", "ask", "withdraw", "ask"], "one at a time");
    ends(gate, work).await;
}

#[tokio::test(start_paused = true)]
async fn the_terminal_may_take_its_question_back() {
    let by_service = "ServiceID=\"2104000001\" SaleID=\"KASSA2\"";
    let by_device = "DeviceID=\"91\" SaleID=\"KASSA2\"";
    let rows = ["Abort", "StopAssistance"].map(|event| [(event, by_service), (event, by_device)]);
    for (event, names) in rows.into_iter().flatten() {
        let (stage, gate, work) = running().await;
        let question = stage.receiving(input("GetConfirmation", "", "CashierInput"));
        stage.log.until("ask").await;
        let taken_back = async {
            stage.receive(&event_of(names, event, "")).await;
            question.await.unwrap()
        };
        let reply = tokio::time::timeout(s(60), taken_back).await.expect(event);
        let result = entered(&reply).input_result.unwrap();
        assert_eq!(result.response.error_condition.unwrap().as_str(), "Cancel", "{event} {names}");
        assert!(stage.log.has("withdraw"), "{event} {names}");
        assert!(stage.notices().is_empty(), "{event} {names}");
        ends(gate, work).await;
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_else_takes_a_question_back() {
    let (stage, gate, work) = running().await;
    stage.desk.answers.lock().unwrap().extend([(s(5), Answer::Yes)]);
    let question = stage.receiving(input("GetConfirmation", "", "CashierInput"));
    stage.log.until("ask").await;
    for names in [
        "ServiceID=\"2077\" SaleID=\"KASSA2\"",
        "DeviceID=\"92\" SaleID=\"KASSA2\"",
        "SaleID=\"KASSA2\"",
        "ServiceID=\"2104000001\" DeviceID=\"91\" SaleID=\"KASSA9\"",
    ] {
        for event in ["Abort", "StopAssistance"] {
            assert_eq!(stage.receive(&event_of(names, event, "")).await.status, 204, "{event} {names}");
        }
    }
    let of_nobody = input("GetConfirmation", "", "CashierInput").replace("2104000001", "77");
    let reply = String::from_utf8(stage.receive(&of_nobody).await.body).unwrap();
    assert!(reply.contains("ErrorCondition=\"Busy\""), "nor asks in its place: {reply}");
    let result = entered(&question.await.unwrap()).input_result.unwrap();
    assert_eq!(result.input.unwrap().confirmed, Some(true));
    assert!(!stage.log.has("withdraw"));
    ends(gate, work).await;
}

#[tokio::test(start_paused = true)]
async fn only_a_question_about_our_request_is_about_the_signature() {
    let copy = print("CashierReceipt", "ResponseMode=\"NotRequired\"", &receipt_text("Merchant", true));
    let ask = || input("GetConfirmation", "", "CashierInput");
    let rows = [
        (copy.clone(), ask(), "signature"),
        (copy.replace("2104000001", "77"), ask(), "confirm"),
        (copy.clone(), ask().replace("2104000001", "77"), "confirm"),
        (copy.clone(), ask().replace("KASSA2", "KASSA9"), "confirm"),
    ];
    for (copy, question, kind) in rows {
        let (stage, gate, work) = running().await;
        stage.desk.answers.lock().unwrap().push_back((s(5), Answer::No));
        stage.receive(&copy).await;
        stage.receive(&question).await;
        let lines = stage.log.lines();
        assert!(lines.iter().any(|line| line.starts_with(&format!("ask {kind}"))), "{lines:?}");
        ends(gate, work).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_payment_ends_its_question() {
    let (stage, gate, work) = running().await;
    let question = stage.receiving(input("GetConfirmation", "", "CashierInput"));
    stage.log.until("ask").await;
    ends(gate, work).await;
    let result = entered(&question.await.unwrap()).input_result.unwrap();
    assert_eq!(result.response.error_condition.unwrap().as_str(), "Cancel");
    assert!(stage.log.has("withdraw"));
}

#[tokio::test(start_paused = true)]
async fn prints_are_answered_by_their_mode() {
    let (stage, gate, work) = running().await;
    let text = receipt_text("Cardholder", false);
    let at_once = |mode: &str| print("CustomerReceipt", mode, &text);
    for (mode, code) in [("ResponseMode=\"NotRequired\"", 204), ("ResponseMode=\"Immediate\"", 200)] {
        stage.desk.prints.lock().unwrap().push_back((s(30), Ok(())));
        let before = stage.log.elapsed();
        assert_eq!(stage.receive(&at_once(mode)).await.status, code);
        assert!(stage.log.elapsed() - before < s(1), "{mode} waits for no paper");
    }
    stage.desk.prints.lock().unwrap().push_back((s(30), Ok(())));
    let before = stage.log.elapsed();
    let answer = printed(&stage.receive(&at_once("ResponseMode=\"PrintEnd\"")).await);
    assert_eq!(answer.response.result, ResultCode::Success);
    assert_eq!(answer.document_qualifier.unwrap().as_str(), "CustomerReceipt");
    assert_eq!(stage.log.elapsed() - before, s(30));
    stage.desk.prints.lock().unwrap().push_back((s(30), Ok(())));
    let before = stage.log.elapsed();
    let joined = at_once("ResponseMode=\"PrintEnd\" IntegratedPrintFlag=\"true\"");
    assert_eq!(stage.receive(&joined).await.status, 200);
    assert!(stage.log.elapsed() - before < s(1));
    sleep(s(60)).await;
    assert_eq!(stage.log.count("printed"), 4, "acknowledged or not, all are printed");
    ends(gate, work).await;
    assert!(stage.notices().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_failing_printer_is_told_by_its_code() {
    let (stage, gate, work) = running().await;
    for (failure, condition) in
        [(NotPrinted::Unavailable, "UnavailableDevice"), (NotPrinted::OutOfPaper, "DeviceOut")]
    {
        for mode in ["NotRequired", "Immediate", "PrintEnd"] {
            stage.desk.prints.lock().unwrap().push_back((Duration::from_millis(100), Err(failure)));
            let xml = print("CashierReceipt", &format!("ResponseMode=\"{mode}\""), "x");
            let response = printed(&stage.receive(&xml).await).response;
            assert_eq!(response.result, ResultCode::Failure);
            assert_eq!(response.error_condition.unwrap().as_str(), condition, "{mode}");
        }
    }
    ends(gate, work).await;
}

#[tokio::test(start_paused = true)]
async fn a_slip_is_not_lost_when_the_payment_ends_first() {
    for mode in ["Immediate", "PrintEnd"] {
        let (stage, gate, work) = running().await;
        stage.desk.prints.lock().unwrap().push_back((s(30), Ok(())));
        let xml = print(
            "CustomerReceipt",
            &format!("ResponseMode=\"{mode}\""),
            &receipt_text("Cardholder", false),
        );
        let paper = stage.receiving(xml);
        sleep(s(2)).await;
        ends(gate, work).await;
        assert_eq!(paper.await.unwrap().status, 200);
        let notices = stage.notices();
        assert!(
            matches!(notices.as_slice(), [Notice::Receipt(slip)] if slip.readable),
            "{mode}: {notices:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_the_terminal_sends_changes_the_outcome() {
    let stage = stage();
    let gate = stage.far.gated("Payment", |request| failure(request, "Refusal", "Declined"));
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    stage.receive(&display("202,\"Approved\"", "")).await;
    for event in ["Initialised", "BeginMaintenance", "Completed", "OutOfOrder"] {
        stage.receive(&super::inbox::event(event, "")).await;
    }
    let answer = String::from_utf8(super::stage::reply(&paid(&stage.far.sent("Payment")[0])).body).unwrap();
    assert_eq!(stage.inbox().receive(incoming(&answer)).await.status, 400, "an answer is no request");
    gate.notify_one();
    assert_eq!(work.await.unwrap().unwrap().said, Said::Declined);
    stage.perform(&sale()).await.unwrap();
    assert!(stage.far.sent("Login").is_empty(), "the session is what our own answers say");
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_answered_and_the_payment_ends() {
    let (stage, gate, work) = running().await;
    let flood: Vec<_> = (0..200).map(|_| stage.receiving(display("x", ""))).collect();
    ends(gate, work).await;
    for reply in flood {
        assert_eq!(reply.await.unwrap().status, 204);
    }
}

#[tokio::test(start_paused = true)]
async fn texts_arrive_while_a_login_and_a_busy_terminal_are_waited_for() {
    let stage = Stage::with("", None);
    stage.far.fails("Login", "Busy", "updating");
    stage.far.fails("Payment", "Busy", "hosts");
    let work = stage.start(&sale());
    stage.log.until("wire Login").await;
    stage.receive(&display("Please wait", "")).await;
    stage.log.until("not_started").await;
    stage.receive(&display("Welcome", "")).await;
    assert!(work.await.unwrap().is_ok());
    assert!(stage.log.has("show Please wait") && stage.log.has("show Welcome"));
}
