//! Answers to questions: from `--answer`, or line by line from standard input.
//!
//! Invariant: an answer goes only to the question that its line names; a line that fits none changes nothing.
//! Standard input is read from the first question on, not before: a script's own input stays its own.

use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, IsTerminal, Read};
use till::api::{Problem, ProblemCode, PromptView};
use till::seams::domain::ids::{OperationId, PromptId};
use till::seams::domain::prompt::{Answer, Question};
use tokio::sync::mpsc;

use crate::cli::YesNo;
use crate::limits;

/// One line of standard input as a program writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerLine {
    prompt: String,
    answer: Value,
}

/// Where answers come from.
#[derive(Debug)]
pub struct Answers {
    fixed: Option<YesNo>,
    given: BTreeMap<OperationId, u32>,
    /// The newest question of each payment that `--answer` has answered.
    answered: BTreeMap<OperationId, PromptId>,
    /// Payments that `--answer` does not speak of.
    others: BTreeSet<OperationId>,
    lines: Option<mpsc::Receiver<String>>,
    is_over: bool,
    bad_lines: u32,
    takes_plain: bool,
}

impl Answers {
    /// `fixed`: what `--answer` says. `takes_plain`: a person may type `y` where no program reads the lines.
    pub fn new(fixed: Option<YesNo>, takes_plain: bool) -> Self {
        Self {
            fixed,
            given: BTreeMap::new(),
            answered: BTreeMap::new(),
            others: BTreeSet::new(),
            lines: None,
            is_over: fixed.is_some(),
            bad_lines: 0,
            takes_plain: takes_plain && std::io::stdin().is_terminal(),
        }
    }

    /// `--answer` was not said about this payment.
    pub fn leave_out(&mut self, payment: OperationId) {
        self.others.insert(payment);
    }

    /// Whether an answer to this question can still come from here, or has just been given.
    pub fn can_come(&self, payment: OperationId, prompt: &PromptView) -> bool {
        let Some(fixed) = self.fixed else { return !self.is_over };
        if self.others.contains(&payment) {
            return false;
        }
        let has_more = self.given.get(&payment).is_none_or(|given| *given < limits::ANSWERS);
        self.answered.get(&payment) == Some(&prompt.id)
            || has_more && says(&prompt.question, fixed).is_some()
    }

    /// The answer that `--answer` gives to this question; nothing when it has no more. Otherwise standard
    /// input is read from now on.
    pub fn to(&mut self, payment: OperationId, prompt: &PromptView) -> Option<Answer> {
        let Some(fixed) = self.fixed else {
            self.listen();
            return None;
        };
        if self.answered.get(&payment) == Some(&prompt.id) || self.others.contains(&payment) {
            return None;
        }
        let answer = says(&prompt.question, fixed)?;
        let given = self.given.entry(payment).or_default();
        if *given >= limits::ANSWERS {
            return None;
        }
        *given += 1;
        self.answered.insert(payment, prompt.id);
        Some(answer)
    }

    fn listen(&mut self) {
        if self.is_over || self.lines.is_some() {
            return;
        }
        let (sender, lines) = mpsc::channel(limits::LINES_WAITING);
        // A thread of its own, never joined: reading standard input cannot be given up otherwise.
        std::thread::spawn(move || read_lines(&sender));
        self.lines = Some(lines);
    }

    /// The next line; nothing once when the input ends. Waits for ever while nothing is read. Cancel-safe.
    pub async fn next(&mut self) -> Option<String> {
        let Some(lines) = &mut self.lines else { return std::future::pending().await };
        let line = lines.recv().await;
        if line.is_none() {
            self.end();
        }
        line
    }

    fn end(&mut self) {
        self.lines = None;
        self.is_over = true;
    }

    /// A line that was no answer. After too many of them the input is not read any more.
    pub fn count_bad(&mut self) {
        self.bad_lines += 1;
        if self.bad_lines >= limits::BAD_LINES {
            self.end();
        }
    }

    /// Which open question a line answers, and how.
    ///
    /// # Errors
    /// The line is no answer, or its question is not open.
    pub fn read(
        &self,
        line: &str,
        open: &[(OperationId, PromptView)],
    ) -> Result<(OperationId, PromptId, Answer), Problem> {
        let text = line.trim_end_matches(['\n', '\r']);
        if self.takes_plain && !text.trim_start().starts_with('{') {
            let (payment, prompt) = open.last().ok_or_else(stale)?;
            let answer = typed(&prompt.question, text).ok_or_else(|| misfit(*payment, &prompt.question))?;
            return Ok((*payment, prompt.id, answer));
        }
        let wanted = "write {\"prompt\":ID,\"answer\":\"yes\"} on one line";
        let no_answer = || Problem::new(ProblemCode::NotAnAnswer).with("what", wanted);
        let line: AnswerLine = serde_json::from_str(text).map_err(|_| no_answer())?;
        let id = PromptId::parse(&line.prompt).ok_or_else(stale)?;
        let (payment, prompt) = open.iter().find(|(_, prompt)| prompt.id == id).ok_or_else(stale)?;
        let answer =
            given(&prompt.question, &line.answer).ok_or_else(|| misfit(*payment, &prompt.question))?;
        Ok((*payment, prompt.id, answer))
    }
}

