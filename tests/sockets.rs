//! The main situations over real sockets, with the real program: every outcome of the simulator's amount
//! convention in both forms of integration. The simulator is strict: a message that is not valid by the
//! protocol's grammar would be a complaint.

use acceptance::program::{Shop, quick, until};
use acceptance::world::Form;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Amount, arguments beside it, exit code, outcome, amount in all, reason.
type Row = (&'static str, &'static [&'static str], i32, &'static str, &'static str, Option<&'static str>);

const ROWS: &[Row] = &[
    ("50.00", &[], 0, "approved", "50.00", None),
    ("50.01", &[], 3, "declined", "0.00", Some("refused")),
    ("50.02", &[], 3, "declined", "0.00", Some("refused")),
    ("50.03", &[], 3, "cancelled", "0.00", Some("customer_cancelled")),
    ("50.04", &[], 3, "declined", "0.00", Some("wrong_pin")),
    ("50.05", &[], 3, "declined", "0.00", Some("host_unreachable")),
    ("50.06", &[], 3, "declined", "0.00", Some("invalid_card")),
    ("50.07", &[], 3, "declined", "0.00", Some("payment_restriction")),
    ("50.08", &["--answer", "yes"], 0, "approved", "50.08", None),
    ("50.08", &["--answer", "no"], 3, "cancelled", "0.00", Some("signature_refused")),
    ("50.09", &[], 0, "approved", "55.09", None),
    ("50.10", &[], 0, "approved", "50.10", None),
    ("50.11", &[], 0, "approved", "50.11", None),
    ("50.12", &[], 0, "approved", "50.12", None),
    ("50.15", &[], 0, "approved", "50.15", None),
    ("50.16", &[], 0, "approved", "50.16", None),
    ("50.17", &[], 0, "approved", "50.17", None),
    ("50.18", &[], 0, "approved", "50.18", None),
    ("50.19", &[], 0, "approved", "50.19", None),
    ("150.00", &["--cash-back", "50.00"], 0, "approved", "150.00", None),
];

#[test]
fn every_outcome_of_the_amount_convention_in_both_forms() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::<Vec<String>>::default());
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(row) = ROWS.get(index / 2) else { return };
                    let form = if index.is_multiple_of(2) { Form::Default } else { Form::Light };
                    if let Err(report) = pay(row, form, &runtime) {
                        wrong.lock().unwrap().push(format!("{} {form:?}: {report}", row.0));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn pay(row: &Row, form: Form, runtime: &tokio::runtime::Runtime) -> Result<(), String> {
    let (amount, more, code, outcome, total, reason) = *row;
    let shop = runtime.block_on(Shop::open(form, quick(), 7));
    let _inside = runtime.enter();
    let mut arguments = vec!["pay", "--terminal", "desk", "--amount", amount];
    arguments.extend(more);
    let ended = shop.ran(&arguments);
    let settled = ended.of("settled");
    let [settled] = settled.as_slice() else { return Err(format!("{:#?}", ended.lines)) };
    let told = (&settled["outcome"], &settled["amount"], settled["reason"].as_str());
    if ended.code != Some(code) || told != (&outcome.into(), &total.into(), reason) {
        return Err(format!("exit {:?}, {settled:#}", ended.code));
    }
    let complaints = shop.terminal.complaints();
    if !complaints.is_empty() {
        return Err(format!("the terminal complains: {complaints:?}"));
    }
    let minor = |text: &str| text.replace('.', "").parse::<i64>().unwrap_or(0);
    if shop.bank.balance("SEK") != minor(total) {
        return Err(format!("the bank has {}", shop.bank.balance("SEK")));
    }
    if form == Form::Default && ended.of("display").is_empty() {
        return Err("no text of the terminal was shown".to_owned());
    }
    Ok(())
}

/// Amount `14`: nothing happens until the cashier asks the terminal to cancel.
#[test]
fn a_payment_is_called_off_by_ctrl_c_in_both_forms() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for form in [Form::Default, Form::Light] {
        let shop = runtime.block_on(Shop::open(form, quick(), 7));
        let _inside = runtime.enter();
        let program = shop.run(&["pay", "--terminal", "desk", "--amount", "50.14"]);
        until("the terminal has the payment", || shop.terminal.state().phase == "paying");
        program.signal("INT");
        let ended = program.end();
        let settled = ended.of("settled");
        let told: Vec<_> = settled.iter().map(|it| (&it["outcome"], &it["reason"])).collect();
        assert_eq!(ended.code, Some(3), "{form:?}: {:#?}", ended.lines);
        assert_eq!(told, [(&"cancelled".into(), &"aborted".into())], "{form:?}");
        assert_eq!(shop.terminal.complaints(), Vec::<String>::new(), "{form:?}");
        assert_eq!(shop.bank.balance("SEK"), 0, "{form:?}");
    }
}
