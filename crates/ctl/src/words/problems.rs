//! What a [`Problem`] means.

use till::api::{Problem, ProblemCode};

/// A problem in one or two sentences.
pub fn problem(problem: &Problem) -> String {
    let of = |name: &str| problem.parameter(name);
    match problem.code {
        ProblemCode::FieldWrong => format!("{}: {}.", of("field"), of("what")),
        ProblemCode::UnknownTerminal => unknown_terminal(problem),
        ProblemCode::UnknownPayment => {
            format!("There is no payment or receipt with the id {} in this data folder.", about(problem))
        }
        ProblemCode::UnknownSale => "There is no such sale in this data folder.".to_owned(),
        ProblemCode::NotOffered => not_offered(problem),
        ProblemCode::TerminalBusy => format!(
            "The terminal {} is working on the payment {}. Nothing was sent; try again when it is done.",
            of("terminal"),
            about(problem)
        ),
        ProblemCode::TerminalBlocked => format!(
            "The terminal {} takes no new money until the payment {} is settled: it is not known yet whether \
             that customer was charged. Paydesk goes on asking; `paydeskctl recover` waits for it, and a \
             manager can decide it or unblock the terminal by name.",
            of("terminal"),
            about(problem)
        ),
        ProblemCode::TerminalNotAsked => format!(
            "This data folder was restored from a backup, so the terminal {} must first tell its last \
             payment, and it does not answer. Nothing was sent; check the terminal and try again.",
            of("terminal")
        ),
        ProblemCode::NoRefund => format!("The money cannot go back: {}. Nothing was sent.", of("what")),
        ProblemCode::SaleRefuses => format!("The sale does not allow this: {}. Nothing was sent.", of("what")),
        ProblemCode::WrongStage => {
            "The payment is not at a stage where this is possible. Nothing has changed.".to_owned()
        }
        ProblemCode::PromptOpen => {
            "A question is open and must be answered first; until then the payment cannot be cancelled."
                .to_owned()
        }
        ProblemCode::PromptStale => {
            "That question is not open any more. Nothing was answered; the payment goes on.".to_owned()
        }
        ProblemCode::NotAnAnswer => not_an_answer(problem),
        ProblemCode::ReferenceNeeded => {
            "To decide that it was approved, give the provider's reference with --reference. \
             Nothing has changed."
                .to_owned()
        }
        ProblemCode::TerminalFault => terminal_fault(problem),
        ProblemCode::Stopping => {
            "The till is stopping. What was begun is in the journal; the next start goes on.".to_owned()
        }
        ProblemCode::SettingsWrong
        | ProblemCode::FolderUnusable
        | ProblemCode::FolderInUse
        | ProblemCode::StoreNewer
        | ProblemCode::StoreDamaged
        | ProblemCode::StoreNotVerified
        | ProblemCode::DiskFull
        | ProblemCode::ReadOnly
        | ProblemCode::StoreBroken
        | ProblemCode::OutcomeNotSaved
        | ProblemCode::ListenerUnavailable => of_folder(problem),
    }
}

fn of_folder(problem: &Problem) -> String {
    let of = |name: &str| problem.parameter(name);
    match problem.code {
        ProblemCode::SettingsWrong => settings(problem),
        ProblemCode::FolderUnusable => format!(
            "The data folder cannot be used: {} {}. Nothing was sent to any terminal.",
            of("path"),
            of("detail")
        ),
        ProblemCode::FolderInUse => format!(
            "Another till has the data folder {} open. Stop that one first, or name another folder with --data.",
            of("path")
        ),
        ProblemCode::StoreNewer => format!(
            "The journal was written by a newer Paydesk (version {} of its layout; this program knows up to {}). \
             Nothing was changed; use the newer program.",
            of("found"),
            of("known")
        ),
        ProblemCode::StoreDamaged => format!(
            "The journal is damaged: {}. Paydesk does not sell on it and has changed nothing; keep the file \
             and restore a backup.",
            of("what")
        ),
        ProblemCode::StoreNotVerified => format!(
            "The journal does not verify: entry {}: {}. Paydesk does not sell on it and has changed nothing; \
             keep the file.",
            of("entry"),
            of("what")
        ),
        ProblemCode::DiskFull => {
            "The disk is full. No new payment is sent until there is room; free some space.".to_owned()
        }
        ProblemCode::ReadOnly => {
            "The data folder cannot be written to. No payment is sent; check its permissions.".to_owned()
        }
        ProblemCode::StoreBroken => {
            format!("The journal cannot be used: {}. Nothing was sent.", of("detail"))
        }
        ProblemCode::OutcomeNotSaved => {
            "The terminal answered, and the answer could not be written to disk. Paydesk keeps trying and \
             holds the sale; free some space and do not take the payment again."
                .to_owned()
        }
        ProblemCode::ListenerUnavailable => format!(
            "The till cannot listen for its terminals on {}: {}. Nothing was sent; free the port, or change \
             [listener] bind in the settings.",
            of("address"),
            of("detail")
        ),
        _ => problem.to_string(),
    }
}

/// The payment that a problem is about.
fn about(problem: &Problem) -> String {
    match problem.operation {
        Some(operation) => operation.to_string(),
        None => problem.parameter("payment").to_owned(),
    }
}

fn unknown_terminal(problem: &Problem) -> String {
    let known = problem.parameter("known");
    let list = if known.is_empty() {
        String::new()
    } else {
        format!(" There are: {known}.")
    };
    format!("terminal: there is no terminal {} in the settings.{list}", problem.parameter("terminal"))
}

fn not_offered(problem: &Problem) -> String {
    let what = problem.parameter("what");
    match problem.parameter("terminal") {
        "" => format!("This is not offered: {what}."),
        terminal => format!("The terminal {terminal} does not offer this: {what}. Nothing was sent."),
    }
}

fn not_an_answer(problem: &Problem) -> String {
    match problem.parameter("what") {
        "" => "That is not an answer to the question; it is still open.".to_owned(),
        what => format!("That line is not an answer: {what}."),
    }
}

fn terminal_fault(problem: &Problem) -> String {
    let reason = super::reason(problem.parameter("reason"));
    let terminal = problem.parameter("terminal");
    let detail = problem.parameter("detail");
    let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
    format!("The terminal {terminal} did not do it: {reason}{detail}")
}

fn settings(problem: &Problem) -> String {
    let of = |name: &str| problem.parameter(name);
    let line = if of("line").is_empty() { String::new() } else { format!(", line {}", of("line")) };
    let key = if of("key").is_empty() { String::new() } else { format!("{} ", of("key")) };
    let file = if of("file").is_empty() { "settings.toml" } else { of("file") };
    format!("{file}{line}: {key}{}. The till does not start with it.", of("what"))
}
