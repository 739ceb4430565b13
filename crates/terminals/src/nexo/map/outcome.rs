//! Answers to money requests as outcomes, whether they come directly or repeated by an enquiry.
//!
//! Dossier chapters 6.2 and 8. Invariant: an amount that is not a whole number of minor units, or a result
//! word outside the protocol, yields no outcome at all; identifiers are kept letter by letter.

use super::{Class, Ends, meaning, plain, slip, words};
use domain::ids::Reference;
use domain::money::{Currency, Money};
use domain::operation::{Kind, Operation};
use domain::outcome::{Echo, Evidence, Fault, Instrument, Outcome, Reason, Said, Signature};
use jiff::Timestamp;
use wire::nexo::{
    Amount, Body, Header, PaymentInstrumentType, PaymentReceipt, PaymentResponse, PaymentResult, PoiData,
    RepeatedMessage, Response, ResultCode, ReversalResponse, SaleData, TransactionIdentification,
};

/// What the reader of an answer knows about the request.
#[derive(Clone, Debug, Default)]
pub(in crate::nexo) struct Told {
    reversal: bool,
    currency: Option<Currency>,
    /// The terminal's number of what is to be reversed.
    original: Option<String>,
    transaction: Option<Reference>,
}

impl Told {
    /// What an operation tells.
    pub fn of(operation: &Operation) -> Self {
        let original = operation.original.as_ref().and_then(|it| it.evidence.get("poi_transaction_id"));
        let reversal = operation.kind == Kind::Reversal;
        Self {
            reversal,
            currency: Some(operation.requested.currency),
            original: original.filter(|_| reversal).map(str::to_owned),
            transaction: Some(operation.transaction.clone()),
        }
    }
}

/// The outcome that an answer tells, foreign or not.
///
/// # Errors
/// `Unknown` when it tells none: another body, a word outside the protocol, an amount that cannot be, a
/// transaction that is still running.
pub(in crate::nexo) fn outcome(
    ends: &Ends,
    told: &Told,
    header: &Header,
    body: &Body,
) -> Result<Outcome, Fault> {
    if let (false, Body::PaymentResponse(answer)) = (told.reversal, body) {
        return payment(ends, told, header, answer);
    }
    if let (true, Body::ReversalResponse(answer)) = (told.reversal, body) {
        return reversal(ends, told, header, answer);
    }
    Err(Fault::unknown(Reason::Mismatch, format!("the answer is a {}", body.element())))
}

/// The outcome in an answer that an enquiry repeats, whoever's it is; `None` for what is no money.
///
/// # Errors
/// As [`outcome`].
pub(in crate::nexo) fn repeated(ends: &Ends, found: &RepeatedMessage) -> Option<Result<Outcome, Fault>> {
    let reversal = matches!(*found.body, Body::ReversalResponse(_));
    let is_money = reversal || matches!(*found.body, Body::PaymentResponse(_));
    let told = Told { reversal, ..Told::default() };
    is_money.then(|| outcome(ends, &told, &found.header, &found.body))
}

fn unreadable(what: &str) -> Fault {
    Fault::unknown(Reason::AnswerUnreadable, what)
}

fn payment(ends: &Ends, told: &Told, header: &Header, answer: &PaymentResponse) -> Result<Outcome, Fault> {
    let transaction = answer.sale_data.as_ref().and_then(sale_transaction);
    let mut outcome = said(ends, header, &answer.response, transaction)?;
    let result = answer.payment_result.as_ref();
    if outcome.said.moved_money() {
        amounts(told, result, &mut outcome)?;
    }
    identify(&mut outcome, answer.poi_data.as_ref());
    if let Some(result) = result {
        pay_means(result, &mut outcome);
    }
    receipts(ends, told, &answer.payment_receipts, &mut outcome);
    Ok(outcome)
}

