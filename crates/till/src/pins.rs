//! Hashes of PINs: argon2id with a salt of its own each, in the standard text form.
//!
//! Invariant: a PIN is in memory only as long as it is compared.

use crate::api::{Pin, Problem, ProblemCode};
use crate::random::Random;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

/// How much work one guess is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// As OWASP advises: 19 MiB, two passes.
    Usual,
    /// As little as there is, for tests.
    Least,
}

impl Work {
    fn hasher(self) -> Argon2<'static> {
        let params = match self {
            Self::Usual => Params::default(),
            Self::Least => Params::new(Params::MIN_M_COST, 1, 1, None).unwrap_or_default(),
        };
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
    /// The hash to store. Takes tens of milliseconds.
    ///
    /// # Errors
    /// The hash cannot be made.
    pub fn hash(self, pin: &Pin, random: &Random) -> Result<String, Problem> {
        let fail = |_| Problem::new(ProblemCode::StoreBroken).with("detail", "the PIN could not be hashed");
        let (one, other) = (random.seed().random, random.seed().random);
        let salt: Vec<u8> = one.into_iter().chain(other).take(16).collect();
        let salt = SaltString::encode_b64(&salt).map_err(fail)?;
        Ok(self.hasher().hash_password(pin.0.as_bytes(), &salt).map_err(fail)?.to_string())
    }
    /// Whether this is the PIN. Takes as long as hashing. The work is as the hash says.
    pub fn fits(self, pin: &Pin, hash: &str) -> bool {
        PasswordHash::new(hash)
            .is_ok_and(|hash| self.hasher().verify_password(pin.0.as_bytes(), &hash).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use jiff::tz::TimeZone;

    #[test]
    fn only_the_pin_fits() {
        let random = Random::system(Clock::system(TimeZone::UTC));
        let pin = Pin("2580".to_owned());
        let (one, other) =
            (Work::Least.hash(&pin, &random).unwrap(), Work::Usual.hash(&pin, &random).unwrap());
        assert_ne!(one, Work::Least.hash(&pin, &random).unwrap(), "a salt of its own each");
        for hash in [one, other] {
            assert!(hash.starts_with("$argon2id$v=19$") && !hash.contains("2580"), "{hash}");
            assert!(Work::Least.fits(&pin, &hash));
            for wrong in ["2581", "", "02580"] {
                assert!(!Work::Least.fits(&Pin(wrong.to_owned()), &hash));
            }
        }
        assert!(!Work::Usual.fits(&pin, "not a hash"));
        assert!(!format!("{pin:?}").contains("2580"));
    }
}
