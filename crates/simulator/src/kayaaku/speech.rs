//! Both generations on the host's side: requests are checked and read, replies are signed and, in the
//! second, encrypted.
//!
//! Invariant: what comes through is in its form; whether its signature is right is told, not decided.

use wire::kayaaku::jwe::{self, Fresh};
use wire::kayaaku::keys::{EcPrivate, EcPublic, Reader, Recipient, RsaPrivate, RsaPublic};
use wire::kayaaku::plain::{self, Message, Reply};
use wire::kayaaku::sealed::{self, Told};
use wire::kayaaku::{Code, DecodeError, Limits, Method, Scheme, assumed, envelope, is_percent_encoded};

use super::settings::{HOST_KEYS, Settings};
use crate::nexo::WireRequest;
use crate::script::Delivery;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Pay,
    Enquire,
    Void,
    Refund,
}

impl Call {
    /// As rules name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Enquire => "enquire",
            Self::Void => "void",
            Self::Refund => "refund",
        }
    }
}

/// A request of either generation.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub call: Option<Call>,
    pub is_sealed: bool,
    /// Whether its signature is the till's.
    pub is_signed: bool,
    /// The first field that is missing or too long.
    pub wrong: Option<&'static str>,
    pub id: String,
    pub mid: Option<String>,
    pub device: Option<String>,
    pub method: Option<String>,
    pub amount: Option<String>,
    pub currency: Option<String>,
    pub time: Option<String>,
    pub source: String,
    pub sequence: String,
    pub original: Option<String>,
    pub original_htr: Option<String>,
    pub notify: Option<String>,
}

/// An answer before it is written.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub id: Option<String>,
    pub code: String,
    pub said: String,
    pub amount: Option<String>,
    pub currency: Option<String>,
    pub htr: Option<String>,
    pub approval: Option<String>,
    pub card: Option<String>,
    pub method: Option<String>,
    pub time: Option<String>,
    pub bad_signature: bool,
    /// What the amount's convention makes of the way.
    pub delivery: Option<Delivery>,
}

/// Keys of the host, and the till's public ones.
pub struct Speech {
    till_rsa: RsaPublic,
    till_ec: EcPublic,
    till_reader: Recipient,
    rsa: RsaPrivate,
    /// Signs what is to be refused.
    wrong_rsa: RsaPrivate,
    ec: EcPrivate,
    wrong_ec: EcPrivate,
    reader: Reader,
    /// Message types of an enquiry and of its reply.
    enquiry: (String, String),
}

impl Speech {
    pub fn new(settings: &Settings) -> Option<Self> {
        Some(Self {
            till_rsa: RsaPublic::from_pem(&settings.till_rsa)
                .or_else(|_| RsaPrivate::from_pem(&settings.till_rsa).map(|key| key.public()))
                .ok()?,
            till_ec: EcPublic::from_pem(&settings.till_ec)
                .or_else(|_| EcPrivate::from_pem(&settings.till_ec).map(|key| key.public()))
                .ok()?,
            till_reader: Recipient::from_jwk(&settings.till_reader).ok()?,
            rsa: RsaPrivate::from_pem(HOST_KEYS.rsa).ok()?,
            wrong_rsa: RsaPrivate::from_pem(super::settings::TILL_KEYS.rsa).ok()?,
            ec: EcPrivate::from_pem(HOST_KEYS.ec).ok()?,
            wrong_ec: EcPrivate::from_pem(super::settings::TILL_KEYS.ec).ok()?,
            reader: Reader::from_jwk(HOST_KEYS.reader).ok()?,
            enquiry: (settings.enquiry_mti.clone(), assumed::answer_to(&settings.enquiry_mti)?),
        })
    }

    /// Reads a request; the error is a status.
    pub fn read(&self, request: &WireRequest) -> Result<Asked, u16> {
        if request.method != "POST" {
            return Err(405);
        }
        let path = below_host(&request.path);
        let plain = plain::Call::ALL.into_iter().find(|call| call.path() == path);
        match (plain, path) {
            (Some(call), _) => self.plain(call, request),
            (None, "/api/submit") => self.sealed(Call::Pay, assumed::SUBMIT.0, request),
            (None, "/api/paymentInquiry") => self.sealed(Call::Enquire, &self.enquiry.0, request),
            (None, _) => Err(404),
        }
    }

