//! Requests of every endpoint, signed, in JSON and form encoding (dossier sections 2 and 4).
//!
//! Invariant: every value is a text, and one without a value is not sent at all, so that all readings of the
//! signature's rule agree. A request prints without token, code and signature.

use super::{DecodeError, Fields, Limits, VERIFY_SIGN, form, sign};
use crate::json::Json;
use std::fmt;

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// Creates a transaction (4.1).
    Add,
    /// Charges the scanned code (4.2).
    Pay,
    /// The same, the wallet derived from the code (4.3).
    Prepay,
    /// Creates a transaction with a code to show (4.4).
    CreateCode,
    /// Status (4.5).
    Query,
    /// Cancels: closes what is not paid, gives back what is (4.6).
    Cancel,
    /// Gives back a part or all (4.7).
    Refund,
}

impl Endpoint {
    /// Every endpoint.
    pub const ALL: [Self; 7] =
        [Self::Add, Self::Pay, Self::Prepay, Self::CreateCode, Self::Query, Self::Cancel, Self::Refund];

    /// Its path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Add => "/app-instore/v3/add",
            Self::Pay => "/app-instore/v3/pay",
            Self::Prepay => "/app-instore/v3/prepay",
            Self::CreateCode => "/app-instore/v3/create-trans-qrcode",
            Self::Query => "/app-data-search/v3/tran-query",
            Self::Cancel => "/app-data-search/v3/cancel",
            Self::Refund => "/app-data-search/v3/refund",
        }
    }

    /// The last part of its path.
    pub fn name(self) -> &'static str {
        self.path().rsplit('/').next().unwrap_or_default()
    }
}

/// How a request's body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

impl Encoding {
    /// The `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }
}

/// Who asks. Prints without the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Number of the merchant.
    pub merchant_no: String,
    /// Number of the store.
    pub store_no: String,
    /// Number of the cashier or admin, where the account wants one.
    pub store_admin_no: Option<String>,
    /// The store's secret.
    pub token: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("merchant_no", &self.merchant_no)
            .field("store_no", &self.store_no)
            .finish_non_exhaustive()
    }
}

/// Which transaction is meant: exactly one of the two names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// By the gateway's number.
    TransactionNo(String),
    /// By ours.
    Reference(String),
}

/// Creates a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Add {
    /// Decimal text.
    pub amount: String,
    /// Of the price.
    pub currency: String,
    /// Of the settlement.
    pub settle_currency: String,
    /// Ours, unique.
    pub reference: String,
    /// Minutes until it closes unpaid.
    pub timeout: Option<String>,
    /// Where the gateway posts notifications.
    pub ipn_url: Option<String>,
}

/// Charges the scanned code. Prints without it.
#[derive(Clone, PartialEq, Eq)]
pub struct Pay {
    /// Which transaction.
    pub meant: Meant,
    /// What was scanned.
    pub payment_barcode: String,
    /// The wallet; not sent to `prepay`.
    pub vendor: Option<String>,
}

impl fmt::Debug for Pay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pay")
            .field("meant", &self.meant)
            .field("vendor", &self.vendor)
            .finish_non_exhaustive()
    }
}

/// Creates a transaction with a code to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateCode {
    /// Decimal text.
    pub amount: String,
    /// Of the price.
    pub currency: String,
    /// Of the settlement.
    pub settle_currency: String,
    /// The wallet, as this endpoint spells it.
    pub vendor: String,
    /// Ours, unique.
    pub reference: String,
    /// Where the gateway posts notifications.
    pub ipn_url: String,
    /// Minutes until it closes unpaid.
    pub timeout: Option<String>,
    /// Text for the payer.
    pub description: Option<String>,
}

/// Asks for the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Which transaction.
    pub meant: Meant,
}

/// Cancels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancel {
    /// Which transaction.
    pub meant: Meant,
}

/// Gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Which transaction.
    pub meant: Meant,
    /// Decimal text.
    pub refund_amount: String,
    /// As the payment's.
    pub currency: String,
    /// As the payment's.
    pub settle_currency: String,
    /// Ours, unique per refund: the only handle against doing it twice.
    pub refund_reference: String,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// See [`Add`].
    Add(Add),
    /// See [`Pay`]; to `pay`.
    Pay(Pay),
    /// See [`Pay`]; to `prepay`.
    Prepay(Pay),
    /// See [`CreateCode`].
    CreateCode(CreateCode),
    /// See [`Query`].
    Query(Query),
    /// See [`Cancel`].
    Cancel(Cancel),
    /// See [`Refund`].
    Refund(Refund),
}

/// A request as it goes on the wire. Prints without its body.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Path of the endpoint.
    pub path: &'static str,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// The signed body.
    pub body: String,
}

impl fmt::Debug for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoded")
            .field("path", &self.path)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Where it goes.
    pub const fn endpoint(&self) -> Endpoint {
        match self {
            Self::Add(_) => Endpoint::Add,
            Self::Pay(_) => Endpoint::Pay,
            Self::Prepay(_) => Endpoint::Prepay,
            Self::CreateCode(_) => Endpoint::CreateCode,
            Self::Query(_) => Endpoint::Query,
            Self::Cancel(_) => Endpoint::Cancel,
            Self::Refund(_) => Endpoint::Refund,
        }
    }

    /// Names and values of the request itself, without who asks and without signature.
    pub fn fields(&self) -> Fields {
        let mut fields = Own::default();
        match self {
            Self::Add(add) => fields
                .price(&add.amount, &add.currency, &add.settle_currency)
                .with("reference", &add.reference)
                .maybe("timeout", add.timeout.as_ref())
                .maybe("ipnUrl", add.ipn_url.as_ref()),
            Self::Pay(pay) | Self::Prepay(pay) => fields
                .meant(&pay.meant)
                .with("paymentBarcode", &pay.payment_barcode)
                .maybe("vendor", pay.vendor.as_ref()),
            Self::CreateCode(create) => fields
                .price(&create.amount, &create.currency, &create.settle_currency)
                .with("vendor", &create.vendor)
                .with("reference", &create.reference)
                .with("ipnUrl", &create.ipn_url)
                .with("needQrcode", "true")
                .maybe("timeout", create.timeout.as_ref())
                .maybe("description", create.description.as_ref()),
            Self::Query(query) => fields.meant(&query.meant),
            Self::Cancel(cancel) => fields.meant(&cancel.meant),
            Self::Refund(refund) => fields
                .meant(&refund.meant)
                .with("refundAmount", &refund.refund_amount)
                .with("currency", &refund.currency)
                .with("settleCurrency", &refund.settle_currency)
                .with("refundReference", &refund.refund_reference),
        };
        fields.0
    }

    /// The signed request.
    pub fn encode(&self, who: &Credentials, encoding: Encoding) -> Encoded {
        let mut fields = Own(self.fields());
        fields
            .with("merchantNo", &who.merchant_no)
            .with("storeNo", &who.store_no)
            .maybe("storeAdminNo", who.store_admin_no.as_ref());
        let signature = sign::sign(&fields.0, &who.token);
        fields.with(VERIFY_SIGN, &signature);
        let body = match encoding {
            Encoding::Form => form::encode(&fields.0),
            // Texts under texts can always be written.
            Encoding::Json => serde_json::to_string(&fields.0).unwrap_or_default(),
        };
        let content_type = encoding.content_type();
        Encoded { path: self.endpoint().path(), content_type, body }
    }

    /// The request of these fields, where the endpoint's required ones are there: the simulator's side.
    ///
    /// # Errors
    /// The first required field that is missing.
    pub fn read(endpoint: Endpoint, fields: &Fields) -> Result<Self, DecodeError> {
        let maybe = |name: &str| fields.get(name).filter(|value| !value.is_empty()).cloned();
        let needed = |name: &'static str| maybe(name).ok_or(DecodeError::Field(name));
        let meant = || match (maybe("transactionNo"), maybe("reference")) {
            (Some(_), Some(_)) => Err(DecodeError::Field("transactionNo and reference")),
            (Some(number), None) => Ok(Meant::TransactionNo(number)),
            (None, Some(reference)) => Ok(Meant::Reference(reference)),
            (None, None) => Err(DecodeError::Field("transactionNo")),
        };
        Ok(match endpoint {
            Endpoint::Add => Self::Add(Add {
                amount: needed("amount")?,
                currency: needed("currency")?,
                settle_currency: needed("settleCurrency")?,
                reference: needed("reference")?,
                timeout: maybe("timeout"),
                ipn_url: maybe("ipnUrl"),
            }),
            Endpoint::Pay | Endpoint::Prepay => {
                let pay = Pay {
                    payment_barcode: needed("paymentBarcode")?,
                    vendor: maybe("vendor"),
                    meant: meant()?,
                };
                if endpoint == Endpoint::Pay { Self::Pay(pay) } else { Self::Prepay(pay) }
            }
            Endpoint::CreateCode => Self::CreateCode(CreateCode {
                amount: needed("amount")?,
                currency: needed("currency")?,
                settle_currency: needed("settleCurrency")?,
                vendor: needed("vendor")?,
                reference: needed("reference")?,
                ipn_url: needed("ipnUrl")?,
                timeout: maybe("timeout"),
                description: maybe("description"),
            }),
            Endpoint::Query => Self::Query(Query { meant: meant()? }),
            Endpoint::Cancel => Self::Cancel(Cancel { meant: meant()? }),
            Endpoint::Refund => Self::Refund(Refund {
                refund_amount: needed("refundAmount")?,
                currency: needed("currency")?,
                settle_currency: needed("settleCurrency")?,
                refund_reference: needed("refundReference")?,
                meant: meant()?,
            }),
        })
    }
}

