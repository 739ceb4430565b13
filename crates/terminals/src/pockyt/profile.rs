//! Settings of one store at the gateway, and the form that edits them.
//!
//! Dossier section 1. Invariant: a checked profile is complete; plain HTTP reaches this computer only.

use crate::capabilities::{Abort, Capabilities, Code, Recover, SignatureBy};
use crate::form::{Field, FieldKind, ProfileError, Reader, is_loopback, secure_url};
use crate::limits;
use crate::registry::Profiled;
use domain::ids::ReferenceShape;
use domain::money::Currency;
use std::fmt;
use std::time::Duration;
use toml::Table;
use wire::pockyt::{Credentials, Encoding};

/// A connection needs some time.
const CONNECT_LEAST: Duration = Duration::from_millis(1);
/// Longest number of a merchant, store or cashier that is taken; none is published.
const LONGEST_NUMBER: usize = 32;

/// The form that edits the settings.
pub const FORM: &[Field] = &[
    Field {
        key: "base_url",
        kind: FieldKind::SecureUrl,
        required: true,
        default: "",
        hint: "Address of the gateway as Pockyt names it, for example https://mapi.yuansfer.com",
    },
    Field {
        key: "merchant_no",
        kind: FieldKind::Text,
        required: true,
        default: "",
        hint: "Merchant number from Pockyt",
    },
    Field {
        key: "store_no",
        kind: FieldKind::Text,
        required: true,
        default: "",
        hint: "Store number from Pockyt",
    },
    Field {
        key: "token",
        kind: FieldKind::Secret,
        required: true,
        default: "",
        hint: "API token of the store; every request is signed with it",
    },
    Field {
        key: "settle_currency",
        kind: FieldKind::Text,
        required: false,
        default: "USD",
        hint: "Currency that Pockyt pays out, three letters",
    },
    Field {
        key: "pay_path",
        kind: FieldKind::Choice(&["pay", "prepay"]),
        required: false,
        default: "pay",
        hint: "pay: the wallet is named with each charge; prepay: Pockyt tells it from the code",
    },
    Field {
        key: "shown_wallet",
        kind: FieldKind::Choice(&["ask", "alipay", "wechatpay", "cashapppay"]),
        required: false,
        default: "ask",
        hint: "Whose code the till shows where the customer scans; ask: the cashier chooses",
    },
    Field {
        key: "encoding",
        kind: FieldKind::Choice(&["json", "form"]),
        required: false,
        default: "json",
        hint: "How requests are written; form only where Pockyt's support asks for it",
    },
    Field {
        key: "store_admin_no",
        kind: FieldKind::Text,
        required: false,
        default: "",
        hint: "Number of the cashier or admin, where the account wants one",
    },
    Field {
        key: "notifications",
        kind: FieldKind::Flag,
        required: false,
        default: "false",
        hint: "Pockyt posts to this till: only where [listener] public_url is reachable over https",
    },
    Field {
        key: "connect_ms",
        kind: FieldKind::Milliseconds,
        required: false,
        default: "5000",
        hint: "Time to reach the gateway",
    },
    Field {
        key: "answer_ms",
        kind: FieldKind::Milliseconds,
        required: false,
        default: "35000",
        hint: "Time that a charge, cancel or refund may take",
    },
];

/// Which wallet's code is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownWallet {
    /// The cashier chooses each time.
    Ask,
    /// Alipay.
    Alipay,
    /// WeChat Pay, as `create-trans-qrcode` spells it.
    WeChatPay,
    /// Cash App.
    CashApp,
}

impl ShownWallet {
    /// Those that can be shown, in the order in which they are offered.
    pub const OFFERED: [Self; 3] = [Self::Alipay, Self::WeChatPay, Self::CashApp];

    /// The vendor's word for it (section 4.4); nothing where it is still to be asked.
    pub const fn vendor(self) -> Option<&'static str> {
        match self {
            Self::Ask => None,
            Self::Alipay => Some("alipay"),
            Self::WeChatPay => Some("wechatpay"),
            Self::CashApp => Some("cashapppay"),
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ask => "",
            Self::Alipay => "Alipay",
            Self::WeChatPay => "WeChat Pay",
            Self::CashApp => "Cash App",
        }
    }
}

