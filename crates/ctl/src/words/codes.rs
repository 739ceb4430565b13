//! Sentences about codes before a camera or a scanner, and about the camera.
//!
//! Invariant: nothing of a code is repeated but what may be shown of it.

use till::seams::domain::wallet::{Brand, PaymentCode, Refusal};
use till::seams::peripherals::camera::Fault;
use till::seams::peripherals::code::{Guidance, Sight};

use super::bracketed;

/// A code that a payment can be taken with.
pub fn seen(code: &PaymentCode, sight: Option<Sight>) -> String {
    let brand = match code.brand() {
        Brand::Alipay => "An Alipay code",
        Brand::WeChat => "A WeChat Pay code",
        Brand::UnionPay => "A UnionPay code",
        Brand::Emv { .. } if code.brand().is_union_pay() => "A UnionPay code",
        Brand::Emv { .. } => "A card network's code",
    };
    let masked = code.masked();
    match sight {
        None | Some(Sight::New) => format!("{brand} ({masked}): a payment can be taken with it."),
        Some(Sight::Same { age }) => {
            format!("{brand} ({masked}): the same as {} seconds ago; it counts once.", age.as_secs())
        }
        Some(Sight::AlreadyUsed { age }) => format!(
            "{brand} ({masked}): it was shown {} seconds ago and put away; the customer must make a new one.",
            age.as_secs()
        ),
    }
}

/// What was scanned in the place of a payment code.
pub const fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Empty => "Nothing was scanned.",
        Refusal::TooLong => "Not a payment code: it is longer than any.",
        Refusal::ControlCharacters => "Not a payment code: it holds signs that none has.",
        Refusal::CardNumber => "A card's number, which is not kept: the customer pays by card instead.",
        Refusal::MerchantCode => "A shop's own code: the customer must show the code to pay with.",
        Refusal::Link => "A web address: the customer must show the code to pay with.",
        Refusal::Product => "The bar code of a product.",
        Refusal::HalfACode => "Half a code: scan it again.",
        Refusal::UnknownDigits | Refusal::UnknownText => "Not a code that a wallet known here pays with.",
    }
}

/// Where no code could be read.
pub fn guidance(guidance: Option<Guidance>) -> String {
    let what = match guidance {
        None => "",
        Some(Guidance::Nothing) => " Nothing is held before the camera.",
        Some(Guidance::Closer) => " Hold the phone closer.",
        Some(Guidance::FurtherAway) => " Hold the phone further away: nothing is sharp.",
        Some(Guidance::TooBright) => " The screen is too bright: turn it down.",
    };
    format!("No code can be read.{what}")
}

/// Why there is no picture.
pub fn without_camera(fault: &Fault) -> String {
    match fault {
        Fault::Away { detail } => format!("No camera can be found. Is it plugged in?{}", bracketed(detail)),
        Fault::Busy { detail } => {
            format!("Another program uses the camera. Close it; Paydesk tries again.{}", bracketed(detail))
        }
        Fault::Corrupt { detail } => format!("The picture cannot be read.{}", bracketed(detail)),
        Fault::Unfit { detail } => format!("The camera cannot be used.{}", bracketed(detail)),
        Fault::Ended => "The camera sends no more pictures.".to_owned(),
    }
}
