//! The real `paydeskctl`, killed with SIGKILL or told to end with SIGTERM at named points, started again, and
//! compared with the bank: nothing lost, nothing doubled.
//!
//! `CRASH_ROUNDS` sets how many rounds run (100 without it).

#[cfg(unix)]
#[path = "crash/cables.rs"]
mod cables;
#[path = "crash/hosts.rs"]
mod hosts;
#[path = "crash/hubs.rs"]
mod hubs;
#[path = "crash/wallets.rs"]
mod wallets;

use acceptance::program::{Program, Shop, quick, until};
use acceptance::world::Form;
use serde_json::{Value, json};
use simulator::bank::{Kind, State};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How the program comes to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Death {
    /// SIGKILL: at once.
    Killed,
    /// SIGTERM: in order, and soon.
    ToldToEnd,
}

/// The longest that the program may take to its end when it is told to: it waits for an outcome, then stops
/// the till (`crates/ctl/src/limits.rs`); the rest is for a slow machine.
const SOON: Duration = Duration::from_secs(60);

/// Where the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    /// The payment is on disk; its request may or may not have left.
    Intended,
    /// The terminal works on it.
    Sent,
    /// The terminal has said something.
    Shown,
    /// The bank has decided; the answer has not arrived.
    Decided,
    /// The cashier is asked about the signature.
    Asked,
    /// The signature was refused a moment ago.
    Refused,
    /// The outcome is told.
    Settled,
    /// The next start enquires about it.
    Recovering,
    /// The terminal was occupied; the request goes out again.
    Resent,
    /// The cashier has asked to cancel.
    CalledOff,
    /// The refund of a payment is on its way.
    Refunding,
    /// A payment is being undone.
    Reversing,
}

const POINTS: &[(Point, Form)] = &[
    (Point::Intended, Form::Default),
    (Point::Intended, Form::Light),
    (Point::Sent, Form::Default),
    (Point::Sent, Form::Light),
    (Point::Shown, Form::Default),
    (Point::Decided, Form::Default),
    (Point::Decided, Form::Light),
    (Point::Asked, Form::Default),
    (Point::Asked, Form::Light),
    (Point::Refused, Form::Default),
    (Point::Refused, Form::Light),
    (Point::Settled, Form::Default),
    (Point::Settled, Form::Light),
    (Point::Recovering, Form::Default),
    (Point::Recovering, Form::Light),
    (Point::Resent, Form::Default),
    (Point::Resent, Form::Light),
    (Point::CalledOff, Form::Default),
    (Point::CalledOff, Form::Light),
    (Point::Refunding, Form::Default),
    (Point::Refunding, Form::Light),
    (Point::Reversing, Form::Default),
    (Point::Reversing, Form::Light),
];

#[test]
fn nothing_is_lost_and_nothing_doubled_wherever_the_program_dies() {
    let rounds = std::env::var("CRASH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(100);
    rounds_of(Death::Killed, rounds);
}

#[test]
fn nothing_is_lost_wherever_the_system_ends_the_program() {
    rounds_of(Death::ToldToEnd, POINTS.len() * 2);
}

/// Whoever names a payment, and was stopped in the middle of it, asks for it again: it is one payment, where
/// it was paid. Another reference, another amount and no reference at all are another payment.
#[test]
fn the_same_payment_asked_for_again_after_a_crash_is_charged_once() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    acceptance::program::paydeskctl();
    let cases = [
        (&["47.00", "--reference", "Table 9"][..], 1),
        (&["47.00", "--reference", "Table 8"], 2),
        (&["41.00", "--reference", "Table 9"], 2),
        (&["47.00", "--reference", "Table 9", "--cash-back", "5.00"], 2),
        (&["47.00"], 2),
    ];
    std::thread::scope(|scope| {
        for (again, charged) in cases {
            let runtime = &runtime;
            scope.spawn(move || {
                // Long enough to be stopped in the middle of it.
                let settings = simulator::nexo::Settings { host_ms: 6_000, ..quick() };
                let shop = runtime.block_on(Shop::open(Form::Light, settings, 1));
                let _inside = runtime.enter();
                let mut program = shop.run(&pay(&["47.00", "--reference", "Table 9"]));
                let first = program.kind("intended").expect("a payment is intended");
                reach(Point::Sent, &mut program, &shop);
                program.kill();
                let ended = shop.ran(&pay(again));
                assert_eq!(ended.code, Some(0), "{again:?}: {:#?}", ended.lines);
                let settled = ended.of("settled");
                let is_the_first = settled.last().is_some_and(|line| line["payment"] == first["payment"]);
                assert_eq!(is_the_first, charged == 1, "{again:?}: {settled:#?}");
                assert_eq!(shop.bank.transactions().len(), charged, "{again:?}");
            });
        }
    });
}

