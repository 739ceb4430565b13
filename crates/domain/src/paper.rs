//! Papers: what the till has to print, and whether it is done. One paper is one slip; what it says lies
//! beside the chain, as receipts do.
//!
//! Invariants: a paper is written down with what it is about, so a power cut forgets none; nothing here moves
//! money; of a receipt one copy is made at most, and every copy says that it is one (Swedish rule for cash
//! registers, SKVFS 2014:9).

use crate::ids::{OperationId, SaleId};
use crate::receipt::{StoredReceipt, TextRef};
use serde::{Deserialize, Serialize};

/// What a paper is.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// The receipt of a sale.
    Receipt,
    /// A terminal's receipt for the customer, where no receipt of a sale carries it.
    Customer,
    /// A terminal's receipt for the shop, to be signed.
    ToSign,
    /// A terminal's receipt for the shop.
    Merchant,
    /// Something else that a terminal wants printed.
    Other,
    /// An X report.
    ReportX,
    /// A Z report.
    ReportZ,
}

impl PaperKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Receipt,
        Self::Customer,
        Self::ToSign,
        Self::Merchant,
        Self::Other,
        Self::ReportX,
        Self::ReportZ,
    ];

    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Customer => "customer",
            Self::ToSign => "to_sign",
            Self::Merchant => "merchant",
            Self::Other => "other",
            Self::ReportX => "report_x",
            Self::ReportZ => "report_z",
        }
    }
    /// Reads the stable word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
    /// Whether it is for the customer: one copy of it, no more.
    pub const fn is_for_customer(self) -> bool {
        match self {
            Self::Receipt | Self::Customer => true,
            Self::ToSign | Self::Merchant | Self::Other | Self::ReportX | Self::ReportZ => false,
        }
    }
}

/// What a paper is about, and where its text is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// What it is.
    pub kind: PaperKind,
    /// The sale it is about.
    pub sale: Option<SaleId>,
    /// The payment it is about.
    pub operation: Option<OperationId>,
    /// The receipt's number, counted by the till from 1; or the number of a Z.
    pub number: Option<u32>,
    /// It was made before: this one says that it is a copy.
    pub copy: bool,
    /// Made in practice.
    pub practice: bool,
    /// Its text.
    pub text: TextRef,
}

impl Paper {
    /// A terminal's receipt on paper.
    pub fn of_terminal(kind: PaperKind, receipt: &StoredReceipt) -> Self {
        Self {
            kind,
            sale: None,
            operation: Some(receipt.operation),
            number: None,
            copy: false,
            practice: receipt.practice,
            text: receipt.text.clone(),
        }
    }
}

/// One fact about one paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperFact {
    /// It was made.
    Made {
        /// What it is.
        paper: Box<Paper>,
        /// The printer is to print it; otherwise it is only kept, to be shown or saved.
        wanted: bool,
    },
    /// A person wants it printed (again): it could not be, or nobody knows whether it was.
    Wanted,
    /// The printer took all of it.
    Printed,
    /// Nobody wants it on paper any more.
    Dropped,
}

impl PaperFact {
    /// That it came out may be lost in a power cut: then a person is asked.
    pub const fn must_be_durable(&self) -> bool {
        match self {
            Self::Made { .. } | Self::Wanted | Self::Dropped => true,
            Self::Printed => false,
        }
    }
}

/// Where a paper stands.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperState {
    /// It was never to be printed.
    Kept,
    /// To be printed; as far as the journal knows it is not.
    Waiting,
    /// On paper.
    Printed,
    /// Not on paper, and not wanted there any more.
    Dropped,
}