fn reversal(
    ends: &Ends,
    told: &Told,
    header: &Header,
    answer: &ReversalResponse,
) -> Result<Outcome, Fault> {
    let mut outcome = said(ends, header, &answer.response, None)?;
    let repeated = answer.poi_data.as_ref().and_then(|poi| poi.poi_transaction_id.as_ref()).or_else(|| {
        answer.original_poi_transaction.as_ref().and_then(|original| original.poi_transaction_id.as_ref())
    });
    if outcome.said.moved_money() {
        let named = repeated.and_then(|id| id.transaction_id.clone());
        outcome.echo.foreign_original =
            named.filter(|named| told.original.as_ref().is_some_and(|ours| ours != named));
        if let (Some(amount), Some(currency)) = (answer.reversed_amount, told.currency) {
            outcome.amount = Some(money(amount, currency)?);
        }
    }
    identify(&mut outcome, answer.poi_data.as_ref());
    receipts(ends, told, &answer.payment_receipts, &mut outcome);
    // A signature is asked for payments only: a reversal undoes one.
    outcome.signature = Signature::Settled;
    Ok(outcome)
}

fn sale_transaction(sale: &SaleData) -> Option<Reference> {
    let id = sale.sale_transaction_id.as_ref()?.transaction_id.as_ref()?;
    Some(Reference(id.clone()))
}

/// The final word with its reason, what the answer repeats of the request, and the ends of the line as
/// evidence.
fn said(
    ends: &Ends,
    header: &Header,
    response: &Response,
    transaction: Option<Reference>,
) -> Result<Outcome, Fault> {
    let (said, reason) = match &response.result {
        ResultCode::Success => (Said::Approved, None),
        ResultCode::Partial => (Said::Partial, None),
        ResultCode::Failure => match meaning(response.error_condition.as_ref()) {
            (Class::Cancelled, reason) => (Said::Cancelled, Some(reason)),
            (Class::Running, reason) => return Err(Fault::unknown(reason, words(response))),
            (Class::Declined | Class::NotStarted | Class::NoSession | Class::Refused, reason) => {
                (Said::Declined, Some(reason))
            }
        },
        ResultCode::Other(_) => return Err(unreadable("the answer's result is no word of the protocol")),
    };
    let reference = header.service_id.clone().map(Reference);
    let echo = Echo {
        // An answer that names no request answers none of ours.
        reference: Some(reference.clone().unwrap_or(Reference(String::new()))),
        transaction,
        same_terminal: header.sale_id == ends.sale_id && header.poi_id == ends.poi_id,
        foreign_original: None,
        amount_implied: false,
    };
    let evidence = Evidence::default()
        .with("service_id", reference.as_ref().map_or("", |reference| reference.0.as_str()))
        .with("sale_id", &header.sale_id)
        .with("poi_id", &header.poi_id);
    let detail = Some(words(response)).filter(|words| !words.is_empty());
    Ok(Outcome { reason, evidence, detail, ..Outcome::bare(said, echo) })
}

/// Total, tip and cash-back. A currency other than the request's is told as foreign; one that the till does
/// not know has no minor units to count.
fn amounts(told: &Told, result: Option<&PaymentResult>, outcome: &mut Outcome) -> Result<(), Fault> {
    let Some(amounts) = result.and_then(|result| result.amounts_resp.as_ref()) else { return Ok(()) };
    let named = amounts.currency.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let currency = match named {
        Some(code) => Currency::parse(code),
        None => told.currency,
    };
    if let Some(code) =
        named.filter(|_| currency.is_none() || (told.currency.is_some() && currency != told.currency))
    {
        outcome.foreign_currency = Some(super::plain(code));
    }
    let Some(currency) = currency else { return Ok(()) };
    let read = |amount: Option<Amount>| amount.map(|amount| money(amount, currency)).transpose();
    outcome.amount = read(amounts.authorized_amount)?;
    outcome.tip = read(amounts.tip_amount)?;
    outcome.cash_back = read(amounts.cash_back_amount)?;
    Ok(())
}

