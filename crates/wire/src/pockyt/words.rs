//! Words of the protocol: transaction statuses (dossier section 6) and return codes (section 7).
//!
//! Invariant: both lists are open; what is not listed keeps its text and is nothing else.

use std::fmt;

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Created, not yet sent to the wallet.
    Init,
    /// Being processed.
    Dealing,
    /// The wallet waits for the payer.
    Pending,
    /// Paid.
    Success,
    /// Declined.
    Failed,
    /// Never completed and timed out, or cancelled.
    Closed,
    /// A word that no table lists.
    Other(String),
}

impl Status {
    /// The status of this word. Only the listed spelling counts.
    pub fn of(word: &str) -> Self {
        match word {
            "init" => Self::Init,
            "dealing" => Self::Dealing,
            "pending" => Self::Pending,
            "success" => Self::Success,
            "failed" => Self::Failed,
            "closed" => Self::Closed,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Init => "init",
            Self::Dealing => "dealing",
            Self::Pending => "pending",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Closed => "closed",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a reply says about the request itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// `000100`: accepted; the status tells the rest.
    Accepted,
    /// `000000`: general error of the gateway.
    SystemError,
    /// `000010`: wrong version of the interface.
    WrongVersion,
    /// `000020`: a required parameter is missing.
    Missing,
    /// `000021`: no record for the parameter.
    NoRecord,
    /// `000022`: parameters contradict each other.
    Contradiction,
    /// `000023`: a bad value of a parameter.
    BadValue,
    /// `000030`: no permission.
    NoPermission,
    /// `000040`: the transaction's status does not allow this.
    WrongStatus,
    /// `000080`: an error at the wallet.
    WalletError,
    /// A code that no table lists.
    Other(String),
}

impl Code {
    /// The code of these digits.
    pub fn of(digits: &str) -> Self {
        match digits {
            "000100" => Self::Accepted,
            "000000" => Self::SystemError,
            "000010" => Self::WrongVersion,
            "000020" => Self::Missing,
            "000021" => Self::NoRecord,
            "000022" => Self::Contradiction,
            "000023" => Self::BadValue,
            "000030" => Self::NoPermission,
            "000040" => Self::WrongStatus,
            "000080" => Self::WalletError,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Accepted => "000100",
            Self::SystemError => "000000",
            Self::WrongVersion => "000010",
            Self::Missing => "000020",
            Self::NoRecord => "000021",
            Self::Contradiction => "000022",
            Self::BadValue => "000023",
            Self::NoPermission => "000030",
            Self::WrongStatus => "000040",
            Self::WalletError => "000080",
            Self::Other(digits) => digits,
        }
    }
}
