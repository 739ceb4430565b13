//! What is wrong with a request, in the order in which the host looks at it (dossier section 10).

use jiff::civil::DateTime;
use wire::kayaaku::Method;

use super::{Asked, Core, Entry, minor};

/// Running numbers of a day that are remembered.
const NUMBERS: usize = 100_000;

/// Whether a transaction is of the merchant that asks. An enquiry of generation 1 names none, and a payment
/// need not.
pub(super) fn is_theirs(entry: &Entry, asked: &Asked) -> bool {
    entry.mid.is_empty() || asked.mid.as_ref().is_none_or(|mid| *mid == entry.mid)
}

impl Core {
    /// Signature first, then mandatory fields, then their values (section 10).
    pub(super) fn wrong_with(&mut self, asked: &Asked) -> Option<(&'static str, String)> {
        if !asked.is_signed {
            return Some(("90", "the signature does not fit".to_owned()));
        }
        if let Some(name) = asked.wrong {
            let code = if name.eq_ignore_ascii_case("msgVer") { "02" } else { "64" };
            return Some((code, format!("{name} is missing, too long, or not what it may be")));
        }
        if asked.source != self.settings.source_system {
            return Some(("48", "the source system is not known".to_owned()));
        }
        let is_known = |known: &[String], told: &Option<String>| {
            known.is_empty() || told.as_ref().is_none_or(|told| known.contains(told))
        };
        if !is_known(&self.settings.mids, &asked.mid) {
            return Some(("19", "the merchant is not known".to_owned()));
        }
        if !is_known(&self.settings.devices, &asked.device) {
            return Some(("79", "the device is not registered".to_owned()));
        }
        if asked.currency.as_ref().is_some_and(|currency| !self.settings.currencies.contains(currency)) {
            return Some(("34", "the currency is not taken".to_owned()));
        }
        let is_amount = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit()) && minor(text) > 0;
        if asked.amount.as_ref().is_some_and(|amount| !is_amount(amount)) {
            return Some(("22", "the amount is not valid".to_owned()));
        }
        let is_time = |text: &String| text.len() == 14 && DateTime::strptime("%Y%m%d%H%M%S", text).is_ok();
        if asked.time.as_ref().is_some_and(|time| !is_time(time)) {
            return Some(("25", "the time is not valid".to_owned()));
        }
        let is_method = |word: &String| Method::ALL.contains(&Method::of(word));
        if asked.method.as_ref().is_some_and(|method| !is_method(method)) {
            return Some(("21", "the payment type is not valid".to_owned()));
        }
        self.number_used(asked).then(|| ("64", format!("sequenceNo {} was used today", asked.sequence)))
    }

    /// Running numbers are unique for a sender and a day.
    fn number_used(&mut self, asked: &Asked) -> bool {
        let day: String = self.local().chars().take(8).collect();
        if day != self.day || self.numbers.len() >= NUMBERS {
            self.numbers.clear();
            self.day = day;
        }
        !self.numbers.insert((asked.source.clone(), asked.sequence.clone()))
    }
}