/// Fields of a request that is being made.
#[derive(Default)]
struct Own(Fields);

impl Own {
    fn with(&mut self, name: &str, value: &str) -> &mut Self {
        if !value.is_empty() {
            self.0.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    fn maybe(&mut self, name: &str, value: Option<&String>) -> &mut Self {
        self.with(name, value.map_or("", String::as_str))
    }

    fn meant(&mut self, meant: &Meant) -> &mut Self {
        match meant {
            Meant::TransactionNo(number) => self.with("transactionNo", number),
            Meant::Reference(reference) => self.with("reference", reference),
        }
    }

    fn price(&mut self, amount: &str, currency: &str, settle_currency: &str) -> &mut Self {
        self.with("amount", amount).with("currency", currency).with("settleCurrency", settle_currency)
    }
}

/// A request as it arrives: where it went, and its fields, not verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Where it went.
    pub endpoint: Endpoint,
    /// Everything in it, the signature too.
    pub fields: Fields,
}

impl Signed {
    /// Reads a request; values other than texts are not the protocol's.
    ///
    /// # Errors
    /// A path or content type that does not exist, or a body that is not what its type says.
    pub fn decode(path: &str, content_type: &str, body: &[u8]) -> Result<Self, DecodeError> {
        let endpoint = Endpoint::ALL.into_iter().find(|known| known.path() == path);
        let endpoint = endpoint.ok_or(DecodeError::Path)?;
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let fields = if kind == Encoding::Json.content_type() {
            fields_of(&Json::decode(body, &Limits::LISTENER)?)?
        } else if kind == Encoding::Form.content_type() {
            form::decode(body, &Limits::LISTENER)?
        } else {
            return Err(DecodeError::ContentType);
        };
        Ok(Self { endpoint, fields })
    }
}

fn fields_of(object: &Json) -> Result<Fields, DecodeError> {
    let Json::Object(members) = object else { return Err(DecodeError::Syntax) };
    let text = |(name, value): &(String, Json)| match value {
        Json::Text(text) => Ok((name.clone(), text.clone())),
        Json::Null | Json::Flag(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            Err(DecodeError::Field("a value that is no text"))
        }
    };
    members.iter().map(text).collect()
}
