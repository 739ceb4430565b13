//! Dossier section 9, code by code: what each one does to a payment, an enquiry, a void and a refund.

use super::stage::{back, sale, sent, stage};
use domain::operation::{Kind, Step};
use domain::outcome::{Certainty, Fault, Outcome, Reason, Recovered, Said};
use std::collections::BTreeSet;
use std::time::Duration;
use terminals::Terminal;
use wire::kayaaku::Code;

/// Codes with one effect: on a payment, an enquiry, a void, a refund.
type Row = (&'static str, [&'static str; 4]);

const DID_NOT_BEGIN: [&str; 4] = ["refused", "cannot tell", "refused", "refused"];
const NOBODY_KNOWS: [&str; 4] = ["asked", "cannot tell", "asked", "asked"];

/// The table. "asked": nothing is concluded from the code, and enquiries go on.
const TABLE: &[Row] = &[
    ("00", ["approved", "approved", "done", "done"]),
    ("01 02 03 04 05 06", DID_NOT_BEGIN),
    ("07 38 39 40 41 44 46 53 54 55 56 58", DID_NOT_BEGIN),
    ("08 09 10 11 12 13 14 15 16", DID_NOT_BEGIN),
    ("17 18", DID_NOT_BEGIN),
    ("19 20 43 48 57 79", DID_NOT_BEGIN),
    ("21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 64", DID_NOT_BEGIN),
    ("42", NOBODY_KNOWS),
    ("45", NOBODY_KNOWS),
    ("47 KA025", NOBODY_KNOWS),
    ("49", ["refused", "no record", "looked into", "asked"]),
    ("50", ["refused", "taken back", "looked into", "asked"]),
    ("51", ["declined", "declined", "refused", "refused"]),
    ("52", ["declined", "declined", "refused", "refused"]),
    ("59", ["refused", "cannot tell", "looked into", "asked"]),
    ("60", NOBODY_KNOWS),
    ("61 62", DID_NOT_BEGIN),
    ("63", ["asked", "running", "asked", "asked"]),
    ("75", NOBODY_KNOWS),
    ("76", ["declined", "declined", "refused", "refused"]),
    ("77 KA022", ["busy", "running", "asked", "asked"]),
    ("78", ["disputed", "running", "asked", "disputed"]),
    ("90 91", DID_NOT_BEGIN),
    ("92", NOBODY_KNOWS),
    ("KA001 KA004 KA010 KA012 KA021", ["declined", "declined", "refused", "refused"]),
    ("KA002 KA006 KA007 KA008 KA013 KA020", ["declined", "declined", "refused", "refused"]),
    ("KA003 KA005 KA019", ["cancelled", "cancelled", "refused", "refused"]),
    ("KA009 KA011", DID_NOT_BEGIN),
    ("KA023", NOBODY_KNOWS),
    ("KA024", ["asked", "running", "asked", "disputed"]),
    ("KA026", NOBODY_KNOWS),
    ("KA099 AR001", NOBODY_KNOWS),
    // Gaps of the list are unknown.
    ("65 74 80 89 93 99 KA014 KA018 KA027 AR002 000 KP000 x", NOBODY_KNOWS),
];

fn said(said: Said) -> &'static str {
    match said {
        Said::Approved => "approved",
        Said::Partial => "partial",
        Said::Declined => "declined",
        Said::Cancelled => "cancelled",
    }
}

/// The host knows nothing of the payment, so that whatever is concluded comes from the code.
async fn payment(code: &str) -> &'static str {
    let stage = stage();
    stage.far.says("pay", code);
    stage.far.says("enquire", "49");
    match stage.pay().await {
        Ok(outcome) if stage.far.count("enquire") == 0 => said(outcome.said),
        Ok(_) => "an outcome that nobody told",
        Err(Fault { certainty: Certainty::Unknown, reason: Reason::ReferenceInUse, .. }) => "disputed",
        Err(Fault { certainty: Certainty::Unknown, .. }) if stage.far.count("enquire") > 0 => "asked",
        Err(Fault { certainty: Certainty::Unknown, .. }) => "unknown and not asked about",
        Err(Fault { certainty: Certainty::Refused, .. }) if stage.far.count("not_started") > 0 => "busy",
        Err(Fault { certainty: Certainty::Refused, .. }) => "refused",
        Err(Fault { certainty: Certainty::NotSent, .. }) => "not sent",
    }
}

async fn enquiry(code: &str) -> &'static str {
    let stage = stage();
    stage.far.says("enquire", code);
    tokio::time::sleep(Duration::from_secs(200)).await;
    match stage.driver.recover(&sale(), &[sent("ref1", Step::First)]).await {
        Ok(Recovered::Settled(outcome)) => said(outcome.said),
        Ok(Recovered::NeverSeen(_)) => "no record",
        Ok(Recovered::StillRunning) => "running",
        Ok(Recovered::NotSeenYet) => "may arrive",
        Ok(Recovered::CannotTell) => "taken back",
        Ok(Recovered::SessionLost) => "a session that no host has",
        Err(Fault { certainty: Certainty::Unknown, .. }) => "cannot tell",
        Err(_) => "an enquiry that concludes something",
    }
}

/// The host does not tell more, so that whatever is concluded comes from the code.
async fn given_back(code: &str, call: &'static str) -> &'static str {
    let stage = stage();
    stage.far.says(call, code);
    stage.far.says("enquire", "63");
    let operation =
        if call == "void" { back(Kind::Reversal, 1850, "01") } else { back(Kind::Refund, 500, "04") };
    let ended: Result<Outcome, Fault> = stage.perform(&operation).await;
    match ended {
        Ok(outcome) if outcome.said == Said::Approved && stage.far.count("enquire") == 0 => "done",
        Ok(_) => "an outcome that nobody told",
        Err(Fault { certainty: Certainty::Refused, .. }) => "refused",
        Err(Fault { certainty: Certainty::NotSent, .. }) => "not sent",
        Err(Fault { reason: Reason::ReferenceInUse, .. }) => "disputed",
        // A void that nobody knows of is sent again; one in the wrong state is not.
        Err(_) if call == "void" && stage.far.count("void") == 1 => "looked into",
        Err(_) if stage.far.count("refund") <= 1 && stage.far.count("enquire") > 0 => "asked",
        Err(_) => "a second refund",
    }
}

#[tokio::test(start_paused = true)]
async fn each_code_does_to_each_call_what_the_table_says() {
    let mut wrong = Vec::new();
    for (codes, expected) in TABLE {
        for code in codes.split(' ') {
            let found = [
                payment(code).await,
                enquiry(code).await,
                given_back(code, "void").await,
                given_back(code, "refund").await,
            ];
            if found != *expected {
                wrong.push(format!("{code}: {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_lists_every_code_that_the_wire_lists_once() {
    let listed: Vec<_> = TABLE.iter().flat_map(|(codes, _)| codes.split(' ')).collect();
    let once: BTreeSet<_> = listed.iter().copied().collect();
    assert_eq!(once.len(), listed.len());
    let missing: Vec<_> = Code::all().filter(|code| !once.contains(code.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
