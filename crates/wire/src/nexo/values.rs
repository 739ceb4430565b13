//! Enumerations of dossier Appendix B, each open: a value outside the list is kept as `Other`.
//!
//! Names are spelled as on the wire, so that a message reads like its XML. Invariant: reading never
//! fails, and what was read is written back unchanged (except the case of `MagStripe`, see
//! [`EntryMode`]).

use std::borrow::Cow;
use std::fmt;

use super::element::Text;
use super::read::is_blank;

macro_rules! enumerations {
    ($(
        $(#[$meta:meta])*
        $name:ident: $matches:ident { $( $value:ident $(= $text:literal)? ),* $(,)? }
    )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $( #[doc = concat!("`", enumerations!(@text $value $($text)?), "`.")] $value, )*
            /// A value the standard does not list, or lists in another version.
            Other(String),
        }

        impl $name {
            /// Every listed value as written on the wire.
            pub const NAMES: &'static [&'static str] = &[$( enumerations!(@text $value $($text)?) ),*];

            /// The value as written on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$value => enumerations!(@text $value $($text)?), )*
                    Self::Other(text) => text,
                }
            }

            /// Whether Appendix B lists the value.
            pub fn is_listed(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $( if $matches(text, enumerations!(@text $value $($text)?)) { return Self::$value; } )*
                Self::Other(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Text for $name {
            fn parse(raw: &str) -> Result<Self, String> {
                Ok(Self::from(raw.trim_matches(is_blank)))
            }

            fn text(&self) -> Cow<'_, str> {
                Cow::Borrowed(self.as_str())
            }
        }

        #[cfg(test)]
        impl $crate::nexo::tests::sample::Sample for $name {
            fn sample(draw: &mut $crate::nexo::tests::sample::Draw) -> Self {
                Self::from(draw.one_of(Self::NAMES).unwrap_or("example:Value"))
            }
        }
    )* };
    (@text $value:ident) => { stringify!($value) };
    (@text $value:ident $text:literal) => { $text };
}

fn exact(text: &str, listed: &str) -> bool {
    text == listed
}

fn any_case(text: &str, listed: &str) -> bool {
    text.eq_ignore_ascii_case(listed)
}

