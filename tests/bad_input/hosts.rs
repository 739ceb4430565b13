//! What a host with a device says that is no answer, in both generations of its interface; and settings with
//! which no real host is asked.

use super::scene::{every, listing, runtime, untouched};
use acceptance::host_shop::{HostShop, quick};
use acceptance::world::Form;
use simulator::script::{Action, Delivery, Rule, Script, Twist};

const FORMS: [Form; 2] = [Form::Edc, Form::Sealed];

/// What is done to the answer of the payment, once.
fn no_answers() -> Vec<(&'static str, Action)> {
    vec![
        ("HTML in place of a message", Delivery::Garbage.into()),
        ("502 with a page", Delivery::Status(502).into()),
        ("a redirection", Delivery::Status(302).into()),
        ("204", Delivery::NoContent.into()),
        ("half of it", Delivery::Truncated.into()),
        ("cut off in the middle", Delivery::CutMiddle.into()),
        ("no answer, and the connection closes", Delivery::Cut.into()),
        ("twice the same", Delivery::Twice.into()),
        ("nested a thousand deep", Delivery::Deep.into()),
        ("bytes of no text", Delivery::EntityBomb.into()),
        ("nothing", Delivery::Empty.into()),
        ("a megabyte too much", Delivery::Oversize(2 << 20).into()),
        ("a code that no table lists", Twist::UnknownResult.into()),
        ("signed by another key", Twist::Bare.into()),
        ("another amount", Twist::WrongAmount.into()),
        ("another currency", Twist::WrongCurrency.into()),
        ("another id", Twist::WrongServiceId.into()),
    ]
}

/// The money is booked: the truth is asked for, the customer is charged once, and nobody is told of a
/// decline.
#[test]
fn answers_of_a_host_that_are_none_end_in_the_truth() {
    let runtime = runtime();
    let cases: Vec<_> =
        no_answers().into_iter().flat_map(|row| FORMS.map(|form| (form, row.clone()))).collect();
    every(&cases, |(form, (name, action))| {
        let script = Script::new().rule(Rule::on("pay").times(1).act(action.clone()));
        let shop = runtime.block_on(HostShop::open(*form, quick(), Some(script), ""));
        let ended = shop.pay("18.00").end();
        let settled = ended.of("settled");
        let outcomes: Vec<_> = settled.iter().map(|line| line["outcome"].clone()).collect();
        if outcomes.iter().any(|outcome| outcome == "declined" || outcome == "not_charged") {
            return Err(format!("{form:?} {name}: {:#?}", ended.lines));
        }
        let is_paid = ended.code == Some(0) && outcomes.last().is_some_and(|it| it == "approved");
        if !is_paid || shop.heard("pay") != 1 || shop.bank.balance("SEK") != 18_00 {
            let (requests, bank) = (shop.heard("pay"), shop.bank.balance("SEK"));
            return Err(format!("{form:?} {name}: {requests} requests, {bank}: {:#?}", ended.lines));
        }
        Ok(())
    });
}

/// The same lie whenever somebody asks: it is unknown to the end, blocks the terminal, and is never taken for
/// a decline or for nothing.
#[test]
fn a_host_that_goes_on_lying_ends_in_a_person() {
    let runtime = runtime();
    let lies = [
        ("another amount", Twist::WrongAmount),
        ("another currency", Twist::WrongCurrency),
        ("another id", Twist::WrongServiceId),
    ];
    let cases: Vec<_> = lies.into_iter().flat_map(|row| FORMS.map(|form| (form, row))).collect();
    every(&cases, |(form, (name, twist))| {
        let lie = Rule::on("pay").act(Action::Sticky).act(*twist);
        let script = Script::new().rule(lie);
        let shop = runtime.block_on(HostShop::open(*form, quick(), Some(script), ""));
        let mut program = shop.pay("18.00");
        if *twist == Twist::WrongServiceId {
            // Words about something else say nothing and would be asked for minutes: the power goes.
            acceptance::program::until("it is asked about", || shop.heard("enquire") > 3);
            program.kill();
        } else {
            let code = program.end().code;
            if code != Some(5) {
                return Err(format!("{form:?} {name}: {code:?}"));
            }
        }
        let recovered = shop.ran(&["recover", "--for", "8"]);
        if recovered.code != Some(5) {
            return Err(format!("{form:?} {name}: {recovered:#?}"));
        }
        if *twist == Twist::WrongServiceId {
            // The next payment waits until the last one was asked about, which is given up after minutes.
            let before = shop.heard("enquire");
            let mut next = shop.pay("2.00");
            acceptance::program::until("it is asked about first", || shop.heard("enquire") > before + 3);
            next.kill();
        } else if shop.pay("2.00").end().code != Some(8) {
            return Err(format!("{form:?} {name}: not blocked"));
        }
        let requests = shop.heard("pay");
        if requests == 1 { Ok(()) } else { Err(format!("{form:?} {name}: {requests} requests")) }
    });
}

