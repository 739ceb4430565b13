//! The same at a terminal with an ECR Hub, over real WebSockets, over pseudo-terminals and behind a gateway.

use super::{Death, end};
use acceptance::hub_shop::{HubShop, quick};
use acceptance::program::{Program, until};
use serde_json::Value;
use simulator::bank::{Kind, State};
use simulator::ecrhub::{AfterLoss, Settings};
use simulator::script::{Action, Rule, Script};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::{Handle, Runtime};

/// Where the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    /// The payment is on disk; it may or may not have been sent.
    Intended,
    /// The terminal has the order; the customer has not paid.
    Waiting,
    /// The money is booked; the answer has not been told.
    Booked,
    /// The outcome is told.
    Settled,
    /// The next start queries about it.
    Recovering,
    /// The cashier has asked to cancel.
    CalledOff,
    /// A payment is being voided.
    Voiding,
    /// A payment is being refunded.
    Refunding,
}

const POINTS: [Point; 8] = [
    Point::Intended,
    Point::Waiting,
    Point::Booked,
    Point::Settled,
    Point::Recovering,
    Point::CalledOff,
    Point::Voiding,
    Point::Refunding,
];

type Opens = fn(&Handle, Settings, Option<Script>, &str) -> HubShop;

/// On the network, on a cable, and in the cloud.
const WAYS: [Opens; 3] = [HubShop::open, HubShop::on_cable, HubShop::in_cloud];

#[test]
fn nobody_pays_twice_or_in_vain_at_a_hub_wherever_the_program_dies() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::<Vec<String>>::default());
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let round = next.fetch_add(1, Ordering::SeqCst);
                    if round >= POINTS.len() * 3 * WAYS.len() {
                        return;
                    }
                    let (way, round) = (round % WAYS.len(), round / WAYS.len());
                    let point = POINTS[round % POINTS.len()];
                    let death = if round / POINTS.len() == 2 { Death::ToldToEnd } else { Death::Killed };
                    let after = if round % 2 == 0 { AfterLoss::Push } else { AfterLoss::Query };
                    if let Err(report) = die_at(point, death, after, WAYS[way], &runtime) {
                        let what = format!("round {round}, {way}, {point:?} {death:?}: {report}");
                        wrong.lock().unwrap().push(what);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} rounds went wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// What is slow, so that the program can be met in the middle of it.
fn scene(point: Point, after_loss: AfterLoss) -> (Settings, Option<Script>) {
    let usual = Settings { after_loss, ..quick() };
    let late =
        |category: &str| Some(Script::new().rule(Rule::on(category).times(1).act(Action::Late(2_000))));
    match point {
        Point::Intended | Point::Settled => (usual, None),
        Point::Waiting => (Settings { touch_ms: 2_000, ..usual }, None),
        Point::Booked | Point::Recovering => (usual, late("pay")),
        Point::CalledOff => (Settings { touch_ms: 20_000, ..usual }, None),
        Point::Voiding => (usual, late("void")),
        Point::Refunding => (usual, late("refund")),
    }
}

fn die_at(
    point: Point,
    death: Death,
    after_loss: AfterLoss,
    open: Opens,
    runtime: &Runtime,
) -> Result<(), String> {
    let (settings, script) = scene(point, after_loss);
    let shop = open(runtime.handle(), settings, script, "believe_not_found = true\n");
    let mut program = match point {
        Point::Voiding | Point::Refunding => goes_back(point, &shop)?,
        Point::Intended
        | Point::Waiting
        | Point::Booked
        | Point::Settled
        | Point::Recovering
        | Point::CalledOff => shop.pay("47.00"),
    };
    let intended = program.kind("intended").ok_or("no payment was intended")?;
    reach(point, &mut program, &shop);
    end(program, if point == Point::Recovering { Death::Killed } else { death })?;
    if point == Point::Recovering {
        let before = queries(&shop);
        let recovering = shop.run(&["recover", "--for", "60"]);
        until("the query is seen", || queries(&shop) > before);
        end(recovering, death)?;
    }
    // An order that never left is believed lost after minutes only; until then the payment stays open.
    if shop.terminal.orders().is_empty() && point == Point::Intended {
        return stays_open(&shop, &intended);
    }
    let recovered = shop.ran(&["recover", "--for", "180"]);
    if recovered.code != Some(0) {
        return Err(format!("recover ended {:?}: {:#?}", recovered.code, recovered.lines));
    }
    compare(&shop, &intended)
}

