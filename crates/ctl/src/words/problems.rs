//! What a [`Problem`] means.

use till::api::{Problem, ProblemCode};

use super::bracketed;

/// A problem in one or two sentences.
pub fn problem(problem: &Problem) -> String {
    let of = |name: &str| problem.parameter(name);
    match problem.code {
        ProblemCode::FieldWrong => {
            format!("{}: {}.{}", of("field"), of("what"), bracketed(of("detail")))
        }
        ProblemCode::UnknownTerminal => unknown_terminal(problem),
        ProblemCode::UnknownPayment => {
            format!("There is no payment or receipt with the id {} in this data folder.", about(problem))
        }
        ProblemCode::UnknownSale => "There is no such sale in this data folder.".to_owned(),
        ProblemCode::NotOffered => not_offered(problem),
        ProblemCode::TerminalBusy => terminal_busy(problem),
        ProblemCode::TerminalBlocked => terminal_blocked(problem),
        ProblemCode::TerminalNotAsked => terminal_not_asked(problem),
        ProblemCode::NoRefund => format!("The money cannot go back: {}. Nothing was sent.", of("what")),
        ProblemCode::SaleRefuses => {
            format!("The sale does not allow this: {}. Nothing was sent.", of("what"))
        }
        ProblemCode::UnknownProduct => format!("Nothing is sold under the code {}.", of("code")),
        ProblemCode::DrawerRefuses => format!("The drawer does not allow this: {}.", of("what")),
        ProblemCode::NoReport => format!("No Z report was made: {}.", of("what")),
        ProblemCode::NoPaper => no_paper(problem.parameter("why")).to_owned(),
        ProblemCode::SignInNeeded => "People sign in here: do this on the till's screen.".to_owned(),
        ProblemCode::ApprovalNeeded => {
            format!("This needs the approval of somebody else ({}).", of("roles"))
        }
        ProblemCode::NotAllowed => format!("This is not allowed: {}.", of("what")),
        ProblemCode::PinWrong | ProblemCode::PinWait | ProblemCode::PinUnfit => pin(problem),
        ProblemCode::WrongStage => wrong_stage(problem),
        ProblemCode::PromptOpen => {
            "A question is open and must be answered first; until then nothing can be cancelled.".to_owned()
        }
        ProblemCode::PromptStale => {
            "That question is not open any more. Nothing was answered; the payment goes on.".to_owned()
        }
        ProblemCode::NotAnAnswer => not_an_answer(problem),
        ProblemCode::ReferenceNeeded => {
            "\"Approved\" needs the provider's reference: give it with --reference. Nothing has changed."
                .to_owned()
        }
        ProblemCode::TerminalFault => terminal_fault(problem),
        ProblemCode::SettingsWrong => settings_wrong(problem),
        ProblemCode::NotSetUp
        | ProblemCode::AlreadySetUp
        | ProblemCode::SettingsChanged
        | ProblemCode::TerminalHeld => settings_refused(problem),
        ProblemCode::FolderUnusable => folder_unusable(problem),
        ProblemCode::FolderInUse => folder_in_use(problem),
        ProblemCode::StoreNewer => store_newer(problem),
        ProblemCode::StoreOlder => {
            "The journal was written by an older Paydesk. Start the till on it once, for example with \
             `paydeskctl recover`: that brings it up to date."
                .to_owned()
        }
        ProblemCode::StoreDamaged => store_damaged(problem),
        ProblemCode::StoreNotVerified => store_not_verified(problem),
        ProblemCode::DiskFull => disk_full(),
        ProblemCode::ReadOnly => {
            "The data folder cannot be written to. No payment is sent; check its permissions.".to_owned()
        }
        ProblemCode::StoreBroken => store_broken(problem),
        ProblemCode::OutcomeNotSaved => outcome_not_saved(),
        ProblemCode::ListenerUnavailable => listener_unavailable(problem),
        ProblemCode::Stopping => {
            "The till is stopping. What was begun is in the journal; the next start goes on.".to_owned()
        }
    }
}

fn disk_full() -> String {
    "The disk is full. No new payment is sent until there is room; free some space.".to_owned()
}

fn pin(problem: &Problem) -> String {
    if problem.code == ProblemCode::PinWrong {
        return "The PIN is wrong. Try again.".to_owned();
    }
    if problem.code == ProblemCode::PinWait {
        let until = problem.parameter("until");
        return pin_wait(until);
    }
    "A PIN has 4 to 12 digits and is not easy to guess.".to_owned()
}

fn pin_wait(until: &str) -> String {
    format!("Too many wrong PINs. The next one can be typed from {until} on.")
}