/// A checked profile. Prints without the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Profile {
    /// The gateway without a slash at the end.
    pub base_url: String,
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who asks.
    pub who: Credentials,
    /// ISO 4217 letters.
    pub settle_currency: String,
    /// `prepay` in place of `pay`.
    pub prepays: bool,
    /// Whose code is shown.
    pub shown: ShownWallet,
    /// How requests are written.
    pub encoding: Encoding,
    /// The gateway posts to the till.
    pub notifications: bool,
    /// Overrides the deadline for connecting.
    pub connect: Option<Duration>,
    /// Overrides the deadline for answers of the wallets.
    pub answer: Option<Duration>,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("base_url", &self.base_url)
            .field("who", &self.who)
            .field("notifications", &self.notifications)
            .finish_non_exhaustive()
    }
}

impl Profile {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn read(table: &Table) -> Result<Self, ProfileError> {
        let reader = Reader::new(table, FORM)?;
        let base_url = reader.text("base_url").unwrap_or_default().trim_end_matches('/').to_owned();
        let (host, port) = secure_url(&base_url).map_err(|what| ProfileError::new("base_url", what))?;
        if base_url.contains(['?', '#']) {
            return Err(ProfileError::new("base_url", "must end with the address itself"));
        }
        let settle_currency = reader.text("settle_currency").unwrap_or("USD").to_owned();
        if Currency::parse(&settle_currency).is_none() {
            return Err(ProfileError::new("settle_currency", "is not a currency in three capital letters"));
        }
        let token = reader.text("token").unwrap_or_default().trim().to_owned();
        if token.is_empty() {
            return Err(ProfileError::new("token", "is empty"));
        }
        let who = Credentials {
            merchant_no: number(&reader, "merchant_no")?.unwrap_or_default(),
            store_no: number(&reader, "store_no")?.unwrap_or_default(),
            store_admin_no: number(&reader, "store_admin_no")?,
            token,
        };
        Ok(Self {
            base_url,
            host,
            port,
            who,
            settle_currency,
            prepays: reader.text("pay_path") == Some("prepay"),
            shown: match reader.text("shown_wallet") {
                Some("alipay") => ShownWallet::Alipay,
                Some("wechatpay") => ShownWallet::WeChatPay,
                Some("cashapppay") => ShownWallet::CashApp,
                Some(_) | None => ShownWallet::Ask,
            },
            encoding: if reader.text("encoding") == Some("form") { Encoding::Form } else { Encoding::Json },
            notifications: reader.flag("notifications").unwrap_or(false),
            connect: reader.at_least("connect_ms", CONNECT_LEAST)?,
            answer: reader.at_least("answer_ms", limits::pockyt::ANSWER_LEAST)?,
        })
    }

    /// What this store's gateway can do.
    pub const fn capabilities(&self) -> Capabilities {
        Capabilities { listener: self.notifications, ..CAPABILITIES }
    }
}

/// What every store's gateway can do.
pub const CAPABILITIES: Capabilities = Capabilities {
    refund: true,
    refund_needs_original: true,
    reversal: true,
    reverses_last_only: false,
    reversals_by_original: true,
    cash_back: false,
    partial: false,
    live_display: true,
    prompts: true,
    signature: SignatureBy::Nobody,
    abort: Abort::MovesMoney,
    recover: Recover::ByReference,
    // What was not charged is told by the gateway's own final word, or by the journal.
    fence: false,
    listener: false,
    code: Code::Either,
    daily_maintenance: false,
    practice_only: false,
    prepares: true,
    reference: ReferenceShape::Hex32,
    recovery: limits::pockyt::RECOVERY,
};

fn number(reader: &Reader<'_>, key: &str) -> Result<Option<String>, ProfileError> {
    let Some(text) = reader.text(key).filter(|text| !text.is_empty()) else { return Ok(None) };
    let is_plain = text.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_'));
    if !is_plain || text.len() > LONGEST_NUMBER {
        return Err(ProfileError::new(key, "must be letters and digits, at most 32"));
    }
    Ok(Some(text.to_owned()))
}

/// Checks settings for the registry.
///
/// # Errors
/// The first setting that cannot be used.
pub fn check(table: &Table) -> Result<Profiled, ProfileError> {
    let profile = Profile::read(table)?;
    let Credentials { merchant_no, store_no, .. } = &profile.who;
    Ok(Profiled {
        needs_listener: profile.notifications,
        loopback: is_loopback(&profile.host),
        identity: format!("pockyt {merchant_no} {store_no}"),
        // Lost answers are searched in the store that they were sent for.
        login: format!("{merchant_no}\n{store_no}"),
    })
}
