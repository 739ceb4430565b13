//! `settings.toml`: what an installer decides. Learned things (pairings, addresses, sessions) are facts in
//! the journal, not settings.
//!
//! Invariant: the till never starts half-configured: every error names file, line and key, and unknown
//! keys are errors.

pub mod edit;
mod file;
pub(crate) mod first;
mod read;
mod sight;

pub use file::{FolderFile, SettingsFile};
pub(crate) use read::line_of_setting;
pub use sight::{Camera, Scanner};

use crate::api::{Problem, ProblemCode};
use domain::ids::TerminalId;
use domain::money::Currency;
use domain::rounding::{CashRounding, RoundedTenders};
use domain::tax::{VatRate, WHOLE, parse_percent};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use peripherals::printer::Fault;
use peripherals::slip::Language;
use read::Section;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use terminals::registry::{Driver, Profiled};

/// Name of the file in the data folder.
pub const FILE: &str = "settings.toml";

/// The sections of the file and their keys; a terminal's own `settings` are its driver's form.
pub const SECTIONS: &[(&str, &[&str])] = &[
    ("till", &["id", "currency", "practice"]),
    (
        "shop",
        &[
            "name",
            "lines",
            "time_zone",
            "day_starts",
            "country",
            "cash_rounding",
            "vat",
            "largest_discount",
        ],
    ),
    ("listener", &["bind", "public_url"]),
    ("printer", &["driver", "target", "columns", "language"]),
    ("camera", &["number", "size", "use"]),
    ("scanner", &["port", "speed"]),
    ("terminal", &["id", "driver", "name", "settings"]),
];

/// All of it, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// 1 to 8 letters and digits, unique in the shop.
    pub till: String,
    /// The currency of the till.
    pub currency: Currency,
    /// A practice folder.
    pub practice: bool,
    /// The shop.
    pub shop: Shop,
    /// Where terminals and gateways call the till.
    pub listener: Listener,
    /// The receipt printer.
    pub printer: Printer,
    /// The camera that codes are shown to.
    pub camera: Camera,
    /// The hand scanner on a serial port.
    pub scanner: Scanner,
    /// The terminals, in order.
    pub terminals: Vec<TerminalEntry>,
    /// The text that says all this.
    pub source: Arc<str>,
}

/// The shop.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// Address, VAT number and so on, one line each.
    pub lines: Vec<String>,
    /// Its time zone.
    pub zone: TimeZone,
    /// When its business day starts.
    pub day_starts: Time,
    /// Rounding of cash.
    pub rounding: CashRounding,
    /// The rates of tax in use, the usual one first.
    pub vat: Vec<VatRate>,
    /// Money off that a cashier may give alone, basis points.
    pub largest_discount: u16,
}

/// The listener.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Address and port.
    pub bind: SocketAddr,
    /// As gateways see it, when it is forwarded; may be empty.
    pub public_url: String,
}

/// The printer.
#[derive(Clone, Debug)]
pub struct Printer {
    /// `tcp`, `serial`, `file`, `escpos` or `none`.
    pub driver: String,
    /// Its address.
    pub target: String,
    /// Letters in one row of its paper.
    pub columns: usize,
    /// The language of what the till prints.
    pub language: Language,
}

/// Letters in one row: what papers from 58 to 112 mm have.
const COLUMNS: std::ops::RangeInclusive<usize> = 24..=80;

/// One terminal.
#[derive(Clone, Debug)]
pub struct TerminalEntry {
    /// Its id.
    pub id: TerminalId,
    /// Its driver.
    pub driver: &'static Driver,
    /// Its name for people.
    pub name: String,
    /// The driver's settings as written; secrets are still names.
    pub settings: toml::Table,
    /// What the driver says of them.
    pub profiled: Profiled,
}

impl TerminalEntry {
    /// Digest of driver and settings: what is learned about a terminal counts under the same ones only.
    pub fn digest(&self) -> String {
        digest(self.driver.name, &self.settings.to_string())
    }
    /// Digest of what a login tells.
    pub fn login(&self) -> String {
        digest(self.driver.name, &self.profiled.login)
    }
}

