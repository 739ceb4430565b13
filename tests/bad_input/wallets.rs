//! What customers show that is no payment code, and what a gateway says that is no answer.

use super::scene::{Ear, every, runtime};
use acceptance::wallet_shop::{WalletShop, quick};
use simulator::script::{Action, Delivery, Rule, Script, Twist};

/// What is shown, and a part of the sentence that it gets.
fn no_codes() -> Vec<(String, &'static str)> {
    let of = |text: &str, said| (text.to_owned(), said);
    vec![
        of("7310865004703", "bar code of a product"),
        of("https://example.com/pay", "web address"),
        of("00020101021226", "shop's own code"),
        of("6212345678901234", "card's number"),
        of("2812345678", "half a code"),
        of("hQVDUFYwMWEaTweg", "half a code"),
        of("something else", "not a code that a wallet pays with"),
        of("99999999999999999999", "not a code that a wallet pays with"),
        ("2".repeat(4_000), "longer than any payment code"),
    ]
}

#[test]
fn what_is_no_payment_code_gets_a_sentence_and_sends_nothing() {
    let runtime = runtime();
    every(&no_codes(), |(shown, said)| {
        let ear = Ear::open();
        let shop = runtime.block_on(WalletShop::open(quick(), None, ""));
        shop.reroute(&format!("http://{}", ear.address()), "");
        let ended = shop.pay("18.50", shown).end();
        let case: String = shown.chars().take(30).collect();
        if ended.code != Some(2) || !ended.words.contains(said) {
            return Err(format!("{case}: exit {:?}: {}", ended.code, ended.words));
        }
        if ended.words.contains(shown.as_str()) || !ended.of("intended").is_empty() {
            return Err(format!(
                "{case}: it is repeated or written down: {:?} {}",
                ended.lines, ended.words
            ));
        }
        let listed = shop.ran(&["payments"]);
        let is_silent = ear.heard_nothing() && listed.of("payment").is_empty();
        if is_silent { Ok(()) } else { Err(format!("{case}: something left or was written down")) }
    });
}

#[test]
fn a_code_is_taken_once_whatever_is_started_anew() {
    let runtime = runtime();
    let shop = runtime.block_on(WalletShop::open(quick(), None, ""));
    let code = shop.code(0);
    assert_eq!(shop.pay("18.50", &code).end().code, Some(0));
    let again = shop.pay("18.50", &code).end();
    assert_eq!(again.code, Some(2), "{:?}", again.lines);
    assert!(again.words.contains("must show a new one"), "{}", again.words);
    assert_eq!((shop.heard("add"), shop.heard("pay")), (1, 1));
    assert_eq!(shop.bank.balance("SEK"), 18_50);
}

/// The wallet of an EMV code is told by nobody here, and the till's word for it is needed.
#[test]
fn a_wallet_that_the_gateway_does_not_take_is_not_charged() {
    let runtime = runtime();
    let shop = runtime.block_on(WalletShop::open(quick(), None, ""));
    let ended = shop.pay("18.50", "hQVDUFYwMWEJTwegAAADMwEB").end();
    assert_eq!(ended.code, Some(6), "{ended:#?}");
    assert!(ended.words.contains("cannot be charged here"), "{}", ended.words);
    assert_eq!(shop.heard("pay") + shop.heard("add"), 0);
}

/// A code that has expired, in the gateway's words, is a decline.
#[test]
fn an_expired_code_is_declined() {
    let runtime = runtime();
    let shop = runtime.block_on(WalletShop::open(quick(), None, ""));
    let ended = shop.pay("18.50", &shop.code(70)).end();
    assert_eq!((ended.code, shop.bank.balance("SEK")), (Some(3), 0), "{ended:#?}");
}