/// What `--answer` says to a question; nothing to one that wants something typed or chosen.
fn says(question: &Question, fixed: YesNo) -> Option<Answer> {
    match (question, fixed) {
        (Question::Signature | Question::Confirm | Question::AnyKey, YesNo::Yes)
        | (Question::AnyKey, YesNo::No) => Some(Answer::Yes),
        (Question::Signature | Question::Confirm, YesNo::No) => Some(Answer::No),
        (
            Question::Digits { .. }
            | Question::Text { .. }
            | Question::Decimal { .. }
            | Question::Menu { .. },
            _,
        ) => None,
    }
}

fn read_lines(lines: &mpsc::Sender<String>) {
    let mut input = std::io::stdin().lock();
    let most = u64::try_from(limits::LINE_BYTES).unwrap_or(u64::MAX);
    loop {
        let mut line = Vec::new();
        match (&mut input).take(most).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if lines.blocking_send(String::from_utf8_lossy(&line).into_owned()).is_err() {
            return;
        }
    }
}

fn stale() -> Problem {
    Problem::new(ProblemCode::PromptStale)
}

fn misfit(payment: OperationId, question: &Question) -> Problem {
    Problem::new(ProblemCode::NotAnAnswer)
        .with("what", format!("it wants {}", wants(question)))
        .about(payment)
}

/// An answer as a person would say it.
pub fn spoken(answer: &Answer) -> String {
    match answer {
        Answer::Yes => "yes".to_owned(),
        Answer::No => "no".to_owned(),
        Answer::Typed(text) => text.clone(),
        Answer::Chosen(number) => number.to_string(),
        Answer::NoDialogue => "nobody answered".to_owned(),
    }
}

/// What a question wants, for a person.
pub fn wants(question: &Question) -> String {
    match question {
        Question::Signature | Question::Confirm => "yes or no".to_owned(),
        Question::AnyKey => "yes (any key)".to_owned(),
        Question::Digits { min, max } => format!("{min} to {max} digits"),
        Question::Text { min, max } => format!("a text of {min} to {max} characters"),
        Question::Decimal { decimals } => format!("a number with at most {decimals} decimals"),
        Question::Menu { entries } => format!("a number from 1 to {}", entries.len()),
    }
}

/// An answer as a program gives it.
fn given(question: &Question, value: &Value) -> Option<Answer> {
    match value {
        Value::String(text) => typed(question, text),
        Value::Number(number) => typed(question, &number.to_string()),
        Value::Bool(true) => typed(question, "yes"),
        Value::Bool(false) => typed(question, "no"),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// An answer as a person types it.
fn typed(question: &Question, text: &str) -> Option<Answer> {
    let answer = match question {
        Question::Signature | Question::Confirm => match text.trim().to_lowercase().as_str() {
            "y" | "yes" => Answer::Yes,
            "n" | "no" => Answer::No,
            _ => return None,
        },
        Question::AnyKey => Answer::Yes,
        Question::Digits { .. } | Question::Decimal { .. } => Answer::Typed(text.trim().to_owned()),
        Question::Text { .. } => Answer::Typed(text.to_owned()),
        Question::Menu { .. } => Answer::Chosen(text.trim().parse().ok()?),
    };
    question.accepts(&answer).then_some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_of_question_takes_its_own_answers() {
        let menu = Question::Menu { entries: vec!["Debit".into(), "Credit".into()] };
        let rows: &[(&Question, Value, Option<Answer>)] = &[
            (&Question::Signature, json!("yes"), Some(Answer::Yes)),
            (&Question::Signature, json!("no"), Some(Answer::No)),
            (&Question::Signature, json!(true), Some(Answer::Yes)),
            (&Question::Signature, json!("maybe"), None),
            (&Question::Signature, json!(null), None),
            (&Question::AnyKey, json!("yes"), Some(Answer::Yes)),
            (&Question::Digits { min: 2, max: 4 }, json!("0123"), Some(Answer::Typed("0123".into()))),
            (&Question::Digits { min: 2, max: 4 }, json!(42), Some(Answer::Typed("42".into()))),
            (&Question::Digits { min: 2, max: 4 }, json!("x1"), None),
            (&Question::Text { min: 1, max: 9 }, json!("Anna B"), Some(Answer::Typed("Anna B".into()))),
            (&Question::Decimal { decimals: 2 }, json!("1.50"), Some(Answer::Typed("1.50".into()))),
            (&menu, json!(2), Some(Answer::Chosen(2))),
            (&menu, json!("1"), Some(Answer::Chosen(1))),
            (&menu, json!(3), None),
            (&menu, json!({}), None),
        ];
        for (question, value, want) in rows {
            assert_eq!(given(question, value), *want, "{question:?} {value}");
        }
    }
}
