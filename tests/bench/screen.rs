//! The interface: how heavy it is, and how quickly it shows what happened, in the system's browser against
//! the real till. The scripts that measure are the interface's own (`ui/test`); here their figures become
//! rows.

use crate::limits::{self, Scale};
use crate::place;
use crate::table::{Figure, Row, Target};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let weights = script("test/size.mjs", &["--json"])?;
    let weight = |part: &str| weights[part].as_f64().with_context(|| format!("no weight of {part}"));
    let others = format!(
        "all scripts of both windows, compressed; beside it: styles {} kB, words {} kB of English and {} kB \
         of Swedish",
        weight("styles")?,
        weight("english")?,
        weight("swedish")?
    );
    let code = Row {
        id: "interface code".to_owned(),
        what: others,
        measured: Figure::Weight(weight("code")?),
        baseline: None,
        ratio: None,
        target: limits::INTERFACE_CODE,
    };
    let times = script("test/browser/measure.mjs", &[&scale.keys.to_string(), &scale.texts.to_string()])?;
    let time = |id: &str, what: &str, name: &str, target: Target| {
        let part = |part: &str| times[name][part].as_f64().map(|millis| millis * 1e3);
        let (p50, p95) = part("p50").zip(part("p95")).with_context(|| format!("no times of {name}"))?;
        let measured = Figure::Tail { p50, p95 };
        anyhow::Ok(Row {
            id: id.to_owned(),
            what: what.to_owned(),
            measured,
            baseline: None,
            ratio: None,
            target,
        })
    };
    Ok(vec![
        code,
        time("key to sent", "from the key that pays to `sent` on the screen", "key", limits::KEY_TO_SENT)?,
        time(
            "text to painted",
            "a text of the terminal, from its write to the painted screen",
            "text",
            limits::TEXT_TO_PAINTED,
        )?,
    ])
}

/// The figures that a script of the interface prints.
fn script(name: &str, arguments: &[&str]) -> Result<Value> {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui");
    let program = place::programs()?.join("paydeskctl");
    ensure!(program.exists(), "{} is not built", program.display());
    let mut node = Command::new("node");
    node.arg(name).args(arguments).current_dir(ui).env("PAYDESKCTL", program);
    let output = node.output().context("node cannot be started")?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}
