//! Where the program writes: lines for programs and tables for people on standard output, words on
//! standard error.
//!
//! Invariant: a reader that has gone away is no reason to stop: a running payment must be seen to its end.

use std::io::Write;
use till::api::Problem;

use crate::lines::Line;
use crate::words;

/// Both outputs of one run.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    /// Lines of JSON are wanted.
    pub json: bool,
}

impl Out {
    /// One line for a program; nothing unless `--json` was given.
    pub fn line(self, line: &Line) {
        if !self.json {
            return;
        }
        match serde_json::to_string(line) {
            Ok(text) => write_out(&text),
            Err(error) => tracing::error!(%error, "a line could not be written as JSON"),
        }
    }

    /// Text for a person on standard output; nothing with `--json`.
    pub fn text(self, text: &str) {
        if !self.json {
            write_out(text);
        }
    }

    /// Bytes for a printer or a file on standard output; nothing with `--json`.
    pub fn bytes(self, bytes: &[u8]) {
        if !self.json {
            let mut out = std::io::stdout().lock();
            if let Err(error) = out.write_all(bytes).and_then(|()| out.flush()) {
                tracing::debug!(%error, "nobody reads standard output");
            }
        }
    }

    /// What a command came to, for a person: on standard output where no program reads that.
    pub fn result(self, words: &str) {
        if self.json { self.say(words) } else { self.text(words) }
    }

    /// Words for a person, beside whatever standard output is used for.
    pub fn say(self, words: &str) {
        let mut error = std::io::stderr().lock();
        // Nobody may be reading; that is not the payment's fault.
        let _ = writeln!(error, "{words}").and_then(|()| error.flush());
    }

    /// A problem, on both.
    pub fn problem(self, problem: &Problem) {
        tracing::warn!(%problem, "problem");
        self.line(&Line::problem(problem));
        self.say(&words::problem(problem));
    }
}

fn write_out(text: &str) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush()) {
        tracing::debug!(%error, "nobody reads standard output");
    }
}
