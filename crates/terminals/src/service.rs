//! Requests that move no money.

use domain::outcome::Outcome;
use domain::prompt::{Answer, Question};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Service {
    /// Is the terminal well?
    Diagnosis,
    /// The terminal's own totals.
    Totals,
    /// Reconciliation with the acquirer.
    Reconcile,
    /// Ends the session. With `maintenance` the terminal may update itself.
    LogOut {
        /// Maintenance allowed.
        maintenance: bool,
    },
    /// The newest outcome that the terminal knows for this till, whoever's it is: asked after a restore,
    /// before anything is sold. Comes back as [`Report::outcome`], nothing where there is none. Never logs
    /// in: without a session the fault is `refused(NoSession)`.
    Last,
    /// Shows lines to the customer on the terminal.
    Show {
        /// The lines.
        lines: Vec<String>,
    },
    /// Asks the customer on the terminal.
    AskCustomer {
        /// What kind of answer is wanted.
        question: Question,
        /// The words.
        text: String,
    },
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Names and values in the order to show them.
    pub lines: Vec<(String, String)>,
    /// The customer's answer, for [`Service::AskCustomer`].
    pub answer: Option<Answer>,
    /// The newest outcome, for [`Service::Last`].
    pub outcome: Option<Box<Outcome>>,
}