fn pay<'a>(amount_and_more: &[&'a str]) -> Vec<&'a str> {
    [&["pay", "--terminal", "desk", "--amount"], amount_and_more].concat()
}

fn rounds_of(death: Death, rounds: usize) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::<Vec<String>>::default());
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                loop {
                    let round = next.fetch_add(1, Ordering::SeqCst);
                    if round >= rounds {
                        return;
                    }
                    let (point, form) = POINTS[round % POINTS.len()];
                    if let Err(report) = die_at(point, form, death, round, &runtime) {
                        wrong.lock().unwrap().push(format!("round {round}, {point:?}, {form:?}: {report}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {rounds} rounds went wrong\n{}", wrong.len(), wrong.join("\n"));
}

fn die_at(
    point: Point,
    form: Form,
    death: Death,
    round: usize,
    runtime: &tokio::runtime::Runtime,
) -> Result<(), String> {
    let seed = u64::try_from(round).unwrap_or(0);
    let slow = simulator::nexo::Settings { host_ms: 1_500, ..quick() };
    let settings = if point == Point::Sent { slow } else { quick() };
    let shop = runtime.block_on(Shop::open(form, settings, seed));
    let _inside = runtime.enter();
    let wants_signature = matches!(point, Point::Asked | Point::Refused);
    // 12: approved, and the answer comes late; 08: a signature; 13: approved although it was called off;
    // 19: occupied twice.
    let amount = match point {
        Point::Decided | Point::Recovering => "47.12",
        Point::Resent => "47.19",
        Point::CalledOff => "47.13",
        _ if wants_signature => "47.08",
        _ => "47.00",
    };
    let mut program = match point {
        Point::Refunding | Point::Reversing => goes_back(point, &shop)?,
        _ => shop.run(&pay(&[amount])),
    };
    let intended = program.kind("intended").ok_or("no payment was intended")?;
    reach(point, &mut program, &shop);
    end(program, death)?;
    if point == Point::Recovering {
        let recovering = shop.run(&["recover", "--for", "60"]);
        until("the enquiry is seen", || {
            shop.terminal.trace().iter().any(|it| it.text.contains("TransactionStatusRequest"))
        });
        end(recovering, death)?;
    }
    let answer = if round.is_multiple_of(2) { "yes" } else { "no" };
    let recovered = shop.ran(&["recover", "--for", "120", "--answer", answer]);
    if recovered.code != Some(0) {
        return Err(format!("recover ended {:?}: {:#?}", recovered.code, recovered.lines));
    }
    compare(&shop, &intended)
}

/// How many messages of the trace hold this.
fn heard(shop: &Shop, part: &str) -> usize {
    shop.terminal.trace().iter().filter(|it| it.text.contains(part)).count()
}

/// A payment that is approved, and its refund or reversal on the way.
fn goes_back(point: Point, shop: &Shop) -> Result<Program, String> {
    let paid = shop.ran(&pay(&["47.00"]));
    let settled = paid.of("settled");
    let id = settled.first().and_then(|line| line["payment"].as_str()).ok_or("nothing was paid")?;
    Ok(match point {
        Point::Reversing => shop.run(&["reverse", "--payment", id]),
        _ => shop.run(&["refund", "--terminal", "desk", "--amount", "47.00", "--payment", id]),
    })
}

fn end(mut program: Program, death: Death) -> Result<(), String> {
    if death == Death::Killed {
        program.kill();
        return Ok(());
    }
    program.signal("TERM");
    let told = Instant::now();
    let ended = program.end();
    // What it says at its end is true, whatever it is; the books are compared below.
    let is_said = ended.of("settled").len() == 1 && matches!(ended.code, Some(0 | 3 | 5 | 6));
    if !is_said || told.elapsed() > SOON {
        return Err(format!("{:?} after {:?}: {:#?}", ended.code, told.elapsed(), ended.lines));
    }
    Ok(())
}

fn reach(point: Point, program: &mut Program, shop: &Shop) {
    match point {
        Point::Intended => {}
        Point::Sent => until("the terminal works", || shop.terminal.state().running.is_some()),
        Point::Shown => {
            program.line(|line| line["type"] == "display" && line["text"] == "Present card");
        }
        Point::Decided | Point::Recovering => {
            until("the bank decided", || !shop.bank.transactions().is_empty())
        }
        Point::Asked => {
            program.kind("prompt");
        }
        Point::Refused => {
            let prompt = program.kind("prompt").unwrap_or_default();
            program.say(&json!({ "prompt": prompt["id"], "answer": "no" }));
            until("the refusal arrived", || {
                let heard =
                    |text: &str| text.contains("ConfirmedFlag") || text.contains("<ReversalRequest");
                shop.terminal.trace().iter().any(|it| heard(&it.text))
            });
        }
        Point::Settled => {
            program.kind("settled");
        }
        Point::Resent => until("it is sent again", || heard(shop, "<PaymentRequest") > 1),
        Point::CalledOff => {
            until("the terminal works", || shop.terminal.state().running.is_some());
            program.signal("INT");
            until("the wish arrived", || heard(shop, "<AbortRequest") > 0);
        }
        Point::Refunding => until("the terminal has the refund", || heard(shop, "<PaymentRequest") > 1),
        Point::Reversing => until("the terminal has the reversal", || heard(shop, "<ReversalRequest") > 0),
    }
}

/// Journal and bank tell the same, by what any person can read.
fn compare(shop: &Shop, intended: &Value) -> Result<(), String> {
    let listed = shop.ran(&["payments"]);
    let rows = listed.of("payment");
    if !rows.iter().any(|row| row["payment"] == intended["payment"]) {
        return Err(format!("the payment is lost: {rows:#?}"));
    }
    if let Some(open) = rows.iter().find(|row| row["state"] != "closed") {
        return Err(format!("left open: {open:#}"));
    }
    let journal: i64 = rows.iter().map(|row| signed(row, &rows)).sum();
    let bank = shop.bank.balance("SEK");
    if journal != bank {
        return Err(format!("journal {journal}, bank {bank}: {rows:#?} {:#?}", shop.bank.transactions()));
    }
    for kind in [Kind::Payment, Kind::Refund] {
        let transactions = shop.bank.transactions();
        let done = transactions.iter().filter(|it| it.kind == kind && it.state == State::Approved).count();
        if done > 1 {
            return Err(format!("{kind:?} {done} times"));
        }
    }
    let verified = shop.ran(&["journal", "verify"]);
    if verified.code != Some(0) {
        return Err(format!("the journal does not verify: {:?}", verified.lines));
    }
    Ok(())
}

/// What a row moved: a payment that was undone for its signature shows nothing, and then its reversal counts
/// nothing either. There is one payment to undo.
fn signed(row: &Value, rows: &[&Value]) -> i64 {
    let minor = |row: &Value| {
        row["amount"].as_str().unwrap_or_default().replace('.', "").parse::<i64>().unwrap_or(0)
    };
    let undone = || rows.iter().find(|it| it["kind"] == "sale").map_or(0, |it| minor(it));
    match row["kind"].as_str() {
        Some("sale") => minor(row),
        Some("refund") => -minor(row),
        _ => -minor(row).min(undone()),
    }
}
