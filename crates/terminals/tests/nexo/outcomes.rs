//! What answers mean: every word and every error condition of the protocol, for payments and reversals.

use super::stage::{
    PAID_AT, Stage, amount, changed, failure, paid, paid_response, receipt_text, reversal, sale, sale_data,
    sek, stage,
};
use domain::operation::Operation;
use domain::outcome::{Certainty, Fault, Outcome, Reason, Said, Signature};
use domain::receipt::Copy;
use wire::nexo::{
    DocumentQualifier, ErrorCondition, Message, OutputContent, PaymentInstrumentType, PaymentReceipt,
    PoiData, Response, ResultCode, ReversalResponse, TransactionIdentification,
};

/// Plays one answer to a payment.
async fn told(answer: impl Fn(&Message) -> Message + Send + Sync + 'static) -> Result<Outcome, Fault> {
    let stage = stage();
    stage.far.answers("Payment", answer);
    stage.perform(&sale()).await
}

async fn reversed(
    change: impl Fn(&mut ReversalResponse) + Send + Sync + 'static,
) -> Result<Outcome, Fault> {
    let stage = stage();
    stage.far.answers("Reversal", move |request| {
        let mut answer = ReversalResponse::new(Response::success());
        answer.poi_data = Some(poi("5550010041", "2025-03-04T08:00:00.02Z"));
        change(&mut answer);
        Message::new(request.header.reply(), answer.into())
    });
    stage.perform(&reversal()).await
}

fn poi(id: &str, time: &str) -> PoiData {
    PoiData { poi_transaction_id: Some(TransactionIdentification::new(id, time)), ..PoiData::default() }
}

#[tokio::test(start_paused = true)]
async fn an_approval_keeps_the_terminals_words_verbatim() {
    let outcome = told(paid).await.unwrap();
    assert_eq!(outcome.said, Said::Approved);
    assert_eq!((outcome.amount, outcome.tip, outcome.cash_back), (Some(sek(24950)), None, None));
    assert_eq!(outcome.echo.reference.unwrap().0, "2104000001");
    assert_eq!(outcome.echo.transaction.unwrap().0, "250304101244000411");
    assert!(outcome.echo.same_terminal);
    assert_eq!(outcome.provider_time, Some(PAID_AT.parse().unwrap()));
    let evidence = |name: &str| outcome.evidence.get(name).unwrap_or_default().to_owned();
    assert_eq!(evidence("poi_transaction_id"), "5550010042");
    assert_eq!(evidence("poi_transaction_time"), PAID_AT);
    assert_eq!((evidence("sale_id"), evidence("poi_id")), ("KASSA2".into(), "BUTIK-07-K2".into()));
    assert_eq!((evidence("instrument"), evidence("brand")), ("card".into(), "Exempelkort, Debit".into()));
    assert_eq!(evidence("masked_number"), "541333******0014");
    assert_eq!(outcome.signature, Signature::Settled);
}

#[tokio::test(start_paused = true)]
async fn a_tip_raises_the_total_and_partial_lowers_it() {
    let tip = told(|request| {
        changed(request, |answer| {
            let amounts = answer.payment_result.as_mut().unwrap().amounts_resp.as_mut().unwrap();
            (amounts.authorized_amount, amounts.tip_amount) = (Some(amount("274.5")), Some(amount("25")));
        })
    });
    let tip = tip.await.unwrap();
    assert_eq!((tip.said, tip.amount, tip.tip), (Said::Approved, Some(sek(27450)), Some(sek(2500))));
    let partial = told(|request| {
        changed(request, |answer| {
            answer.response.result = ResultCode::Partial;
            let amounts = answer.payment_result.as_mut().unwrap().amounts_resp.as_mut().unwrap();
            amounts.authorized_amount = Some(amount("100"));
        })
    });
    let partial = partial.await.unwrap();
    assert_eq!((partial.said, partial.amount), (Said::Partial, Some(sek(10000))));
}

