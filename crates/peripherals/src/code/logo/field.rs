//! Reed and Solomon's code over the field of 256, with words that are known to be lost.
//!
//! Invariant: what is mended has every check right, and more of them than the mending used up.

/// The field's polynomial in QR codes.
const POLYNOMIAL: u16 = 0x11d;

/// Sets the words right: those at `erased` and, as far as the checks reach, others. `spare` checks are never
/// used up.
pub fn mend(words: &mut [u8], checks: usize, erased: &[usize], spare: usize) -> Option<()> {
    let syndromes = syndromes(words, checks);
    if syndromes.iter().all(|syndrome| *syndrome == 0) {
        return Some(());
    }
    let count = words.len();
    let power = |place: usize| power(count - 1 - place);
    let mut erasures = vec![1_u8];
    for place in erased {
        erasures = product(&erasures, &[1, power(*place)]);
    }
    let errors = (checks.checked_sub(spare + erased.len())?) / 2;
    let locator = locator(&syndromes, erasures, erased.len())?;
    let degree = locator.iter().rposition(|term| *term != 0)?;
    if degree > erased.len() + errors {
        return None;
    }
    let wrong: Vec<usize> =
        (0..count).filter(|place| value(&locator, inverse(power(*place))) == 0).collect();
    if wrong.len() != degree {
        return None;
    }
    let mut evaluator = product(&syndromes, &locator);
    evaluator.truncate(checks);
    let slope: Vec<u8> =
        locator.iter().enumerate().skip(1).map(|(n, term)| if n % 2 == 1 { *term } else { 0 }).collect();
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
    self::syndromes(words, checks).iter().all(|syndrome| *syndrome == 0).then_some(())
}

/// Berlekamp and Massey's search for the shortest locator, starting from the places that are known.
fn locator(syndromes: &[u8], erasures: Vec<u8>, erased: usize) -> Option<Vec<u8>> {
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
    Some(current)
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
    let mut sum = 0_u16;
    for bit in (0..8).rev() {
        sum <<= 1;
        if sum > 0xff {
            sum ^= POLYNOMIAL;
        }
        if (b >> bit) & 1 == 1 {
            sum ^= u16::from(a);
        }
    }
    u8::try_from(sum).unwrap_or_default()
}

/// Two to the power of `n`.
fn power(n: usize) -> u8 {
    (0..n % 255).fold(1, |value, _| times(value, 2))
}

/// By Fermat: to the power of 254.
fn inverse(a: u8) -> u8 {
    (0..253).fold(a, |value, _| times(value, a))
}

#[cfg(test)]
mod tests {
    use super::{inverse, mend, power, product, times};

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
            let mended = mend(&mut words, 10, lost, 3).is_some();
            assert_eq!(mended && words == whole, mends, "{lost:?} {wrong:?}");
        }
    }
}
