//! Simple types of Appendix A: what the text of an attribute or element may be.
//!
//! Invariant: a fault names the type expected, never the value found: values may be card data.

use super::super::amount::Amount;
use super::super::element::Text;
use super::super::read::is_blank;
use super::super::scalar::decode_base64;
use super::super::values::*;

/// A type with its bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Simple {
    /// Text with a length in characters.
    Text(Range),
    /// Digits with a length.
    Digits(Range),
    /// Whole number within bounds.
    Whole(Range),
    /// Any decimal number.
    Decimal,
    /// Decimal from 0 to 99999999.999999.
    Amount,
    /// true, false, 1, 0.
    Flag,
    /// Date and time with zone.
    DateTime,
    /// Date.
    Date,
    /// base64.
    Base64,
    /// That many letters of one case.
    Letters {
        /// How many.
        count: usize,
        /// Capitals or small letters.
        capitals: bool,
    },
    /// One of these, or `prefix:Name`.
    Listed(&'static [&'static str]),
    /// Blank-separated members.
    List(Box<Simple>),
}

/// Inclusive bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    least: i64,
    most: Option<i64>,
}

impl Range {
    const ANY_LENGTH: Self = Self { least: 0, most: None };

    /// `a..b`, `a..*` or `a`.
    fn read(text: &str) -> Option<Self> {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let most = if most == "*" { None } else { Some(most.parse().ok()?) };
        Some(Self { least: least.parse().ok()?, most })
    }

    fn holds(self, number: i64) -> bool {
        number >= self.least && self.most.is_none_or(|most| number <= most)
    }

    fn holds_length(self, length: usize) -> bool {
        i64::try_from(length).is_ok_and(|length| self.holds(length))
    }
}

impl Simple {
    /// Reads the notation of the table; `None` when it names no simple type.
    pub fn read(text: &str) -> Option<Self> {
        if let Some(member) = text.strip_prefix("list<").and_then(|text| text.strip_suffix('>')) {
            return Self::read(member).map(|member| Self::List(Box::new(member)));
        }
        if let Some(name) = text.strip_suffix('€') {
            return listed(name).map(Self::Listed);
        }
        let (name, range) = match text.find(['(', '[']) {
            Some(open) => {
                let (name, range) = text.split_at(open);
                (name, Some(Range::read(range.trim_matches(['(', ')', '[', ']']))?))
            }
            None => (text, None),
        };
        Some(match name {
            "str" => Self::Text(range.unwrap_or(Range::ANY_LENGTH)),
            "digits" => Self::Digits(range.unwrap_or(Range { least: 1, most: None })),
            "int" => Self::Whole(range.unwrap_or(Range { least: i64::MIN, most: None })),
            "dec" | "Decimal" => Self::Decimal,
            "amt" => Self::Amount,
            "bool" => Self::Flag,
            "dt" => Self::DateTime,
            "date" => Self::Date,
            "b64" => Self::Base64,
            "ccy" => Self::Letters { count: 3, capitals: true },
            "lang" => Self::Letters { count: 2, capitals: false },
            _ => return None,
        })
    }

    /// Checks a value; the error says what was expected.
    pub fn check(&self, value: &str) -> Result<(), String> {
        let trimmed = value.trim_matches(is_blank);
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let good = match self {
            Self::Text(range) => range.holds_length(value.chars().count()),
            Self::Digits(range) => all_digits(trimmed) && range.holds_length(trimmed.len()),
            Self::Whole(range) => trimmed.parse().is_ok_and(|number| range.holds(number)),
            Self::Decimal => Amount::parse(trimmed).is_ok(),
            Self::Amount => Amount::parse(trimmed).is_ok_and(in_amount_range),
            Self::Flag => bool::parse(trimmed).is_ok(),
            Self::DateTime => is_date_time(trimmed),
            Self::Date => is_date(trimmed),
            Self::Base64 => decode_base64(value).is_some(),
            Self::Letters { count, capitals } => {
                let right = |byte: u8| {
                    if *capitals { byte.is_ascii_uppercase() } else { byte.is_ascii_lowercase() }
                };
                trimmed.len() == *count && trimmed.bytes().all(right)
            }
            Self::Listed(names) => names.contains(&trimmed) || is_prefixed(trimmed),
            Self::List(member) => {
                return trimmed.split(is_blank).filter(|m| !m.is_empty()).try_for_each(|m| member.check(m));
            }
        };
        if good { Ok(()) } else { Err(format!("is not {}", self.expected())) }
    }

    fn expected(&self) -> String {
        match self {
            Self::Text(range) => format!("text of {}", range.describe("characters")),
            Self::Digits(range) => range.describe("digits"),
            Self::Whole(range) => format!("a whole number{}", range.bounds()),
            Self::Decimal => "a decimal number".to_owned(),
            Self::Amount => "an amount from 0 to 99999999.999999".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::DateTime => "a date and time with zone".to_owned(),
            Self::Date => "a date".to_owned(),
            Self::Base64 => "base64".to_owned(),
            Self::Letters { count, capitals: true } => format!("{count} capitals"),
            Self::Letters { count, capitals: false } => format!("{count} small letters"),
            Self::Listed(_) => "a listed value".to_owned(),
            Self::List(member) => format!("a list of {}", member.expected()),
        }
    }
}

impl Range {
    fn describe(self, unit: &str) -> String {
        match self.most {
            Some(most) if most == self.least => format!("{most} {unit}"),
            Some(most) => format!("{} to {most} {unit}", self.least),
            None => format!("{} or more {unit}", self.least),
        }
    }