#[tokio::test(start_paused = true)]
async fn another_currency_is_told_and_a_broken_amount_is_unknown() {
    for (code, known) in [("EUR", true), ("XBT", false)] {
        let outcome = told(move |request| {
            changed(request, |answer| {
                let amounts = answer.payment_result.as_mut().unwrap().amounts_resp.as_mut().unwrap();
                amounts.currency = Some(code.to_owned());
            })
        });
        let outcome = outcome.await.unwrap();
        assert_eq!(outcome.foreign_currency.as_deref(), Some(code));
        assert_eq!(outcome.amount.is_some(), known);
    }
    for broken in ["249.505", "-249.50"] {
        let fault = told(move |request| {
            changed(request, |answer| {
                let amounts = answer.payment_result.as_mut().unwrap().amounts_resp.as_mut().unwrap();
                amounts.authorized_amount = Some(match broken.strip_prefix('-') {
                    Some(_) => wire::nexo::Amount::from_minor(-24950, 2),
                    None => amount(broken),
                });
            })
        });
        let fault = fault.await.unwrap_err();
        assert_eq!(
            (fault.certainty, fault.reason),
            (Certainty::Unknown, Reason::AnswerUnreadable),
            "{broken}"
        );
    }
    let padded = told(|request| {
        changed(request, |answer| {
            let amounts = answer.payment_result.as_mut().unwrap().amounts_resp.as_mut().unwrap();
            (amounts.authorized_amount, amounts.currency) = (Some(amount("249.5000")), None);
        })
    });
    let padded = padded.await.unwrap();
    assert_eq!((padded.amount, padded.foreign_currency), (Some(sek(24950)), None));
}

#[tokio::test(start_paused = true)]
async fn a_result_outside_the_protocol_is_unknown() {
    let odd = told(|request| {
        changed(request, |answer| answer.response.result = ResultCode::Other("Maybe".into()))
    });
    let fault = odd.await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::AnswerUnreadable));
}

#[tokio::test(start_paused = true)]
async fn foreign_answers_are_outcomes_with_a_foreign_echo() {
    let with_header = |change: fn(&mut Message)| {
        told(move |request| {
            let mut answer = paid(request);
            change(&mut answer);
            answer
        })
    };
    let service = with_header(|answer| answer.header.service_id = Some("999".into())).await.unwrap();
    assert_eq!(service.echo.reference.unwrap().0, "999");
    let unnamed = with_header(|answer| answer.header.service_id = None).await.unwrap();
    assert_eq!(unnamed.echo.reference.unwrap().0, "");
    assert!(
        !with_header(|answer| answer.header.sale_id = "KASSA9".into()).await.unwrap().echo.same_terminal
    );
    assert!(
        !with_header(|answer| answer.header.poi_id = "BUTIK-08".into()).await.unwrap().echo.same_terminal
    );
    let transaction = told(|request| changed(request, |answer| answer.sale_data = Some(sale_data("42"))));
    assert_eq!(transaction.await.unwrap().echo.transaction.unwrap().0, "42");
}

#[tokio::test(start_paused = true)]
async fn a_foreign_busy_is_never_taken_for_not_started() {
    let foreign = |change: fn(&mut Message)| {
        told(move |request| {
            let mut answer = failure(request, "Busy", "Busy");
            change(&mut answer);
            answer
        })
    };
    for change in [
        |answer: &mut Message| answer.header.service_id = Some("999".into()),
        |answer: &mut Message| answer.header.poi_id = "BUTIK-08".into(),
        |answer: &mut Message| {
            let wire::nexo::Body::PaymentResponse(body) = &mut answer.body else { panic!() };
            body.sale_data = Some(sale_data("42"));
        },
    ] {
        let outcome = foreign(change).await.unwrap();
        assert_eq!((outcome.said, outcome.reason), (Said::Declined, Some(Reason::Busy)));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_another_kind_is_a_mismatch() {
    let other = told(|request| {
        let mut header = request.header.reply();
        header.category = wire::nexo::MessageCategory::Reversal;
        Message::new(header, ReversalResponse::new(Response::success()).into())
    });
    let fault = other.await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::Mismatch));
}

