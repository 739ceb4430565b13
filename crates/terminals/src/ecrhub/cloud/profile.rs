//! Settings of one terminal behind the gateway, and the form that edits them.
//!
//! Dossier sections 1.1, 5.1, 5.4 and 5.7. Invariant: a checked profile is complete and its keys are usable;
//! plain HTTP reaches this computer only.

use crate::ecrhub::common::{Common, FIELDS};
use crate::ecrhub::wlan::profile::app_id;
use crate::form::{Field, FieldKind, ProfileError, Reader, is_loopback, secure_url};
use crate::limits::ecrhub_cloud as limits;
use crate::registry::Profiled;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use toml::Table;
use wire::ecrhub::cloud::{KeyError, Route, RsaPrivate, RsaPublic};

/// The app on the terminal of this operator.
const APPLICATION: &str = "SADAD POS";
/// Longest number or name of the operator.
const LONGEST: usize = 32;
/// What an address may end with that is the same for everybody.
const ENTRY: &str = "/api/entry";

const fn field(key: &'static str, kind: FieldKind, required: bool, hint: &'static str) -> Field {
    Field { key, kind, required, default: "", hint }
}

/// The form that edits the settings.
pub const FORM: &[Field] = &[
    field(
        "base_url",
        FieldKind::SecureUrl,
        true,
        "Address of the gateway, for example https://open.sadadpos.com, or https://open-uat.sadadpos.com for \
         tests",
    ),
    field(
        "app_id",
        FieldKind::Text,
        true,
        "Name of this till's program, released by the operator, wz and 16 signs",
    ),
    field("merchant_no", FieldKind::Text, true, "Merchant number from the operator"),
    field("store_no", FieldKind::Text, true, "Store number from the operator"),
    field("terminal_sn", FieldKind::Text, true, "Serial number of the terminal, on its back"),
    field(
        "private_key",
        FieldKind::Secret,
        true,
        "Key that signs requests, RSA with 2048 bits or more, PEM; its public half is entered in the \
         merchant panel at the payment app, API security",
    ),
    field(
        "gateway_public_key",
        FieldKind::Text,
        true,
        "Public key of the gateway from the same page, PEM; what it has not signed counts for nothing",
    ),
    FIELDS[0],
    FIELDS[1],
    FIELDS[2],
    FIELDS[3],
    FIELDS[4],
    FIELDS[5],
    FIELDS[6],
    Field {
        default: "false",
        ..field(
            "notifications",
            FieldKind::Flag,
            false,
            "true: the gateway posts to this till, where [listener] public_url is reachable over https",
        )
    },
    Field {
        default: APPLICATION,
        ..field(
            "message_receiving_application",
            FieldKind::Text,
            false,
            "Payment app on the terminal: SADAD POS, WISECASHIER, CodePay Register or WISEHUB",
        )
    },
    Field {
        default: "single",
        ..field(
            "path_style",
            FieldKind::Choice(&["single", "apart"]),
            false,
            "single: one address for everything; apart: operations have their own, where the operator says \
             so",
        )
    },
    Field {
        default: "order.query",
        ..field(
            "query_method",
            FieldKind::Choice(&["order.query", "pay.orderquery"]),
            false,
            "What the operator calls the query for an order",
        )
    },
    Field {
        default: "5000",
        ..field("connect_ms", FieldKind::Milliseconds, false, "Time to reach the gateway")
    },
    Field {
        default: "30000",
        ..field("answer_ms", FieldKind::Milliseconds, false, "Time that the gateway may take for an order")
    },
];

/// A checked profile. Prints without keys.
#[derive(Clone)]
pub struct Profile {
    /// The gateway without a slash at the end.
    pub base_url: String,
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who the till is.
    pub app_id: String,
    /// Merchant number.
    pub merchant: String,
    /// Store number.
    pub store: String,
    /// Serial number of the terminal.
    pub terminal: String,
    /// The app on it.
    pub application: String,
    /// Signs requests.
    pub key: Arc<RsaPrivate>,
    /// Checks replies and notifications.
    pub gateway_key: RsaPublic,
    /// How addresses are made.
    pub route: Route,
    /// What the query is called, where that is not the usual name.
    pub query_method: Option<&'static str>,
    /// What all ways share.
    pub(crate) common: Common,
    /// Overrides the deadline for connecting.
    pub connect: Option<Duration>,
    /// Overrides the deadline for the answer to an order.
    pub answer: Option<Duration>,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("base_url", &self.base_url)
            .field("merchant", &self.merchant)
            .field("terminal", &self.terminal)
            .finish_non_exhaustive()
    }
}

/// What is known of a profile without its secrets.
struct Open {
    base_url: String,
    host: String,
    port: u16,
    app_id: String,
    merchant: String,
    store: String,
    terminal: String,
    gateway_key: RsaPublic,
    common: Common,
    answer: Option<Duration>,
}

