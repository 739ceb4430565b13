//! Whether a code was seen before.
//!
//! The phone lies before the camera for seconds and each frame reads the same code: one showing, one payment.
//! A wallet makes a new code for each payment, so the same one shown again is a customer who has paid already
//! or a picture of somebody's screen. Codes are known by their digest alone.
//! Invariant: points in time come in as arguments and may repeat but not go back; the list has a bound.

use std::collections::VecDeque;
use std::time::Duration;

use crate::limits::{CODE_REMEMBERED, CODES_REMEMBERED, SHOWING_PAUSE};

/// What a code's reappearance means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Not seen within the last ten minutes.
    New,
    /// Still the same showing.
    Same {
        /// Since it was first seen.
        age: Duration,
    },
    /// Shown before and put away meanwhile: the customer has to make a new one.
    AlreadyUsed {
        /// Since it was first seen.
        age: Duration,
    },
}

/// The codes of the last minutes.
#[derive(Clone, Debug, Default)]
pub struct Showings {
    seen: VecDeque<Showing>,
}

#[derive(Clone, Copy, Debug)]
struct Showing {
    digest: [u8; 32],
    first: Duration,
    last: Duration,
    again: bool,
}

impl Showings {
    /// A code with this digest is in view at `now`, counted from any fixed point.
    pub fn see(&mut self, digest: [u8; 32], now: Duration) -> Sight {
        self.seen.retain(|showing| now.saturating_sub(showing.last) < CODE_REMEMBERED);
        let Some(showing) = self.seen.iter_mut().find(|showing| showing.digest == digest) else {
            if self.seen.len() >= CODES_REMEMBERED {
                self.seen.pop_front();
            }
            self.seen.push_back(Showing { digest, first: now, last: now, again: false });
            return Sight::New;
        };
        showing.again |= now.saturating_sub(showing.last) > SHOWING_PAUSE;
        showing.last = now;
        let age = now.saturating_sub(showing.first);
        if showing.again { Sight::AlreadyUsed { age } } else { Sight::Same { age } }
    }
}

#[cfg(test)]
mod tests {
    use super::{CODE_REMEMBERED, CODES_REMEMBERED, Duration, SHOWING_PAUSE, Showings, Sight};

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn one_showing_is_one_code() {
        let mut showings = Showings::default();
        assert_eq!(showings.see([1; 32], ms(0)), Sight::New);
        assert_eq!(showings.see([1; 32], ms(33)), Sight::Same { age: ms(33) });
        assert_eq!(showings.see([2; 32], ms(60)), Sight::New);
        let paused = ms(33) + SHOWING_PAUSE;
        assert_eq!(showings.see([1; 32], paused), Sight::Same { age: paused });
    }

    #[test]
    fn a_code_that_comes_back_is_used_and_stays_so() {
        let mut showings = Showings::default();
        showings.see([1; 32], ms(0));
        let back = SHOWING_PAUSE + ms(1);
        assert_eq!(showings.see([1; 32], back), Sight::AlreadyUsed { age: back });
        let held = back + ms(33);
        assert_eq!(showings.see([1; 32], held), Sight::AlreadyUsed { age: held });
    }

    #[test]
    fn after_ten_minutes_it_is_new() {
        let mut showings = Showings::default();
        showings.see([1; 32], ms(0));
        assert_eq!(showings.see([1; 32], CODE_REMEMBERED), Sight::New);
    }

    #[test]
    fn the_list_has_a_bound_and_a_clock_that_goes_back_does_no_harm() {
        let mut showings = Showings::default();
        for n in 0..=u8::try_from(CODES_REMEMBERED).unwrap() {
            assert_eq!(showings.see([n; 32], ms(9000)), Sight::New);
        }
        assert_eq!(showings.seen.len(), CODES_REMEMBERED);
        assert_eq!(showings.see([9; 32], ms(10)), Sight::Same { age: ms(0) });
    }
}