fn digest(driver: &str, told: &str) -> String {
    Sha256::digest(format!("{driver}\n{told}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Settings {
    /// Reads and checks `settings.toml` of a data folder.
    pub fn load(folder: &Path) -> Result<Self, Problem> {
        let path = folder.join(FILE);
        let file = path.display().to_string();
        Self::parse(&text_of(&path)?, &file)
    }

    /// Reads and checks a text; `file` names it in errors.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problem> {
        let document = toml_edit::Document::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| read::line_of(text, span.start));
            read::wrong(file, line, "", "cannot be read as TOML").with("detail", error.message())
        })?;
        let root = Section::root(&document, text, file);
        root.only(&SECTIONS.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
        let (till, currency, practice) = till(&root.section("till", true)?)?;
        let terminals = terminals(&root, practice)?;
        let printer = printer(&root.section("printer", false)?)?;
        Ok(Self {
            till,
            currency,
            practice,
            shop: shop(&root.section("shop", true)?, currency)?,
            listener: listener(&root.section("listener", false)?)?,
            camera: Camera::read(&root.section("camera", false)?)?,
            scanner: Scanner::read(&root.section("scanner", false)?, &printer)?,
            printer,
            terminals,
            source: Arc::from(text),
        })
    }

    /// One terminal by id.
    pub fn terminal(&self, id: &TerminalId) -> Option<&TerminalEntry> {
        self.terminals.iter().find(|entry| entry.id == *id)
    }
}

/// The text of the file, or why it cannot be had.
fn text_of(path: &Path) -> Result<String, Problem> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        let problem = Problem::new(ProblemCode::SettingsWrong).with("file", &file);
        unreadable(problem, &error)
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let sound = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        let line = sound.filter(|byte| **byte == b'\n').count() + 1;
        read::wrong(&file, line, "", "is not text in UTF-8: save the file in that encoding")
    })
}

#[allow(clippy::wildcard_enum_match_arm)] // the standard library's list is open
fn unreadable(problem: Problem, error: &std::io::Error) -> Problem {
    match error.kind() {
        ErrorKind::NotFound => {
            problem.with("what", "cannot be read: it is missing; docs/PAYDESKCTL.md shows one")
        }
        ErrorKind::PermissionDenied => problem.with("what", "cannot be read: its permissions forbid it"),
        _ => problem.with("what", "cannot be read").with("detail", error),
    }
}

fn keys(section: &str) -> &'static [&'static str] {
    SECTIONS.iter().find(|(name, _)| *name == section).map_or(&[], |(_, keys)| *keys)
}

fn till(section: &Section<'_>) -> Result<(String, Currency, bool), Problem> {
    section.only(keys("till"))?;
    let id = section.need_text("id")?;
    let fits = (1..=8).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits {
        return Err(section.wrong("id", "must be 1 to 8 letters and digits"));
    }
    let code = section.need_text("currency")?;
    let currency = Currency::parse(&code)
        .ok_or_else(|| section.wrong("currency", &format!("{code} is not a currency the till knows")))?;
    Ok((id, currency, section.flag("practice")?.unwrap_or(false)))
}

fn shop(section: &Section<'_>, currency: Currency) -> Result<Shop, Problem> {
    section.only(keys("shop"))?;
    let zone_name = section.text("time_zone")?.unwrap_or_else(|| "UTC".to_owned());
    let zone = TimeZone::get(&zone_name)
        .map_err(|_| section.wrong("time_zone", &format!("{zone_name} is not a time zone")))?;
    let starts = section.text("day_starts")?.unwrap_or_else(|| "00:00".to_owned());
    let day_starts = Time::strptime("%H:%M", &starts)
        .map_err(|_| section.wrong("day_starts", "must be a time of day, for example 05:00"))?;
    let country = section.text("country")?;
    let country = country.as_deref().unwrap_or_else(|| country_of(currency));
    Ok(Shop {
        name: section.need_text("name")?,
        lines: section.texts("lines")?,
        zone,
        day_starts,
        rounding: rounding(section, country, currency)?,
        vat: rates(section, country)?,
        largest_discount: largest_discount(section)?,
    })
}

/// The country whose rules a shop follows that names none: the one its currency is of.
fn country_of(currency: Currency) -> &'static str {
    match currency.code() {
        "SEK" => "SE",
        "CHF" => "CH",
        "MYR" => "MY",
        _ => "",
    }
}

fn rounding(section: &Section<'_>, country: &str, currency: Currency) -> Result<CashRounding, Problem> {
    let rule = CashRounding::of_country(country, currency.code());
    let tenders = match section.text("cash_rounding")?.as_deref() {
        None | Some("cash") => RoundedTenders::Cash,
        Some("every") => RoundedTenders::Every,
        Some("none") => return Ok(CashRounding::NONE),
        Some(_) => return Err(section.wrong("cash_rounding", "must be one of: cash, every, none")),
    };
    Ok(CashRounding { tenders, ..rule })
}