/// Condition, and the outcome or the certainty of the fault with its reason. Busy and its kin have tests of
/// their own.
fn table() -> Vec<(&'static str, Result<Said, Certainty>, Reason)> {
    let declined = Ok(Said::Declined);
    vec![
        ("Aborted", Ok(Said::Cancelled), Reason::Aborted),
        ("Cancel", Ok(Said::Cancelled), Reason::CustomerCancelled),
        ("DeviceOut", declined, Reason::DeviceOut),
        ("InsertedCard", declined, Reason::CardInserted),
        ("MessageFormat", Err(Certainty::Refused), Reason::MessageFormat),
        ("NotFound", declined, Reason::NotFound),
        ("PaymentRestriction", declined, Reason::PaymentRestriction),
        ("Refusal", declined, Reason::Refused),
        ("UnavailableDevice", declined, Reason::UnavailableDevice),
        ("UnavailableService", Err(Certainty::Refused), Reason::UnavailableService),
        ("InvalidCard", declined, Reason::InvalidCard),
        ("UnreachableHost", declined, Reason::HostUnreachable),
        ("WrongPIN", declined, Reason::WrongPin),
        ("example:Odd", declined, Reason::Other("example:Odd".into())),
        ("Busy", Err(Certainty::Refused), Reason::Busy),
        ("InProgress", Err(Certainty::Unknown), Reason::StillRunning),
        ("NotAllowed", Err(Certainty::Refused), Reason::NoSession),
        ("LoggedOut", Err(Certainty::Refused), Reason::NoSession),
    ]
}

async fn always(condition: &str, operation: &Operation, category: &str) -> Result<Outcome, Fault> {
    let stage = stage();
    for _ in 0..20 {
        stage.far.fails(category, condition, "No, 4111 1111 1111 1111");
    }
    stage.perform(operation).await
}