fn queries(shop: &HubShop) -> usize {
    shop.terminal.trace().iter().filter(|line| line.contains(" query ")).count()
}

fn stays_open(shop: &HubShop, intended: &Value) -> Result<(), String> {
    let recovered = shop.ran(&["recover", "--for", "5"]);
    let listed = shop.ran(&["payments"]);
    let row = listed.of("payment").into_iter().find(|row| row["payment"] == intended["payment"]).cloned();
    let row = row.ok_or("the payment is lost")?;
    let is_known_unsent = row["outcome"] == "not_charged" && recovered.code == Some(0);
    let is_open = row["state"] != "closed" && recovered.code == Some(5);
    let is_nowhere = shop.bank.transactions().is_empty();
    if (is_known_unsent || is_open) && is_nowhere { Ok(()) } else { Err(format!("{recovered:#?} {row:#}")) }
}

/// A payment that is approved, and its refund or void on the way.
fn goes_back(point: Point, shop: &HubShop) -> Result<Program, String> {
    let paid = shop.pay("47.00").end();
    let settled = paid.of("settled");
    let id = settled.first().and_then(|line| line["payment"].as_str()).ok_or("nothing was paid")?;
    Ok(match point {
        Point::Voiding => shop.run(&["reverse", "--payment", id]),
        Point::Intended
        | Point::Waiting
        | Point::Booked
        | Point::Settled
        | Point::Recovering
        | Point::CalledOff
        | Point::Refunding => {
            shop.run(&["refund", "--terminal", "desk", "--amount", "47.00", "--payment", id])
        }
    })
}

fn reach(point: Point, program: &mut Program, shop: &HubShop) {
    let booked = |kind: Kind| shop.bank.transactions().iter().any(|it| it.kind == kind);
    match point {
        Point::Intended => {}
        Point::Waiting => until("the terminal has it", || !shop.terminal.orders().is_empty()),
        Point::Booked | Point::Recovering => until("the money is booked", || booked(Kind::Payment)),
        Point::Settled => {
            program.kind("settled");
        }
        Point::CalledOff => {
            until("the terminal has it", || !shop.terminal.orders().is_empty());
            program.signal("INT");
            let says =
                |line: &Value| line["text"].as_str().is_some_and(|it| it.contains("asked to cancel"));
            program.line(|line| line["type"] == "display" && says(line));
        }
        Point::Refunding => until("the refund is booked", || booked(Kind::Refund)),
        Point::Voiding => until("the void is done", || {
            shop.bank.transactions().iter().any(|it| it.state == State::Reversed)
        }),
    }
}

/// Journal and bank tell the same, by what any person can read.
fn compare(shop: &HubShop, intended: &Value) -> Result<(), String> {
    let listed = shop.ran(&["payments"]);
    let rows = listed.of("payment");
    if !rows.iter().any(|row| row["payment"] == intended["payment"]) {
        return Err(format!("the payment is lost: {rows:#?}"));
    }
    if let Some(open) = rows.iter().find(|row| row["state"] != "closed") {
        return Err(format!("still open: {open:#}"));
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
        let done = shop.bank.transactions().iter().filter(|it| it.kind == kind).count();
        let sales = shop.terminal.orders().iter().filter(|order| order.kind == "1").count();
        if done > 1 || sales > 1 {
            return Err(format!("{kind:?} {done} times, {sales} orders"));
        }
    }
    let verified = shop.ran(&["journal", "verify"]);
    if verified.code != Some(0) || !shop.terminal.complaints().is_empty() {
        return Err(format!("{:?} {:?}", verified.lines, shop.terminal.complaints()));
    }
    Ok(())
}