/// Why the settings stay as they are.
fn settings_refused(problem: &Problem) -> String {
    let terminal = problem.parameter("terminal");
    match (problem.code, problem.parameter("why")) {
        (ProblemCode::NotSetUp, _) => {
            "The data folder has no settings yet. `paydeskctl serve` sets it up in the browser.".to_owned()
        }
        (ProblemCode::AlreadySetUp, _) => {
            "The data folder is set up already, or holds a journal. Nothing was changed.".to_owned()
        }
        (ProblemCode::SettingsChanged, _) => {
            let file = problem.parameter("file");
            format!("{file} was changed since the till started. Start the till again, then change it here.")
        }
        (_, "late_outcome") => format!(
            "A late answer on {terminal} waits for somebody to accept it or give the money back. \
             The terminal stays as it is until then."
        ),
        (_, "open_sale") => format!(
            "A sale that is not finished was partly paid on {terminal}. Finish or undo it first; \
             the terminal stays as it is until then."
        ),
        _ => format!(
            "A payment on {terminal} is not settled, and only this terminal can tell about it. \
             The terminal stays as it is until then."
        ),
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
    let list = match problem.parameter("known") {
        "" => String::new(),
        known => format!(" There are: {known}."),
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

fn no_paper(why: &str) -> &'static str {
    match why {
        "printed" => "It is printed already. A copy can be printed, marked as one.",
        "copied" => "The one copy of this receipt is printed; no second one may be made.",
        "not_printed" => "It is not printed yet, so there is nothing to copy. Print it first.",
        "waits" => "It waits for the printer already. Print again what waits.",
        "on_receipt" => "It stands on the receipt of its sale. Print that one.",
        "no_printer" => "No printer is set up. Slips are shown on the screen and can be saved as files.",
        _ => "There is no such slip to print.",
    }
}

fn terminal_busy(problem: &Problem) -> String {
    format!(
        "The terminal {} is not done with the payment {}. Nothing was sent; `paydeskctl recover` sees to \
         that payment, then try again.",
        problem.parameter("terminal"),
        about(problem)
    )
}

fn terminal_blocked(problem: &Problem) -> String {
    format!(
        "The terminal {} takes no new money until the payment {} is settled: it is not known yet whether \
         that customer was charged. `paydeskctl recover` asks the terminal again; a manager can decide the \
         payment (`decide`) or unblock the terminal (`unblock`) by name.",
        problem.parameter("terminal"),
        about(problem)
    )
}

fn terminal_not_asked(problem: &Problem) -> String {
    format!(
        "This data folder was restored from a backup, so the terminal {} must first tell its last payment, \
         and it does not answer. Nothing was sent; check the terminal and try again.",
        problem.parameter("terminal")
    )
}

fn not_an_answer(problem: &Problem) -> String {
    match problem.parameter("what") {
        "" => "That is not an answer to the question; the question is still open.".to_owned(),
        what => format!("That line is not an answer: {what}."),
    }
}

fn terminal_fault(problem: &Problem) -> String {
    let (terminal, detail) = (problem.parameter("terminal"), bracketed(problem.parameter("detail")));
    match problem.parameter("reason") {
        "" => format!(
            "The terminal {terminal} could not be opened. Check that it is switched on, idle, and named as \
             in the settings.{detail}"
        ),
        code => {
            let reason = super::reason(code);
            let said = problem.parameter("detail").trim().trim_end_matches('.');
            // A driver's own words may be those of the reason.
            let says_more = !reason.to_lowercase().contains(&said.to_lowercase());
            let detail = if says_more { detail } else { String::new() };
            format!("The terminal {terminal} did not do it. {reason}{detail}")
        }
    }
}

fn wrong_stage(problem: &Problem) -> String {
    let stands = match problem.parameter("outcome") {
        "" => String::new(),
        outcome => {
            let word = super::as_table_word(outcome, problem.parameter("state"));
            format!(" The payment {} stands as: {word}.", about(problem))
        }
    };
    match problem.parameter("why") {
        "no_late_outcome" => {
            format!("No late answer of a terminal waits there for a decision.{stands} Nothing has changed.")
        }
        "given_back" => {
            format!("The late payment is being given back already.{stands} Nothing has changed.")
        }
        "not_disputed" => format!(
            "Only a payment that nobody can tell about is decided by a person.{stands} Nothing has changed."
        ),
        _ => format!("The payment is not at a stage where this is possible.{stands} Nothing has changed."),
    }
}

fn settings_wrong(problem: &Problem) -> String {
    let file = match problem.parameter("file") {
        "" => till::settings::FILE,
        file => file,
    };
    let line = match problem.parameter("line") {
        "" => String::new(),
        line => format!(", line {line}"),
    };
    let key = match problem.parameter("key") {
        "" => String::new(),
        key => format!("{key} "),
    };
    format!(
        "{file}{line}: {key}{}. The till does not start with it.{}",
        problem.parameter("what"),
        bracketed(problem.parameter("detail"))
    )
}

fn folder_unusable(problem: &Problem) -> String {
    format!(
        "The data folder cannot be used. Nothing was sent to any terminal; check that it is there and that \
         you may write to it.{}",
        bracketed(&format!("{} {}", problem.parameter("path"), problem.parameter("detail")))
    )
}

fn folder_in_use(problem: &Problem) -> String {
    let path = match problem.parameter("path") {
        "" => String::new(),
        path => format!(" {path}"),
    };
    format!(
        "Another till has the data folder{path} open. Stop that one first, or name another with --data."
    )
}

fn store_newer(problem: &Problem) -> String {
    format!(
        "The journal was written by a newer Paydesk (layout {}; this program knows up to {}). Nothing was \
         changed; use the newer program.",
        problem.parameter("found"),
        problem.parameter("known")
    )
}

fn store_damaged(problem: &Problem) -> String {
    let words = match problem.parameter("kind") {
        "lost" => {
            "The journal of this data folder is gone, and there was one. Paydesk takes no payment and \
             begins no other; put a backup back as docs/BACKUP.md says."
        }
        _ => {
            "The journal is damaged. Paydesk does not sell on it and has changed nothing; keep the file and \
             put a backup back as docs/BACKUP.md says."
        }
    };
    format!("{words}{}", bracketed(problem.parameter("what")))
}

fn store_not_verified(problem: &Problem) -> String {
    let what = bracketed(problem.parameter("what"));
    match problem.parameter("kind") {
        "" => format!(
            "The journal does not verify at entry {}. Somebody or something changed it: take no payments on \
             it, keep the file, and put a backup back as docs/BACKUP.md says.{what}",
            problem.parameter("entry")
        ),
        "another_journal" => {
            format!("This is another journal than the one that was used here last. {COPY}{what}")
        }
        _ => format!("This is an older copy of the journal that was used here. {COPY}{what}"),
    }
}

/// What the till does with a journal that is sound and not the newest.
const COPY: &str = "Every entry of it is in order. The next start goes on with it: Paydesk checks open \
                    payments and asks every terminal for its last payment before it takes new money. If \
                    there is a newer copy, put that back first.";

/// There is no journal, or the system does not let it be used.
fn store_broken(problem: &Problem) -> String {
    if problem.parameter("kind") == "none" {
        return "There is no journal in this data folder yet: no payment has been made.".to_owned();
    }
    format!(
        "The journal cannot be used. Nothing was sent; check the disk, then try again.{}",
        bracketed(problem.parameter("detail"))
    )
}

fn outcome_not_saved() -> String {
    "The terminal has answered, and its answer could not be written to disk. Paydesk keeps trying and holds \
     the sale. Do not take the payment again; where the disk is full, free some space."
        .to_owned()
}

fn listener_unavailable(problem: &Problem) -> String {
    format!(
        "The till cannot listen for its terminals on {}. Nothing was sent; free the port, or change \
         [listener] bind in the settings.{}",
        problem.parameter("address"),
        bracketed(problem.parameter("detail"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code, by its own word.
    fn codes() -> Vec<ProblemCode> {
        let source = include_str!("../../../till/src/api/problem.rs");
        let body = source.split("pub enum ProblemCode {").nth(1).unwrap().split("\n}").next().unwrap();
        let names = body.lines().filter_map(|line| line.trim().strip_suffix(','));
        let words = names.filter(|name| name.chars().all(char::is_alphanumeric)).map(|name| {
            let mut word = String::new();
            for c in name.chars() {
                if c.is_uppercase() && !word.is_empty() {
                    word.push('_');
                }
                word.extend(c.to_lowercase());
            }
            word
        });
        words.map(|word| serde_json::from_value(word.into()).unwrap()).collect()
    }

    #[test]
    fn a_librarys_words_stand_behind_the_sentence_in_brackets() {
        let codes = codes();
        assert!(codes.len() > 25);
        let raw = "No such file or directory (os error 2)\n  |\n1 | x";
        for code in codes {
            for kind in ["", "lost", "older_copy", "another_journal", "none"] {
                let named = [("field", "amount"), ("terminal", "desk"), ("what", "is not a number")];
                let named = named.into_iter().chain([("detail", raw), ("kind", kind)]);
                let told =
                    problem(&named.fold(Problem::new(code), |told, (name, value)| told.with(name, value)));
                let (sentence, detail) = told.split_once(". (").unwrap_or((&told, ")"));
                let ends = if sentence == told { told.ends_with('.') } else { detail.ends_with(')') };
                assert!(ends && !told.contains('\n'), "{code:?}: {told}");
                assert!(!sentence.contains("os error"), "{code:?}: {told}");
                assert!(!sentence.contains("{"), "{code:?}: {told}");
            }
        }
    }

    #[test]
    fn a_copy_is_not_called_changed_and_a_change_is_no_copy() {
        let of = |kind: &str| problem(&Problem::new(ProblemCode::StoreNotVerified).with("kind", kind));
        for kind in ["older_copy", "another_journal"] {
            assert!(of(kind).contains("Every entry of it is in order"), "{}", of(kind));
        }
        assert!(of("").contains("changed it") && !of("").contains("copy of the journal"), "{}", of(""));
    }
}
