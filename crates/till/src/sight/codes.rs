//! The codes of the last minutes: what the camera saw, by number, and what was taken, by digest.
//!
//! A code's text is worth money for about a minute, so it is here for about a minute after it was last in
//! view, and not a moment longer once a payment has it. Invariants: points in time come in as arguments; no
//! more codes are remembered than have a place, and what was taken for as long as it may be shown again; no
//! debug line tells a text.

use crate::api::SeenCode;
use crate::limits;
use domain::payment::Mono;
use domain::wallet::PaymentCode;
use std::collections::VecDeque;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// See the module. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Codes(Arc<Mutex<Known>>);

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.lock();
        write!(f, "Codes({} seen, {} taken)", known.seen.len(), known.taken.len())
    }
}

#[derive(Default)]
struct Known {
    newest: u64,
    seen: VecDeque<Seen>,
    /// Digests, and when they were taken.
    taken: VecDeque<(Mono, String)>,
}

struct Seen {
    number: u64,
    digest: String,
    /// Gone when it was taken, or is too old to be good.
    code: Option<PaymentCode>,
    wallet: &'static str,
    first: Mono,
    last: Mono,
}

/// Why there is no code of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// It was never seen, or too long ago.
    Gone,
    /// A payment has it.
    Taken,
}

impl Codes {
    /// This code was read at `last`, and is told about at `now`.
    pub(super) fn see(&self, code: &PaymentCode, last: Mono, now: Mono) -> SeenCode {
        let mut known = self.lock();
        known.purge(now);
        let digest = hex(code);
        let used = known.is_taken(&digest);
        let place = known.seen.iter().position(|seen| seen.digest == digest);
        let mut seen = match place.and_then(|place| known.seen.remove(place)) {
            Some(seen) => seen,
            None => {
                known.newest += 1;
                let (number, wallet) = (known.newest, code.brand().code());
                Seen { number, digest, code: None, wallet, first: last, last }
            }
        };
        seen.last = last;
        seen.code = (!used).then(|| code.clone());
        let age = now.saturating_sub(seen.first);
        let told = SeenCode {
            number: seen.number,
            wallet: seen.wallet.to_owned(),
            age_ms: u64::try_from(age.as_millis()).unwrap_or(u64::MAX),
            used,
        };
        if known.seen.len() >= limits::CODES_SEEN {
            known.seen.pop_front();
        }
        known.seen.push_back(seen);
        told
    }

    /// The code of this number, as long as it may be good.
    pub(crate) fn find(&self, number: u64, now: Mono) -> Result<PaymentCode, Unknown> {
        let mut known = self.lock();
        known.purge(now);
        let seen = known.seen.iter().find(|seen| seen.number == number).ok_or(Unknown::Gone)?;
        if known.is_taken(&seen.digest) {
            return Err(Unknown::Taken);
        }
        seen.code.clone().ok_or(Unknown::Gone)
    }

    /// Whether it was taken a short while ago.
    pub(crate) fn is_taken(&self, digest: &str, now: Mono) -> bool {
        let mut known = self.lock();
        known.purge(now);
        known.is_taken(digest)
    }

    /// A payment has it: it is not taken again, and its text is not needed here.
    pub(crate) fn take(&self, digest: &str, now: Mono) {
        let mut known = self.lock();
        known.purge(now);
        known.taken.push_back((now, digest.to_owned()));
        for seen in known.seen.iter_mut().filter(|seen| seen.digest == digest) {
            seen.code = None;
        }
    }

    /// Drops what is too old, and says for how long there is still a text that will be.
    pub(super) fn expire(&self, now: Mono) -> Option<Duration> {
        let mut known = self.lock();
        known.purge(now);
        let texts = known.seen.iter().filter(|seen| seen.code.is_some());
        let ends = texts.map(|seen| (seen.last + limits::SEEN_KEPT).saturating_sub(now));
        ends.min().map(|left| left.max(limits::SHORTEST_REST))
    }

    /// Keeps nothing.
    pub(super) fn forget(&self) {
        *self.lock() = Known::default();
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn purge(&mut self, now: Mono) {
        self.taken.retain(|(at, _)| now.saturating_sub(*at) < limits::CODE_KEPT);
        self.seen.retain(|seen| now.saturating_sub(seen.last) < limits::CODE_KEPT);
        let old = |seen: &&mut Seen| now.saturating_sub(seen.last) >= limits::SEEN_KEPT;
        self.seen.iter_mut().filter(old).for_each(|seen| seen.code = None);
    }

    fn is_taken(&self, digest: &str) -> bool {
        self.taken.iter().any(|(_, known)| known == digest)
    }
}

/// A code's digest as it is written down.
pub(crate) fn hex(code: &PaymentCode) -> String {
    let mut hex = String::new();
    for byte in code.digest() {
        // Writing into a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::wallet::recognise;

    const fn s(seconds: u64) -> Mono {
        Duration::from_secs(seconds)
    }

    fn code(ends: u64) -> PaymentCode {
        recognise(&format!("2876543210987{ends:05}")).payment().unwrap()
    }

    #[test]
    fn a_code_keeps_its_number_and_is_found_by_it_for_a_while() {
        let codes = Codes::default();
        let first = codes.see(&code(1), s(10), s(10));
        assert_eq!(
            (first.number, first.wallet.as_str(), first.age_ms, first.used),
            (1, "alipay", 0, false)
        );
        assert_eq!(codes.see(&code(2), s(11), s(11)).number, 2);
        let again = codes.see(&code(1), s(12), s(12));
        assert_eq!((again.number, again.age_ms), (1, 2_000));
        assert_eq!(codes.find(1, s(13)).unwrap(), code(1));
        assert_eq!(codes.find(3, s(13)), Err(Unknown::Gone));
        assert_eq!(codes.expire(s(13)), Some(limits::SEEN_KEPT - s(2)), "the older one's text goes first");
        let late = s(12) + limits::SEEN_KEPT;
        assert_eq!(codes.find(1, late), Err(Unknown::Gone));
        assert_eq!(codes.expire(late), None);
        assert_eq!(
            codes.see(&code(1), late, late).number,
            1,
            "shown again it can be taken, and is as old as it is"
        );
        assert!(codes.find(1, late).is_ok());
        assert!(!format!("{codes:?}").contains("2876"));
    }

    #[test]
    fn a_code_that_was_taken_is_used_and_its_text_gone() {
        let codes = Codes::default();
        codes.see(&code(1), s(10), s(10));
        codes.take(&hex(&code(1)), s(11));
        assert_eq!(codes.expire(s(11)), None);
        assert_eq!(codes.find(1, s(11)), Err(Unknown::Taken));
        assert!(codes.see(&code(1), s(12), s(12)).used);
        assert_eq!(codes.expire(s(12)), None, "also while it is still shown");
        assert!(codes.is_taken(&hex(&code(1)), s(12)) && !codes.is_taken(&hex(&code(2)), s(12)));
        assert!(
            !codes.see(&code(1), s(11) + limits::CODE_KEPT, s(11) + limits::CODE_KEPT).used,
            "codes are made anew one day"
        );
    }

    #[test]
    fn the_list_has_a_bound_and_forgets_what_was_not_seen_for_longest() {
        let codes = Codes::default();
        for ends in 0..=u64::try_from(limits::CODES_SEEN).unwrap() {
            codes.see(&code(ends), s(5), s(5));
            codes.see(&code(0), s(5), s(5));
        }
        assert!(codes.find(1, s(5)).is_ok());
        assert_eq!(codes.find(2, s(5)), Err(Unknown::Gone));
    }
}
