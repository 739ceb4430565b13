//! Everything that no public page of Kayaaku says, in one place: replaced here when the maker tells better,
//! and nowhere else (dossier section 12).
//!
//! Field layouts of serial messages stand in `serial/layout.rs`, which is one table, too.

use super::jwe::{Algorithm, Encryption};

/// One assumption, as it is told to whoever sets a terminal up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// Its number in the dossier.
    pub id: &'static str,
    /// What is assumed.
    pub what: &'static str,
    /// What would confirm it.
    pub confirmed_by: &'static str,
}

const fn assume(id: &'static str, what: &'static str, confirmed_by: &'static str) -> Assumption {
    Assumption { id, what, confirmed_by }
}

/// The ledger.
pub const LEDGER: &[Assumption] = &[
    assume("A-0", "generation 1 counts amounts in minor units", "one live sale of 1.00"),
    assume(
        "A-1",
        "sequenceNo is 16 digits: second of the day, counter from a random start",
        "the sandbox takes it",
    ),
    assume("A-2", "fields of the replies of generation 1", "the first reply of the sandbox"),
    assume("A-3", "replies of generation 1 are signed as requests are", "the public key of Finexus"),
    assume("A-4", "a submit is answered by 0012", "the sandbox"),
    assume("A-5", "an enquiry is 0013, answered by 0014", "the sandbox"),
    assume("A-6", "bodies of generation 2 are text/plain", "the sandbox"),
    assume("A-7", "ECDH-ES with A256GCM", "the page on JWE code"),
    assume("A-8", "fields of the payment object beyond mrn and requiredPayment", "the payment parameters"),
    assume("A-9", "fields of the enquiry's reply beyond the first four", "the status enquiry's page"),
    assume("A-10", "a notification is answered by 0026 in the same envelope", "the notification's page"),
    assume("A-11", "serial line, commands and link of kpos-serial/1", "the maker's serial specification"),
    assume("A-12", "no ACK and NAK on the serial line", "the same"),
    assume("A-13", "a payment is answered after NEXT, within 180 seconds", "the sandbox"),
    assume("A-14", "what a simulator does by the last digits of the amount", "ours"),
    assume("A-15", "an enquiry about a payment that was taken back is answered by 50", "the sandbox"),
    assume("A-16", "an enquiry by a refund's own id tells of the refund", "the sandbox"),
];

/// Version of generation 1's messages.
pub const PLAIN_VERSION: &str = "1";
/// `CallerDeviceType` of a web based caller (section 3).
pub const PLAIN_CALLER: &str = "04";
/// Version of generation 2's messages.
pub const SEALED_VERSION: &str = "1.0";
/// `billerType`: a POS system.
pub const BILLER: &str = "PS";
/// `callerDeviceType` that goes with it.
pub const SEALED_CALLER: &str = "02";
/// `sellerId` where no e-invoice is wanted.
pub const NO_SELLER: &str = "000000";
/// Numbers of currencies with two decimals (ISO 4217). The host takes ringgit; whether it takes another one
/// it says itself, by code 34.
const CURRENCIES: &[(&str, &str)] = &[
    ("MYR", "458"),
    ("BND", "096"),
    ("CNY", "156"),
    ("EUR", "978"),
    ("PHP", "608"),
    ("SEK", "752"),
    ("SGD", "702"),
    ("THB", "764"),
    ("USD", "840"),
];

/// The number of a currency; nothing for one that is not in the table.
pub fn currency_number(letters: &str) -> Option<&'static str> {
    CURRENCIES.iter().find(|(known, _)| *known == letters).map(|(_, number)| *number)
}

/// The letters of a currency's number.
pub fn currency_letters(number: &str) -> Option<&'static str> {
    CURRENCIES.iter().find(|(_, known)| *known == number).map(|(letters, _)| *letters)
}
/// `paymentType` of a sale.
pub const SALE: &str = "STX";

/// Message types of generation 2: a request and its reply.
pub const SUBMIT: (&str, &str) = ("0011", "0012");
/// An enquiry's. The public text says `001X`: a setting overrides it.
pub const ENQUIRY: (&str, &str) = ("0013", "0014");
/// A notification's.
pub const NOTIFICATION: (&str, &str) = ("0025", "0026");

/// The type that answers a request of this type: the next number. Nothing for what is no type of a request:
/// those are four digits and odd (section 5.1).
pub fn answer_to(kind: &str) -> Option<String> {
    let is_type = kind.len() == 4 && kind.bytes().all(|byte| byte.is_ascii_digit());
    let number: u16 = kind.parse().ok().filter(|number| is_type && number % 2 == 1 && *number < 9_999)?;
    Some(format!("{:04}", number + 1))
}

/// `Content-Type` of generation 2; any is taken.
pub const SEALED_CONTENT: &str = "text/plain; charset=utf-8";
/// How a body of generation 2 is encrypted where nothing else is set.
pub const SEALED_WITH: (Algorithm, Encryption) = (Algorithm::EcdhEs, Encryption::A256Gcm);
