//! Settings of one device that is reached over the maker's host, and the form that edits them.
//!
//! Dossier sections 2, 4 and 5. Invariant: a checked profile is complete, its keys are usable, and real
//! money is asked for only where an installer has confirmed what an amount's last digits mean.

use crate::capabilities::{Abort, Capabilities, Code, Recover, SignatureBy};
use crate::form::{Field, FieldKind, ProfileError, Reader, is_loopback, secure_url};
use crate::limits;
use crate::registry::Profiled;
use domain::ids::ReferenceShape;
use domain::payment::RecoveryLimits;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use toml::Table;
use wire::kayaaku::assumed::{ENQUIRY, NOTIFICATION, SEALED_WITH, SUBMIT, answer_to};
use wire::kayaaku::jwe::{Algorithm, Encryption};
use wire::kayaaku::keys::{EcPrivate, EcPublic, KeyError, Recipient, RsaPrivate, RsaPublic};
use wire::kayaaku::{Method, keys};

/// The cashier chooses how each customer pays.
const ASK: &str = "ask";

const fn field(key: &'static str, kind: FieldKind, required: bool, hint: &'static str) -> Field {
    Field { key, kind, required, default: "", hint }
}

/// The form that edits the settings.
pub const FORM: &[Field] = &[
    field(
        "base_url",
        FieldKind::SecureUrl,
        true,
        "Address from Finexus, ending in /mqpos-host, for example https://pos.example/mqpos-host",
    ),
    Field {
        default: "1",
        ..field(
            "generation",
            FieldKind::Choice(&["1", "2"]),
            false,
            "1: signed JSON, with void and refund; 2: encrypted messages, payments only",
        )
    },
    field("source_system", FieldKind::Text, true, "Channel code from Finexus"),
    field("mid", FieldKind::Text, true, "Merchant number, at most 15 digits"),
    field("device_sn", FieldKind::Text, true, "Serial number of the terminal, on its back"),
    field("email", FieldKind::Text, true, "E-mail address of the user who is logged in on the terminal"),
    field(
        "private_key",
        FieldKind::Secret,
        true,
        "Key that signs requests, PEM: RSA for 1, EC P-521 for 2",
    ),
    field(
        "peer_public_key",
        FieldKind::Text,
        false,
        "Public key of Finexus that signs replies, PEM; required for 2",
    ),
    Field {
        default: "false",
        ..field(
            "amount_unit_confirmed",
            FieldKind::Flag,
            false,
            "true: the terminal showed 1.00 for a live sale of 1.00",
        )
    },
    Field {
        default: "false",
        ..field(
            "amount_trial",
            FieldKind::Flag,
            false,
            "true: only sales of exactly 1.00 are sent, to find out what the terminal shows for one",
        )
    },
    Field {
        default: "00",
        ..field(
            "payment_type",
            FieldKind::Choice(&["00", "01", "04", "05", "08", "09", ASK]),
            false,
            "00: the customer chooses on the terminal; ask: the cashier chooses for each sale; others as the \
             protocol numbers them",
        )
    },
    field(
        "jwe_recipient_key",
        FieldKind::Text,
        false,
        "Generation 2: public JWK that messages are encrypted for",
    ),
    field(
        "jwe_private_key",
        FieldKind::Secret,
        false,
        "Generation 2: private JWK that replies are encrypted for",
    ),
    Field {
        default: "ECDH-ES",
        ..field(
            "jwe_alg",
            FieldKind::Choice(&["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"]),
            false,
            "Generation 2: how keys are agreed on, as Finexus names it",
        )
    },
    Field {
        default: "A256GCM",
        ..field(
            "jwe_enc",
            FieldKind::Choice(&["A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512"]),
            false,
            "Generation 2: how messages are encrypted, as Finexus names it",
        )
    },
    Field {
        default: "0013",
        ..field(
            "enquiry_mti",
            FieldKind::Text,
            false,
            "Generation 2: message type of an enquiry as Finexus tells it, four digits, odd",
        )
    },
    field("seller_id", FieldKind::Text, false, "Generation 2: number of the e-invoice seller, six digits"),
    Field {
        default: "false",
        ..field(
            "notifications",
            FieldKind::Flag,
            false,
            "Generation 2: the host posts to this till, where [listener] public_url is reachable over https",
        )
    },
    Field {
        default: "5000",
        ..field("connect_ms", FieldKind::Milliseconds, false, "Time to reach the host")
    },
    Field {
        default: "180000",
        ..field("answer_ms", FieldKind::Milliseconds, false, "Time that a customer and NEXT may take")
    },
];