fn money(amount: Amount, currency: Currency) -> Result<Money, Fault> {
    match amount.to_minor(currency.decimals()) {
        Some(minor) if minor >= 0 => Ok(Money::new(minor, currency)),
        Some(_) | None => Err(unreadable("an amount of the answer is not one of its currency")),
    }
}

/// The terminal's number and time, both texts verbatim. `0` stands where no transaction exists (dossier
/// chapter 3.3); its time says nothing then.
fn identify(outcome: &mut Outcome, poi: Option<&PoiData>) {
    let Some(TransactionIdentification { transaction_id: Some(id), time_stamp }) =
        poi.and_then(|poi| poi.poi_transaction_id.as_ref())
    else {
        return;
    };
    if matches!(id.trim(), "" | "0") {
        return;
    }
    let time = time_stamp.as_ref().map_or("", |stamp| stamp.raw());
    outcome.provider_time = time.trim().parse::<Timestamp>().ok();
    add(outcome, "poi_transaction_id", id);
    add(outcome, "poi_transaction_time", time);
}

fn add(outcome: &mut Outcome, name: &str, value: &str) {
    outcome.evidence = std::mem::take(&mut outcome.evidence).with(name, value);
}

/// What was paid with and through whom.
fn pay_means(result: &PaymentResult, outcome: &mut Outcome) {
    if let Some(acquirer) = &result.payment_acquirer_data {
        add(outcome, "approval_code", acquirer.approval_code.as_deref().unwrap_or_default());
        add(outcome, "merchant_id", acquirer.merchant_id.as_deref().unwrap_or_default());
        add(outcome, "acquirer_poi_id", acquirer.acquirer_poi_id.as_deref().unwrap_or_default());
    }
    let Some(means) = &result.payment_instrument_data else { return };
    let card = means.card_data.as_ref();
    let kind = match &means.payment_instrument_type {
        Some(PaymentInstrumentType::Card) => "card",
        Some(PaymentInstrumentType::Mobile) => "mobile",
        Some(PaymentInstrumentType::Check) => "check",
        Some(PaymentInstrumentType::StoredValue) => "stored_value",
        Some(PaymentInstrumentType::Cash) => "cash",
        Some(PaymentInstrumentType::Other(word)) => word.as_str(),
        None if card.is_some() => "card",
        None => "",
    };
    let instrument = Instrument {
        // Words of the terminal's own, as far as they are not the protocol's.
        kind: plain(kind),
        brand: card.and_then(|card| card.brand_name()).map(plain),
        number: card.and_then(|card| card.masked_pan.as_ref()).map(|number| number.as_str().to_owned()),
        entry: card
            .and_then(|card| card.entry_mode.as_ref())
            .and_then(|modes| modes.0.first())
            .map(|mode| plain(mode.as_str())),
    };
    add(outcome, "instrument", &instrument.kind);
    add(outcome, "masked_number", instrument.number.as_deref().unwrap_or_default());
    add(outcome, "brand", instrument.brand.as_deref().unwrap_or_default());
    add(outcome, "entry", instrument.entry.as_deref().unwrap_or_default());
    outcome.instrument = Some(instrument);
}

fn receipts(ends: &Ends, told: &Told, receipts: &[PaymentReceipt], outcome: &mut Outcome) {
    let mut known: Vec<&str> =
        outcome.evidence.0.iter().filter(|(name, _)| is_number(name)).map(|(_, v)| v.as_str()).collect();
    known.extend(told.transaction.as_ref().map(|transaction| transaction.0.as_str()));
    let moved = outcome.said.moved_money();
    let slips = receipts.iter().map(|receipt| slip::answer_slip(receipt, moved, &known)).collect();
    if moved && ends.checks_signature && receipts.iter().any(|receipt| slip::to_sign(receipt, &known)) {
        outcome.signature = Signature::Ours;
    }
    outcome.receipts = slips;
}

/// Evidence that is a number of the protocol's own and must survive masking.
fn is_number(name: &str) -> bool {
    ["service_id", "poi_transaction_id", "approval_code", "merchant_id", "acquirer_poi_id"].contains(&name)
}
