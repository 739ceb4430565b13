//! What a terminal says to the cashier, in the operator's language: `id,"text"` (dossier chapter 12.2).
//!
//! The list of numbers is not public; `202`, `9202` and `11` are known from the field, the rest are ours.
//! Invariant: every screen has a text in every language a Login can name; other languages get English.

use wire::nexo::{InfoQualify, SaleCapability};

/// A text for the cashier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// Before anything happens.
    PleaseWait,
    /// Nothing to do.
    Welcome,
    /// The customer's turn.
    PresentCard,
    /// The customer types.
    EnterPin,
    /// So many digits typed.
    PinDigits(usize),
    /// The host's turn.
    Authorizing,
    /// Done.
    Approved,
    /// Not done.
    Declined,
    /// Stopped.
    Cancelled,
    /// Question to the cashier.
    SignatureOk,
    /// The till could not be reached during the transaction.
    ConnectionError,
}

impl Screen {
    /// What the text is meant to be.
    pub fn qualifier(self) -> InfoQualify {
        match self {
            Self::PleaseWait | Self::Welcome => InfoQualify::Status,
            Self::PresentCard | Self::EnterPin | Self::Authorizing | Self::Approved | Self::SignatureOk => {
                InfoQualify::Display
            }
            Self::Declined | Self::Cancelled => InfoQualify::Display,
            Self::PinDigits(_) => InfoQualify::POIReplication,
            Self::ConnectionError => InfoQualify::Error,
        }
    }

    /// The capability without which the till does not get it (dossier chapter 5.2).
    pub fn capability(self) -> SaleCapability {
        match self {
            Self::PleaseWait | Self::Welcome => SaleCapability::CashierStatus,
            Self::PinDigits(_) => SaleCapability::POIReplication,
            Self::ConnectionError => SaleCapability::CashierError,
            Self::PresentCard | Self::EnterPin | Self::Authorizing | Self::Approved | Self::SignatureOk => {
                SaleCapability::CashierDisplay
            }
            Self::Declined | Self::Cancelled => SaleCapability::CashierDisplay,
        }
    }

    fn number(self) -> u32 {
        match self {
            Self::PleaseWait => 1,
            Self::Welcome => 11,
            Self::PresentCard => 10,
            Self::EnterPin | Self::PinDigits(_) => 20,
            Self::Authorizing => 30,
            Self::Approved => 202,
            Self::Declined => 203,
            Self::Cancelled => 204,
            Self::SignatureOk => 40,
            Self::ConnectionError => 90,
        }
    }

    /// The record to send. Messages of fuel applications lack the number.
    pub fn record(self, language: &str, numbered: bool) -> String {
        let text = self.text(language);
        if numbered { format!("{},\"{}\"", self.number(), text.replace('"', "\"\"")) } else { text }
    }

    /// The words alone.
    pub fn text(self, language: &str) -> String {
        let [en, sv, no, da, fi] = self.words();
        let words = match language {
            "sv" => sv,
            "no" => no,
            "da" => da,
            "fi" => fi,
            _ => en,
        };
        match self {
            Self::PinDigits(count) => format!("{words}: {}", "*".repeat(count)),
            Self::PleaseWait
            | Self::Welcome
            | Self::PresentCard
            | Self::EnterPin
            | Self::Authorizing
            | Self::Approved
            | Self::Declined
            | Self::Cancelled
            | Self::SignatureOk
            | Self::ConnectionError => words.to_owned(),
        }
    }

    fn words(self) -> [&'static str; 5] {
        match self {
            Self::PleaseWait => ["Please wait", "Vänta", "Vent", "Vent", "Odota"],
            Self::Welcome => ["Welcome", "Välkommen", "Velkommen", "Velkommen", "Tervetuloa"],
            Self::PresentCard => ["Present card", "Visa kort", "Vis kort", "Vis kort", "Näytä kortti"],
            Self::EnterPin | Self::PinDigits(_) => {
                ["Enter PIN", "Ange PIN", "Tast PIN", "Indtast PIN", "Näppäile PIN"]
            }
            Self::Authorizing => {
                ["Authorizing", "Kontrollerar", "Autoriserer", "Autoriserer", "Varmennetaan"]
            }
            Self::Approved => ["Approved", "Godkänd", "Godkjent", "Godkendt", "Hyväksytty"],
            Self::Declined => ["Declined", "Medges ej", "Avvist", "Afvist", "Hylätty"],
            Self::Cancelled => ["Cancelled", "Avbrutet", "Avbrutt", "Afbrudt", "Keskeytetty"],
            Self::SignatureOk => {
                ["Signature OK?", "Signatur OK?", "Signatur OK?", "Underskrift OK?", "Allekirjoitus OK?"]
            }
            Self::ConnectionError => [
                "ECR connection error",
                "Fel i kassaförbindelsen",
                "Feil i kasseforbindelsen",
                "Fejl i kasseforbindelsen",
                "Kassayhteysvirhe",
            ],
        }
    }
}
