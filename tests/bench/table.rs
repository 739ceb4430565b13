//! The table: one row per promise, with its baseline, ratio, target and verdict.

use crate::timing::{Quantiles, Rounds};
use serde_json::{Value, json};
use std::fmt::Write;

/// What was found.
#[derive(Clone, Copy, Debug)]
pub enum Figure {
    /// Microseconds.
    Time(Quantiles),
    /// The median of many, microseconds.
    Median(f64),
    /// The median and what all but one in twenty keep, microseconds.
    Tail {
        /// The median.
        p50: f64,
        /// All but one in twenty are faster.
        p95: f64,
    },
    /// Resident memory, megabytes of 1,000,000 bytes.
    Memory(f64),
    /// Size as it travels, kilobytes of 1,000 bytes.
    Weight(f64),
    /// So many of a hundred.
    Share(f64),
    /// So many.
    Count(f64),
}

/// What must be kept. Everything that is given counts.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Ratio of the medians.
    pub ratio_p50: Option<f64>,
    /// Ratio of the 99th percentiles.
    pub ratio_p99: Option<f64>,
    /// The median.
    pub micros_p50: Option<f64>,
    /// The 99th percentile.
    pub micros_p99: Option<f64>,
    /// The 95th percentile.
    pub micros_p95: Option<f64>,
    /// Memory.
    pub megabytes: Option<f64>,
    /// Memory above that of the baseline.
    pub megabytes_more: Option<f64>,
    /// Size as it travels.
    pub kilobytes: Option<f64>,
    /// How many of a hundred at least.
    pub share_least: Option<f64>,
    /// How many at most.
    pub count: Option<f64>,
}

impl Target {
    /// Nothing is promised; the row is there for comparison.
    pub const NONE: Self = Self {
        ratio_p50: None,
        ratio_p99: None,
        micros_p50: None,
        micros_p99: None,
        micros_p95: None,
        megabytes: None,
        megabytes_more: None,
        kilobytes: None,
        share_least: None,
        count: None,
    };
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// A short name.
    pub id: String,
    /// What is measured, against what.
    pub what: String,
    /// What was found.
    pub measured: Figure,
    /// The baseline.
    pub baseline: Option<Figure>,
    /// Measured over baseline, per round.
    pub ratio: Option<Quantiles>,
    /// What must not be exceeded.
    pub target: Target,
}

impl Row {
    /// A row of times with a baseline.
    pub fn of(id: &str, what: impl Into<String>, rounds: &Rounds, target: Target) -> Self {
        Self {
            id: id.to_owned(),
            what: what.into(),
            measured: Figure::Time(rounds.measured()),
            baseline: Some(Figure::Time(rounds.baseline())),
            ratio: Some(rounds.ratio()),
            target,
        }
    }

    /// Each limit with its words and whether it is kept.
    fn limits(&self) -> Vec<(String, bool)> {
        let ratio = |part: fn(&Quantiles) -> f64| self.ratio.as_ref().map(part);
        let (p50, p99) = self.measured.quantiles();
        let memory = self.measured.megabytes();
        let more = memory.zip(self.baseline.and_then(Figure::megabytes)).map(|(all, bare)| all - bare);
        let (p95, weight) = (self.measured.tail(), self.measured.kilobytes());
        let rows = [
            (self.target.ratio_p50, ratio(|it| it.p50), "", "×"),
            (self.target.ratio_p99, ratio(|it| it.p99), "p99 ", "×"),
            (self.target.micros_p50.map(millis), p50.map(millis), "", " ms"),
            (self.target.micros_p99.map(millis), p99.map(millis), "p99 ", " ms"),
            (self.target.micros_p95.map(millis), p95.map(millis), "p95 ", " ms"),
            (self.target.megabytes, memory, "", " MB"),
            (self.target.megabytes_more, more, "baseline + ", " MB"),
            (self.target.kilobytes, weight, "", " kB"),
            (self.target.count, self.measured.count(), "", ""),
        ];
        let limit = |(limit, found, name, unit): (Option<f64>, Option<f64>, &str, &str)| {
            let limit = limit?;
            Some((format!("{name}≤ {limit}{unit}"), found.is_some_and(|found| found <= limit)))
        };
        let least = self.target.share_least.map(|least| {
            (format!("≥ {least} %"), self.measured.share().is_some_and(|found| found >= least))
        });
        rows.into_iter().filter_map(limit).chain(least).collect()
    }