/// What is done to the answer of the charge, once.
fn no_answers() -> Vec<(&'static str, Action)> {
    vec![
        ("HTML in place of JSON", Delivery::Garbage.into()),
        ("502 with a page", Delivery::Status(502).into()),
        ("half of it", Delivery::Truncated.into()),
        ("twice the same", Delivery::Twice.into()),
        ("nested a thousand deep", Delivery::Deep.into()),
        ("bytes of no text", Delivery::EntityBomb.into()),
        ("nothing", Delivery::Empty.into()),
        ("a megabyte too much", Delivery::Oversize(2 << 20).into()),
        ("a status never seen before", Twist::UnknownResult.into()),
        ("a return code never seen before", Twist::UnknownCondition.into()),
        ("no result", Twist::Bare.into()),
        ("another amount", Twist::WrongAmount.into()),
        ("another currency", Twist::WrongCurrency.into()),
        ("another store", Twist::WrongSaleId.into()),
        ("another reference", Twist::WrongServiceId.into()),
        ("another number", Twist::WrongTransaction.into()),
        ("a general system error", Action::Fail("000000".to_owned())),
    ]
}

/// The money is booked, or not begun where the gateway says so: the truth is asked for, the code is charged
/// once, and nobody is told of a decline.
#[test]
fn answers_that_are_none_end_in_the_truth() {
    let runtime = runtime();
    every(&no_answers(), |(name, action)| {
        let script = Script::new().rule(Rule::on("pay").times(1).act(action.clone()));
        let shop = runtime.block_on(WalletShop::open(quick(), Some(script), ""));
        let ended = shop.pay("18.50", &shop.code(0)).end();
        let settled = ended.of("settled");
        let outcome = settled.last().map(|line| line["outcome"].clone()).unwrap_or_default();
        let is_booked = !matches!(action, Action::Fail(_));
        let expected = if is_booked { ("approved", Some(0)) } else { ("cancelled", Some(3)) };
        if (outcome.as_str().unwrap_or_default(), ended.code) != expected {
            return Err(format!("{name}: exit {:?} {:#?}\n{}", ended.code, ended.lines, ended.words));
        }
        let minor = if is_booked { 18_50 } else { 0 };
        if shop.heard("pay") != 1 || shop.bank.balance("SEK") != minor {
            return Err(format!("{name}: {} charges, {}", shop.heard("pay"), shop.bank.balance("SEK")));
        }
        Ok(())
    });
}

/// Amounts as numbers and as texts, null fields, a clock five minutes off: as the gateway likes it.
#[test]
fn spellings_and_clocks_of_the_gateway_change_nothing() {
    let runtime = runtime();
    let cases: Vec<(u64, i64)> = (0..8).map(|seed| (seed, [-300, 0, 300][seed as usize % 3])).collect();
    every(&cases, |(seed, skew_s)| {
        let settings = simulator::pockyt::Settings { seed: *seed, skew_s: *skew_s, ..quick() };
        let shop = runtime.block_on(WalletShop::open(settings, None, ""));
        let ended = shop.pay("18.50", &shop.code(0)).end();
        let is_paid = ended.code == Some(0) && shop.bank.balance("SEK") == 18_50;
        if is_paid { Ok(()) } else { Err(format!("{seed} {skew_s}: {:#?}", ended.lines)) }
    });
}

/// A token that is not the store's: the gateway refuses the signature, nothing is charged, and the check says
/// what to look at.
#[test]
fn a_wrong_signature_is_refused_and_said() {
    let runtime = runtime();
    let shop = runtime.block_on(WalletShop::open(quick(), None, ""));
    shop.gateway.turn(|knobs| knobs.stores[0].token = "another-token".to_owned());
    let ended = shop.pay("18.50", &shop.code(0)).end();
    assert_eq!((ended.code, shop.heard("pay"), shop.bank.balance("SEK")), (Some(6), 0, 0), "{ended:#?}");
    let checked = shop.ran(&["check", "wallets"]);
    assert_ne!(checked.code, Some(0), "{checked:#?}");
    let said = format!("{:?} {}", checked.lines, checked.words);
    assert!(said.contains("refuses the signature"), "{said}");
}