impl Profile {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn read(table: &Table) -> Result<Self, ProfileError> {
        let reader = Reader::new(table, FORM)?;
        let open = Open::read(&reader)?;
        let Open { base_url, host, port, app_id, merchant, store, terminal, gateway_key, common, answer } =
            open;
        Ok(Self {
            base_url,
            host,
            port,
            app_id,
            merchant,
            store,
            terminal,
            gateway_key,
            common,
            answer,
            application: application(&reader)?,
            key: Arc::new(
                RsaPrivate::from_text(trimmed(&reader, "private_key")).map_err(wrong("private_key"))?,
            ),
            route: match reader.choice("path_style") {
                Some("apart") => Route::Apart,
                Some(_) | None => Route::Single,
            },
            query_method: reader.choice("query_method").filter(|name| *name != "order.query"),
            connect: reader.at_least("connect_ms", limits::CONNECT_LEAST)?,
        })
    }

    /// What orders are found again by: the same terminal of the same merchant.
    pub(crate) fn session(&self) -> String {
        session(&self.app_id, &self.merchant, &self.terminal)
    }
}

impl Open {
    fn read(reader: &Reader<'_>) -> Result<Self, ProfileError> {
        let told = trimmed(reader, "base_url").trim_end_matches('/');
        // The address of the entry itself is what the operator's pages show.
        let base_url = told.strip_suffix(ENTRY).unwrap_or(told).to_owned();
        let (host, port) = secure_url(&base_url).map_err(|what| ProfileError::new("base_url", what))?;
        if base_url.contains(['?', '#']) {
            return Err(ProfileError::new("base_url", "must end with the address itself"));
        }
        let (merchant, terminal) = (number(reader, "merchant_no")?, number(reader, "terminal_sn")?);
        let answer = reader.at_least("answer_ms", limits::ANSWER_LEAST)?;
        if answer.is_some_and(|time| time > limits::ANSWER_MOST) {
            let most = limits::ANSWER_MOST.as_millis();
            return Err(ProfileError::new("answer_ms", format!("must be at most {most} milliseconds")));
        }
        Ok(Self {
            base_url,
            host,
            port,
            app_id: app_id(reader)?,
            store: number(reader, "store_no")?,
            gateway_key: RsaPublic::from_text(trimmed(reader, "gateway_public_key"))
                .map_err(wrong("gateway_public_key"))?,
            common: Common {
                terminal: Some(terminal.clone()),
                merchant: Some(merchant.clone()),
                listener: reader.flag("notifications").unwrap_or(false),
                ..Common::read(reader)?
            },
            merchant,
            terminal,
            answer,
        })
    }
}

fn session(app_id: &str, merchant: &str, terminal: &str) -> String {
    format!("cloud {app_id} {merchant} {terminal}")
}

fn trimmed<'r>(reader: &Reader<'r>, key: &str) -> &'r str {
    reader.text(key).unwrap_or_default().trim()
}

fn number(reader: &Reader<'_>, key: &str) -> Result<String, ProfileError> {
    let text = trimmed(reader, key);
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if text.is_empty() || text.len() > LONGEST || !is_plain {
        return Err(ProfileError::new(key, "must be letters and digits, at most 32"));
    }
    Ok(text.to_owned())
}

/// A name of an app may have blanks; it must not begin like something else (section 5.4).
fn application(reader: &Reader<'_>) -> Result<String, ProfileError> {
    let text = trimmed(reader, "message_receiving_application");
    let is_plain = text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) && !text.starts_with('@');
    if text.len() > LONGEST || !is_plain {
        let wrong = "must be the name of an app, at most 32 signs";
        return Err(ProfileError::new("message_receiving_application", wrong));
    }
    Ok(if text.is_empty() { APPLICATION } else { text }.to_owned())
}

fn wrong(key: &'static str) -> impl Fn(KeyError) -> ProfileError {
    move |error| ProfileError::new(key, error.to_string())
}

/// Checks settings for the registry: a profile is checked before secrets are read.
///
/// # Errors
/// The first setting that cannot be used.
pub fn check(table: &Table) -> Result<Profiled, ProfileError> {
    let reader = Reader::new(table, FORM)?;
    let is_kept = trimmed(&reader, "private_key").starts_with("secret:");
    if !is_kept {
        Profile::read(table)?;
    }
    application(&reader)?;
    reader.at_least("connect_ms", limits::CONNECT_LEAST)?;
    let open = Open::read(&reader)?;
    Ok(Profiled {
        needs_listener: open.common.listener,
        loopback: is_loopback(&open.host),
        identity: format!("ecrhub {} {}", open.merchant, open.terminal),
        // Lost answers are searched at the merchant and terminal that they were sent for.
        login: session(&open.app_id, &open.merchant, &open.terminal),
    })
}