    fn plain(&self, call: plain::Call, request: &WireRequest) -> Result<Asked, u16> {
        let kind = request.content_type.as_deref().unwrap_or_default();
        if !kind.starts_with("application/json") {
            return Err(415);
        }
        let read = |key| Message::decode(&request.body, None, key, &Limits::LISTENER);
        let message = read(None).map_err(|_| 400u16)?;
        let is_signed = match read(Some(&self.till_rsa)) {
            Ok(_) => plain::is_as_signed(call, &message, &request.body),
            Err(DecodeError::Signature) => false,
            Err(_) => return Err(400),
        };
        let text = |name| message.text(name).ok().flatten().map(str::to_owned);
        let of = |name| text(name).unwrap_or_default();
        Ok(Asked {
            call: match call {
                plain::Call::Payment => Some(Call::Pay),
                plain::Call::Enquiry => Some(Call::Enquire),
                plain::Call::Void => Some(Call::Void),
                plain::Call::Refund => Some(Call::Refund),
                plain::Call::SaleCompletion => return Err(404),
            },
            is_sealed: false,
            is_signed,
            wrong: plain::check(call, &message),
            id: of("TxnID"),
            mid: text("MID"),
            device: text("DeviceSN"),
            method: text("PmtType"),
            amount: text("AmtTxn"),
            currency: text("CrcyTxn"),
            time: text("LocalTxnDTTime"),
            source: of(plain::SOURCE_SYSTEM),
            sequence: of(plain::SEQUENCE_NO),
            original: text("OrgTxnID"),
            original_htr: text("OrgHTR"),
            notify: None,
        })
    }

    fn sealed(&self, call: Call, kind: &str, request: &WireRequest) -> Result<Asked, u16> {
        let header = |name: &str| {
            let found = request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone())
        };
        let source = header(envelope::SOURCE_SYSTEM).unwrap_or_default();
        let signature = header(envelope::SIGNATURE).filter(|text| is_percent_encoded(text));
        let opened = match envelope::open(
            &request.body,
            signature.as_deref(),
            &self.till_ec,
            &self.reader,
            &Limits::LISTENER,
        ) {
            Ok(opened) if opened.kind == kind => opened,
            Err(DecodeError::Signature) => {
                return Ok(Asked { call: Some(call), is_sealed: true, source, ..Asked::default() });
            }
            Ok(_) | Err(_) => return Err(400),
        };
        let message = sealed::Message::decode(&opened.plain, &Limits::LISTENER).map_err(|_| 400u16)?;
        let base = Asked { call: Some(call), is_sealed: true, is_signed: true, source, ..Asked::default() };
        let wrong = |error| match error {
            DecodeError::Field(name) => Some(name),
            DecodeError::TooLarge
            | DecodeError::Syntax
            | DecodeError::Signature
            | DecodeError::Sealed(_) => Some("message"),
        };
        Ok(match call {
            Call::Pay => match sealed::Submit::read(&message) {
                Ok(it) => Asked {
                    id: it.mrn,
                    mid: Some(it.caller.mid),
                    device: it.device,
                    method: Some(it.method),
                    amount: Some(it.amount),
                    currency: Some(it.currency),
                    time: Some(it.time),
                    sequence: it.sequence,
                    notify: it.notify,
                    ..base
                },
                Err(error) => Asked { wrong: wrong(error), ..base },
            },
            Call::Enquire | Call::Void | Call::Refund => match sealed::Enquiry::read(&message) {
                Ok(it) => Asked { id: it.mrn, mid: Some(it.caller.mid), sequence: it.sequence, ..base },
                Err(error) => Asked { wrong: wrong(error), ..base },
            },
        })
    }

    /// Headers and body of an answer.
    pub fn write(&self, asked: &Asked, words: &Words) -> (Vec<(String, String)>, String) {
        if asked.is_sealed {
            let kind = if asked.call == Some(Call::Pay) { assumed::SUBMIT.1 } else { &self.enquiry.1 };
            let sequence = Some(asked.sequence.clone()).filter(|sequence| !sequence.is_empty());
            let told = Told { sequence, ..told(words) };
            return self.seal(kind, &told.plain(None), words.bad_signature, &asked.sequence);
        }
        let reply = Reply {
            id: words.id.clone().unwrap_or_default(),
            response: Some(Code::of(&words.code)),
            description: Some(words.said.clone()),
            htr: words.htr.clone(),
            approval: words.approval.clone(),
            masked_pan: words.card.clone(),
            method: words.method.as_deref().map(Method::of),
            amount: words.amount.clone(),
            currency: words.currency.clone(),
            local_time: words.time.clone(),
            sequence: Some(asked.sequence.clone()),
            ..Reply::default()
        };
        let members: Vec<_> = reply.members(&asked.source).into_iter().collect();
        let key = if words.bad_signature { &self.wrong_rsa } else { &self.rsa };
        (Vec::new(), plain::signed(&asked.source, &members, key).unwrap_or_default())
    }

    /// Headers and body of a notification.
    pub fn notification(
        &self,
        words: &Words,
        is_forged: bool,
        number: u64,
    ) -> (Vec<(String, String)>, String) {
        let caller = sealed::Caller { version: "1".to_owned(), ..sealed::Caller::default() };
        let told = Told { sequence: Some(number.to_string()), ..told(words) };
        self.seal(assumed::NOTIFICATION.0, &told.plain(Some(&caller)), is_forged, &number.to_string())
    }

    fn seal(
        &self,
        kind: &str,
        plain: &str,
        is_forged: bool,
        salt: &str,
    ) -> (Vec<(String, String)>, String) {
        // Repeatable; nothing that a simulator says is worth hiding.
        let fresh = Fresh::of(format!("{plain}{salt}").as_bytes());
        let key = if is_forged { &self.wrong_ec } else { &self.ec };
        let sealed =
            envelope::seal(kind, plain.as_bytes(), &self.till_reader, assumed::SEALED_WITH, key, &fresh);
        let Ok(sealed) = sealed else { return (Vec::new(), String::new()) };
        let headers = vec![
            (envelope::SOURCE_SYSTEM.to_owned(), "fnx".to_owned()),
            (envelope::SIGNATURE.to_owned(), sealed.signature),
        ];
        (headers, sealed.body)
    }
}

