//! The same at a device on a cable, over a pseudo-terminal.

use super::{Death, end};
use acceptance::cable_shop::{CableShop, quick};
use acceptance::program::{Program, until};
use serde_json::Value;
use simulator::bank::{Kind, State};
use simulator::kayaaku::Settings;
use simulator::script::{Action, Rule, Script};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::Runtime;

/// Where the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    /// The payment is on disk; it may or may not have been sent.
    Intended,
    /// The device has it; the customer has not paid.
    Accepted,
    /// The money is booked; the result has not been told.
    Booked,
    /// The outcome is told.
    Settled,
    /// The next start enquires about it.
    Recovering,
    /// The cashier has asked to cancel.
    CalledOff,
    /// A payment is being undone.
    Reversing,
    /// A payment is being refunded.
    Refunding,
}

const POINTS: [Point; 8] = [
    Point::Intended,
    Point::Accepted,
    Point::Booked,
    Point::Settled,
    Point::Recovering,
    Point::CalledOff,
    Point::Reversing,
    Point::Refunding,
];

#[test]
fn nobody_pays_twice_or_in_vain_on_a_cable_wherever_the_program_dies() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::<Vec<String>>::default());
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let round = next.fetch_add(1, Ordering::SeqCst);
                    if round >= POINTS.len() * 3 {
                        return;
                    }
                    let point = POINTS[round % POINTS.len()];
                    let death = if round / POINTS.len() == 2 { Death::ToldToEnd } else { Death::Killed };
                    if let Err(report) = die_at(point, death, &runtime) {
                        wrong.lock().unwrap().push(format!("round {round}, {point:?} {death:?}: {report}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} rounds went wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// What is slow, so that the program can be met in the middle of it, and how customers pay.
fn scene(point: Point) -> (Settings, Option<Script>, &'static str) {
    let late =
        |category: &str| Some(Script::new().rule(Rule::on(category).times(1).act(Action::Late(2_000))));
    let card = "payment_type = \"01\"\n";
    match point {
        Point::Intended | Point::Settled => (quick(), None, card),
        Point::Accepted => (Settings { customer_ms: 2_000, ..quick() }, None, card),
        Point::Booked | Point::Recovering => (Settings { next_ms: 2_000, ..quick() }, None, card),
        Point::CalledOff => (Settings { customer_ms: 20_000, ..quick() }, None, card),
        Point::Reversing => (quick(), late("void"), card),
        Point::Refunding => (quick(), late("refund"), "payment_type = \"04\"\n"),
    }
}

fn die_at(point: Point, death: Death, runtime: &Runtime) -> Result<(), String> {
    let _inside = runtime.enter();
    let (settings, script, more) = scene(point);
    let shop = CableShop::open(settings, script, more);
    let mut program = match point {
        Point::Reversing | Point::Refunding => goes_back(point, &shop)?,
        _ => shop.pay("47.00"),
    };
    let intended = program.kind("intended").ok_or("no payment was intended")?;
    reach(point, &mut program, &shop);
    end(program, if point == Point::Recovering { Death::Killed } else { death })?;
    if point == Point::Recovering {
        let recovering = shop.run(&["recover", "--for", "60"]);
        until("the enquiry is seen", || shop.heard("enquire") > 0);
        end(recovering, death)?;
    }
    let recovered = shop.ran(&["recover", "--for", "180"]);
    if recovered.code != Some(0) {
        return Err(format!("recover ended {:?}: {:#?}", recovered.code, recovered.lines));
    }
    compare(&shop, &intended)
}

/// A payment that is approved, and its refund or reversal on the way.
fn goes_back(point: Point, shop: &CableShop) -> Result<Program, String> {
    let paid = shop.pay("47.00").end();
    let settled = paid.of("settled");
    let id = settled.first().and_then(|line| line["payment"].as_str()).ok_or("nothing was paid")?;
    Ok(match point {
        Point::Reversing => shop.run(&["reverse", "--payment", id]),
        _ => shop.run(&["refund", "--terminal", "desk", "--amount", "47.00", "--payment", id]),
    })
}

fn reach(point: Point, program: &mut Program, shop: &CableShop) {
    match point {
        Point::Intended => {}
        Point::Accepted => until("it runs", || !shop.device.transactions().is_empty()),
        Point::Booked | Point::Recovering => {
            until("the money is booked", || !shop.bank.transactions().is_empty());
        }
        Point::Settled => {
            program.kind("settled");
        }
        Point::CalledOff => {
            until("it runs", || !shop.device.transactions().is_empty());
            program.signal("INT");
            until("it is asked to cancel", || shop.heard("0018") > 0);
        }
        Point::Reversing => until("it is voided", || !shop.bank.reversals().is_empty()),
        Point::Refunding => until("it is refunded", || shop.bank.transactions().len() > 1),
    }
}

/// Journal and bank tell the same, by what any person can read.
fn compare(shop: &CableShop, intended: &Value) -> Result<(), String> {
    let listed = shop.ran(&["payments"]);
    let rows = listed.of("payment");
    if !rows.iter().any(|row| row["payment"] == intended["payment"]) {
        return Err(format!("the payment is lost: {rows:#?}"));
    }
    if let Some(open) = rows.iter().find(|row| row["state"] != "closed") {
        return Err(format!("left open: {open:#}"));
    }
    let minor = |row: &Value| {
        row["amount"].as_str().unwrap_or_default().replace('.', "").parse::<i64>().unwrap_or(0)
    };
    let journal: i64 =
        rows.iter().map(|row| if row["kind"] == "sale" { minor(row) } else { -minor(row) }).sum();
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
    if verified.code != Some(0) || !shop.device.complaints().is_empty() {
        return Err(format!("{:?} {:?}", verified.lines, shop.device.complaints()));
    }
    Ok(())
}
