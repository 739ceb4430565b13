//! Reed and Solomon's code over the field of 256, with words that are known to be lost.
//!
//! Invariant: what is mended has every check right, and more of them than the mending used up.

/// The field's polynomial in QR codes.
const POLYNOMIAL: u16 = 0x11d;
/// Elements but nought, each a power of two.
const ORDER: usize = 255;
/// The powers of two.
const POWERS: [u8; 256] = powers();
/// Which power of two each element is.
const LOGARITHMS: [u8; 256] = logarithms();

/// Words as they were read, and what their checks say of them.
pub struct Received {
    words: Vec<u8>,
    syndromes: Vec<u8>,
}

impl Received {
    /// The last `checks` of these words check the others.
    pub fn of(words: Vec<u8>, checks: usize) -> Self {
        let syndromes = syndromes(&words, checks);
        Self { words, syndromes }
    }

    /// The words set right: those at `lost` and, as far as the checks reach, others. `spare` checks are never
    /// used up.
    pub fn mended(&self, lost: &[usize], spare: usize) -> Option<Vec<u8>> {
        let (count, checks) = (self.words.len(), self.syndromes.len());
        if self.syndromes.iter().all(|syndrome| *syndrome == 0) {
            return Some(self.words.clone());
        }
        let power = |place: usize| power(count - 1 - place);
        let mut erasures = vec![1_u8];
        for place in lost {
            erasures = product(&erasures, &[1, power(*place)]);
        }
        let errors = (checks.checked_sub(spare + lost.len())?) / 2;
        let locator = locator(&self.syndromes, erasures, lost.len());
        let degree = locator.iter().rposition(|term| *term != 0)?;
        if degree > lost.len() + errors {
            return None;
        }
        let wrong: Vec<usize> =
            (0..count).filter(|place| value(&locator, inverse(power(*place))) == 0).collect();
        if wrong.len() != degree {
            return None;
        }
        let mut evaluator = product(&self.syndromes, &locator);
        evaluator.truncate(checks);
        let odd = |(n, term): (usize, &u8)| if n % 2 == 1 { *term } else { 0 };
        let slope: Vec<u8> = locator.iter().enumerate().skip(1).map(odd).collect();
        let mut words = self.words.clone();
        for place in wrong {
            let at = inverse(power(place));
            let divisor = value(&slope, at);
            if divisor == 0 {
                return None;
            }
            // The code's first root is one, so the error is the quotient times its own place.
            let off = times(times(value(&evaluator, at), inverse(divisor)), power(place));
            if let Some(word) = words.get_mut(place) {
                *word ^= off;
            }
        }
        syndromes(&words, checks).iter().all(|syndrome| *syndrome == 0).then_some(words)
    }
}

const fn powers() -> [u8; 256] {
    let (mut powers, mut value, mut n) = ([0; 256], 1_u16, 0);
    while n < 256 {
        powers[n] = value as u8;
        value <<= 1;
        if value > 0xff {
            value ^= POLYNOMIAL;
        }
        n += 1;
    }
    powers
}

const fn logarithms() -> [u8; 256] {
    let (mut logarithms, mut n) = ([0; 256], 0);
    while n < ORDER {
        logarithms[POWERS[n] as usize] = n as u8;
        n += 1;
    }
    logarithms
}

/// Berlekamp and Massey's search for the shortest locator, starting from the places that are known.
fn locator(syndromes: &[u8], erasures: Vec<u8>, erased: usize) -> Vec<u8> {
    let (mut current, mut previous) = (erasures.clone(), erasures);
    let mut length = erased;
    for n in erased..syndromes.len() {
        let terms = current.iter().enumerate().take(n + 1);
        let off = terms.fold(0, |sum, (at, term)| {
            sum ^ times(*term, n.checked_sub(at).and_then(|at| syndromes.get(at)).copied().unwrap_or(0))
        });
        previous.insert(0, 0);
        if off == 0 {
            continue;
        }
        let scaled: Vec<u8> = previous.iter().map(|term| times(*term, off)).collect();
        let next = sum(&current, &scaled);
        if 2 * length <= n + erased {
            length = n + 1 + erased - length;
            previous = current.iter().map(|term| times(*term, inverse(off))).collect();
        }
        current = next;
    }
    current
}

fn syndromes(words: &[u8], checks: usize) -> Vec<u8> {
    (0..checks).map(|n| words.iter().fold(0, |sum, word| times(sum, power(n)) ^ word)).collect()
}

fn value(terms: &[u8], at: u8) -> u8 {
    terms.iter().rev().fold(0, |sum, term| times(sum, at) ^ term)
}

fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let term = |of: &[u8], n: usize| of.get(n).copied().unwrap_or(0);
    (0..a.len().max(b.len())).map(|n| term(a, n) ^ term(b, n)).collect()
}

fn product(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = vec![0; a.len() + b.len()];
    for (n, x) in a.iter().enumerate() {
        for (m, y) in b.iter().enumerate() {
            if let Some(term) = out.get_mut(n + m) {
                *term ^= times(*x, *y);
            }
        }
    }
    out
}

fn times(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    let exponent = usize::from(LOGARITHMS[usize::from(a)]) + usize::from(LOGARITHMS[usize::from(b)]);
    POWERS[exponent % ORDER]
}

/// Two to the power of `n`.
fn power(n: usize) -> u8 {
    POWERS[n % ORDER]
}

/// The one that makes one of it; nought for nought.
fn inverse(a: u8) -> u8 {
    if a == 0 { 0 } else { power(ORDER - usize::from(LOGARITHMS[usize::from(a)])) }
}

#[cfg(test)]
mod tests {
    use super::{Received, inverse, power, product, times};

    fn encoded(data: &[u8], checks: usize) -> Vec<u8> {
        let generator = (0..checks).fold(vec![1], |poly, n| {
            let mut next = product(&[power(n), 1], &poly);
            next.truncate(n + 2);
            next
        });
        let mut rest = vec![0; checks];
        for word in data {
            let lead = word ^ rest.remove(0);
            rest.push(0);
            for (n, term) in rest.iter_mut().enumerate() {
                *term ^= times(generator[checks - 1 - n], lead);
            }
        }
        [data, &rest].concat()
    }

    #[test]
    fn the_field_divides() {
        for a in 1..=255 {
            assert_eq!(times(a, inverse(a)), 1);
        }
    }

    #[test]
    fn lost_and_wrong_words_are_mended_and_no_more() {
        let whole = encoded(&[32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17], 10);
        let rows: [(&[usize], &[usize], bool); 7] = [
            (&[], &[], true),
            (&[3, 4, 5, 6, 7], &[], true),
            (&[3, 4, 5, 6], &[20], true),
            (&[], &[0, 9, 25], true),
            (&[3, 4, 5], &[0, 25], true),
            (&[3, 4, 5], &[0, 9, 25], false),
            (&[0, 1, 2, 3, 4, 5, 6, 7], &[], false),
        ];
        for (lost, wrong, mends) in rows {
            let mut words = whole.clone();
            lost.iter().chain(wrong).for_each(|place| words[*place] ^= 0x5a);
            let mended = Received::of(words, 10).mended(lost, 3);
            assert_eq!(mended == Some(whole.clone()), mends, "{lost:?} {wrong:?}");
        }
    }
}