/// What is known of the meaning of amounts (assumption A-0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amounts {
    /// Nothing: a simulator may be asked.
    Unconfirmed,
    /// Sales of 1.00 find it out.
    Trial,
    /// An installer has seen it.
    Confirmed,
}

/// Keys and words of one generation.
#[derive(Clone, Debug)]
pub enum Speech {
    /// Generation 1.
    Plain {
        /// Signs requests.
        key: Arc<RsaPrivate>,
        /// Checks replies, where it is known.
        host: Option<RsaPublic>,
    },
    /// Generation 2.
    Sealed(Box<SealedSpeech>),
}

/// Keys and words of generation 2.
#[derive(Clone, Debug)]
pub struct SealedSpeech {
    /// Signs requests.
    pub key: Arc<EcPrivate>,
    /// Checks replies and notifications.
    pub host: EcPublic,
    /// Whom requests are encrypted for.
    pub to: Recipient,
    /// Decrypts replies and notifications.
    pub reader: Arc<keys::Reader>,
    /// How requests are encrypted.
    pub with: (Algorithm, Encryption),
    /// Message types of an enquiry and of its reply.
    pub enquiry: (String, String),
    /// Number of the e-invoice seller.
    pub seller: Option<String>,
}

/// A checked profile. Prints without keys, without the device's number, and without who is logged in.
#[derive(Clone)]
pub struct Profile<S = Speech> {
    /// The host's address without a slash at the end.
    pub base_url: String,
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Channel code.
    pub source_system: String,
    /// Merchant number.
    pub mid: String,
    /// Serial number of the device.
    pub device: String,
    /// Who is logged in there.
    pub email: String,
    /// What is known of amounts.
    pub amounts: Amounts,
    /// How customers pay; nothing: the cashier chooses for each sale.
    pub payment: Option<Method>,
    /// The generation.
    pub speech: S,
    /// The host posts to the till.
    pub notifications: bool,
    /// Overrides the deadline for connecting.
    pub connect: Option<Duration>,
    /// Overrides the deadline for the answer to a payment.
    pub answer: Option<Duration>,
}

impl<S> fmt::Debug for Profile<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("base_url", &self.base_url)
            .field("mid", &self.mid)
            .field("device", &"…")
            .finish_non_exhaustive()
    }
}

/// What a cashier may choose, in the order in which it is offered.
pub const OFFERED: [(Method, &str); 6] = [
    (Method::Any, "The customer chooses"),
    (Method::Card, "Card"),
    (Method::DuitNowShown, "DuitNow QR, shown by the terminal"),
    (Method::DuitNowScanned, "DuitNow QR, scanned by the terminal"),
    (Method::AlipayShown, "Alipay+, shown by the terminal"),
    (Method::AlipayScanned, "Alipay+, scanned by the terminal"),
];

const UNCONFIRMED: &str = "must be true for a host that is not on this computer, once the terminal showed \
    1.00 for a live sale of 1.00: to find out, set amount_trial to true and make one";

impl<S> Profile<S> {
    /// Reads and checks the settings; `speech`: what is made of the keys.
    fn with(
        table: &Table,
        speech: fn(&Reader<'_>) -> Result<S, ProfileError>,
    ) -> Result<Self, ProfileError> {
        let reader = Reader::new(table, FORM)?;
        let base_url = reader.text("base_url").unwrap_or_default().trim_end_matches('/').to_owned();
        let (host, port) = secure_url(&base_url).map_err(|what| ProfileError::new("base_url", what))?;
        if base_url.contains(['?', '#']) {
            return Err(ProfileError::new("base_url", "must end with the address itself"));
        }
        let is_set = |key| reader.flag(key).unwrap_or(false);
        let amounts = match (is_set("amount_unit_confirmed"), is_set("amount_trial")) {
            (true, _) => Amounts::Confirmed,
            (false, true) => Amounts::Trial,
            (false, false) => Amounts::Unconfirmed,
        };
        if amounts == Amounts::Unconfirmed && !is_loopback(&host) {
            return Err(ProfileError::new("amount_unit_confirmed", UNCONFIRMED));
        }
        let speech = speech(&reader)?;
        let notifications = reader.flag("notifications").unwrap_or(false);
        if notifications && !is_second(&reader) {
            return Err(ProfileError::new("notifications", "is for generation 2 only"));
        }
        Ok(Self {
            base_url,
            host,
            port,
            source_system: plain(&reader, "source_system", 3)?,
            mid: plain(&reader, "mid", 15)?,
            device: plain(&reader, "device_sn", 20)?,
            email: email(&reader)?,
            amounts,
            payment: match reader.choice("payment_type") {
                Some(ASK) => None,
                Some(word) => Some(Method::of(word)),
                None => Some(Method::Any),
            },
            speech,
            notifications,
            connect: reader.at_least("connect_ms", limits::kayaaku::CONNECT_LEAST)?,
            answer: answer(&reader)?,
        })
    }
}

impl Profile {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn read(table: &Table) -> Result<Self, ProfileError> {
        Self::with(table, speech)
    }

