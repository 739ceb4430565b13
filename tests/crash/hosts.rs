//! The same at a device behind a host, in both generations of its interface.

use super::{Death, end};
use acceptance::host_shop::{HostShop, quick};
use acceptance::program::{Program, until};
use acceptance::world::Form;
use serde_json::Value;
use simulator::bank::{Kind, State};
use simulator::kayaaku::Settings;
use simulator::script::{Action, Outcome, Rule, Script};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::Runtime;

/// Where the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    /// The payment is on disk; its request may or may not have left.
    Intended,
    /// The device waits for the customer.
    Sent,
    /// The money is booked; nobody has pressed NEXT.
    Booked,
    /// The outcome is told.
    Settled,
    /// The next start enquires about it.
    Recovering,
    /// The cashier has asked to cancel.
    CalledOff,
    /// The refund of a wallet payment is done; its answer has not arrived.
    Refunding,
    /// The same with the void of a card payment.
    Voiding,
}

/// Generation 2 gives nothing back.
const POINTS: &[(Point, Form)] = &[
    (Point::Intended, Form::Edc),
    (Point::Intended, Form::Sealed),
    (Point::Sent, Form::Edc),
    (Point::Sent, Form::Sealed),
    (Point::Booked, Form::Edc),
    (Point::Booked, Form::Sealed),
    (Point::Settled, Form::Edc),
    (Point::Settled, Form::Sealed),
    (Point::Recovering, Form::Edc),
    (Point::Recovering, Form::Sealed),
    (Point::CalledOff, Form::Edc),
    (Point::CalledOff, Form::Sealed),
    (Point::Refunding, Form::Edc),
    (Point::Voiding, Form::Edc),
];

#[test]
fn no_customer_of_a_host_is_charged_twice_or_in_vain_wherever_the_program_dies() {
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
                    let (point, form) = POINTS[round % POINTS.len()];
                    let death = if round / POINTS.len() == 3 { Death::ToldToEnd } else { Death::Killed };
                    if let Err(report) = die_at(point, form, death, &runtime) {
                        let what = format!("round {round}, {point:?} {form:?} {death:?}");
                        wrong.lock().unwrap().push(format!("{what}: {report}"));
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
    let late = |call: &str| Some(Script::new().rule(Rule::on(call).times(1).act(Action::Late(2_000))));
    let any = "";
    match point {
        Point::Intended | Point::Settled => (quick(), None, any),
        Point::Sent => (Settings { customer_ms: 2_000, ..quick() }, None, any),
        Point::Booked | Point::Recovering => (Settings { next_ms: 2_000, ..quick() }, None, any),
        Point::CalledOff => {
            let waits = Rule::on("pay").act(Outcome::UntilAborted);
            (quick(), Some(Script::new().rule(waits)), any)
        }
        Point::Refunding => (quick(), late("refund"), "payment_type = \"04\"\n"),
        Point::Voiding => (quick(), late("void"), "payment_type = \"01\"\n"),
    }
}

fn die_at(point: Point, form: Form, death: Death, runtime: &Runtime) -> Result<(), String> {
    let (settings, script, more) = scene(point);
    let shop = runtime.block_on(HostShop::open(form, settings, script, more));
    let _inside = runtime.enter();
    let mut program = match point {
        Point::Refunding | Point::Voiding => goes_back(point, &shop)?,
        Point::Intended
        | Point::Sent
        | Point::Booked
        | Point::Settled
        | Point::Recovering
        | Point::CalledOff => shop.pay("47.00"),
    };
    let intended = program.kind("intended").ok_or("no payment was intended")?;
    reach(point, &mut program, &shop);
    // Told to end, it waits for the outcome, and then there would be nothing to recover.
    let waits = matches!(point, Point::CalledOff | Point::Recovering);
    end(program, if waits { Death::Killed } else { death })?;
    if point == Point::Recovering {
        let before = shop.heard("enquire");
        let recovering = shop.run(&["recover", "--for", "60"]);
        until("the enquiry is seen", || shop.heard("enquire") > before);
        recovering_ends(recovering, death)?;
    }
    shop.host.press_cancel();
    // A request that never left is believed lost after minutes only; until then the payment stays open.
    let never_left = shop.host.transactions().is_empty() && matches!(point, Point::Intended);
    if never_left {
        return stays_open(&shop, &intended);
    }
    let recovered = shop.ran(&["recover", "--for", "120"]);
    if recovered.code != Some(0) {
        return Err(format!("recover ended {:?}: {:#?}", recovered.code, recovered.lines));
    }
    compare(&shop, &intended)
}

/// A recovery that is over before its end came is none to judge.
fn recovering_ends(mut program: Program, death: Death) -> Result<(), String> {
    match death {
        Death::Killed => program.kill(),
        Death::ToldToEnd => {
            program.signal("TERM");
            let ended = program.end();
            if !matches!(ended.code, Some(0 | 5)) {
                return Err(format!("told to end, it said {:?}: {:#?}", ended.code, ended.lines));
            }
        }
    }
    Ok(())
}

fn stays_open(shop: &HostShop, intended: &Value) -> Result<(), String> {
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
fn goes_back(point: Point, shop: &HostShop) -> Result<Program, String> {
    let paid = shop.pay("47.00").end();
    let settled = paid.of("settled");
    let id = settled.first().and_then(|line| line["payment"].as_str()).ok_or("nothing was paid")?;
    Ok(if point == Point::Voiding {
        shop.run(&["reverse", "--payment", id])
    } else {
        shop.run(&["refund", "--terminal", "edc", "--amount", "47.00", "--payment", id])
    })
}

fn reach(point: Point, program: &mut Program, shop: &HostShop) {
    let booked = |kind: Kind| shop.bank.transactions().iter().any(|it| it.kind == kind);
    match point {
        Point::Intended => {}
        Point::Sent => until("the device works", || !shop.host.transactions().is_empty()),
        Point::Booked | Point::Recovering => until("the money is booked", || booked(Kind::Payment)),
        Point::Settled => {
            program.kind("settled");
        }
        Point::CalledOff => {
            until("the device works", || !shop.host.transactions().is_empty());
            program.signal("INT");
            let says = |line: &Value| line["text"].as_str().is_some_and(|it| it.contains("Press Cancel"));
            program.line(|line| line["type"] == "display" && says(line));
        }
        Point::Refunding => until("the refund is booked", || booked(Kind::Refund)),
        Point::Voiding => until("the void is done", || {
            shop.bank.transactions().iter().any(|it| it.state == State::Reversed)
        }),
    }
}

/// Journal and bank tell the same, by what any person can read.
fn compare(shop: &HostShop, intended: &Value) -> Result<(), String> {
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
        let done = shop.bank.transactions().iter().filter(|it| it.kind == kind).count();
        if done > 1 || shop.heard("pay") > 1 {
            return Err(format!("{kind:?} {done} times, {} requests", shop.heard("pay")));
        }
    }
    let verified = shop.ran(&["journal", "verify"]);
    if verified.code != Some(0) || !shop.host.complaints().is_empty() {
        return Err(format!("{:?} {:?}", verified.lines, shop.host.complaints()));
    }
    Ok(())
}