/// The host of another key: nothing of it is believed, and the check says what to look at.
#[test]
fn a_key_that_is_not_the_hosts_is_said() {
    let runtime = runtime();
    for form in FORMS {
        let is_first = form == Form::Edc;
        let keys = simulator::kayaaku::TILL_KEYS;
        let other = if is_first { keys.rsa_public } else { keys.ec_public };
        let more = format!("peer_public_key = '''{other}'''\n");
        let shop = runtime.block_on(HostShop::open(form, quick(), None, &more));
        let ended = shop.pay("18.00").end();
        assert_eq!(
            (ended.code, shop.heard("pay"), shop.bank.balance("SEK")),
            (Some(6), 0, 0),
            "{ended:#?}"
        );
        let checked = shop.ran(&["check", "edc"]);
        assert_ne!(checked.code, Some(0), "{checked:#?}");
        let said = format!("{:?} {}", checked.lines, checked.words);
        assert!(said.contains("signature"), "{form:?}: {said}");
    }
}

/// Till and host that do not know each other's keys: the host refuses the signature, nothing is charged.
#[test]
fn a_signature_that_the_host_does_not_know_is_refused_and_said() {
    let runtime = runtime();
    let mut settings = quick();
    settings.till_rsa = simulator::kayaaku::HOST_KEYS.rsa_public.to_owned();
    settings.till_ec = simulator::kayaaku::HOST_KEYS.ec_public.to_owned();
    for form in FORMS {
        let shop = runtime.block_on(HostShop::open(form, settings.clone(), None, ""));
        let ended = shop.pay("18.00").end();
        assert_eq!(
            (ended.code, shop.heard("pay"), shop.bank.balance("SEK")),
            (Some(6), 0, 0),
            "{ended:#?}"
        );
        let checked = shop.ran(&["check", "edc"]);
        let said = format!("{:?} {}", checked.lines, checked.words);
        assert!(
            checked.code != Some(0) && said.contains("did not take this till's question"),
            "{form:?}: {said}"
        );
    }
}

/// Until somebody has seen what an amount means there, no host but one on this computer is asked at all.
#[test]
fn a_real_host_is_not_asked_before_its_amounts_are_understood() {
    let runtime = runtime();
    for form in FORMS {
        let shop = runtime.block_on(HostShop::open(form, quick(), None, ""));
        shop.reroute("https://192.0.2.7", "");
        let before = listing(shop.folder.path());
        let ended = shop.pay("18.00").end();
        let is_said = ["amount_unit_confirmed", "1.00"].iter().all(|part| ended.words.contains(part));
        assert!(ended.code == Some(1) && is_said, "{ended:#?}");
        assert!(ended.of("intended").is_empty(), "{ended:#?}");
        untouched(&before, shop.folder.path(), "no journal is begun");
    }
}

/// With a trial, one sale of exactly 1.00 is all that leaves.
#[test]
fn a_trial_sends_nothing_but_a_sale_of_one() {
    let runtime = runtime();
    for form in FORMS {
        let shop = runtime.block_on(HostShop::open(form, quick(), None, "amount_trial = true\n"));
        assert_eq!(shop.pay("1.00").end().code, Some(0));
        let refused = shop.pay("18.00").end();
        assert!(refused.code == Some(6) && refused.words.contains("1.00"), "{refused:#?}");
        assert_eq!((shop.heard("pay"), shop.bank.balance("SEK")), (1, 1_00));
    }
}