    fn target_text(&self) -> String {
        self.limits().into_iter().map(|(words, _)| words).collect::<Vec<_>>().join(", ")
    }

    /// `ok`, `missed`, or nothing where nothing is promised.
    fn verdict(&self) -> &'static str {
        let limits = self.limits();
        match limits.iter().all(|(_, kept)| *kept) {
            _ if limits.is_empty() => "",
            true => "ok",
            false => "missed",
        }
    }

    fn cells(&self) -> [String; 9] {
        let [p50, p99] = self.measured.cells();
        let [base_p50, base_p99] = self.baseline.map_or_else(Default::default, |figure| figure.cells());
        let (ratio_p50, ratio_p99) = match (self.ratio, self.baseline) {
            (Some(ratio), Some(Figure::Time(_))) => (times(ratio.p50), times(ratio.p99)),
            (
                Some(ratio),
                Some(
                    Figure::Memory(_)
                    | Figure::Median(_)
                    | Figure::Tail { .. }
                    | Figure::Weight(_)
                    | Figure::Share(_)
                    | Figure::Count(_),
                )
                | None,
            ) => (times(ratio.p50), String::new()),
            (None, _) => Default::default(),
        };
        let ratio = if ratio_p99.is_empty() { ratio_p50 } else { format!("{ratio_p50} / {ratio_p99}") };
        let what = self.what.clone();
        [self.id.clone(), what, p50, p99, base_p50, base_p99, ratio, self.target_text(), self.bold()]
    }

    fn bold(&self) -> String {
        match self.verdict() {
            "missed" => "**missed**".to_owned(),
            other => other.to_owned(),
        }
    }

    fn json(&self) -> Value {
        let (p50, p99) = self.measured.quantiles();
        let (base_p50, base_p99) = self.baseline.map_or((None, None), |figure| figure.quantiles());
        json!({
            "row": self.id,
            "what": self.what,
            "p50_us": p50,
            "p99_us": p99,
            "p95_us": self.measured.tail(),
            "kilobytes": self.measured.kilobytes(),
            "megabytes": self.measured.megabytes(),
            "share": self.measured.share(),
            "count": self.measured.count(),
            "baseline_share": self.baseline.and_then(Figure::share),
            "baseline_p50_us": base_p50,
            "baseline_p99_us": base_p99,
            "baseline_megabytes": self.baseline.and_then(|figure| figure.megabytes()),
            "ratio_p50": self.ratio.map(|ratio| ratio.p50),
            "ratio_p99": self.ratio.map(|ratio| ratio.p99),
            "target": self.target_text(),
            "verdict": self.verdict(),
        })
    }
}

