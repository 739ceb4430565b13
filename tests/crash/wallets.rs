//! The same at a wallet gateway.

use super::{Death, end};
use acceptance::program::{Program, until};
use acceptance::wallet_shop::{WalletShop, quick};
use serde_json::Value;
use simulator::bank::{Kind, State};
use simulator::pockyt::Settings;
use simulator::script::{Action, Rule, Script};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::Runtime;

/// Where the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    /// The payment is on disk; a transaction may or may not have been opened.
    Intended,
    /// A transaction is opened; its code may or may not have been charged.
    Opened,
    /// The gateway has the charge.
    Charged,
    /// The money is booked; the answer has not arrived.
    Booked,
    /// The till shows a code.
    Shown,
    /// The outcome is told.
    Settled,
    /// The next start enquires about it.
    Recovering,
    /// The cashier has asked to cancel.
    CalledOff,
    /// The refund of a payment is on its way.
    Refunding,
    /// A payment is being undone.
    Reversing,
}

const POINTS: [Point; 10] = [
    Point::Intended,
    Point::Opened,
    Point::Charged,
    Point::Booked,
    Point::Shown,
    Point::Settled,
    Point::Recovering,
    Point::CalledOff,
    Point::Refunding,
    Point::Reversing,
];

#[test]
fn no_wallet_is_charged_twice_or_in_vain_wherever_the_program_dies() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::<Vec<String>>::default());
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                loop {
                    let round = next.fetch_add(1, Ordering::SeqCst);
                    if round >= POINTS.len() * 4 {
                        return;
                    }
                    let point = POINTS[round % POINTS.len()];
                    let death = if round / POINTS.len() == 3 { Death::ToldToEnd } else { Death::Killed };
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

/// What is slow, so that the program can be met in the middle of it, and the ending of the code.
fn scene(point: Point) -> (Settings, Option<Script>, u64) {
    let late = |endpoint: &str| Script::new().rule(Rule::on(endpoint).times(1).act(Action::Late(2_000)));
    match point {
        Point::Intended | Point::Settled => (quick(), None, 0),
        Point::Opened => (quick(), Some(late("add")), 0),
        Point::Charged => {
            let slow = Rule::on("pay").times(1).act(Action::Slow(2_000));
            (quick(), Some(Script::new().rule(slow)), 0)
        }
        Point::Booked | Point::Recovering => (quick(), Some(late("pay")), 0),
        Point::Shown => (Settings { scans: false, ..quick() }, None, 0),
        Point::CalledOff => (quick(), None, 60),
        Point::Refunding => (quick(), Some(late("refund")), 0),
        Point::Reversing => (quick(), Some(late("cancel")), 0),
    }
}

fn die_at(point: Point, death: Death, runtime: &Runtime) -> Result<(), String> {
    let (settings, script, ends) = scene(point);
    let shop = runtime.block_on(WalletShop::open(settings, script, ""));
    let _inside = runtime.enter();
    let mut program = match point {
        Point::Refunding | Point::Reversing => goes_back(point, &shop)?,
        Point::Shown => shop.run(&["pay", "--terminal", "wallets", "--amount", "47.00"]),
        _ => shop.pay("47.00", &shop.code(ends)),
    };
    let intended = program.kind("intended").ok_or("no payment was intended")?;
    reach(point, &mut program, &shop);
    // Told to end, it waits for the outcome: a code that nobody scans takes minutes, and then there would be
    // nothing to recover.
    let death_now = if matches!(point, Point::Shown | Point::Recovering) { Death::Killed } else { death };
    end(program, death_now)?;
    if point == Point::Recovering {
        let before = shop.heard("tran-query");
        let recovering = shop.run(&["recover", "--for", "60"]);
        until("the enquiry is seen", || shop.heard("tran-query") > before);
        end(recovering, death)?;
    }
    // What nobody pays closes by itself within ten minutes: the gateway's clock is set, nobody waits.
    shop.gateway.turn(|knobs| knobs.skew_s = 700);
    let recovered = shop.ran(&["recover", "--for", "120"]);
    if recovered.code != Some(0) {
        return Err(format!("recover ended {:?}: {:#?}", recovered.code, recovered.lines));
    }
    compare(&shop, &intended)
}

/// A payment that is approved, and its refund or reversal on the way.
fn goes_back(point: Point, shop: &WalletShop) -> Result<Program, String> {
    let paid = shop.pay("47.00", &shop.code(0)).end();
    let settled = paid.of("settled");
    let id = settled.first().and_then(|line| line["payment"].as_str()).ok_or("nothing was paid")?;
    Ok(match point {
        Point::Reversing => shop.run(&["reverse", "--payment", id]),
        _ => shop.run(&["refund", "--terminal", "wallets", "--amount", "47.00", "--payment", id]),
    })
}

fn reach(point: Point, program: &mut Program, shop: &WalletShop) {
    let heard = |endpoint: &str| until(endpoint, || shop.heard(endpoint) > 0);
    match point {
        Point::Intended => {}
        Point::Opened => heard("add"),
        Point::Charged => {
            program.line(|line| line["type"] == "display" && line["text"] == "Charging the wallet");
        }
        Point::Booked | Point::Recovering => {
            until("the money is booked", || !shop.bank.transactions().is_empty());
        }
        Point::Shown => {
            program.kind("code");
        }
        Point::Settled => {
            program.kind("settled");
        }
        Point::CalledOff => {
            heard("pay");
            program.signal("INT");
            heard("cancel");
        }
        Point::Refunding => heard("refund"),
        Point::Reversing => heard("cancel"),
    }
}

/// Journal and bank tell the same, by what any person can read.
fn compare(shop: &WalletShop, intended: &Value) -> Result<(), String> {
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
        if done > 1 || shop.heard("pay") > 1 {
            return Err(format!("{kind:?} {done} times, {} charges", shop.heard("pay")));
        }
    }
    let verified = shop.ran(&["journal", "verify"]);
    if verified.code != Some(0) || !shop.gateway.complaints().is_empty() {
        return Err(format!("{:?} {:?}", verified.lines, shop.gateway.complaints()));
    }
    Ok(())
}
