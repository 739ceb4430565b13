//! What people type for a field, checked before anything is written down or sent.
//!
//! Invariant: every error names its field.

use jiff::civil::Date;
use till::api::{Problem, ProblemCode};
use till::seams::domain::ids::{OperationId, TerminalId};
use till::seams::domain::money::{Currency, LARGEST_MINOR, Money, NotAnAmount};
use till::settings::Settings;

/// A field that cannot be used.
pub fn wrong(field: &str, what: impl std::fmt::Display) -> Problem {
    Problem::new(ProblemCode::FieldWrong).with("field", field).with("what", what)
}

/// An amount above zero in the till's currency, which may stand behind it.
pub fn amount(field: &str, text: &str, currency: Currency) -> Result<Money, Problem> {
    let number = without_currency(field, text, currency)?;
    Money::positive(number, currency).map_err(|error| no_amount(field, error, currency))
}

/// As [`amount`], and zero is fine.
pub fn amount_or_zero(field: &str, text: &str, currency: Currency) -> Result<Money, Problem> {
    let number = without_currency(field, text, currency)?;
    Money::parse(number, currency).map_err(|error| no_amount(field, error, currency))
}

fn no_amount(field: &str, error: NotAnAmount, currency: Currency) -> Problem {
    match error {
        NotAnAmount::TooLarge => {
            let most = Money::new(LARGEST_MINOR, currency);
            wrong(field, format!("{error}; at most {most} are possible"))
        }
        NotAnAmount::NotANumber
        | NotAnAmount::Negative
        | NotAnAmount::Zero
        | NotAnAmount::TooManyDecimals => wrong(field, error),
    }
}

fn without_currency<'a>(field: &str, text: &'a str, currency: Currency) -> Result<&'a str, Problem> {
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let code = text.get(number.len()..).unwrap_or_default().to_ascii_uppercase();
    let number = number.trim_end();
    let ends_in_digit = number.ends_with(|c: char| c.is_ascii_digit());
    match code.as_str() {
        "" => Ok(text),
        code if code == currency.code() => Ok(number),
        // Three letters behind a number can only be meant as a currency.
        code if code.len() == 3 && ends_in_digit => {
            Err(wrong(field, format!("is in {code}, and this till takes {currency}")))
        }
        _ => Err(wrong(field, "is not a number")),
    }
}

/// An id of a payment.
pub fn payment(field: &str, text: &str) -> Result<OperationId, Problem> {
    OperationId::parse(text.trim()).ok_or_else(|| wrong(field, "is not the id of a payment"))
}

/// A terminal of these settings.
pub fn terminal(text: &str, settings: &Settings) -> Result<TerminalId, Problem> {
    let id = TerminalId(text.trim().to_owned());
    if settings.terminal(&id).is_some() {
        return Ok(id);
    }
    let known: Vec<&str> = settings.terminals.iter().map(|entry| entry.id.0.as_str()).collect();
    Err(Problem::new(ProblemCode::UnknownTerminal).with("terminal", id).with("known", known.join(", ")))
}

/// A business day, where one is named.
pub fn day(text: Option<&str>) -> Result<Option<Date>, Problem> {
    text.map(need_day).transpose()
}

/// A business day.
pub fn need_day(text: &str) -> Result<Date, Problem> {
    text.trim().parse().map_err(|_| wrong("day", "is not a day; write it as 2026-11-21"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_may_name_the_tills_currency_and_no_other() {
        let sek = Currency::parse("SEK").unwrap();
        let what = |text: &str| match amount("amount", text, sek) {
            Ok(money) => money.minor.to_string(),
            Err(problem) => {
                assert_eq!(problem.parameter("field"), "amount");
                problem.parameter("what").to_owned()
            }
        };
        for (text, want) in [
            ("12.50", "1250"),
            ("12.50 SEK", "1250"),
            ("12,50sek", "1250"),
            ("12.50 EUR", "is in EUR, and this till takes SEK"),
            ("12.50EUR", "is in EUR, and this till takes SEK"),
            ("12.50 XYZ", "is in XYZ, and this till takes SEK"),
            ("abc", "is not a number"),
            ("12e", "is not a number"),
            ("", "is not a number"),
            ("SEK", "is not a number"),
            ("0", "is zero"),
            ("-5", "is negative"),
            ("-5 SEK", "is negative"),
            ("1.005", "has too many decimals for the currency"),
            ("100000000", "is too large; at most 99999999.99 SEK are possible"),
        ] {
            assert_eq!(what(text), want, "{text:?}");
        }
        assert!(amount_or_zero("cash-back", "0", sek).unwrap().is_zero());
    }
}