    /// What the device can do over this generation. A device may hold a request for as long as its answer is
    /// waited for.
    pub fn capabilities(&self) -> Capabilities {
        let usual = limits::kayaaku::RECOVERY;
        let settling = usual.settling.max(self.answer.unwrap_or_default());
        let gives_back = matches!(self.speech, Speech::Plain { .. });
        Capabilities {
            recovery: RecoveryLimits { settling, ..usual },
            ..capabilities(gives_back, self.notifications, self.payment.is_none())
        }
    }
    /// Which generation of the interface it is.
    pub const fn generation(&self) -> u8 {
        match self.speech {
            Speech::Plain { .. } => 1,
            Speech::Sealed(_) => 2,
        }
    }
}

/// What a device can do: generation 2 gives nothing back.
pub const fn capabilities(gives_back: bool, listener: bool, asks: bool) -> Capabilities {
    Capabilities {
        refund: gives_back,
        refund_needs_original: true,
        reversal: gives_back,
        reverses_last_only: false,
        reversals_by_original: true,
        cash_back: false,
        partial: false,
        live_display: true,
        prompts: asks,
        signature: SignatureBy::Nobody,
        abort: Abort::ByHand,
        recover: Recover::ByReference,
        fence: true,
        listener,
        code: Code::None,
        daily_maintenance: false,
        practice_only: false,
        prepares: false,
        // A refund names its original in 20 signs. An enquiry tells no amount: that what it finds is ours is
        // told by the id alone, so the id is one that nobody else makes (decision 25).
        reference: ReferenceShape::Base32,
        recovery: limits::kayaaku::RECOVERY,
    }
}

fn answer(reader: &Reader<'_>) -> Result<Option<Duration>, ProfileError> {
    let answer = reader.at_least("answer_ms", limits::kayaaku::ANSWER_LEAST)?;
    let most = limits::kayaaku::ANSWER_MOST;
    if answer.is_some_and(|time| time > most) {
        let wrong = format!("must be at most {} milliseconds", most.as_millis());
        return Err(ProfileError::new("answer_ms", wrong));
    }
    Ok(answer)
}

fn plain(reader: &Reader<'_>, key: &str, longest: usize) -> Result<String, ProfileError> {
    let wrong = || ProfileError::new(key, format!("must be letters and digits, at most {longest}"));
    printable(reader, key, longest).ok_or_else(wrong)
}

fn email(reader: &Reader<'_>) -> Result<String, ProfileError> {
    let wrong = || ProfileError::new("email", "must be an e-mail address, at most 100 characters");
    let is_address = |text: &String| {
        text.split_once('@').is_some_and(|(user, place)| !user.is_empty() && !place.is_empty())
    };
    printable(reader, "email", 100).filter(is_address).ok_or_else(wrong)
}

/// A text that stands on one line without blanks.
fn printable(reader: &Reader<'_>, key: &str, longest: usize) -> Option<String> {
    let text = reader.text(key)?.trim();
    let is_printable = text.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
    (is_printable && !text.is_empty() && text.len() <= longest).then(|| text.to_owned())
}

fn is_second(reader: &Reader<'_>) -> bool {
    reader.choice("generation") == Some("2")
}

/// Whether a setting only names its secret: a profile is checked before secrets are read.
fn is_kept(reader: &Reader<'_>, key: &str) -> bool {
    reader.text(key).is_some_and(|text| text.starts_with("secret:"))
}

/// The same as [`speech`], as far as it can be known without secrets.
fn checked(reader: &Reader<'_>) -> Result<(), ProfileError> {
    if !is_kept(reader, "private_key") && !is_kept(reader, "jwe_private_key") {
        return speech(reader).map(|_| ());
    }
    let text = |key: &'static str| reader.text(key).map(str::trim).filter(|text| !text.is_empty());
    let needed = |key: &'static str| text(key).ok_or_else(|| ProfileError::new(key, "is missing"));
    if !is_second(reader) {
        text("peer_public_key").map(RsaPublic::from_pem).transpose().map_err(wrong("peer_public_key"))?;
        return Ok(());
    }
    needed("jwe_private_key")?;
    EcPublic::from_pem(needed("peer_public_key")?).map_err(wrong("peer_public_key"))?;
    Recipient::from_jwk(needed("jwe_recipient_key")?).map_err(wrong("jwe_recipient_key"))?;
    codes(reader).map(|_| ())
}

fn wrong(key: &'static str) -> impl Fn(KeyError) -> ProfileError {
    move |error| ProfileError::new(key, error.to_string())
}

/// Message types of an enquiry and of its reply.
fn enquiry_types(told: &str) -> Result<(String, String), ProfileError> {
    let wrong = |what: &str| ProfileError::new("enquiry_mti", what);
    let taken = [(SUBMIT.0, "payments"), (NOTIFICATION.0, "notifications")];
    if let Some((_, whose)) = taken.iter().find(|(kind, _)| *kind == told) {
        return Err(wrong(&format!("is the message type of {whose}: enquiries have one of their own")));
    }
    let odd = "must be four digits and odd: requests are odd, and the next number is their reply";
    Ok((told.to_owned(), answer_to(told).ok_or_else(|| wrong(odd))?))
}

/// Types of an enquiry and its reply, and the number of the seller.
type Codes = ((String, String), Option<String>);

/// Message types of an enquiry, and number of the seller.
fn codes(reader: &Reader<'_>) -> Result<Codes, ProfileError> {
    let text =
        |key: &str| reader.text(key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let is_digits =
        |text: &String, count| text.len() == count && text.bytes().all(|it| it.is_ascii_digit());
    let enquiry = enquiry_types(&text("enquiry_mti").unwrap_or_else(|| ENQUIRY.0.to_owned()))?;
    let seller = text("seller_id");
    if seller.as_ref().is_some_and(|seller| !is_digits(seller, 6)) {
        return Err(ProfileError::new("seller_id", "must be six digits"));
    }
    Ok((enquiry, seller))
}

fn speech(reader: &Reader<'_>) -> Result<Speech, ProfileError> {
    let text = |key: &'static str| reader.text(key).map(str::trim).filter(|text| !text.is_empty());
    let needed = |key: &'static str| text(key).ok_or_else(|| ProfileError::new(key, "is missing"));
    let own = needed("private_key")?;
    if !is_second(reader) {
        let key = Arc::new(RsaPrivate::from_pem(own).map_err(wrong("private_key"))?);
        let host = text("peer_public_key")
            .map(RsaPublic::from_pem)
            .transpose()
            .map_err(wrong("peer_public_key"))?;
        return Ok(Speech::Plain { key, host });
    }
    let (enquiry, seller) = codes(reader)?;
    let algorithm = reader.choice("jwe_alg").and_then(Algorithm::named).unwrap_or(SEALED_WITH.0);
    let encryption = reader.choice("jwe_enc").and_then(Encryption::named).unwrap_or(SEALED_WITH.1);
    let private = keys::Reader::from_jwk(needed("jwe_private_key")?).map_err(wrong("jwe_private_key"))?;
    Ok(Speech::Sealed(Box::new(SealedSpeech {
        key: Arc::new(EcPrivate::from_pem(own).map_err(wrong("private_key"))?),
        host: EcPublic::from_pem(needed("peer_public_key")?).map_err(wrong("peer_public_key"))?,
        to: Recipient::from_jwk(needed("jwe_recipient_key")?).map_err(wrong("jwe_recipient_key"))?,
        reader: Arc::new(private),
        with: (algorithm, encryption),
        enquiry,
        seller,
    })))
}

/// Checks settings for the registry.
///
/// # Errors
/// The first setting that cannot be used.
pub fn check(table: &Table) -> Result<Profiled, ProfileError> {
    let profile = Profile::with(table, checked)?;
    let Profile { source_system, mid, device, .. } = &profile;
    Ok(Profiled {
        needs_listener: profile.notifications,
        loopback: is_loopback(&profile.host),
        identity: format!("kayaaku {device}"),
        // Lost answers are searched at the merchant that they were sent for.
        login: format!("{source_system}\n{mid}\n{device}"),
    })
}
