//! The cards in the virtual customer's wallet.
//!
//! Numbers are the schemes' published test numbers. Invariant: a number in clear leaves this file only
//! for the fault that proves masking.

use wire::nexo::EntryMode;

use crate::rng::Rng;
use crate::script::Source;

/// A card and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// How it was read.
    pub source: Source,
    /// Number in clear.
    pub pan: &'static str,
    /// Name on the receipt.
    pub label: &'static str,
    /// Brand of the answer: kind, comma, product name.
    pub brand: &'static str,
    /// Application on the chip.
    pub application: &'static str,
}

const CARDS: [(&str, &str, &str, &str); 3] = [
    ("5413330089020014", "Mastercard", "01,Exempelkort Debit", "A0000000041010"),
    ("4761739001010010", "Visa", "01,Exempelkort, Guld", "A0000000031010"),
    ("6799998900000200018", "Maestro", "02,Exempelkort Maestro", "A0000000043060"),
];

/// The numbers of all cards, for the fault that shows them.
pub const NUMBERS: [&str; 3] = [CARDS[0].0, CARDS[1].0, CARDS[2].0];

impl Card {
    /// A card for this way of paying.
    pub fn draw(source: Source, rng: &mut Rng) -> Self {
        let (pan, label, brand, application) = rng.pick(&CARDS).copied().unwrap_or(CARDS[0]);
        Self { source, pan, label, brand, application }
    }

    /// First six and last four, as answers and merchant copies show it.
    pub fn masked(&self) -> String {
        masked(self.pan, 6)
    }

    /// Last four only, as customer copies show it.
    pub fn masked_for_customer(&self) -> String {
        masked(self.pan, 0)
    }

    /// Entry mode of answers; `None` without a card.
    pub fn entry_mode(&self) -> Option<EntryMode> {
        match self.source {
            Source::Contactless => Some(EntryMode::Contactless),
            Source::Chip => Some(EntryMode::ICC),
            Source::Stripe => Some(EntryMode::MagStripe),
            Source::Keyed => Some(EntryMode::Keyed),
            Source::Mobile => None,
        }
    }

    /// `TransactionSource` of receipts: K and C are documented, the others opaque (dossier chapter 7.2).
    pub fn source_letter(&self) -> &'static str {
        match self.source {
            Source::Contactless => "K",
            Source::Chip => "C",
            Source::Stripe => "D",
            Source::Keyed => "T",
            Source::Mobile => "M",
        }
    }

    /// Alias of the number: 70 upper-case hex characters, the same for the same card.
    pub fn token(&self) -> String {
        let mut rng = Rng::keyed(0, self.pan);
        let digits: String = (0..5).map(|_| format!("{:016X}", rng.draw())).collect();
        digits.chars().take(70).collect()
    }
}

/// A number with all but the first `shown` and the last four digits hidden.
pub fn masked(pan: &str, shown: usize) -> String {
    let hidden = pan.len().saturating_sub(shown + 4);
    let (first, last) = (pan.get(..shown), pan.get(pan.len().saturating_sub(4)..));
    format!("{}{}{}", first.unwrap_or_default(), "*".repeat(hidden), last.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_masked_and_tokens_stable() {
        let card = Card { source: Source::Chip, pan: CARDS[0].0, label: "", brand: "", application: "" };
        assert_eq!(card.masked(), "541333******0014");
        assert_eq!(card.masked_for_customer(), "************0014");
        assert_eq!(card.token().len(), 70);
        assert_eq!(card.token(), card.clone().token());
    }
}