fn rates(section: &Section<'_>, country: &str) -> Result<Vec<VatRate>, Problem> {
    let told = section.texts("vat")?;
    if told.is_empty() {
        let known = VatRate::of_country(country);
        return Ok(if known.is_empty() { vec![VatRate::ZERO] } else { known.to_vec() });
    }
    let fail =
        |text: &str| section.wrong("vat", &format!("{text} is not a percentage, for example \"25\""));
    told.iter().map(|text| VatRate::parse(text).ok_or_else(|| fail(text))).collect()
}

fn largest_discount(section: &Section<'_>) -> Result<u16, Problem> {
    let Some(text) = section.text("largest_discount")? else { return Ok(WHOLE) };
    let fail = || section.wrong("largest_discount", "must be a percentage, for example \"20\"");
    parse_percent(&text).ok_or_else(fail)
}

fn listener(section: &Section<'_>) -> Result<Listener, Problem> {
    section.only(keys("listener"))?;
    let text = section.text("bind")?.unwrap_or_else(|| "127.0.0.1:11001".to_owned());
    let bind = text.parse().map_err(|_| {
        section.wrong("bind", "must be an address with a port, for example 127.0.0.1:11001")
    })?;
    Ok(Listener { bind, public_url: section.text("public_url")?.unwrap_or_default() })
}

fn printer(section: &Section<'_>) -> Result<Printer, Problem> {
    section.only(keys("printer"))?;
    let driver = section.text("driver")?.unwrap_or_else(|| "none".to_owned());
    if !["escpos", "tcp", "serial", "file", "none"].contains(&driver.as_str()) {
        return Err(section.wrong("driver", "must be one of: escpos, tcp, serial, file, none"));
    }
    let target = section.text("target")?.unwrap_or_default();
    if let Err(Fault::Setting { field, needed }) = peripherals::printer::Printer::of(&driver, &target) {
        return Err(section.wrong(field, &format!("must be {needed}")));
    }
    let columns = section.number("columns")?.unwrap_or(peripherals::limits::COLUMNS);
    if !COLUMNS.contains(&columns) {
        return Err(section.wrong("columns", "must be a number from 24 to 80, for example 42"));
    }
    let language = match section.text("language")?.as_deref() {
        None | Some("en") => Language::English,
        Some("sv") => Language::Swedish,
        Some(_) => return Err(section.wrong("language", "must be one of: en, sv")),
    };
    Ok(Printer { driver, target, columns, language })
}

fn terminals(root: &Section<'_>, practice: bool) -> Result<Vec<TerminalEntry>, Problem> {
    let mut entries: Vec<TerminalEntry> = Vec::new();
    let mut identities: BTreeMap<String, TerminalId> = BTreeMap::new();
    for section in root.sections("terminal")? {
        let entry = terminal(&section, practice)?;
        if entries.iter().any(|known| known.id == entry.id) {
            return Err(section.wrong("id", &format!("{} is the id of two terminals", entry.id)));
        }
        let identity = entry.profiled.identity.clone();
        if let Some(other) = identities.insert(identity, entry.id.clone())
            && !entry.profiled.identity.is_empty()
        {
            return Err(section.wrong("id", &format!("{} and {other} are the same terminal", entry.id)));
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn terminal(section: &Section<'_>, practice: bool) -> Result<TerminalEntry, Problem> {
    section.only(keys("terminal"))?;
    let id = section.need_text("id")?;
    if id.len() > 40 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        return Err(section.wrong("id", "must be letters, digits, - and _, at most 40"));
    }
    let name = section.text("name")?.unwrap_or_else(|| id.clone());
    let word = section.need_text("driver")?;
    let known = terminals::registry::DRIVERS.iter().map(|driver| driver.name).collect::<Vec<_>>();
    let driver = Driver::named(&word).ok_or_else(|| {
        section.wrong("driver", &format!("{word} is not a driver; there are: {}", known.join(", ")))
    })?;
    let inner = section.section("settings", false)?;
    let settings = inner.table()?;
    let profiled = driver.check(&settings).map_err(|error| inner.wrong(&error.key, &error.what))?;
    if driver.practice_only && !practice {
        let what = "moves no real money: it is allowed only where [till] practice = true";
        return Err(section.wrong("driver", what));
    }
    if practice && !driver.practice_only && !profiled.loopback {
        let what = "is a real terminal: in a practice folder only a simulator is allowed, at 127.0.0.1, at a \
                    pseudo-terminal (/dev/pts/…) or at a link to one outside of /dev";
        return Err(section.wrong("driver", what));
    }
    Ok(TerminalEntry { id: TerminalId(id), driver, name, settings, profiled })
}

#[cfg(test)]
mod tests;