enumerations! {
    /// Who talks to whom about what: a service, a device of the other side, or an event (dossier
    /// chapter 3.1).
    MessageClass: exact { Service, Device, Event }
    /// What the message is about; with [`MessageType`] it names the body element.
    MessageCategory: exact {
        Abort, Admin, BalanceInquiry, Batch, CardAcquisition, CardReaderAPDU, CardReaderInit,
        CardReaderPowerOff, Diagnosis, Display, EnableService, Event, GetTotals, Input, InputUpdate,
        Login, Logout, Loyalty, Payment, PIN, Print, Reconciliation, Reversal, Sound, StoredValue,
        TransactionStatus, Transmit,
    }
    /// Question, answer, or news without an answer.
    MessageType: exact { Request, Response, Notification }
    /// `Response/@Result`. `Partial` counts as success with the amount authorised (dossier chapter 3.3).
    ResultCode: exact { Success, Failure, Partial }
    /// Why a request failed; meanings in dossier chapter 16.
    ErrorCondition: exact {
        Aborted, Busy, Cancel, DeviceOut, InsertedCard, InProgress, LoggedOut, MessageFormat,
        NotAllowed, NotFound, PaymentRestriction, Refusal, UnavailableDevice, UnavailableService,
        InvalidCard, UnreachableHost, WrongPIN,
    }
    /// A screen or keyboard of either side.
    Device: exact { CashierDisplay, CustomerDisplay, CashierInput, CustomerInput }
    /// What a displayed text is meant to be.
    InfoQualify: exact {
        Status, Error, Display, Sound, Input, POIReplication, CustomerAssistance, Receipt, Document,
        Voucher,
    }
    /// What kind of entry is wanted (dossier chapter 12.3).
    InputCommand: exact {
        GetAnyKey, GetConfirmation, SiteManager, TextString, DigitString, DecimalString, GetFunctionKey,
        GetMenuEntry, Password,
    }
    /// How the content of an output is coded. Swedbank Pay uses `Text` only.
    OutputFormat: exact { MessageRef, Text, XHTML, BarCode }
    /// Which document is printed.
    DocumentQualifier: exact { SaleReceipt, CashierReceipt, CustomerReceipt, Document, Voucher, Journal }
    /// When a print request is to be answered (dossier chapter 12.1).
    ResponseMode: exact { NotRequired, Immediate, PrintEnd, SoundEnd }
    /// What happened at the terminal (dossier chapter 12.5).
    EventToNotify: exact {
        BeginMaintenance, EndMaintenance, Shutdown, Initialised, OutOfOrder, Completed, Abort,
        SaleWakeUp, SaleAdmin, CustomerLanguage, KeyPressed, SecurityAlarm, StopAssistance,
        CardInserted, CardRemoved, Reject,
    }
    /// What the till can do. The list of a login chooses the form of integration (dossier chapter 5.2).
    SaleCapability: exact {
        CashierStatus, CashierError, CashierDisplay, POIReplication, CashierInput, CustomerAssistance,
        CustomerDisplay, CustomerError, CustomerInput, PrinterReceipt, PrinterDocument, PrinterVoucher,
        MagStripe, ICC, EMVContactless,
    }
    /// What the terminal can do.
    PoiCapability: exact {
        CashierDisplay, CashierError, CashierInput, CustomerDisplay, CustomerError, CustomerInput,
        PrinterReceipt, PrinterDocument, PrinterVoucher, MagStripe, ICC, EMVContactless, CashHandling,
    }
    /// Groups of services a till uses.
    ServiceProfile: exact {
        Synchro, Batch, OneTimeRes, Reservation, Loyalty, StoredValue, PIN, CardReader, Sound,
        Communication,
    }
    /// How much of the standard a till or terminal supports.
    GenericProfile: exact { Basic, Standard, Extended }
    /// Whether a cashier is present.
    TerminalEnvironment: exact { Attended, SemiAttended, Unattended }
    /// Overall state of the terminal.
    GlobalStatus: exact { OK, Busy, Maintenance, Unreachable }
    /// State of the terminal's printer.
    PrinterStatus: exact { OK, PaperLow, NoPaper, PaperJam, OutOfOrder }
    /// What a payment request does.
    PaymentType: exact {
        Normal, Refund, OneTimeReservation, FirstReservation, UpdateReservation, Completion,
        CashAdvance, CashDeposit, Recurring, Instalment, IssuerInstalment, PaidOut, VoiceAuthorisation,
    }
    /// What was paid with. `Mobile` is an alternative payment method such as Swish.
    PaymentInstrumentType: exact { Card, Check, Mobile, StoredValue, Cash }
    /// How the card was read. Compared without regard to case: documentation and schema disagree about
    /// `MagStripe` (dossier chapter 4); it is written back in the schema's spelling.
    EntryMode: any_case {
        RFID, Keyed, Manual, File, Scanned, MagStripe, ICC, SynchronousICC, Tapped, Contactless, Mobile,
    }
    /// How the card must be read; compared without regard to case.
    ForceEntryMode: any_case {
        RFID, Keyed, Manual, File, Scanned, MagStripe, ICC, SynchronousICC, Tapped, Contactless,
        CheckReader,
    }
    /// Which alias of the card number is wanted. Swedbank Pay knows `Customer`.
    TokenRequestedType: exact { Transaction, Customer }
    /// Begin or end of card before amount (dossier chapter 14).
    TransactionAction: exact { StartTransaction, AbortTransaction }
    /// Services allowed between begin and end of card before amount.
    ServiceEnabled: exact { CardAcquisition, Payment, Loyalty }
    /// Who wants the reversal (dossier chapter 8).
    ReversalReason: exact { CustCancel, MerchantCancel, Malfunction, Unable2Compl }
    /// How the cardholder proved identity.
    AuthenticationMethod: exact {
        Bypass, ManualVerification, MerchantAuthentication, OfflinePIN, OnLinePIN, PaperSignature,
        SecuredChannel, SecureCertificate, SecureNoCertificate, SignatureCapture, UnknownMethod,
    }
    /// Whether loyalty is part of the transaction.
    LoyaltyHandling: exact { Forbidden, Processed, Allowed, Proposed, Required }
    /// What a loyalty request does. Not part of Appendix B, so every value is `Other`-tolerant by nature.
    LoyaltyTransactionType: exact {
        Award, Rebate, Redemption, AwardReversal, RebateReversal, RedemptionReversal,
    }
    /// What loyalty amounts count.
    LoyaltyUnit: exact { Point, Monetary }
    /// What kind of number identifies a loyalty account.
    IdentificationType: exact { PAN, ISOTrack2, BarCode, AccountNumber, PhoneNumber }
    /// What carries the loyalty identification.
    IdentificationSupport: exact { NoCard, LoyaltyCard, HybridCard, LinkedCard }
    /// Unit of a quantity. Swedbank Pay knows `Litre` and `Kilogram`.
    UnitOfMeasure: exact {
        Case, Foot, UKGallon, USGallon, Gram, Inch, Kilogram, Pound, Meter, Centimetre, Litre,
        Centilitre, Ounce, Quart, Pint, Mile, Kilometre, Yard, OtherUnit = "Other",
    }
    /// Alignment of a printed line (dossier chapter 13.3).
    Alignment: exact { Left, Right, Centred, Justified }
    /// Height of printed characters.
    CharacterHeight: exact { SingleHeight, DoubleHeight, HalfHeight }
    /// Width of printed characters.
    CharacterWidth: exact { SingleWidth, DoubleWidth }
    /// Style of printed characters.
    CharacterStyle: exact { Normal, Bold, Italic, Underlined }
    /// Colour of printed characters; `White` means white on black.
    Color: exact { White, Black, Red, Green, Blue, Yellow, Magenta, Cyan }
    /// Symbology of a printed code.
    BarcodeType: exact { EAN8, EAN13, UPCA, Code25, Code128, PDF417, QRCODE }
    /// Kind of a menu line.
    MenuEntryTag: exact { Selectable, NonSelectable, SubMenu, NonSelectableSubMenu }
    /// Which reconciliation is wanted.
    ReconciliationType: exact {
        SaleReconciliation, AcquirerSynchronisation, AcquirerReconciliation, PreviousReconciliation,
    }
    /// How totals are to be broken down.
    TotalDetail: exact { POIID, SaleID, OperatorID, ShiftNumber, TotalsGroupID }
    /// Kind of transactions a total counts. The spelling `CompletedDeffered` is the schema's.
    TransactionType: exact {
        Debit, Credit, ReverseDebit, ReverseCredit, OneTimeReservation, CompletedDeffered,
        FirstReservation, UpdateReservation, CompletedReservation, CashAdvance, IssuerInstalment,
        Declined, Failed, Award, ReverseAward, Redemption, ReverseRedemption, Rebate, ReverseRebate,
    }
    /// Which customer orders are wanted.
    CustomerOrderReq: exact { Open, Closed, Both }
}