fn told(words: &Words) -> Told {
    Told {
        mrn: words.id.clone(),
        result: Some(Code::of(&words.code)),
        advice: Some(words.said.clone()),
        approval: words.approval.clone(),
        scheme: words.card.as_ref().map(|_| Scheme::Visa),
        masked_pan: words.card.clone(),
        htr: words.htr.clone(),
        method: words.method.as_deref().map(Method::of),
        amount: words.amount.clone(),
        currency: words.currency.clone(),
        ..Told::default()
    }
}

fn submitted(body: &[u8]) -> Option<String> {
    let (_, sealed) = std::str::from_utf8(body).ok()?.split_at_checked(4)?;
    let plain = jwe::decrypt(sealed, &Reader::from_jwk(HOST_KEYS.reader).ok()?).ok()?;
    let message = sealed::Message::decode(&plain, &Limits::LISTENER).ok()?;
    Some(sealed::Submit::read(&message).ok()?.mrn)
}

/// What of a path comes after the host's own part, which has names of the environment before it (section 2).
fn below_host(path: &str) -> &str {
    path.split_once("/mqpos-host").map_or(path, |(_, rest)| rest)
}

/// The call of a request that can move money, and the transaction that it names; empty where it cannot be
/// read. What is encrypted is read with the test keys. For whoever watches the wire.
pub fn money_request(path: &str, body: &[u8]) -> Option<(&'static str, String)> {
    let path = below_host(path);
    if path == "/api/submit" {
        return Some(("pay", submitted(body).unwrap_or_default()));
    }
    let call = match plain::Call::ALL.into_iter().find(|call| call.path() == path)? {
        plain::Call::Payment => "pay",
        plain::Call::Void => "void",
        plain::Call::Refund => "refund",
        plain::Call::SaleCompletion => "complete",
        plain::Call::Enquiry => return None,
    };
    let message = Message::decode(body, None, None, &Limits::LISTENER).ok()?;
    Some((call, message.text("TxnID").ok()??.to_owned()))
}