    fn bounds(self) -> String {
        match self.most {
            Some(most) => format!(" from {} to {most}", self.least),
            None if self.least == i64::MIN => String::new(),
            None => format!(" from {}", self.least),
        }
    }
}

/// Six decimals are the smallest unit the schema knows.
fn in_amount_range(amount: Amount) -> bool {
    amount.to_minor(6).is_some_and(|units| (0..=99_999_999_999_999).contains(&units))
}

/// `prefix:Name`: letters and digits, colon, capital first.
fn is_prefixed(value: &str) -> bool {
    let Some((prefix, name)) = value.split_once(':') else { return false };
    let alphanumeric =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    alphanumeric(prefix) && alphanumeric(name) && name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// `2025-03-04T10:15:09.5+01:00`; the zone is required.
fn is_date_time(value: &str) -> bool {
    let Some((date, time)) = value.split_once('T') else { return false };
    let (time, zone) = match time.strip_suffix('Z') {
        Some(time) => (time, None),
        None => match time.find(['+', '-']) {
            Some(at) => {
                let (time, zone) = time.split_at(at);
                (time, Some(zone))
            }
            None => return false,
        },
    };
    let (time, fraction) = time.split_once('.').map_or((time, None), |(time, f)| (time, Some(f)));
    let time = numbers(time, ':', &[2, 2, 2]);
    let time_good = matches!(time.as_deref(), Some([0..=23, 0..=59, 0..=59]));
    let fraction_good =
        fraction.is_none_or(|f| !f.is_empty() && f.bytes().all(|byte| byte.is_ascii_digit()));
    let offset = |zone: &str| numbers(zone.strip_prefix(['+', '-'])?, ':', &[2, 2]);
    let zone_good = match zone.map(offset) {
        None => true,
        Some(parts) => matches!(parts.as_deref(), Some([0..=13, 0..=59] | [14, 0])),
    };
    is_date(date) && time_good && fraction_good && zone_good
}

fn is_date(value: &str) -> bool {
    match numbers(value, '-', &[4, 2, 2]).as_deref() {
        Some([year, month, day]) => (1..=days(*year, *month)).contains(day),
        _ => false,
    }
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

/// Numbers of exactly these lengths between separators.
fn numbers(text: &str, separator: char, lengths: &[usize]) -> Option<Vec<u32>> {
    let parts: Vec<&str> = text.split(separator).collect();
    let fits = parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, length)| part.len() == *length);
    let digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !fits || !digits {
        return None;
    }
    parts.into_iter().map(|part| part.parse().ok()).collect()
}

/// Listed values by the name Appendix A uses for the enumeration.
pub fn listed(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "Alignment" => Alignment::NAMES,
        "AuthenticationMethod" => AuthenticationMethod::NAMES,
        "BarcodeType" => BarcodeType::NAMES,
        "CharacterHeight" => CharacterHeight::NAMES,
        "CharacterStyle" => CharacterStyle::NAMES,
        "CharacterWidth" => CharacterWidth::NAMES,
        "Color" => Color::NAMES,
        "CustomerOrderReq" => CustomerOrderReq::NAMES,
        "Device" => Device::NAMES,
        "DocumentQualifier" => DocumentQualifier::NAMES,
        "EntryMode" => EntryMode::NAMES,
        "ErrorCondition" => ErrorCondition::NAMES,
        "EventToNotify" => EventToNotify::NAMES,
        "ForceEntryMode" => ForceEntryMode::NAMES,
        "GenericProfile" => GenericProfile::NAMES,
        "GlobalStatus" => GlobalStatus::NAMES,
        "IdentificationSupport" => IdentificationSupport::NAMES,
        "IdentificationType" => IdentificationType::NAMES,
        "InfoQualify" => InfoQualify::NAMES,
        "InputCommand" => InputCommand::NAMES,
        "LoyaltyHandling" => LoyaltyHandling::NAMES,
        "LoyaltyTransactionType" => LoyaltyTransactionType::NAMES,
        "LoyaltyUnit" => LoyaltyUnit::NAMES,
        "MenuEntryTag" => MenuEntryTag::NAMES,
        "MessageCategory" => MessageCategory::NAMES,
        "MessageClass" => MessageClass::NAMES,
        "MessageType" => MessageType::NAMES,
        "OutputFormat" => OutputFormat::NAMES,
        "POICapabilities" => PoiCapability::NAMES,
        "PaymentInstrumentType" => PaymentInstrumentType::NAMES,
        "PaymentType" => PaymentType::NAMES,
        "PrinterStatus" => PrinterStatus::NAMES,
        "ReconciliationType" => ReconciliationType::NAMES,
        "ResponseMode" => ResponseMode::NAMES,
        "Result" => ResultCode::NAMES,
        "ReversalReason" => ReversalReason::NAMES,
        "SaleCapabilities" => SaleCapability::NAMES,
        "ServiceProfiles" => ServiceProfile::NAMES,
        "ServicesEnabled" => ServiceEnabled::NAMES,
        "TerminalEnvironment" => TerminalEnvironment::NAMES,
        "TokenRequestedType" => TokenRequestedType::NAMES,
        "TotalDetails" => TotalDetail::NAMES,
        "TransactionAction" => TransactionAction::NAMES,
        "TransactionType" => TransactionType::NAMES,
        "UnitOfMeasure" => UnitOfMeasure::NAMES,
        _ => return None,
    })
}
