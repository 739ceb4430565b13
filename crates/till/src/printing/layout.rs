//! Columns of a slip: text at the left, an amount at the right, and what to do where both do not fit.
//!
//! Invariant: no sign of a line is lost, and no line is wider than the paper where its words are not.

use domain::money::Money;
use domain::tax::VatRate;
use peripherals::slip::Language;

/// Lines that grow to a slip.
pub(super) struct Sheet {
    lines: Vec<String>,
    columns: usize,
    language: Language,
}

impl Sheet {
    pub(super) fn new(columns: usize, language: Language) -> Self {
        Self { lines: Vec::new(), columns, language }
    }

    pub(super) fn finish(self) -> Vec<String> {
        self.lines
    }

    /// A line as it is.
    pub(super) fn line(&mut self, text: impl Into<String>) {
        self.lines.push(text.into());
    }

    /// Nothing, or a rule across.
    pub(super) fn blank(&mut self) {
        self.line("");
    }

    pub(super) fn rule(&mut self) {
        self.line("-".repeat(self.columns));
    }

    /// In the middle.
    pub(super) fn centred(&mut self, text: &str) {
        let free = self.columns.saturating_sub(width(text));
        self.line(format!("{}{}", " ".repeat(free / 2), text));
    }

    /// Text at the left, text at the right; on two lines where one is too short.
    pub(super) fn row(&mut self, left: &str, right: &str) {
        let free = self.columns.saturating_sub(width(left) + width(right));
        if free > 0 || right.is_empty() {
            self.line(format!("{left}{}{right}", " ".repeat(free)).trim_end().to_owned());
        } else {
            self.line(left);
            self.line(format!("{}{right}", " ".repeat(self.columns.saturating_sub(width(right)))));
        }
    }

    /// Text and an amount.
    pub(super) fn sum(&mut self, left: &str, amount: Money) {
        let amount = self.amount(amount);
        self.row(left, &amount);
    }

    /// Four columns of the same width, the first at the left; one below the other where they do not fit.
    pub(super) fn quarters(&mut self, cells: [&str; 4]) {
        let [first, rest @ ..] = cells;
        let cell = self.columns / 4;
        let head = self.columns - 3 * cell;
        if width(first) > head || rest.iter().any(|text| width(text) >= cell) {
            self.line(first);
            rest.iter().for_each(|text| self.row("", text));
            return;
        }
        let mut line = format!("{first:<head$}");
        rest.iter().for_each(|text| line.push_str(&format!("{text:>cell$}")));
        self.line(line.trim_end().to_owned());
    }

    /// An amount without its currency, as the language writes it.
    pub(super) fn amount(&self, money: Money) -> String {
        self.decimals(&money.plain())
    }

    /// A rate with its sign.
    pub(super) fn rate(&self, rate: VatRate) -> String {
        format!("{} %", self.decimals(&rate.percent()))
    }

    /// A plain decimal as the language writes it.
    pub(super) fn decimals(&self, plain: &str) -> String {
        match self.language {
            Language::English => plain.to_owned(),
            Language::Swedish => plain.replace('.', ","),
        }
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}
