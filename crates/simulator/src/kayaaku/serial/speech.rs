//! Messages of the line as requests to the ledger, and the ledger's answers as messages (dossier section
//! 7.2).

use wire::kayaaku::serial::{Collector, Found, Message, PaymentResult, Settled};
use wire::kayaaku::{Code, Method};

use super::super::entry::Entry;
use super::super::speech::{Asked, Call, Words};

/// `paymentType` of a sale.
const SALE: &str = "STX";
/// No approval.
const NO_APPROVAL: &str = "000000";

/// What a message asks for, with the category that rules name it by; nothing for what only a device says.
pub fn asked(
    message: &Message,
    terminal: &str,
    source: &str,
    number: u64,
    entries: &[Entry],
) -> Option<(&'static str, Asked)> {
    let base = Asked {
        is_signed: true,
        source: source.to_owned(),
        sequence: number.to_string(),
        device: Some(terminal.to_owned()),
        ..Asked::default()
    };
    let entry = |id: &str| entries.iter().rev().find(|entry| entry.id == id);
    let named = |call, id: &str, mid: &str| Asked {
        call: Some(call),
        id: id.to_owned(),
        mid: Some(mid.to_owned()),
        ..base.clone()
    };
    Some(match message {
        Message::LinkTest => ("link", base),
        Message::Abort { mrn } => ("abort", Asked { id: mrn.clone(), ..base }),
        Message::Settle { mid } => ("settle", Asked { mid: Some(mid.clone()), ..base }),
        Message::Start(it) => (
            "pay",
            Asked {
                method: Some(it.method.as_str().to_owned()),
                amount: Some(it.amount.to_string()),
                currency: Some(format!("{:03}", it.currency)),
                wrong: (it.kind != SALE).then_some("paymentType"),
                ..named(Call::Pay, &it.mrn, &it.mid)
            },
        ),
        Message::Enquiry { mid, mrn } => ("enquire", named(Call::Enquire, mrn, mid)),
        Message::Void { mid, mrn, approval } => {
            // The ledger knows a payment by its reference; the line names the approval.
            let is_its = |entry: &&Entry| entry.approval.as_deref() == Some(approval.as_str());
            let original_htr = entry(mrn).filter(is_its).map(|entry| entry.htr.clone());
            ("void", Asked { original_htr, ..named(Call::Void, mrn, mid) })
        }
        Message::Refund { mid, mrn, original, amount } => (
            "refund",
            Asked {
                original: Some(original.clone()),
                original_htr: entry(original).map(|entry| entry.htr.clone()),
                // The line names none: money goes back as it came.
                currency: entry(original).map(|entry| entry.currency.clone()),
                amount: Some(amount.to_string()),
                ..named(Call::Refund, mrn, mid)
            },
        ),
        Message::LinkTested { .. }
        | Message::Started { .. }
        | Message::Answer(_)
        | Message::Voided { .. }
        | Message::Aborted { .. }
        | Message::Settled(_)
        | Message::Refunded { .. }
        | Message::Result(_)
        | Message::Heard { .. } => return None,
    })
}

/// The ledger's answer as a message.
pub fn answer(asked: &Asked, words: &Words, entries: &[Entry]) -> Message {
    let (result_code, mrn) = (Code::of(&words.code), words.id.clone().unwrap_or_default());
    let approval = approval(&words.approval);
    match asked.call {
        Some(Call::Enquire) => Message::Answer(result(asked, words, entries)),
        Some(Call::Void) => Message::Voided { result: result_code, mrn, approval },
        Some(Call::Refund) => Message::Refunded { result: result_code, mrn, approval },
        Some(Call::Pay) | None => Message::Started { result: result_code, mrn },
    }
}

/// What became of a payment, as 0014 and 0025 tell it.
pub fn result(asked: &Asked, words: &Words, entries: &[Entry]) -> PaymentResult {
    let entry = entries.iter().rev().find(|entry| entry.id == asked.id);
    let known = entry.map_or(0, |entry| entry.minor);
    let amount = words.amount.as_deref().and_then(|text| text.parse().ok());
    let method = words.method.clone().or_else(|| entry.map(|entry| entry.method.clone()));
    let mid = entry.map(|entry| entry.mid.clone()).or_else(|| asked.mid.clone());
    PaymentResult {
        result: Code::of(&words.code),
        amount: amount.unwrap_or_else(|| u64::try_from(known).unwrap_or(0)),
        item: String::new(),
        mid: mid.unwrap_or_default(),
        mrn: words.id.clone().unwrap_or_else(|| asked.id.clone()),
        kind: SALE.to_owned(),
        method: Method::of(method.as_deref().unwrap_or("00")),
        approval: approval(&words.approval),
    }
}

fn approval(told: &Option<String>) -> String {
    told.clone().unwrap_or_else(|| NO_APPROVAL.to_owned())
}

/// What a settlement closes.
pub fn batch(entries: &[Entry], mid: &str, number: u64, result: Code) -> Settled {
    let open = |entry: &&Entry| {
        entry.mid == mid
            && !entry.settled
            && entry.refund_of.is_none()
            && entry.code.as_deref() == Some("00")
    };
    let count = |voided: bool| {
        let of = entries.iter().filter(open).filter(|entry| entry.voided == voided);
        of.fold((0u16, 0u64), |(count, sum), entry| {
            (count.saturating_add(1), sum + u64::try_from(entry.minor).unwrap_or(0))
        })
    };
    let ((sales, sales_amount), (voids, voids_amount)) = (count(false), count(true));
    let batch = u32::try_from(number % 1_000_000).unwrap_or(0);
    Settled { result, batch, sales, sales_amount, voids, voids_amount }
}

/// The calls of requests in these bytes that can move money, with the numbers that they name. For whoever
/// watches the wire.
pub fn money_request(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let frames = Collector::default().take(bytes, 0).into_iter();
    let messages = frames.filter_map(|found| match found {
        Found::Frame(text) => Message::decode(&text).ok(),
        Found::Bad(_) | Found::Ack | Found::Nak => None,
    });
    let calls = [("0011", "pay"), ("0015", "void"), ("0021", "refund")];
    let money = messages.filter_map(|message| {
        let (_, call) = calls.iter().find(|(mti, _)| *mti == message.mti())?;
        Some((*call, message.mrn()?.to_owned()))
    });
    money.collect()
}