#[tokio::test(start_paused = true)]
async fn every_error_condition_has_its_meaning() {
    assert_eq!(table().len(), ErrorCondition::NAMES.len() + 1, "one row each, and one that is not listed");
    for (operation, category) in [(sale(), "Payment"), (reversal(), "Reversal")] {
        for (condition, want, reason) in table() {
            let got = always(condition, &operation, category).await;
            match (want, got) {
                (Ok(said), Ok(outcome)) => {
                    assert_eq!((outcome.said, outcome.reason), (said, Some(reason)), "{condition}");
                    assert_eq!(outcome.detail.as_deref(), Some("No, 4111 11** **** 1111"));
                    assert_eq!(outcome.amount, None);
                    assert_eq!(outcome.provider_time, None, "the number 0 is no transaction");
                }
                (Err(certainty), Err(fault)) => {
                    assert_eq!((fault.certainty, fault.reason), (certainty, reason), "{condition}");
                }
                (want, got) => panic!("{condition}: {want:?} and {got:?}"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_without_a_condition_is_final_all_the_same() {
    let outcome = told(|request| {
        changed(request, |answer| {
            answer.response =
                Response { result: ResultCode::Failure, error_condition: None, additional_response: None };
        })
    });
    assert_eq!(outcome.await.unwrap().said, Said::Declined);
}

#[tokio::test(start_paused = true)]
async fn a_reference_that_was_used_before_is_never_ours() {
    for words in
        ["Duplicate ServiceID", "ServiceID already used", "serviceid was USED before", "not unique"]
    {
        let fault = told(move |request| failure(request, "MessageFormat", words)).await.unwrap_err();
        assert_eq!(
            (fault.certainty, fault.reason),
            (Certainty::Unknown, Reason::ReferenceInUse),
            "{words}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_reversal_needs_no_amount_and_checks_its_original() {
    let plain = reversed(|_| {}).await.unwrap();
    assert_eq!((plain.said, plain.amount, plain.echo.foreign_original), (Said::Approved, None, None));
    let amounted = reversed(|answer| answer.reversed_amount = Some(amount("249.50"))).await.unwrap();
    assert_eq!(amounted.amount, Some(sek(24950)));
    let foreign = reversed(|answer| answer.poi_data = Some(poi("5550010099", PAID_AT))).await.unwrap();
    assert_eq!(foreign.echo.foreign_original.as_deref(), Some("5550010099"));
    let silent = reversed(|answer| answer.poi_data = None).await.unwrap();
    assert_eq!(silent.echo.foreign_original, None);
}

fn receipt(qualifier: DocumentQualifier, root: &str, signature: bool) -> PaymentReceipt {
    PaymentReceipt {
        document_qualifier: qualifier,
        integrated_print: None,
        required_signature: None,
        output_content: Some(OutputContent::lines([receipt_text(root, signature)])),
    }
}

async fn with_receipts(settings: &str, result: ResultCode, receipts: Vec<PaymentReceipt>) -> Outcome {
    let stage = Stage::with(settings, Some("1"));
    stage.far.answers("Payment", move |request| {
        changed(request, |answer| {
            answer.response.result = result.clone();
            answer.payment_receipts = receipts.clone();
        })
    });
    stage.perform(&sale()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn in_the_light_form_a_signature_is_ours_to_check() {
    let merchant = |block| receipt(DocumentQualifier::CashierReceipt, "Merchant", block);
    let customer = || receipt(DocumentQualifier::CustomerReceipt, "Cardholder", false);
    let light = "form = \"light\"";
    let asked = with_receipts(light, ResultCode::Success, vec![customer(), merchant(true)]).await;
    assert_eq!(asked.signature, Signature::Ours);
    let copies: Vec<(Copy, bool)> = asked.receipts.iter().map(|it| (it.copy, it.to_sign)).collect();
    assert_eq!(copies, [(Copy::Customer, false), (Copy::Merchant, true)]);
    assert!(asked.receipts[1].text().contains("Underskrift"));
    let flagged = PaymentReceipt { required_signature: Some(true), ..merchant(false) };
    assert_eq!(with_receipts(light, ResultCode::Success, vec![flagged]).await.signature, Signature::Ours);
    let none = with_receipts(light, ResultCode::Success, vec![merchant(false), customer()]).await;
    assert_eq!(none.signature, Signature::Settled);
    let declined = with_receipts(light, ResultCode::Failure, vec![merchant(true)]).await;
    assert_eq!((declined.signature, declined.receipts[0].to_sign), (Signature::Settled, false));
    let settled = with_receipts("", ResultCode::Success, vec![merchant(true)]).await;
    assert_eq!(settled.signature, Signature::Settled, "the terminal asked already");
}

#[tokio::test(start_paused = true)]
async fn a_receipt_that_cannot_be_read_never_fails_a_payment() {
    let garbage = PaymentReceipt {
        output_content: Some(OutputContent::lines(["%%%"])),
        ..receipt(DocumentQualifier::CustomerReceipt, "Cardholder", false)
    };
    let outcome = with_receipts("", ResultCode::Success, vec![garbage]).await;
    assert_eq!(outcome.said, Said::Approved);
    assert!(!outcome.receipts[0].readable);
    assert_eq!(outcome.receipts[0].copy, Copy::Customer);
}

#[tokio::test(start_paused = true)]
async fn a_phone_payment_is_known_as_one() {
    let outcome = told(|request| {
        changed(request, |answer| {
            *answer = paid_response("249.50");
            let result = answer.payment_result.as_mut().unwrap();
            let means = result.payment_instrument_data.as_mut().unwrap();
            (means.payment_instrument_type, means.card_data) = (Some(PaymentInstrumentType::Mobile), None);
        })
    });
    let outcome = outcome.await.unwrap();
    assert_eq!(outcome.evidence.get("instrument"), Some("mobile"));
    assert_eq!(outcome.echo.transaction, None, "an answer without SaleData still names its reference");
}
