//! Why the till does not do something, as a code with parameters. The words are the interface's.

use domain::ids::OperationId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What is wrong. One code per thing that a reader can do about it.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// A field of the command cannot be used: `field`, `what`.
    FieldWrong,
    /// No terminal of this name: `terminal`.
    UnknownTerminal,
    /// No payment of this id: `payment`.
    UnknownPayment,
    /// No sale of this id.
    UnknownSale,
    /// The terminal does not offer this: `what`.
    NotOffered,
    /// Another operation runs on the terminal.
    TerminalBusy,
    /// An open payment blocks the terminal.
    TerminalBlocked,
    /// The terminal must be asked for its last outcome first, and does not answer.
    TerminalNotAsked,
    /// Money cannot go back: `what`.
    NoRefund,
    /// The sale does not allow it: `why` is [`domain::sale::NoSale::code`], `what` the same for logs.
    SaleRefuses,
    /// Nothing is sold under this code: `code`.
    UnknownProduct,
    /// The drawer does not allow it: `why` is [`domain::shift::NoShift::code`].
    DrawerRefuses,
    /// No Z report: `why` is [`domain::report::NoReport::code`].
    NoReport,
    /// Somebody must sign in first.
    SignInNeeded,
    /// Another role must approve it in place: `act`, `roles`.
    ApprovalNeeded,
    /// The person may not: `why` is [`domain::staff::NotAllowed::code`].
    NotAllowed,
    /// It is not printed: `why` is [`domain::paper::NoPaper::code`], or `no_printer`, `none` (there is no
    /// such slip), `on_receipt` (the receipt of its sale says it).
    NoPaper,
    /// The PIN is wrong.
    PinWrong,
    /// Too many wrong PINs: not before `until`.
    PinWait,
    /// The PIN cannot become one: `why` is [`domain::staff::PinRule::code`].
    PinUnfit,
    /// The payment is not at a stage where this is possible: `why` (`no_late_outcome`, `given_back`,
    /// `not_disputed`), `state` and `outcome` where it is known.
    WrongStage,
    /// A question is open and must be answered first.
    PromptOpen,
    /// That question is not open any more.
    PromptStale,
    /// That is not an answer to the question.
    NotAnAnswer,
    /// The provider's reference is needed.
    ReferenceNeeded,
    /// A terminal or gateway did not do what was asked: `reason`, `detail`.
    TerminalFault,
    /// The settings cannot be used: `file`, `line`, `key`, `what`, and `detail` in a library's words.
    SettingsWrong,
    /// The folder has no settings yet.
    NotSetUp,
    /// The folder has settings already.
    AlreadySetUp,
    /// The file of the settings differs from what the till runs on: `file`.
    SettingsChanged,
    /// The terminal is needed as it is: `terminal`, `why` (`open_payment`, `late_outcome`, `open_sale`).
    TerminalHeld,
    /// The folder cannot be used: `path`, `detail`.
    FolderUnusable,
    /// Another till has the folder open: `path`.
    FolderInUse,
    /// The store was made by a newer program: `found`, `known`.
    StoreNewer,
    /// The store was made by an older program and must be migrated by starting a till on it once.
    StoreOlder,
    /// The store is damaged: `what`; `kind` is `lost` where the database is gone.
    StoreDamaged,
    /// The journal does not verify: `entry`, `what`. `kind` is there where every entry is sound and the whole
    /// is not what was used here last: `older_copy`, `another_journal`.
    StoreNotVerified,
    /// The disk is full.
    DiskFull,
    /// The folder cannot be written to.
    ReadOnly,
    /// The store does not work: `detail`.
    StoreBroken,
    /// The terminal told an outcome that could not be written yet.
    OutcomeNotSaved,
    /// The listener's port cannot be used: `detail`.
    ListenerUnavailable,
    /// The till is stopping.
    Stopping,
}

/// A problem.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong.
    pub code: ProblemCode,
    /// Its parameters by name.
    pub parameters: BTreeMap<String, String>,
    /// The payment it is about.
    pub operation: Option<OperationId>,
}

impl Problem {
    /// A problem without parameters.
    pub fn new(code: ProblemCode) -> Self {
        Self { code, parameters: BTreeMap::new(), operation: None }
    }
    /// With one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.parameters.insert(name.to_owned(), value.to_string());
        self
    }
    /// About this payment.
    #[must_use]
    pub fn about(mut self, operation: OperationId) -> Self {
        self.operation = Some(operation);
        self
    }
    /// One parameter; empty when it is not there.
    pub fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }
}

impl fmt::Display for Problem {
    /// For logs; an interface has its own words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.code)?;
        self.parameters.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl std::error::Error for Problem {}
