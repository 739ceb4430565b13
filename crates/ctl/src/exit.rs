//! How the program ends: exit codes are part of the contract with scripts.

use till::api::{Problem, ProblemCode};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Approved, all settled, or done.
    Done,
    /// Anything that has no code of its own.
    Failed,
    /// The command line cannot be used.
    Usage,
    /// Declined or cancelled.
    NotPaid,
    /// Approved for a part.
    Partial,
    /// Nobody can tell yet whether money moved.
    Uncertain,
    /// Certainly nothing was charged.
    NotCharged,
    /// Another till has the data folder open.
    FolderInUse,
    /// An open payment blocks the terminal.
    Blocked,
}

impl Exit {
    /// The code that the system is told.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotPaid => 3,
            Self::Partial => 4,
            Self::Uncertain => 5,
            Self::NotCharged => 6,
            Self::FolderInUse => 7,
            Self::Blocked => 8,
        }
    }

    /// How a payment with this outcome ends the command that made it.
    pub fn of_outcome(outcome: &str) -> Self {
        match outcome {
            "approved" => Self::Done,
            "partial" => Self::Partial,
            "declined" | "cancelled" => Self::NotPaid,
            "not_charged" => Self::NotCharged,
            _ => Self::Uncertain,
        }
    }

    /// How a problem ends the command that met it.
    pub const fn of_problem(problem: &Problem) -> Self {
        match problem.code {
            ProblemCode::FieldWrong | ProblemCode::UnknownTerminal => Self::Usage,
            ProblemCode::FolderInUse => Self::FolderInUse,
            ProblemCode::TerminalBusy | ProblemCode::TerminalBlocked | ProblemCode::TerminalHeld => {
                Self::Blocked
            }
            ProblemCode::UnknownPayment
            | ProblemCode::UnknownSale
            | ProblemCode::NotOffered
            | ProblemCode::TerminalNotAsked
            | ProblemCode::NoRefund
            | ProblemCode::SaleRefuses
            | ProblemCode::UnknownProduct
            | ProblemCode::DrawerRefuses
            | ProblemCode::NoReport
            | ProblemCode::NoPaper
            | ProblemCode::SignInNeeded
            | ProblemCode::ApprovalNeeded
            | ProblemCode::NotAllowed
            | ProblemCode::PinWrong
            | ProblemCode::PinWait
            | ProblemCode::PinUnfit
            | ProblemCode::WrongStage
            | ProblemCode::PromptOpen
            | ProblemCode::PromptStale
            | ProblemCode::NotAnAnswer
            | ProblemCode::ReferenceNeeded
            | ProblemCode::TerminalFault
            | ProblemCode::SettingsWrong
            | ProblemCode::NotSetUp
            | ProblemCode::AlreadySetUp
            | ProblemCode::SettingsChanged
            | ProblemCode::FolderUnusable
            | ProblemCode::StoreNewer
            | ProblemCode::StoreOlder
            | ProblemCode::StoreDamaged
            | ProblemCode::StoreNotVerified
            | ProblemCode::DiskFull
            | ProblemCode::ReadOnly
            | ProblemCode::StoreBroken
            | ProblemCode::OutcomeNotSaved
            | ProblemCode::ListenerUnavailable
            | ProblemCode::Stopping => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_on_the_page() {
        let page = include_str!("../../../docs/PAYDESKCTL.md");
        let table = page.split("\n## Exit codes\n").nth(1).unwrap();
        let codes: Vec<&str> =
            table.lines().filter_map(|row| row.strip_prefix("| ")?.split(' ').next()).collect();
        let all = [
            Exit::Done,
            Exit::Failed,
            Exit::Usage,
            Exit::NotPaid,
            Exit::Partial,
            Exit::Uncertain,
            Exit::NotCharged,
            Exit::FolderInUse,
            Exit::Blocked,
        ];
        let told: Vec<String> = codes.iter().skip(2).map(ToString::to_string).collect();
        assert_eq!(told, all.map(|exit| exit.code().to_string()));
    }
}