impl PaperState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Kept, Self::Waiting, Self::Printed, Self::Dropped];

    /// The state that a fact brings about.
    pub const fn after(fact: &PaperFact) -> Self {
        match fact {
            PaperFact::Made { wanted: false, .. } => Self::Kept,
            PaperFact::Made { wanted: true, .. } | PaperFact::Wanted => Self::Waiting,
            PaperFact::Printed => Self::Printed,
            PaperFact::Dropped => Self::Dropped,
        }
    }
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Waiting => "waiting",
            Self::Printed => "printed",
            Self::Dropped => "dropped",
        }
    }
    /// Reads the stable word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What stands against printing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPaper {
    /// It is on paper already; a copy can be made.
    #[error("it is printed already")]
    Printed,
    /// Its one copy was made.
    #[error("its one copy is made")]
    Copied,
    /// It is not printed yet, so there is nothing to copy.
    #[error("it is not printed yet")]
    NotPrinted,
    /// It waits for the printer.
    #[error("it waits for the printer")]
    Waits,
}

impl NoPaper {
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Copied => "copied",
            Self::NotPrinted => "not_printed",
            Self::Waits => "waits",
        }
    }
}

/// Whether the original may go to the printer now.
pub const fn may_print(original: PaperState) -> Result<(), NoPaper> {
    match original {
        PaperState::Kept | PaperState::Dropped => Ok(()),
        PaperState::Waiting => Err(NoPaper::Waits),
        PaperState::Printed => Err(NoPaper::Printed),
    }
}

/// Whether a copy may be made of an original that is for the customer (`one_only`) or for the shop. `copy`:
/// the newest copy there is. A copy that was given up before it was on paper may be printed after all.
pub const fn may_copy(
    original: PaperState,
    copy: Option<PaperState>,
    one_only: bool,
) -> Result<(), NoPaper> {
    match (original, copy) {
        (PaperState::Kept | PaperState::Dropped, None) => Err(NoPaper::NotPrinted),
        (PaperState::Waiting, _) | (_, Some(PaperState::Waiting)) => Err(NoPaper::Waits),
        (_, Some(PaperState::Printed)) if one_only => Err(NoPaper::Copied),
        (_, Some(PaperState::Printed | PaperState::Dropped | PaperState::Kept))
        | (PaperState::Printed, None) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back() {
        for kind in PaperKind::ALL {
            assert_eq!(PaperKind::parse(kind.code()), Some(kind));
        }
        for state in PaperState::ALL {
            assert_eq!(PaperState::parse(state.code()), Some(state));
        }
        assert_eq!((PaperKind::parse("slip"), PaperState::parse("")), (None, None));
    }

    #[test]
    fn an_original_is_printed_once() {
        let rows = [
            (PaperState::Kept, Ok(())),
            (PaperState::Dropped, Ok(())),
            (PaperState::Waiting, Err(NoPaper::Waits)),
            (PaperState::Printed, Err(NoPaper::Printed)),
        ];
        for (state, want) in rows {
            assert_eq!(may_print(state), want, "{state:?}");
        }
    }

    #[test]
    fn a_customers_receipt_has_one_copy() {
        use PaperState::{Dropped, Kept, Printed, Waiting};
        #[rustfmt::skip]
        let rows = [
            (Printed, None, true, Ok(())), (Printed, None, false, Ok(())),
            (Printed, Some(Printed), true, Err(NoPaper::Copied)), (Printed, Some(Printed), false, Ok(())),
            (Printed, Some(Dropped), true, Ok(())), (Printed, Some(Waiting), true, Err(NoPaper::Waits)),
            (Waiting, None, true, Err(NoPaper::Waits)), (Kept, None, true, Err(NoPaper::NotPrinted)),
            (Dropped, None, false, Err(NoPaper::NotPrinted)),
        ];
        for (original, copy, one_only, want) in rows {
            assert_eq!(may_copy(original, copy, one_only), want, "{original:?} {copy:?} {one_only}");
        }
    }

    #[test]
    fn only_that_it_came_out_may_be_lost() {
        assert!(PaperFact::Wanted.must_be_durable() && PaperFact::Dropped.must_be_durable());
        assert!(!PaperFact::Printed.must_be_durable());
    }
}
