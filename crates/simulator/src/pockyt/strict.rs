//! What is wrong with a request, in the order in which the gateway looks (dossier section 11).
//!
//! Invariant: a request that comes through is signed by a store that the gateway knows and has every field of
//! its endpoint in its form.

use wire::pockyt::{Code, Decimal, Fields, Reply, Request, Signed, Spelling, VERIFY_SIGN, verify};

use super::settings::{Settings, Store};
use super::wallet;

/// A refusal as it is answered.
#[derive(Debug)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The return code and its words.
    pub reply: Box<Reply>,
    /// How it is spelled.
    pub spelling: Spelling,
}

/// A refusal with this code.
pub fn refuse(code: Code, message: &str) -> Refusal {
    let reply = Reply { code: Some(code), message: message.to_owned(), result: None };
    Refusal { status: 200, reply: Box::new(reply), spelling: Spelling::default() }
}

/// The gateway's error form (section 5): HTTP 400 and `retMsg`.
pub fn data_error(what: &str) -> Refusal {
    let message = format!("data error : {what}");
    let spelling = Spelling { camel_message: true, ..Spelling::default() };
    let reply = Reply { code: Some(Code::SystemError), message, result: None };
    Refusal { status: 400, reply: Box::new(reply), spelling }
}

/// A request that may be looked at, and whose it is.
#[derive(Debug)]
pub struct Taken {
    pub store: Store,
    pub request: Request,
    /// Minor units and decimals, where it names an amount.
    pub amount: Option<(i64, u8)>,
}

/// Looks at everything that needs no record.
pub fn check(signed: &Signed, settings: &Settings) -> Result<Taken, Refusal> {
    let fields = &signed.fields;
    let given = |name: &str| fields.get(name).filter(|value| !value.is_empty());
    let who = |name: &'static str| given(name).ok_or_else(|| refuse(Code::Missing, &missing(name)));
    let (merchant_no, store_no) = (who("merchantNo")?, who("storeNo")?);
    who(VERIFY_SIGN)?;
    // Without a store there is no token to check with.
    let Some(store) = settings.store(merchant_no, store_no) else {
        return Err(refuse(Code::NoPermission, "merchant or store is not known"));
    };
    if !verify(fields, &store.token) {
        return Err(data_error(VERIFY_SIGN));
    }
    if fields.values().any(String::is_empty) {
        return Err(refuse(Code::BadValue, "a parameter without a value"));
    }
    let request = Request::read(signed.endpoint, fields).map_err(|error| match error {
        wire::pockyt::DecodeError::Field(name) if name.contains(" and ") => {
            refuse(Code::Contradiction, &format!("only one of {name} may be given"))
        }
        wire::pockyt::DecodeError::Field(name) => refuse(Code::Missing, &missing(name)),
        wire::pockyt::DecodeError::TooLarge
        | wire::pockyt::DecodeError::Syntax
        | wire::pockyt::DecodeError::ContentType
        | wire::pockyt::DecodeError::Path => data_error("request"),
    })?;
    let amount = values(&request, fields, settings)?;
    Ok(Taken { store: store.clone(), request, amount })
}

fn missing(name: &str) -> String {
    format!("the parameter {name} is required")
}

fn bad(name: &str) -> Refusal {
    refuse(Code::BadValue, &format!("the value of {name} is not valid"))
}

/// Formats of values (sections 4 and 10).
fn values(request: &Request, fields: &Fields, settings: &Settings) -> Result<Option<(i64, u8)>, Refusal> {
    for name in ["reference", "refundReference"] {
        let is_name = |value: &String| {
            value.len() <= 32 && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        if fields.get(name).is_some_and(|value| !is_name(value)) {
            return Err(bad(name));
        }
    }
    let is_minutes =
        |value: &String| value.parse::<u32>().is_ok_and(|minutes| (1..=1_440).contains(&minutes));
    if fields.get("timeout").is_some_and(|value| !is_minutes(value)) {
        return Err(bad("timeout"));
    }
    let named = |amount: &str, currency: &str, settle: &str, name: &str| {
        let decimals = settings.decimals(currency).ok_or_else(|| bad("currency"))?;
        if settings.decimals(settle).is_none() {
            return Err(bad("settleCurrency"));
        }
        let written = match amount.split_once('.') {
            Some((_, fraction)) => fraction.len(),
            None => 0,
        };
        let minor = Decimal::parse(amount).and_then(|amount| amount.minor(decimals));
        let minor = minor.filter(|minor| *minor > 0 && written == usize::from(decimals));
        minor.map(|minor| Some((minor, decimals))).ok_or_else(|| bad(name))
    };
    match request {
        Request::Add(add) => named(&add.amount, &add.currency, &add.settle_currency, "amount"),
        Request::CreateCode(create) => {
            if !wallet::SHOWN.contains(&create.vendor.as_str()) {
                return Err(bad("vendor"));
            }
            if !create.ipn_url.starts_with("https://") {
                return Err(bad("ipnUrl"));
            }
            named(&create.amount, &create.currency, &create.settle_currency, "amount")
        }
        Request::Refund(refund) => {
            named(&refund.refund_amount, &refund.currency, &refund.settle_currency, "refundAmount")
        }
        Request::Pay(pay) => {
            let vendor = pay.vendor.as_deref();
            if vendor.is_some_and(|vendor| !wallet::PAY.contains(&vendor)) {
                return Err(bad("vendor"));
            }
            // PayPal and Venmo publish no form of their codes: the word alone tells.
            let told = wallet::wallet(&pay.payment_barcode);
            let agrees = vendor.is_none_or(|vendor| match told {
                Some(told) => told == vendor,
                None => matches!(vendor, "paypal" | "venmo"),
            });
            if !agrees {
                return Err(refuse(Code::Contradiction, "vendor and paymentBarcode do not agree"));
            }
            Ok(None)
        }
        Request::Prepay(pay) => {
            if pay.vendor.is_none() && wallet::wallet(&pay.payment_barcode).is_none() {
                return Err(bad("paymentBarcode"));
            }
            Ok(None)
        }
        Request::Query(_) | Request::Cancel(_) => Ok(None),
    }
}