impl Figure {
    fn quantiles(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::Time(Quantiles { p50, p99 }) => (Some(p50), Some(p99)),
            Self::Median(p50) => (Some(p50), None),
            Self::Tail { p50, .. } => (Some(p50), None),
            Self::Memory(_) | Self::Weight(_) | Self::Share(_) | Self::Count(_) => (None, None),
        }
    }
    fn share(self) -> Option<f64> {
        match self {
            Self::Share(share) => Some(share),
            Self::Time(_)
            | Self::Median(_)
            | Self::Tail { .. }
            | Self::Memory(_)
            | Self::Weight(_)
            | Self::Count(_) => None,
        }
    }
    fn count(self) -> Option<f64> {
        match self {
            Self::Count(count) => Some(count),
            Self::Time(_)
            | Self::Median(_)
            | Self::Tail { .. }
            | Self::Memory(_)
            | Self::Weight(_)
            | Self::Share(_) => None,
        }
    }
    fn megabytes(self) -> Option<f64> {
        match self {
            Self::Memory(megabytes) => Some(megabytes),
            Self::Time(_)
            | Self::Median(_)
            | Self::Tail { .. }
            | Self::Weight(_)
            | Self::Share(_)
            | Self::Count(_) => None,
        }
    }
    fn tail(self) -> Option<f64> {
        match self {
            Self::Tail { p95, .. } => Some(p95),
            Self::Time(_)
            | Self::Median(_)
            | Self::Memory(_)
            | Self::Weight(_)
            | Self::Share(_)
            | Self::Count(_) => None,
        }
    }
    fn kilobytes(self) -> Option<f64> {
        match self {
            Self::Weight(kilobytes) => Some(kilobytes),
            Self::Time(_)
            | Self::Median(_)
            | Self::Memory(_)
            | Self::Tail { .. }
            | Self::Share(_)
            | Self::Count(_) => None,
        }
    }
    fn cells(self) -> [String; 2] {
        match self {
            Self::Time(Quantiles { p50, p99 }) => [span(p50), span(p99)],
            Self::Median(p50) => [span(p50), String::new()],
            Self::Tail { p50, p95 } => [span(p50), format!("p95 {}", span(p95))],
            Self::Memory(megabytes) => [format!("{megabytes:.1} MB"), String::new()],
            Self::Weight(kilobytes) => [format!("{kilobytes:.1} kB"), String::new()],
            Self::Share(share) => [format!("{share:.1} %"), String::new()],
            Self::Count(count) => [format!("{count}"), String::new()],
        }
    }
}

fn millis(micros: f64) -> f64 {
    micros / 1e3
}

fn span(micros: f64) -> String {
    match micros {
        micros if micros < 100.0 => format!("{micros:.1} µs"),
        micros if micros < 1e6 => format!("{:.3} ms", micros / 1e3),
        micros => format!("{:.2} s", micros / 1e6),
    }
}

fn times(ratio: f64) -> String {
    if ratio < 100.0 { format!("{ratio:.2}×") } else { format!("{ratio:.0}×") }
}

/// All rows.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    failures: Vec<(String, String)>,
}

const HEADS: [&str; 9] =
    ["row", "what", "p50", "p99", "baseline p50", "p99", "ratio p50 / p99", "target", ""];

impl Table {
    /// Adds rows.
    pub fn extend(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows);
    }

    /// A group that could not be measured: as bad as a missed target.
    pub fn failed(&mut self, group: &str, error: &anyhow::Error) {
        self.failures.push((group.to_owned(), format!("{error:#}")));
    }

    /// As people read it, and as Markdown.
    pub fn text(&self) -> String {
        let heads = HEADS.map(str::to_owned);
        let lines: Vec<[String; 9]> =
            std::iter::once(heads).chain(self.rows.iter().map(Row::cells)).collect();
        let width = |column: usize| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
        let mut text = String::from("\n");
        for (index, line) in lines.iter().enumerate() {
            let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            let _ = writeln!(text, "| {} |", cells.collect::<Vec<_>>().join(" | "));
            if index == 0 {
                let dashes = widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>();
                let _ = writeln!(text, "| {} |", dashes.join(" | "));
            }
        }
        for (group, error) in &self.failures {
            let _ = writeln!(text, "missed: {group} could not be measured: {error}");
        }
        let missed: Vec<_> = self.rows.iter().filter(|row| row.verdict() == "missed").collect();
        let names: Vec<&str> = missed.iter().map(|row| row.id.as_str()).collect();
        let _ = match names.is_empty() && self.failures.is_empty() {
            true => writeln!(text, "\nevery target is met"),
            false => writeln!(text, "\nmissed: {}", names.join(", ")),
        };
        text
    }

    /// One object per line.
    pub fn json(&self) -> String {
        let rows = self.rows.iter().map(Row::json);
        let failures = self
            .failures
            .iter()
            .map(|(group, error)| json!({ "row": group, "error": error, "verdict": "missed" }));
        rows.chain(failures).map(|row| format!("{row}\n")).collect()
    }
}
