//! Reads scripts written as TOML: names of actions and their parameters.
//!
//! Invariant: an unknown key, name or a missing parameter is an error, never ignored; a script that loads
//! does what it says.

use serde::Deserialize;

use super::{Action, Delivery, Move, Oddity, Outcome, Restart, Rule, Script, Source, Step, Twist, When};

/// Why a text is not a script.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// Not TOML, or a key or type that does not exist.
    #[error("script: {0}")]
    Syntax(String),
    /// A name or parameter that makes no sense.
    #[error("script, rule {rule}: {what}")]
    Rule {
        /// Number of the rule, from 1.
        rule: usize,
        /// What is wrong.
        what: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScript {
    #[serde(default)]
    rule: Vec<RawRule>,
    terminal: Option<toml::Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    category: Option<String>,
    amount: Option<String>,
    transaction: Option<String>,
    nth: Option<u32>,
    times: Option<u32>,
    #[serde(rename = "do")]
    actions: Actions,
    condition: Option<String>,
    receipt: Option<bool>,
    ms: Option<u64>,
    count: Option<u32>,
    code: Option<u16>,
    bytes: Option<u32>,
    text: Option<String>,
    tip: Option<String>,
    part: Option<String>,
    arc: Option<String>,
    #[serde(default)]
    step: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    #[serde(rename = "do")]
    what: String,
    digits: Option<u8>,
    ms: u64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Actions {
    One(String),
    Many(Vec<String>),
}

pub(super) fn script(text: &str) -> Result<Script, ScriptError> {
    let raw: RawScript = toml::from_str(text).map_err(|error| ScriptError::Syntax(error.to_string()))?;
    let mut script = Script { knobs: raw.terminal, ..Script::default() };
    for (index, raw) in raw.rule.iter().enumerate() {
        let rule = rule(raw).map_err(|what| ScriptError::Rule { rule: index + 1, what })?;
        script = script.rule(rule);
    }
    Ok(script)
}

fn rule(raw: &RawRule) -> Result<Rule, String> {
    let amount =
        raw.amount.as_deref().map(|text| minor(text).ok_or_else(|| format!("{text} is not an amount")));
    let names: Vec<&str> = match &raw.actions {
        Actions::One(name) => vec![name],
        Actions::Many(names) => names.iter().map(String::as_str).collect(),
    };
    let busy = names.contains(&"busy").then(|| raw.count.unwrap_or(1));
    let mut rule = Rule::when(When {
        category: raw.category.clone(),
        amount: amount.transpose()?,
        transaction: raw.transaction.clone(),
        nth: raw.nth,
        times: raw.times.or(busy),
    });
    for name in names {
        rule.actions.extend(actions(name, raw)?);
    }
    rule.actions.extend(particulars(raw)?);
    Ok(rule)
}

/// What goes with an outcome: amounts, the host's code, and what the customer does.
fn particulars(raw: &RawRule) -> Result<Vec<Action>, String> {
    let amount = |text: &String| minor(text).ok_or_else(|| format!("{text} is not an amount"));
    let mut actions = Vec::new();
    actions.extend(raw.tip.as_ref().map(amount).transpose()?.map(Action::Tip));
    actions.extend(raw.part.as_ref().map(amount).transpose()?.map(Action::Part));
    actions.extend(raw.arc.clone().map(Action::Arc));
    let steps = raw.step.iter().map(step).collect::<Result<Vec<_>, _>>()?;
    if steps.iter().any(|step| step.what == Move::Cancel) {
        actions.push(Outcome::Cancel.into());
    }
    if !steps.is_empty() {
        actions.push(Action::Steps(steps));
    }
    Ok(actions)
}

fn step(raw: &RawStep) -> Result<Step, String> {
    let what = match raw.what.as_str() {
        "present" => Move::Present,
        "pin" => Move::Pin(raw.digits.unwrap_or(4)),
        "cancel" => Move::Cancel,
        "remove" => Move::Remove,
        other => return Err(format!("no customer does \"{other}\"")),
    };
    Ok(Step { what, after_ms: raw.ms })
}

/// An amount with two decimals at most, in minor units.
fn minor(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 2 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{fraction:0<2}").parse().ok()
}

fn actions(name: &str, raw: &RawRule) -> Result<Vec<Action>, String> {
    let named =
        customer(name, raw).or_else(|| source(name)).or_else(|| twist(name)).or_else(|| oddity(name));
    if let Some(action) = named {
        return Ok(vec![action]);
    }
    match transport(name, raw)? {
        Some(actions) => Ok(actions),
        None => machine(name, raw),
    }
}

fn customer(name: &str, raw: &RawRule) -> Option<Action> {
    let outcome = match name {
        "approve" => Outcome::Approve,
        "tip" => Outcome::Tip,
        "partial" => Outcome::Partial { condition: raw.condition.clone() },
        "signature" => Outcome::Signature,
        "race" => Outcome::Race,
        "decline" => Outcome::Decline {
            condition: raw.condition.clone().unwrap_or_else(|| "Refusal".to_owned()),
            receipt: raw.receipt.unwrap_or(true),
        },
        "cancel" => Outcome::Cancel,
        "until_aborted" => Outcome::UntilAborted,
        _ => return None,
    };
    Some(Action::Outcome(outcome))
}

fn source(name: &str) -> Option<Action> {
    let source = match name {
        "contactless" => Source::Contactless,
        "chip" => Source::Chip,
        "stripe" => Source::Stripe,
        "keyed" => Source::Keyed,
        "mobile" => Source::Mobile,
        _ => return None,
    };
    Some(Action::Source(source))
}

fn twist(name: &str) -> Option<Action> {
    let twist = match name {
        "wrong_service_id" => Twist::WrongServiceId,
        "wrong_sale_id" => Twist::WrongSaleId,
        "wrong_poi_id" => Twist::WrongPoiId,
        "wrong_amount" => Twist::WrongAmount,
        "wrong_currency" => Twist::WrongCurrency,
        "wrong_transaction" => Twist::WrongTransaction,
        "unknown_condition" => Twist::UnknownCondition,
        "unknown_result" => Twist::UnknownResult,
        "no_receipts" => Twist::NoReceipts,
        "bad_receipts" => Twist::BadReceipts,
        "full_pan" => Twist::FullPan,
        "bare" => Twist::Bare,
        _ => return None,
    };
    Some(Action::Twist(twist))
}

fn oddity(name: &str) -> Option<Action> {
    let oddity = match name {
        "parallel_displays" => Oddity::ParallelDisplays,
        "input_twice" => Oddity::InputTwice,
        "unknown_print" => Oddity::UnknownPrint,
        "unknown_event" => Oddity::UnknownEvent,
        "foreign_poi_id" => Oddity::ForeignPoiId,
        _ => return None,
    };
    Some(Action::Oddity(oddity))
}

fn transport(name: &str, raw: &RawRule) -> Result<Option<Vec<Action>>, String> {
    let delivery = match name {
        "chunked" => Delivery::Chunked,
        "http10" => Delivery::Http10,
        "refuse_connection" => Delivery::Refused,
        "cut_before" => return Ok(Some(vec![Action::Unprocessed, Delivery::Cut.into()])),
        "cut_after" => Delivery::Cut,
        "cut_middle" => Delivery::CutMiddle,
        "close" => Delivery::Close,
        "never" => Delivery::Never,
        "empty_200" => Delivery::Empty,
        "no_content" => Delivery::NoContent,
        "status" => Delivery::Status(needed(raw.code, "code")?),
        "garbage" => Delivery::Garbage,
        "truncated_xml" => Delivery::Truncated,
        "entity_bomb" => Delivery::EntityBomb,
        "deep_nesting" => Delivery::Deep,
        "oversize" => Delivery::Oversize(raw.bytes.unwrap_or(9 << 20)),
        "answer_twice" => Delivery::Twice,
        _ => return Ok(None),
    };
    Ok(Some(vec![delivery.into()]))
}

fn machine(name: &str, raw: &RawRule) -> Result<Vec<Action>, String> {
    let restart = |before, forgets| Action::Restart(Restart { before, forgets });
    let action = match name {
        "slow" => Action::Slow(needed(raw.ms, "ms")?),
        "late" => Action::Late(needed(raw.ms, "ms")?),
        "hold" => Action::Hold(needed(raw.ms, "ms")?),
        "unprocessed" => Action::Unprocessed,
        "sticky" => Action::Sticky,
        "busy" => Action::Fail("Busy".to_owned()),
        "in_progress" => Action::Fail("InProgress".to_owned()),
        "not_allowed" => Action::Fail("NotAllowed".to_owned()),
        "logged_out" => Action::Fail("LoggedOut".to_owned()),
        "fail" => Action::Fail(needed(raw.condition.clone(), "condition")?),
        "reboot" => restart(false, false),
        "reboot_lose_memory" => restart(false, true),
        "reboot_before" => restart(true, false),
        "reboot_before_lose_memory" => restart(true, true),
        "entry" => Action::Entry(needed(raw.text.clone(), "text")?),
        "no_receipt_lines" => Action::NoReceiptLines,
        other => return Err(format!("do = \"{other}\" does not exist")),
    };
    Ok(vec![action])
}

fn needed<T>(value: Option<T>, name: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("{name} is missing"))
}

#[cfg(test)]
mod tests {
    use super::super::{Occasion, Rule};
    use super::*;

    #[test]
    fn rules_match_in_order_and_count() {
        let mut script = Script::from_toml(
            "[[rule]]\ncategory = \"Payment\"\nnth = 2\ndo = [\"decline\", \"late\"]\nms = 500\n\
             condition = \"InvalidCard\"\n[[rule]]\namount = \"12.5\"\ndo = \"busy\"\ncount = 2\n",
        )
        .unwrap();
        let payment = Occasion {
            category: "Payment".to_owned(),
            amount: Some(1250),
            transaction: Some("T".to_owned()),
        };
        let busy = vec![Action::Fail("Busy".to_owned())];
        let decline = Outcome::Decline { condition: "InvalidCard".to_owned(), receipt: true };
        assert_eq!(script.decide(&payment), busy);
        assert_eq!(script.decide(&payment), vec![Action::Outcome(decline), Action::Late(500)]);
        assert_eq!(script.decide(&payment), busy);
        assert_eq!(script.decide(&payment), Vec::new());
    }

    #[test]
    fn mistakes_are_told() {
        let error = |text| Script::from_toml(text).unwrap_err().to_string();
        assert_eq!(error("[[rule]]\ndo = \"aprove\""), "script, rule 1: do = \"aprove\" does not exist");
        assert_eq!(error("[[rule]]\ndo = \"slow\""), "script, rule 1: ms is missing");
        assert!(error("[[rule]]\ndo = \"slow\"\nmilliseconds = 3").contains("milliseconds"));
        assert!(error("[[rule]]\namount = \"1.234\"\ndo = \"tip\"").contains("not an amount"));
        assert!(error("[[regel]]\ndo = \"tip\"").contains("regel"));
        assert!(error("[[rule]]\ndo = \"tip\"\ntip = \"lots\"").contains("not an amount"));
        let step = "[[rule]]\ndo = \"chip\"\n[[rule.step]]\ndo = \"dance\"\nms = 1";
        assert_eq!(error(step), "script, rule 1: no customer does \"dance\"");
    }

    #[test]
    fn amounts_are_minor_units() {
        assert_eq!(["12", "12.5", "12.50", "0.01"].map(minor), [1200, 1250, 1250, 1].map(Some));
        assert_eq!(["", "-1", "1,2", "1.234", ".5"].map(minor), [None; 5]);
    }

    #[test]
    fn knobs_are_kept_for_the_terminal() {
        let script = Script::from_toml("[terminal]\nnumber = \"555002\"\n").unwrap();
        assert!(script.knobs().is_some_and(|knobs| knobs.contains_key("number")));
        assert_eq!(script.clone().rule(Rule::on("Login")).knobs(), script.knobs());
    }
}
